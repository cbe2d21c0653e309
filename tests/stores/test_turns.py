from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from sayso.errors import StoreError
from sayso.stores.store import Lease, Store
from sayso.types.turns import Interaction
from tests.stores.nouns import NOW, a_context, a_turn
from tests.stores.processes import finished, start


def begun(
    store: Store,
    user: str = "ana",
    conversation: str = "kitchen",
    key: str | None = None,
    *,
    lease_s: float = 30,
    wait_s: float = 0,
) -> Lease:
    lease = store.begin(user, conversation, key, lease_s=lease_s, wait_s=wait_s)
    assert isinstance(lease, Lease)
    return lease


def test_a_new_conversation_has_no_context(store: Store) -> None:
    lease = begun(store)
    assert lease.context is None
    assert lease.version == 0
    assert store.context("ana", "kitchen") is None


def test_the_next_turn_begins_with_the_context_of_the_last(store: Store) -> None:
    store.finish(begun(store), a_turn(), a_context())
    lease = begun(store)
    assert lease.context == a_context() == store.context("ana", "kitchen")
    assert lease.version == 1


def test_another_user_of_the_same_conversation_id_does_not_see_its_context(store: Store) -> None:
    store.finish(begun(store), a_turn(), a_context())
    assert begun(store, "ben").context is None
    assert store.context("ben", "kitchen") is None


def test_a_repeated_key_returns_the_first_turn(store: Store) -> None:
    turn = a_turn(key="k1")
    store.finish(begun(store, key="k1"), turn, a_context())
    assert store.begin("ana", "kitchen", "k1") == turn
    assert store.begin("ana", "elsewhere", "k1") == turn
    assert begun(store, key="k2").version == 1


def test_a_key_belongs_to_its_user(store: Store) -> None:
    store.finish(begun(store, key="k1"), a_turn(key="k1"), a_context())
    assert isinstance(store.begin("ben", "kitchen", "k1"), Lease)


def test_a_turn_waits_for_the_one_before_and_then_sees_its_context(store: Store) -> None:
    first = begun(store)
    later = threading.Timer(0.1, store.finish, (first, a_turn(), a_context()))
    later.start()
    assert begun(store, wait_s=5).context == a_context()
    later.join()


def test_a_wait_that_is_too_long_ends_in_an_error(store: Store) -> None:
    begun(store, key="k1")
    with pytest.raises(StoreError, match=r'"kitchen": another turn .* after 0.05 s; try again'):
        begun(store, wait_s=0.05)
    with pytest.raises(StoreError, match=r'key "k1" still runs after 0 s; try again'):
        begun(store, key="k1")


def test_a_turn_that_had_to_wait_in_vain_leaves_no_claim(store: Store) -> None:
    first = begun(store)
    with pytest.raises(StoreError, match="still runs"):
        begun(store, key="k1")
    store.finish(first, a_turn(), a_context())
    assert begun(store, key="k1").version == 1


def test_a_dead_turn_frees_its_conversation_but_not_its_key(store: Store) -> None:
    begun(store, key="k1", lease_s=0.01)
    time.sleep(0.02)
    assert begun(store).context is None
    with pytest.raises(StoreError, match=r'key "k1": the first attempt did not finish'):
        begun(store, key="k1")


def test_a_turn_that_outlived_its_lease_is_logged_but_does_not_turn_back_the_context(
    store: Store,
) -> None:
    slow = begun(store, lease_s=0.01)
    time.sleep(0.02)
    assert store.finish(begun(store), a_turn(2), a_context(2))
    assert not store.finish(slow, a_turn(1), a_context(1))
    assert store.context("ana", "kitchen") == a_context(2)
    assert store.count() == 2


def test_a_turn_that_outlived_its_lease_unharmed_keeps_its_context(store: Store) -> None:
    slow = begun(store, lease_s=0.01)
    time.sleep(0.02)
    assert store.finish(slow, a_turn(), a_context())


def test_a_released_turn_never_was(store: Store) -> None:
    store.release(begun(store, key="k1"))
    assert begun(store, key="k1").version == 0
    assert store.count() == 0


def test_a_turn_that_cannot_be_logged_changes_nothing(store: Store) -> None:
    store.finish(begun(store), a_turn(1), a_context(1))
    with pytest.raises(StoreError, match="nothing is written"):
        store.finish(begun(store), a_turn(1), a_context(2))  # the id is taken
    assert store.context("ana", "kitchen") == a_context(1)
    assert store.count() == 1


def test_threads_that_repeat_a_key_act_once(store: Store) -> None:
    acted: list[Lease] = []

    def turn(_: int) -> Interaction | None:
        started = store.begin("ana", "kitchen", "k1")
        if isinstance(started, Interaction):
            return started
        acted.append(started)
        store.finish(started, a_turn(key="k1"), a_context())
        return store.interaction(a_turn().id)

    with ThreadPoolExecutor(8) as threads:
        assert set(map(id, acted)) == set()
        replies = list(threads.map(turn, range(16)))
    assert len(acted) == 1
    assert replies == [a_turn(key="k1")] * 16


def test_threads_in_different_conversations_do_not_disturb_each_other(store: Store) -> None:
    def turns(name: str) -> None:
        for number in range(1, 9):
            lease = begun(store, conversation=name)
            assert (lease.context.turn if lease.context else 0) == number - 1
            store.finish(lease, a_turn(number, conversation=name), a_context(number))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(turns, map(str, range(8))))
    assert store.count() == 64


def test_processes_that_repeat_a_key_at_once_act_once(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    both = [start("act_once", store_url, "k1", str(marks)) for _ in range(2)]
    assert [finished(process) for process in both] == ["Alarm 1 is set.\n"] * 2
    assert marks.read_text() == "acted\n"
    assert store.count() == 1


def test_processes_take_turns_in_one_conversation(store: Store, store_url: str) -> None:
    both = [start("count_up", store_url, name, "20") for name in ("a", "b")]
    for process in both:
        finished(process)
    assert store.context("ana", "kitchen") == a_context(40)
    assert store.count() == 40


def test_a_process_that_is_killed_at_work_leaves_nothing_half_written(
    store: Store, store_url: str
) -> None:
    process = start("count_up", store_url, "a", "100000")
    while store.count() < 20:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    context = store.context("ana", "kitchen")
    assert context is not None
    assert context.turn == store.count()


def test_a_killed_process_blocks_its_conversation_until_its_lease_ends(
    store: Store, store_url: str
) -> None:
    process = start("hang", store_url, "k1", "0.5")
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.kill()
    process.communicate()
    with pytest.raises(StoreError, match="still runs"):
        begun(store)
    assert begun(store, wait_s=5).context is None
    with pytest.raises(StoreError, match="did not finish"):
        begun(store, key="k1")


def test_the_latest_turns_come_in_the_order_of_time(store: Store) -> None:
    turns = [a_turn(n, at=NOW + timedelta(minutes=n)) for n in range(1, 5)]
    for turn in turns:
        store.finish(begun(store), turn, a_context())
    assert store.latest(2) == turns[2:]
    assert store.latest(9, NOW + timedelta(minutes=2)) == turns[1:]


def test_a_turn_within_another_is_logged_and_the_other_goes_on(store: Store) -> None:
    lease = begun(store, key="k1")
    store.note(a_turn(1))
    with pytest.raises(StoreError):
        store.begin("ana", "kitchen", wait_s=0)
    store.finish(lease, a_turn(2, key="k1"), a_context())
    assert [turn.turn for turn in store.interactions()] == [1, 2]
    assert store.begin("ana", "kitchen", "k1") == a_turn(2, key="k1")
