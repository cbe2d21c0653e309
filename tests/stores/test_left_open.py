"""Conversations in which a session is open and nobody speaks are found, and left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sayso.stores.store import Lease, Store
from sayso.types.context import Aside, Context
from tests.stores.nouns import a_context, a_turn

EVER = datetime(1970, 1, 1, tzinfo=UTC)
QUIET = replace(a_context(), active=None, aside=())


def begun(store: Store, user: str) -> Lease:
    lease = store.begin(user, "kitchen")
    assert isinstance(lease, Lease)
    return lease


def leave(store: Store, user: str, context: Context) -> None:
    store.finish(begun(store, user), replace(a_turn(), id=user, user=user), context)


def found(
    store: Store, since: datetime = EVER, later: timedelta = timedelta(seconds=1)
) -> list[str]:
    before = datetime.now(UTC) + later
    return sorted(user for user, _, _ in store.left_open(since, before, 10))


def test_a_session_counts_that_is_open_or_waits(store: Store) -> None:
    waiting = [Aside(), Aside(), Aside(active="quiz")]
    leave(store, "ana", replace(QUIET, active="quiz"))
    leave(store, "ben", replace(QUIET, aside=tuple(waiting)))
    leave(store, "cleo", replace(QUIET, aside=(Aside(),)))
    leave(store, "dora", QUIET)
    assert found(store) == ["ana", "ben"]


def test_only_those_count_that_were_left_in_that_time(store: Store) -> None:
    leave(store, "ana", replace(QUIET, active="quiz"))
    assert found(store, later=timedelta(minutes=-5)) == []
    assert found(store, since=datetime.now(UTC) + timedelta(minutes=1)) == []


def test_one_that_a_turn_runs_in_is_not_among_them(store: Store) -> None:
    leave(store, "ana", replace(QUIET, active="quiz"))
    begun(store, "ana")
    assert found(store) == []


def test_one_in_which_a_turn_died_is_among_them(store: Store) -> None:
    leave(store, "ana", replace(QUIET, active="quiz"))
    assert isinstance(store.begin("ana", "kitchen", lease_s=0.0), Lease)
    assert found(store) == ["ana"]


def test_those_that_wait_longest_come_first(store: Store) -> None:
    for user in ("zoe", "ana", "max"):
        leave(store, user, replace(QUIET, active="quiz"))
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert [user for user, _, _ in store.left_open(EVER, later, 2)] == ["zoe", "ana"]


def test_what_is_left_is_kept_and_counts_no_turn(store: Store) -> None:
    leave(store, "ana", replace(QUIET, active="quiz"))
    lease = begun(store, "ana")
    assert store.leave(lease, QUIET)
    assert store.context("ana", "kitchen") == QUIET
    assert begun(store, "ana").version == lease.version == 1


def test_a_lease_that_another_has_taken_over_keeps_nothing(store: Store) -> None:
    leave(store, "ana", replace(QUIET, active="quiz"))
    late = begun(store, "ana")
    store.release(late)
    begun(store, "ana")
    assert not store.leave(late, QUIET)
