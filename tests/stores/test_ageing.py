from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sayso.stores.store import Lease, Store
from sayso.types.lessons import Signal, SignalKind
from tests.stores.nouns import NOW, a_context, a_turn

DAY = timedelta(days=1)


def talked(store: Store, turns: int = 1, user: str = "ana", conversation: str = "kitchen") -> None:
    for number in range(1, turns + 1):
        lease = store.begin(user, conversation)
        assert isinstance(lease, Lease)
        context = a_context(number, user=user, conversation=conversation)
        store.finish(lease, a_turn(number, user=user, conversation=conversation), context)


def test_what_a_conversation_was_about_is_forgotten_and_its_count_of_turns_is_not(
    store: Store,
) -> None:
    talked(store, 3)
    later = datetime.now(UTC) + 2 * DAY
    assert store.forget_old(later, DAY).conversations == 1
    assert store.context("ana", "kitchen") is None
    assert store.count() == 3
    lease = store.begin("ana", "kitchen")
    assert isinstance(lease, Lease)
    assert lease.context is not None
    assert lease.context.turn == 3
    assert lease.context.last_speech == ""
    assert lease.context.attributes == {}


def test_a_conversation_that_goes_on_is_kept(store: Store) -> None:
    talked(store)
    assert store.forget_old(datetime.now(UTC) + DAY / 2, DAY).conversations == 0
    assert store.context("ana", "kitchen") is not None


def test_what_was_forgotten_is_not_forgotten_again(store: Store) -> None:
    talked(store)
    later = datetime.now(UTC) + 2 * DAY
    store.forget_old(later, DAY)
    assert store.forget_old(later, DAY).conversations == 0


def test_a_turn_that_runs_keeps_its_conversation(store: Store) -> None:
    talked(store)
    store.begin("ana", "kitchen", lease_s=3 * DAY.total_seconds())
    assert store.forget_old(datetime.now(UTC) + 2 * DAY, DAY).conversations == 0


def test_the_log_is_kept_for_ever_unless_an_age_is_given(store: Store) -> None:
    talked(store, 2)
    assert store.forget_old(NOW + 4000 * DAY, DAY).turns == 0
    assert store.count() == 2


def test_old_turns_go_with_what_clients_told_of_them(store: Store) -> None:
    talked(store, 2)
    store.signals.keep([Signal("ana", "kitchen", 1, SignalKind.PLAYED, 2.0, NOW)], NOW)
    later = max(NOW, datetime.now(UTC)) + 40 * DAY
    done = store.forget_old(later, DAY, 30 * DAY)
    assert done.turns == 2
    assert store.rows_of("ana").keys() <= {"uses"}


def test_turns_of_lately_stay(store: Store) -> None:
    talked(store, 2)
    assert store.forget_old(NOW + 10 * DAY, DAY, 30 * DAY).turns == 0


def test_a_few_at_a_time_and_it_says_that_there_is_more(store: Store) -> None:
    for user in ("ana", "ben", "cem"):
        talked(store, user=user)
    later = datetime.now(UTC) + 2 * DAY
    first = store.forget_old(later, DAY, most=2)
    assert (first.conversations, first.left) == (2, 1)
    second = store.forget_old(later, DAY, most=2)
    assert (second.conversations, second.left) == (1, 0)


def test_nothing_is_left_of_it_in_the_file(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/sayso.db") as store:
        lease = store.begin("ana", "kitchen")
        assert isinstance(lease, Lease)
        store.finish(lease, a_turn(), replace(a_context(), last_speech="It rains in Oslo."))
        assert b"Oslo" in b"".join(file.read_bytes() for file in store.files)
        store.forget_old(datetime.now(UTC) + 2 * DAY, DAY)
        store.purge()
        assert b"Oslo" not in b"".join(file.read_bytes() for file in store.files)
