"""Skills that were opened, kept in memory within a budget; the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

BUDGET_MB = 256
Skill = TypeVar("Skill")


@dataclass(frozen=True, slots=True)
class Counts:
    """What was asked of the stores so far, and what they hold now.

    hits: found in memory; loads: opened from disk; evictions: let go of for want of room;
    held: skills in memory; held_bytes: about what they take.
    """

    hits: int
    loads: int
    evictions: int
    held: int
    held_bytes: int


class LocalStores(Generic[Skill]):
    """Key -> skill, opened on demand. Safe for many threads; no skill is opened twice at a time.

    A skill that was let go of lives on in the turn that uses it: skills never change.
    """

    def __init__(self, budget_bytes: int = BUDGET_MB << 20) -> None:
        self._budget = budget_bytes
        self._held: OrderedDict[Hashable, tuple[Skill, int]] = OrderedDict()
        self._opening: dict[Hashable, Lock] = {}  # each held by the thread that opens the skill
        self._lock = Lock()
        self._bytes = self._hits = self._loads = self._evictions = 0

    def get(self, key: Hashable, opening: Callable[[], tuple[Skill, int]]) -> Skill:
        """The skill of a key; `opening` gives it, and about its bytes, where it is not in memory.

        Threads that want a skill which another one opens wait for it. What `opening` raises is
        raised here; the next one tries again.
        """
        while True:
            with self._lock:
                held = self._held.get(key)
                if held is not None:
                    self._held.move_to_end(key)
                    self._hits += 1
                    return held[0]
                others = self._opening.get(key)
                if others is None:
                    mine = self._opening[key] = Lock()
                    mine.acquire()
                    break
            with others:
                pass
        return self._open(key, opening, mine)

    def counts(self) -> Counts:
        """How it stands now."""
        with self._lock:
            return Counts(self._hits, self._loads, self._evictions, len(self._held), self._bytes)

    def _open(self, key: Hashable, opening: Callable[[], tuple[Skill, int]], mine: Lock) -> Skill:
        try:
            skill, size = opening()
            with self._lock:
                self._loads += 1
                self._held[key] = (skill, size)
                self._bytes += size
                self._make_room()
            return skill
        finally:
            with self._lock:
                del self._opening[key]
            mine.release()

    def _make_room(self) -> None:
        """Let go of the least recently used. The newest stays even if it is too large alone."""
        while self._bytes > self._budget and len(self._held) > 1:
            _, (_, size) = self._held.popitem(last=False)
            self._bytes -= size
            self._evictions += 1
