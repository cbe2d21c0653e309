"""Rasa's endpoints: keys, senders, bad input. tests/protocols/test_rasa.py has what they say."""

from __future__ import annotations

import httpx
import pytest

from sayso import __version__
from sayso.types.context import Device
from sayso.types.turns import TurnRequest
from tests.server.conftest import Knock, SmallHome, keyed, running

PARSE, TALK = "/model/parse", "/webhooks/rest/webhook"
OPEN = ("/", "/version", "/webhooks/rest/")


@pytest.fixture
def home() -> SmallHome:
    return SmallHome(rasa=True)


def test_a_plain_rest_client_parses_and_talks(home: SmallHome) -> None:
    with running(home) as url:
        assert httpx.get(url).text == f"Hello from Sayso: {__version__}"
        assert httpx.get(f"{url}/version").json()["minimum_compatible_version"] == "3.0.0"
        assert httpx.get(f"{url}/webhooks/rest/").json() == {"status": "ok"}
        assert httpx.get(f"{url}/status").json() == {
            "model_id": "000007-abc",
            "model_file": "000007-abc",
            "num_active_training_jobs": 0,
        }
        body = {"text": "wake me at six", "message_id": "b2831e73", "unheard": [1]}
        assert httpx.post(url + PARSE, json=body).json() == {
            "text": "wake me at six",
            "intent": {"name": "alarms.SetAlarm", "confidence": 0.9},
            "entities": [
                {
                    "entity": "time",
                    "value": "06:00",
                    "confidence": 1.0,
                    "confidence_entity": 1.0,
                    "extractor": "Sayso",
                    "start": 11,
                    "end": 14,
                }
            ],
            "intent_ranking": [{"name": "alarms.SetAlarm", "confidence": 0.9}],
        }
        assert home.taken == []
        talk = {"sender": "ana", "message": "wake me at six", "metadata": {"x": 1}}
        answer = httpx.post(url + TALK, json=talk).json()
        assert answer == [{"recipient_id": "ana", "text": "Done."}]
        assert home.taken == [
            TurnRequest("wake me at six", user="ana", device=Device("rasa", "chat"))
        ]


def test_nothing_of_it_is_there_unless_it_is_asked_for() -> None:
    knock = Knock(SmallHome())
    for path in (*OPEN, "/status"):
        assert knock("GET", path).status_code == 404
    for path in (PARSE, TALK):
        assert knock("POST", path, json={"text": "x", "message": "x"}).status_code == 404


def test_who_names_no_sender_is_nobody_in_particular(home: SmallHome, knock: Knock) -> None:
    answer = knock("POST", TALK, json={"message": "hi"}).json()
    assert answer == [{"recipient_id": "default", "text": "Done."}]
    assert home.taken[0].user == "anonymous"


def test_locale_comes_with_the_metadata(home: SmallHome, knock: Knock) -> None:
    told = {"metadata": {"locale": "de-DE"}}
    assert knock("POST", PARSE, json={"text": "hallo", **told}).status_code == 200
    assert knock("POST", TALK, json={"message": "hallo", **told}).status_code == 200
    assert home.asked == [("hallo", "anonymous", "de-DE")]
    assert home.taken[0].locale == "de-DE"


def test_talk_key_speaks_for_its_user_whatever_the_sender_is_called() -> None:
    home, (talk, admin) = keyed(("talk", "ana"), ("admin", None), rasa=True)
    knock = Knock(home)
    for key, user, conversation in ((talk, "ana", "web-7"), (admin, "web-7", None)):
        body = {"sender": "web-7", "message": "hi"}
        assert knock("POST", f"{TALK}?token={key}", json=body).status_code == 200
        assert (home.taken[-1].user, home.taken[-1].conversation) == (user, conversation)


def test_key_is_wanted_where_a_person_or_a_model_is_named() -> None:
    home, (key,) = keyed(("talk", "ana"), rasa=True)
    knock = Knock(home)
    for path in OPEN:
        assert knock("GET", path).status_code == 200
    for given in ("", "?token=wrong"):
        assert knock("GET", f"/status{given}").status_code == 401
        assert knock("POST", PARSE + given, json={"text": "x"}).status_code == 401
        assert knock("POST", TALK + given, json={"message": "x"}).status_code == 401
    bearer = {"Authorization": f"Bearer {key}"}
    assert knock("GET", "/status", headers=bearer).status_code == 200
    # Elsewhere a key does not belong into an address.
    assert knock("GET", f"/v1/skills?token={key}").status_code == 401


def test_without_keys_only_this_machine_is_answered(knock: Knock) -> None:
    elsewhere = {"Host": "rebound.example"}
    answer = knock("POST", TALK, json={"message": "hi"}, headers=elsewhere)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        (PARSE, {}, 422, "text"),
        (PARSE, {"text": 5}, 422, "text"),
        (PARSE, {"text": None}, 422, "text"),
        (PARSE, {"text": "  "}, 422, "text"),
        (PARSE, {"text": "x", "metadata": []}, 422, "metadata"),
        (PARSE, {"text": "x", "metadata": {"locale": 7}}, 422, "metadata.locale"),
        (PARSE, [], 422, None),
        (TALK, {"sender": "ana"}, 422, "message"),
        (TALK, {"sender": 5, "message": "x"}, 422, "sender"),
        (TALK, {"sender": "a\x00b", "message": "x"}, 422, "sender"),
        (TALK, {"message": ""}, 422, "text"),
        (TALK + "?stream=true", {"message": "x"}, 422, "stream"),
    ],
)
def test_wrong_type_names_its_field(
    knock: Knock, path: str, body: object, status: int, field: str | None
) -> None:
    answer = knock("POST", path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"].get("field") == field


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"text": "\xff\xfe"}', 400),
        (b'{"text": "x"', 400),
        (b'{"text": NaN}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b"[" * 100_000, 400),
        (b'{"text": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
def test_what_is_no_json_or_too_much_is_refused(knock: Knock, content: bytes, status: int) -> None:
    for path in (PARSE, TALK):
        headers = {"Content-Type": "application/json"}
        answer = knock("POST", path, content=content, headers=headers)
        assert answer.status_code == status
        assert answer.json()["error"]["message"]


def test_web_page_may_not_post_here_unasked(knock: Knock) -> None:
    answer = knock(
        "POST", TALK, content=b'{"message": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415
