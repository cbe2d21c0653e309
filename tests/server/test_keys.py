from __future__ import annotations

import pytest

from sayso.errors import HomeError
from sayso.server.keys import check, fingerprint, new_key
from sayso.settings import ServerKey
from tests.server.conftest import Knock, SmallHome, keyed

TURN = {"text": "hi"}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_new_keys_differ_and_only_the_hash_is_kept() -> None:
    (key, sha256), (other, _) = new_key(), new_key()
    assert key != other
    assert sha256 == fingerprint(key)
    assert ServerKey(sha256=sha256, role="admin", user=None).sha256 == sha256


@pytest.mark.parametrize("headers", [{}, bearer("wrong"), {"X-API-Key": "wrong"}, bearer("é")])
def test_unknown_key_is_turned_away(headers: dict[str, str]) -> None:
    home, _ = keyed(("talk", "ana"))
    sent = {name: value.encode() for name, value in headers.items()}
    answer = Knock(home)("POST", "/v1/turns", json=TURN, headers=sent)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"]["type"] == "unauthenticated"
    assert home.taken == []


def test_both_headers_carry_a_key() -> None:
    home, [key] = keyed(("talk", "ana"))
    knock = Knock(home)
    assert knock("POST", "/v1/turns", json=TURN, headers=bearer(key)).status_code == 200
    assert knock("POST", "/v1/turns", json=TURN, headers={"X-API-Key": key}).status_code == 200


def test_talk_key_speaks_for_its_own_user_alone() -> None:
    home, [key] = keyed(("talk", "ana"))
    knock = Knock(home, **bearer(key))
    for body in (TURN, TURN | {"user": "ana"}):
        assert knock("POST", "/v1/turns", json=body).status_code == 200
    for path in ("/v1/turns", "/v1/understand"):
        answer = knock("POST", path, json=TURN | {"user": "ben"})
        assert answer.status_code == 403
        assert answer.json()["error"]["field"] == "user"
    answer = knock("GET", "/v1/events", params={"user": "ben"})
    assert answer.status_code == 403
    assert {request.user for request in home.taken} == {"ana"}


def test_admin_key_speaks_for_anybody() -> None:
    home, [key] = keyed(("admin", None))
    knock = Knock(home, **bearer(key))
    knock("POST", "/v1/turns", json=TURN | {"user": "ben"})
    knock("POST", "/v1/turns", json=TURN)
    assert [request.user for request in home.taken] == ["ben", "anonymous"]


def test_talk_key_may_look_at_skills_but_not_change_them() -> None:
    home, [key] = keyed(("talk", "ana"))
    knock = Knock(home, **bearer(key))
    assert knock("GET", "/v1/skills").status_code == 200
    for method in ("PUT", "DELETE"):
        body = {"json": {"name": "x"}} if method == "PUT" else {}
        answer = knock(method, "/v1/skills/x", **body)
        assert answer.status_code == 403
        assert answer.json()["error"]["type"] == "forbidden"


def test_without_keys_everybody_at_localhost_is_admin_and_nobody_else(home: SmallHome) -> None:
    knock = Knock(home)
    assert knock("DELETE", "/v1/skills/none").status_code == 404
    answer = knock("POST", "/v1/turns", json=TURN, headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert answer.json()["error"]["field"] == "Host"
    assert home.taken == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_loopback_needs_no_keys(host: str) -> None:
    check((), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "assistant.example", ""])
def test_open_door_without_keys_is_refused_with_the_remedy(host: str) -> None:
    with pytest.raises(HomeError, match="sayso key home --role talk --user ana"):
        check((), host)
    check((ServerKey(sha256="0" * 64, role="admin", user=None),), host)


def test_talk_key_without_a_user_is_refused() -> None:
    with pytest.raises(HomeError, match=r"server\.keys\.0"):
        check((ServerKey(sha256="0" * 64, role="talk", user=None),), "127.0.0.1")
