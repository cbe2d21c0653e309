from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest

from sayso.server.app import THREADS
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
        answer = httpx.post(f"{url}/v1/turns", content=chunks(), headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "too_large"
    assert home.taken == []


def test_sender_of_very_much_still_gets_its_answer() -> None:
    home = SmallHome(max_request_bytes=1024)
    with running(home) as url, httpx.Client(timeout=10) as client:
        for body in (b"x" * 20_000_000, iter([b"x" * 100_000] * 200)):
            answer = client.post(f"{url}/v1/turns", content=body, headers=JSON)
            assert answer.status_code == 413


def test_body_within_the_limit_may_be_chunked(home: SmallHome) -> None:
    with running(home) as url:
        chunks = iter([b'{"te', b'xt": "hi"}'])
        assert httpx.post(f"{url}/v1/turns", content=chunks, headers=JSON).status_code == 200


def test_slow_turns_hold_up_nobody_who_asks_for_health(home: SmallHome) -> None:
    gate = threading.Event()
    home.held = lambda: gate.wait(10)
    with running(home) as url, ThreadPoolExecutor(50) as people:
        turns = [
            people.submit(httpx.post, f"{url}/v1/turns", json={"text": "hi"}, timeout=10)
            for _ in range(THREADS + 1)
        ]
        assert httpx.get(f"{url}/healthz").status_code == 200
        assert httpx.get(f"{url}/v1/skills").status_code == 200
        gate.set()
        assert {turn.result().status_code for turn in turns} == {200}


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
