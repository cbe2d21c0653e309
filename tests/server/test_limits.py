from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from sayso.server.errors import Refusal
from sayso.server.limits import Queue
from tests.server.conftest import Knock, SmallHome, running

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": ',
        b"{'text': 'x'}",
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": "x", "device": {"state": {"n": NaN}}}',
        b"[" * 100_000,
        b'{"text": "x"} {"text": "y"}',
    ],
)
def test_broken_json_is_refused(body: bytes, knock: Knock) -> None:
    answer = knock("POST", "/v1/turns", content=body, headers=JSON)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["type"] == "json"
    assert "line 1" in error["message"]


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b'"text"', b"null"])
def test_json_that_is_no_object_is_refused(body: bytes, knock: Knock) -> None:
    assert knock("POST", "/v1/turns", content=body, headers=JSON).status_code == 422


def test_number_beyond_all_bounds_is_refused(home: SmallHome, knock: Knock) -> None:
    for body in (
        b'{"text": "x", "device": {"state": {"n": 1e999}}}',
        b'{"alternatives": [{"text": "x", "score": 1e999}]}',
    ):
        assert knock("POST", "/v1/turns", content=body, headers=JSON).status_code == 422
    assert home.taken == []


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_other_media_types_are_refused(kind: str, home: SmallHome, knock: Knock) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = knock("POST", "/v1/turns", content=b'{"text": "hi"}', headers=headers)
    assert answer.status_code == 415
    assert answer.json()["error"]["type"] == "media_type"
    assert home.taken == []


def test_charset_does_no_harm(knock: Knock) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    answer = knock("POST", "/v1/turns", content='{"text": "grüß"}'.encode(), headers=headers)
    assert answer.status_code == 200


def test_body_that_declares_itself_too_large_is_refused(home: SmallHome, knock: Knock) -> None:
    answer = knock("POST", "/v1/turns", json={"text": "x" * 300_000})
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "too_large"
    assert home.taken == []


def test_chunked_body_is_cut_off_where_it_becomes_too_large() -> None:
    home = SmallHome(max_request_bytes=1024)

    def chunks() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(100):
            yield b"x" * 100
        yield b'"}'

    with running(home) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        connection.request("POST", "/v1/turns", chunks(), JSON, encode_chunked=True)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    assert answer.status == 413
    assert b'"too_large"' in body
    assert home.taken == []


def test_body_within_the_limit_may_be_chunked() -> None:
    home = SmallHome(max_request_bytes=1024)
    with running(home) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        chunks = iter([b'{"te', b'xt": "hi"}'])
        connection.request("POST", "/v1/turns", chunks, JSON, encode_chunked=True)
        assert connection.getresponse().status == 200
        connection.close()


def test_slow_turns_hold_up_nobody_who_asks_for_health() -> None:
    home, gate = SmallHome(), threading.Event()
    home.held = lambda: gate.wait(10) and None

    def ask(url: str, method: str, path: str, body: bytes | None) -> int:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        connection.request(method, path, body, JSON)
        status = connection.getresponse().status
        connection.close()
        return status

    with running(home) as url, ThreadPoolExecutor(50) as people:
        turns = [
            people.submit(ask, url, "POST", "/v1/turns", b'{"text": "hi"}') for _ in range(50)
        ]
        assert ask(url, "GET", "/healthz", None) == 200
        assert ask(url, "GET", "/v1/skills", None) == 200
        gate.set()
        assert {turn.result() for turn in turns} == {200}


def test_full_queue_says_so_at_once() -> None:
    async def crowd() -> list[int]:
        queue, statuses = Queue(threads=1, longest=1), list[int]()

        async def one() -> None:
            try:
                await queue.run(time.sleep, 0.05)
                statuses.append(200)
            except Refusal as refusal:
                statuses.append(refusal.status_code)

        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(one)
        return sorted(statuses)

    assert anyio.run(crowd) == [200, 200, 503, 503]
