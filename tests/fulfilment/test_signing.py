"""Requests are signed; a back-end refuses those that are not, or are changed, old, repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import HomeError
from sayso.fulfilment.signing import make_key, signer
from sayso.fulfilment.verifying import RefusedError, Verifier

NOW = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
Pair = tuple[Path, Path]


def pair(folder: Path, now: datetime = NOW) -> Pair:
    key, chain = folder / "key.pem", folder / "chain.pem"
    make_key(key, chain, now)
    return key, chain


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return pair(tmp_path_factory.mktemp("signing"))


def body(id: str = "r1", at: datetime = NOW, **more: Any) -> bytes:
    sent = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"request": {"requestId": id, "timestamp": sent, **more}}).encode()


def verifier(chain: Path, now: Callable[[], datetime] = lambda: NOW) -> Verifier:
    return Verifier(chain, clock=now)


def test_what_is_signed_is_taken_whatever_the_case_of_its_headers(keys: Pair) -> None:
    headers = signer(keys[0])(body())
    lower: Mapping[str, str] = {name.lower(): value for name, value in headers.items()}
    verifier(keys[1]).check(headers, body())
    verifier(keys[1]).check(lower, body())
    verifier(keys[1]).verify(lower, body().decode(), object())


def test_the_certificate_is_named_where_it_can_be_fetched(keys: Pair) -> None:
    url = "https://home.example/chain.pem"
    assert signer(keys[0], url)(b"x")["SignatureCertChainUrl"] == url
    assert "SignatureCertChainUrl" not in signer(keys[0])(b"x")


def test_the_key_is_for_its_owner_alone(keys: Pair) -> None:
    assert keys[0].stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in keys[1].read_bytes()


@pytest.mark.parametrize(
    ("headers", "complaint"),
    [
        ({}, "is not signed"),
        ({"Signature-256": ""}, "is not signed"),
        ({"Signature-256": "no base64!"}, "is no base64"),
        ({"Signature-256": "AAAA"}, "of none of the certificates"),
    ],
)
def test_what_is_not_signed_is_refused(
    keys: Pair, headers: Mapping[str, str], complaint: str
) -> None:
    with pytest.raises(RefusedError, match=complaint):
        verifier(keys[1]).check(headers, body())


def test_what_was_changed_on_the_way_is_refused(keys: Pair) -> None:
    with pytest.raises(RefusedError, match="of none of the certificates"):
        verifier(keys[1]).check(signer(keys[0])(body()), body(locale="en-US"))


def test_another_key_is_nobody(keys: Pair, tmp_path: Path) -> None:
    stranger, _ = pair(tmp_path)
    with pytest.raises(RefusedError, match="of none of the certificates"):
        verifier(keys[1]).check(signer(stranger)(body()), body())


def test_an_old_and_a_new_key_are_both_known_while_they_stand_in_one_file(
    keys: Pair, tmp_path: Path
) -> None:
    newer, chain = pair(tmp_path)
    both = Verifier(keys[1].read_bytes() + chain.read_bytes(), clock=lambda: NOW)
    for number, key in enumerate((keys[0], newer)):
        sent = body(str(number))
        both.check(signer(key)(sent), sent)


@pytest.mark.parametrize("seconds", [-151, 151, 86400])
def test_a_request_of_another_time_is_refused(keys: Pair, seconds: int) -> None:
    old = body(at=NOW + timedelta(seconds=seconds))
    with pytest.raises(RefusedError, match="the request is of"):
        verifier(keys[1]).check(signer(keys[0])(old), old)


def test_a_request_that_comes_again_is_refused_as_long_as_it_is_fresh(keys: Pair) -> None:
    clock = [NOW]
    checks = verifier(keys[1], lambda: clock[0])
    sent = body(at=NOW + timedelta(seconds=149))
    checks.check(signer(keys[0])(sent), sent)
    for later in (0, 100, 298):
        clock[0] = NOW + timedelta(seconds=later)
        with pytest.raises(RefusedError, match="r1 has been here before"):
            checks.check(signer(keys[0])(sent), sent)
    clock[0] = NOW + timedelta(seconds=301)
    with pytest.raises(RefusedError, match="the request is of"):
        checks.check(signer(keys[0])(sent), sent)


def test_a_certificate_that_has_ended_is_no_longer_trusted(tmp_path: Path) -> None:
    key, chain = pair(tmp_path, NOW - timedelta(days=365 * 11))
    with pytest.raises(RefusedError, match="valid now"):
        verifier(chain).check(signer(key)(body()), body())


@pytest.mark.parametrize("odd", [b"", b"[]", b'{"request": {}}', b'{"request": {"timestamp": 1}}'])
def test_what_is_no_request_is_refused_though_it_is_signed(keys: Pair, odd: bytes) -> None:
    with pytest.raises(RefusedError, match="no request with an id and a timestamp"):
        verifier(keys[1]).check(signer(keys[0])(odd), odd)


def test_a_key_that_cannot_be_used_is_told_with_what_to_do(keys: Pair, tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"make a key with: sayso signing HOME"):
        signer(tmp_path / "none.pem")
    with pytest.raises(HomeError, match=r"no private key in PEM"):
        signer(keys[1])
    with pytest.raises(ValueError, match="PEM"):
        Verifier(b"nothing")
