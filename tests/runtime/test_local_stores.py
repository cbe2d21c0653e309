"""Skills are opened on demand, kept within a budget, and never opened twice at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from sayso.errors import BundleError
from sayso.runtime.local_stores import LocalStores


class Disk:
    """Counts what is opened; each skill is its own key and takes `size` bytes."""

    def __init__(self, size: int = 10) -> None:
        self.opened: list[str] = []
        self._size = size

    def __call__(self, key: str) -> Callable[[], tuple[str, int]]:
        def opening() -> tuple[str, int]:
            self.opened.append(key)
            return f"skill {key}", self._size

        return opening


def test_a_skill_is_opened_once_and_then_found() -> None:
    stores, disk = LocalStores[str](100), Disk()
    assert stores.get("a", disk("a")) == stores.get("a", disk("a")) == "skill a"
    assert disk.opened == ["a"]
    assert stores.counts().hits == 1
    assert stores.counts().loads == 1


def test_the_least_recently_used_goes_first() -> None:
    stores, disk = LocalStores[str](30), Disk()
    for key in ("a", "b", "c", "a", "d"):
        stores.get(key, disk(key))
    assert stores.counts().evictions == 1
    stores.get("a", disk("a"))
    assert disk.opened == ["a", "b", "c", "d"]
    stores.get("b", disk("b"))
    assert disk.opened == ["a", "b", "c", "d", "b"]


def test_a_skill_larger_than_the_budget_is_still_read() -> None:
    stores, disk = LocalStores[str](1), Disk()
    stores.get("a", disk("a"))
    stores.get("b", disk("b"))
    assert stores.counts().held == 1


def test_ten_thousand_skills_stay_within_the_budget() -> None:
    stores, disk = LocalStores[str](5_000), Disk()
    for i in range(10_000):
        stores.get(str(i), disk(str(i)))
        assert stores.counts().held_bytes <= 5_000
    counts = stores.counts()
    assert (counts.held, counts.loads, counts.evictions) == (500, 10_000, 9_500)


def test_what_cannot_be_opened_is_tried_again() -> None:
    stores, disk = LocalStores[str](), Disk()

    def damaged() -> tuple[str, int]:
        raise BundleError("damaged; retrain")

    with pytest.raises(BundleError, match="retrain"):
        stores.get("a", damaged)
    assert stores.get("a", disk("a")) == "skill a"
    assert stores.counts().held == 1


def test_threads_that_want_the_same_skill_wait_for_one_opening() -> None:
    stores, started, go = LocalStores[str](), threading.Event(), threading.Event()
    opened: list[int] = []

    def slow() -> tuple[str, int]:
        opened.append(1)
        started.set()
        assert go.wait(10)
        return "skill", 1

    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(stores.get("a", slow))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    assert started.wait(10)
    go.set()
    for thread in threads:
        thread.join()
    assert opened == [1]
    assert found == ["skill"] * 8


def test_those_who_wait_for_a_damaged_skill_are_told() -> None:
    stores, started, go = LocalStores[str](), threading.Event(), threading.Event()
    told: list[str] = []

    def damaged() -> tuple[str, int]:
        started.set()
        assert go.wait(10)
        raise BundleError("damaged")

    def asks() -> None:
        try:
            stores.get("a", damaged)
        except BundleError as error:
            told.append(str(error))

    threads = [threading.Thread(target=asks) for _ in range(4)]
    threads[0].start()
    assert started.wait(10)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert told == ["damaged"] * 4
    assert stores.counts().held == 0


def test_many_threads_on_few_places_get_what_they_asked_for() -> None:
    stores, disk = LocalStores[str](50), Disk()
    wrong: list[str] = []

    def asks(start: int) -> None:
        for i in range(2000):
            key = str((start + i * 7) % 40)
            if stores.get(key, disk(key)) != f"skill {key}":
                wrong.append(key)

    threads = [threading.Thread(target=asks, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = stores.counts()
    assert not wrong
    assert counts.hits + counts.loads <= 8000
    assert counts.loads == len(disk.opened)
    assert counts.held_bytes == 10 * counts.held <= 50
