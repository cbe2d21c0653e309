from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from sayso.stores.store import Event, Lease, Store
from sayso.types.calls import Announcement
from sayso.types.context import Device
from tests.stores.nouns import NOW, a_context, a_turn
from tests.stores.processes import finished, start


def second(number: float) -> datetime:
    return NOW + timedelta(seconds=number)


def timer(key: str, due: float, speech: str = "Ding.") -> Announcement:
    return Announcement(key, speech, second(due))


def scheduled(
    store: Store,
    *announcements: Announcement,
    cancelled: tuple[str, ...] = (),
    user: str = "ana",
    skill: str | None = "timers",
    device: str = "speaker",
) -> None:
    """A turn that schedules and cancels these."""
    number = store.count() + 1
    lease = store.begin(user, "kitchen")
    assert isinstance(lease, Lease)
    turn = a_turn(number, user=user)
    turn = replace(turn, request=replace(turn.request, device=Device(device)))
    store.finish(
        lease,
        turn,
        a_context(number, user=user),
        skill=skill,
        announcements=announcements,
        cancelled=cancelled,
    )


def keys(events: list[Event]) -> list[str]:
    return [event.key for event in events]


def test_an_announcement_rings_once_when_it_is_due(store: Store) -> None:
    scheduled(store, timer("eggs", 10, "Your eggs are done."))
    assert store.announcements.ring(second(9)) == 0
    assert store.announcements.ring(second(11)) == 1
    assert store.announcements.ring(second(12)) == 0
    assert store.announcements.events("ana") == [
        Event(1, "ana", "speaker", "timers", "eggs", "Your eggs are done.", second(10), second(11))
    ]


def test_what_becomes_due_later_but_was_asked_for_earlier_is_not_lost(store: Store) -> None:
    scheduled(store, timer("slow", 100), timer("quick", 10))
    store.announcements.ring(second(10))
    (heard,) = store.announcements.events("ana")
    store.announcements.ring(second(100))
    assert keys(store.announcements.events("ana", after=heard.id)) == ["slow"]


def test_what_rings_together_is_numbered_by_the_time_it_was_due(store: Store) -> None:
    scheduled(store, timer("c", 3), timer("a", 1), timer("b", 2))
    assert store.announcements.ring(second(5)) == 3
    assert keys(store.announcements.events("ana")) == ["a", "b", "c"]
    assert keys(store.announcements.events("ana", limit=2)) == ["a", "b"]
    assert keys(store.announcements.events("ana", after=2)) == ["c"]
    assert store.announcements.last_event() == 3


def test_a_later_announcement_with_the_same_key_replaces_the_earlier(store: Store) -> None:
    scheduled(store, timer("eggs", 10, "old"))
    scheduled(store, timer("eggs", 20, "new"))
    assert store.announcements.ring(second(15)) == 0
    assert store.announcements.ring(second(20)) == 1
    assert store.announcements.events("ana")[0].speech == "new"


def test_a_key_may_ring_again_after_it_rang(store: Store) -> None:
    for due in (1, 2):
        scheduled(store, timer("eggs", due))
        assert store.announcements.ring(second(due)) == 1
    assert keys(store.announcements.events("ana")) == ["eggs", "eggs"]


def test_a_cancelled_announcement_does_not_ring(store: Store) -> None:
    scheduled(store, timer("eggs", 10), timer("tea", 10))
    scheduled(store, cancelled=("eggs", "unknown"))
    assert store.announcements.ring(second(10)) == 1
    assert keys(store.announcements.events("ana")) == ["tea"]


def test_a_turn_may_cancel_a_key_and_set_it_anew(store: Store) -> None:
    scheduled(store, timer("eggs", 10))
    scheduled(store, timer("eggs", 20), cancelled=("eggs",))
    assert (store.announcements.ring(second(10)), store.announcements.ring(second(20))) == (0, 1)


def test_a_key_belongs_to_its_user_and_skill(store: Store) -> None:
    scheduled(store, timer("x", 1))
    scheduled(store, timer("x", 1), skill="alarms")
    scheduled(store, timer("x", 1), user="ben")
    scheduled(store, cancelled=("x",), skill="reminders")
    assert store.announcements.ring(second(1)) == 3
    assert len(store.announcements.events("ana")) == 2
    assert len(store.announcements.events("ben")) == 1


def test_without_a_skill_the_chosen_one_schedules(store: Store) -> None:
    scheduled(store, timer("x", 1), skill=None)
    store.announcements.ring(second(1))
    assert store.announcements.events("ana")[0].skill == "alarms"


def test_a_device_may_hear_only_its_own_events(store: Store) -> None:
    scheduled(store, timer("a", 1), device="speaker")
    scheduled(store, timer("b", 2), device="phone")
    store.announcements.ring(second(2))
    assert keys(store.announcements.events("ana", "phone")) == ["b"]
    assert keys(store.announcements.events("ana")) == ["a", "b"]


def test_old_events_are_forgotten_but_their_numbers_are_not_used_again(store: Store) -> None:
    scheduled(store, timer("a", 1))
    store.announcements.ring(second(1))
    scheduled(store, timer("b", 100))
    store.announcements.ring(second(100), keep=timedelta(seconds=50))
    assert [(event.id, event.key) for event in store.announcements.events("ana")] == [(2, "b")]
    assert store.announcements.last_event() == 2


def test_threads_that_ring_at_once_ring_each_announcement_once(store: Store) -> None:
    for user in ("ana", "ben"):
        scheduled(store, *[timer(f"{n}", n) for n in range(50)], user=user)
    with ThreadPoolExecutor(4) as threads:
        rung = list(threads.map(lambda _: store.announcements.ring(second(50)), range(8)))
    assert sum(rung) <= 100
    store.announcements.ring(second(50))  # what was locked by another is left for the next time
    events = store.announcements.events("ana") + store.announcements.events("ben")
    assert sorted(event.id for event in events) == list(range(1, 101))


def test_processes_that_ring_at_once_ring_each_announcement_once(
    store: Store, store_url: str
) -> None:
    scheduled(store, *[timer(f"{n}", n) for n in range(60)])
    both = [start("ring", store_url, "60") for _ in range(2)]
    assert sum(int(finished(process)) for process in both) == 60
    assert [event.id for event in store.announcements.events("ana")] == list(range(1, 61))
