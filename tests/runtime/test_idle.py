"""Sessions that nobody speaks to are ended by the clock, and their skills told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NoReturn

from sayso.errors import StoreError
from sayso.evaluation.overheard import overheard
from sayso.runtime.home import Home
from sayso.runtime.idle import EVERY, IdleSessions
from tests.runtime.homes import ended

LATER = timedelta(minutes=6)


def watcher(home: Home) -> IdleSessions:
    return IdleSessions(home.store, home._backends, lambda: home.engine)


def test_a_session_that_was_left_is_ended_once(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana")
    now = datetime.now(UTC)
    with overheard(home) as calls:
        idle = watcher(home)
        assert idle.end(now) == 0  # somebody may still be thinking
        assert idle.end(now + LATER) == 1
        assert idle.end(now + 2 * LATER) == 0
        assert watcher(home).end(now + 3 * LATER) == 0
    assert ended(calls) == [("guide", "EXCEEDED_MAX_REPROMPTS")]


def test_the_next_turn_does_not_tell_it_again(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana")
    now = datetime.now(UTC)
    with overheard(home) as calls:
        watcher(home).end(now + LATER)
        reply = home.turn("yes", user="ana", now=now + 2 * LATER)
    assert reply.decision.chosen is None
    assert len(ended(calls)) == 1


def test_one_that_waits_behind_a_question_is_found_too(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana")
    home.turn("start boiling an egg", user="ana")
    with overheard(home) as calls:
        assert watcher(home).end(datetime.now(UTC) + LATER) == 1
    assert [each[0] for each in ended(calls)] == ["guide"]


def test_a_conversation_with_nothing_open_is_left_alone(home: Home) -> None:
    home.turn("lock the front door", user="ana")
    before = home.store.context("ana", "ana@default")
    with overheard(home) as calls:
        assert watcher(home).end(datetime.now(UTC) + LATER) == 0
    assert not calls
    assert home.store.context("ana", "ana@default") == before


def test_a_turn_that_runs_is_not_disturbed(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana")
    lease = home.store.begin("ana", "ana@default")
    with overheard(home) as calls:
        assert watcher(home).end(datetime.now(UTC) + LATER) == 0
    assert not calls
    home.store.release(lease)  # type: ignore[arg-type]


def test_ringing_looks_for_them(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana")
    home.ring()
    home.close()
    assert home._idle._running is not None
    assert not home._idle._running.is_alive()


def test_they_are_looked_for_once_a_minute_and_no_more_when_closed(home: Home) -> None:
    looked: list[datetime] = []
    idle, now = watcher(home), datetime.now(UTC)
    idle.end = lambda clock: looked.append(clock) or 0  # type: ignore[method-assign, func-returns-value]

    def look(clock: datetime) -> None:
        idle.look(clock)
        if idle._running is not None:
            idle._running.join()

    look(now)
    look(now + EVERY / 2)
    assert looked == [now]
    look(now + EVERY)
    idle.close()
    look(now + 3 * EVERY)
    assert looked == [now, now + EVERY]


def test_one_that_could_not_be_seen_is_looked_at_again(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana")
    now = datetime.now(UTC)
    idle, begin = watcher(home), home.store.begin

    def busy(*_: object, **__: object) -> NoReturn:
        raise StoreError("the database is locked")

    home.store.begin = busy  # type: ignore[method-assign]
    assert idle.end(now + LATER) == 0
    home.store.begin = begin  # type: ignore[method-assign]
    assert idle.end(now + 2 * LATER) == 1
