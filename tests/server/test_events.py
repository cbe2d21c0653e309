from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from sayso.server.streams import LONGEST, Stream
from sayso.stores.store import Event
from tests.server.conftest import NOON, Knock, SmallHome, keyed, running


@contextmanager
def listening(url: str, **rest: Any) -> Iterator[Iterator[dict[str, str]]]:
    """Events of a stream as they come, each a dictionary of its lines; the greeting is read."""
    with (
        httpx.Client(timeout=10) as client,
        client.stream("GET", f"{url}/v1/events", **rest) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = _blocks(answer.iter_lines())
        assert next(blocks)["retry"] == "2000"
        yield (block for block in blocks if "data" in block)


def _blocks(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    block: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            block[name] = value
        else:
            yield block
            block = {}


def test_what_rings_reaches_the_device_that_listens(home: SmallHome) -> None:
    with running(home) as url, listening(url, params={"user": "ana"}) as events:
        home.rings("Your tea is ready.\nReally.")
        event = next(events)
        assert (event["id"], event["event"]) == ("1", "announcement")
        data = json.loads(event["data"])
        assert data["speech"] == "Your tea is ready.\nReally."
        assert (data["user"], data["device"], data["skill"]) == ("ana", "kitchen", "timers")


def test_device_that_comes_back_misses_nothing_and_hears_nothing_twice(home: SmallHome) -> None:
    for speech in ("one", "two", "three"):
        home.rings(speech)
    with (
        running(home) as url,
        listening(url, headers={"Last-Event-ID": "1"}) as events,
    ):
        home.rings("four")
        heard = [json.loads(next(events)["data"])["speech"] for _ in range(3)]
        assert heard == ["two", "three", "four"]


def test_more_than_a_page_was_missed(home: SmallHome) -> None:
    for number in range(250):
        home.rings(str(number))
    with running(home) as url, listening(url, headers={"Last-Event-ID": "0"}) as events:
        assert [next(events)["id"] for _ in range(250)] == [str(n) for n in range(1, 251)]


def test_new_device_hears_what_rings_from_then_on(home: SmallHome) -> None:
    home.rings("old")
    with running(home) as url, listening(url) as events:
        home.rings("new")
        assert json.loads(next(events)["data"])["speech"] == "new"


def test_id_of_another_store_begins_anew(home: SmallHome) -> None:
    with running(home) as url, listening(url, headers={"Last-Event-ID": "999"}) as events:
        home.rings("new")
        assert next(events)["id"] == "1"


def test_only_the_users_own_events_on_the_device_asked_for() -> None:
    home, [key] = keyed(("talk", "ana"))
    with (
        running(home) as url,
        listening(url, params={"device": "hall"}, headers={"X-API-Key": key}) as events,
    ):
        home.rings("for ben", user="ben", device="hall")
        home.rings("elsewhere")
        home.rings("here", device="hall")
        assert json.loads(next(events)["data"])["speech"] == "here"


def test_streams_end_when_the_server_stops(home: SmallHome) -> None:
    with running(home) as url:
        client = httpx.Client(timeout=10)
        request = client.build_request("GET", f"{url}/v1/events")
        answer = client.send(request, stream=True)
        lines = answer.iter_lines()
        next(lines)
    assert "data" not in "".join(lines)  # it ends, and does not hang
    client.close()


def test_reader_that_is_too_slow_is_cut_off_rather_than_kept_in_memory() -> None:
    stream = Stream("ana", None)
    event = Event(1, "ana", "kitchen", "timers", "k", "ring", NOON, NOON)
    assert all(stream.put(event) for _ in range(LONGEST))
    assert not stream.put(event)


@pytest.mark.parametrize("last", ["x", "-1", "99999999999999999999"])
def test_last_event_id_that_is_no_id_is_refused(last: str, knock: Knock) -> None:
    answer = knock("GET", "/v1/events", headers={"Last-Event-ID": last})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "last-event-id"
