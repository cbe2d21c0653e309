"""What people say in vain, read as what they say next: a table that is looked up word for word.

Mined by `rewriting`, loaded whole, never changed: a new version is another table. A lookup is a
binary search over hashes that are mapped from disk, and a comparison of the words.

Whom a rewrite is applied for depends on them and on it alone, so that they meet the same assistant
tomorrow, and so that both sides of a trial are drawn by lot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed, Segment, pack_tensors, unpack_tensors
from sayso.errors import BundleError, LearningError
from sayso.types.context import Context
from sayso.types.lessons import Arm, Rewrite, RewriteState
from sayso.types.locales import language_of
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Rewriting, Utterance
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import NOTHING, Undone

TABLE = "rewrites.table"
SERVED = (RewriteState.SHADOW, RewriteState.CANARY, RewriteState.LIVE)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of people: for whom a rewrite on trial is applied, and for whom a proven one is left out."""

    canary: float = 0.5
    holdout: float = 0.1

    def arm(self, name: str, context: Context, *, on_trial: bool) -> Arm:
        """What is done for who speaks, the same each time. name: of a rewrite or a policy."""
        # Nobody knows who speaks: a conversation stays on one side.
        who = context.user if context.user != ANONYMOUS else context.conversation
        left_out = max(1.0 - self.canary, self.holdout) if on_trial else self.holdout
        return Arm.APPLIED if draw(name, who) >= left_out else Arm.HELD_OUT


@dataclass(frozen=True, slots=True)
class Found:
    """A rewrite that fits."""

    id: str
    meant: str
    state: RewriteState


@dataclass(frozen=True, slots=True)
class Rewrites:
    """A table of rewrites. Threads may share it.

    keys: (n,), rising hashes of language and words; starts: (n + 1,), where the record of each
    begins in `records`; states: (n,), as in SERVED.
    """

    keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    starts: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(1, np.uint32))
    states: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    records: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    shares: Shares = field(default_factory=Shares)

    def __len__(self) -> int:
        return len(self.keys)

    def apply(self, utterance: Utterance, context: Context, undone: Undone = NOTHING) -> Utterance:
        """The utterance as it is to be read, and what was done; itself where nothing fits.

        Only a request out of the blue is rewritten: in an open session, or as an answer, the same
        words mean something else. undone: what this person has taken back, never to be done again.
        """
        if not len(self.keys) or context.awaiting is not None or context.active is not None:
            return utterance
        said = fold(utterance.text)
        found = self.find(said, language_of(context.locale))
        if found is None or undone.forbids(said, fold(found.meant)):
            return utterance
        arm = self._arm(found, context)
        rewriting = Rewriting(found.id, utterance.text, found.meant, arm.value)
        text = found.meant if arm is Arm.APPLIED else utterance.text
        return replace(utterance, text=text, rewriting=rewriting)

    def find(self, words: str, language: str) -> Found | None:
        """The rewrite of folded words."""
        key = key_of(language, words)
        at = int(self.keys.searchsorted(key))
        while at < len(self.keys) and self.keys[at] == key:
            record = self.records[self.starts[at] : self.starts[at + 1]].tobytes().decode()
            its_language, said, meant, name = record.split("\0")
            if (its_language, said) == (language, words):
                return Found(name, meant, SERVED[self.states[at]])
            at += 1
        return None

    def _arm(self, found: Found, context: Context) -> Arm:
        if found.state is RewriteState.SHADOW:
            return Arm.SHADOW
        on_trial = found.state is RewriteState.CANARY
        return self.shares.arm(found.id, context, on_trial=on_trial)

    @classmethod
    def open(cls, path: Path, shares: Shares | None = None) -> Rewrites:
        """The table in a file, mapped. Raises LearningError."""
        try:
            segment = Segment(path)
            packed = unpack_tensors(segment.map(0, segment.stamp[2]))
            return cls(shares=shares or Shares(), **packed.tensors)
        except (BundleError, ValueError, TypeError) as error:
            raise LearningError(
                f"{path}: cannot be read ({error}); go back with: sayso rewrites rollback"
            ) from error


NO_REWRITES = Rewrites()


def key_of(language: str, words: str) -> np.uint64:
    """Hash of folded words in a language."""
    digest = hashlib.blake2b(f"{language}\0{words}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def draw(name: str, who: str) -> float:
    """A lot in [0, 1), always the same for one person and one thing that is drawn for."""
    digest = hashlib.blake2b(f"{name}\0{who}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2**64


def pack_table(rewrites: Iterable[Rewrite]) -> bytes:
    """The file of a table: those that are served, in whatever state."""
    served = [each for each in rewrites if each.state in SERVED]
    served.sort(key=lambda each: int(key_of(each.language, each.said)))
    records = [
        "\0".join((each.language, each.said, each.meant, each.id)).encode() for each in served
    ]
    starts = np.cumsum([0, *map(len, records)], dtype=np.uint32)
    tensors: dict[str, NDArray[Any]] = {
        "keys": np.array([key_of(each.language, each.said) for each in served], np.uint64),
        "starts": starts,
        "states": np.array([SERVED.index(each.state) for each in served], np.uint8),
        "records": np.frombuffer(b"".join(records), np.uint8),
    }
    return pack_tensors(Packed(tensors))


def table_of(rewrites: Sequence[Rewrite], shares: Shares | None = None) -> Rewrites:
    """The table, in memory."""
    packed = unpack_tensors(pack_table(rewrites))
    return Rewrites(shares=shares or Shares(), **packed.tensors)
