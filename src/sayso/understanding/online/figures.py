"""What speaks for a request being meant, in figures: used by fitting and by serving alike.

    keep    figures of what was heard alone, and of what stands against it
    meant   figures of what was heard and one request that went well before

All are known at the time of the turn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from typing import cast

import jellyfish
import numpy as np
from numpy.typing import NDArray

from sayso.types.readings import Outcome
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import Asked, Entry, Kept, Vector
from sayso.understanding.online.habits import Habits
from sayso.understanding.online.sounds import alike
from sayso.understanding.values.likeness import is_common, sounds

Floats = NDArray[np.float32]
MEANT = (
    "cosine",
    "gram_dice",  # of runs of sounds
    "sound_likeness",  # 1 - edits / length, of the sounds
    "start_likeness",  # Jaro and Winkler's
    "word_dice",
    "said_held",  # share of the words said that are in what is meant
    "meant_held",  # the other way round
    "apart_sound",  # likeness of the words that are not in both, by sound; 1 where there are none
    "apart_letters",
    "said_apart",  # how many words those are
    "meant_apart",
    "said_apart_common",  # share of them that everybody knows; 0 without one
    "meant_apart_common",
    "words",  # that were said
    "same_intent",  # as the first reading; 0.5 without one
    "same_skill",
    "same_slots",
    "values_held",  # share of the request's values that were said word for word; 1 without values
    "turns_behind",  # of everyone, logarithm, less those of the commonest request found
    "people_behind",
    "defects",  # of the request
    "own_turns",  # of this person, logarithm
    "own_share",  # of their turns with this intent
    "own_ago",  # days since the last time, logarithm; -1 where there was none
    "device",  # made on such a device before; 0.5 where that is not known
    "confidence",  # of the first reading
    "acts",  # the router would act on it
    "unresolved",  # share of its slots whose words no catalogue knows; NaN where nobody says
    "said_known",  # what was heard was asked for before, word for word
    "said_own_turns",
    "said_defects",  # of what was heard; -1 where nobody said it
    "ahead_cosine",  # of the best other request with another meaning; positive for the best
    "ahead_sound",
    "ahead_own",  # in own turns
)
KEEP = (
    "confidence",
    "ahead",  # of the next reading
    "acts",
    "asks",
    "unresolved",
    "slots",
    "words",
    "common_words",  # share of words that everybody knows
    "said_known",  # asked for by others, word for word
    "said_defects",
    "said_own_turns",
    "best_cosine",  # of any request found
    "best_sound",
    "best_own_cosine",  # of this person's requests; 0 without one
    "best_own_sound",
    "best_own_turns",  # of their likeliest one
    "best_agrees",  # it has the same reading
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the very words that were heard: by everyone, by this person."""

    everyone: Entry | None = None
    own: Entry | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A request that may be meant. own: this person's turns of it, None where there are none."""

    kept: Kept
    own: Entry | None = None

    @property
    def entry(self) -> Entry:
        """The request."""
        return self.kept.entry


def meant_figures(
    asked: Asked, vector: Vector | None, found: Sequence[Found], known: Known, habits: Habits
) -> Floats:
    """(n, len(MEANT)) of each request that was found; vector: of what was heard, projected."""
    if not found:
        return np.zeros((0, len(MEANT)), np.float32)
    heard = _Heard.of(asked)
    ours = (asked.confidence, _acts(asked), asked.unresolved, *_said(known))
    rows = [(*_pair(heard, asked, vector, one, habits), *ours) for one in found]
    columns = np.array(rows, np.float32)
    # A home of ten people and one of a million have the same figures.
    columns[:, _COUNTS] -= columns[:, _COUNTS].max(axis=0)
    ahead = _ahead(columns, [one.entry.reading for one in found])
    return np.concatenate([columns, ahead], axis=1)


def keep_figures(asked: Asked, found: Sequence[Found], meant: Floats, known: Known) -> Floats:
    """(1, len(KEEP)) of what was heard; meant: the figures of what was found."""
    words = asked.words.split()
    own = [at for at, one in enumerate(found) if one.own is not None]
    best = max(own, key=lambda at: float(meant[at, 0] + meant[at, 2]), default=None)
    known_, own_turns, defects = _said(known)
    row = (
        asked.confidence,
        asked.confidence - asked.runner_up,
        _acts(asked),
        float(asked.outcome is Outcome.ASK),
        asked.unresolved,
        float(len(asked.values)),
        float(len(words)),
        _common(words),
        known_,
        defects,
        own_turns,
        float(meant[:, 0].max(initial=0.0)),
        float(meant[:, 2].max(initial=0.0)),
        float(meant[best, 0]) if best is not None else 0.0,
        float(meant[best, 2]) if best is not None else 0.0,
        float(meant[best, _OWN_TURNS]) if best is not None else 0.0,
        float(meant[best, _SAME_SLOTS]) if best is not None else 0.5,
    )
    return np.array([row], np.float32)


_COUNTS = [MEANT.index("turns_behind"), MEANT.index("people_behind")]
_OWN_TURNS, _SAME_SLOTS = MEANT.index("own_turns"), MEANT.index("same_slots")


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was heard, made ready to be compared."""

    words: Sequence[str]
    held: frozenset[str]
    sounds: str

    @classmethod
    def of(cls, asked: Asked) -> _Heard:
        words = asked.words.split()
        return cls(words, frozenset(words), sounds(asked.words))


def _pair(
    heard: _Heard, asked: Asked, vector: Vector | None, one: Found, habits: Habits
) -> tuple[float, ...]:
    entry = one.entry
    theirs = entry.words.split()
    mine_apart = [word for word in heard.words if word not in theirs]
    theirs_apart = [word for word in theirs if word not in heard.held]
    alone, missing = " ".join(mine_apart), " ".join(theirs_apart)
    both, all_ = len(heard.words) - len(mine_apart), len(heard.words) + len(theirs)
    near = one.kept.vector
    cosine = float(near @ vector) if near is not None and vector is not None else 0.0
    read = asked.skill is not None
    values = values_of(entry.slots)
    return (
        cosine,
        alike(asked.runs, one.kept.runs),
        likeness(heard.sounds, sounds(entry.words)),
        float(jellyfish.jaro_winkler_similarity(asked.words, entry.words)),
        2 * both / max(1, all_),
        both / max(1, len(heard.words)),
        1 - len(theirs_apart) / max(1, len(theirs)),
        likeness(sounds(alone), sounds(missing)),
        likeness(alone, missing),
        float(len(mine_apart)),
        float(len(theirs_apart)),
        _common(mine_apart),
        _common(theirs_apart),
        float(len(heard.words)),
        float(_intent(asked) == (entry.skill, entry.intent)) if read else 0.5,
        float(asked.skill == entry.skill) if read else 0.5,
        float(asked.folded == values) if read else 0.5,
        _said_share(values, asked.words),
        log1p(entry.turns),
        log1p(entry.people),
        entry.defect_bp / 10_000,
        *_habit(one, asked, habits),
        float(asked.device in entry.devices) if entry.devices else 0.5,
    )


def _habit(one: Found, asked: Asked, habits: Habits) -> tuple[float, float, float]:
    if one.own is None:
        return 0.0, 0.0, -1.0
    with_intent = habits.turns_by_intent[one.own.skill, one.own.intent]
    ago = max(0.0, asked.now_s - one.own.last_s) / 86_400 if one.own.last_s else 30.0
    return log1p(one.own.turns), one.own.turns / max(1, with_intent), log1p(ago)


def _ahead(columns: Floats, readings: Sequence[tuple[str, str, str]]) -> Floats:
    """(n, 3) how far each is ahead of the best of those that mean something else."""
    wanted = columns[:, [0, 2, _OWN_TURNS]]
    numbers: dict[tuple[str, str, str], int] = {}
    mine = np.array([numbers.setdefault(each, len(numbers)) for each in readings])
    others = mine[:, None] != mine
    best = np.where(others[:, :, None], wanted[None], np.float32(0)).max(axis=1)
    found: Floats = wanted - best
    return found


def likeness(one: str, other: str) -> float:
    """1 - edits / length."""
    longest = max(len(one), len(other))
    if one == other:
        return 1.0
    # What is the same at both ends need not be looked at: the time grows with the square.
    first = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        first += 1
    one, other = one[first:], other[first:]
    return 1 - jellyfish.levenshtein_distance(one, other) / longest


def _common(words: Sequence[str]) -> float:
    return sum(map(_is_common, words)) / len(words) if words else 0.0


_is_common = lru_cache(maxsize=8192)(is_common)


def _intent(asked: Asked) -> tuple[str | None, str | None]:
    return asked.skill, asked.intent


def _acts(asked: Asked) -> float:
    return float(asked.outcome is Outcome.ACT)


def _said(known: Known) -> tuple[float, float, float]:
    """Of the very words: whether anybody asked for them, own turns, share of defects."""
    there = known.everyone
    return (
        float(there is not None),
        log1p(known.own.turns) if known.own is not None else 0.0,
        there.defect_bp / 10_000 if there is not None else -1.0,
    )


@lru_cache(maxsize=4096)
def values_of(slots: str) -> Mapping[str, str]:
    """Slot -> value, folded, of an entry's JSON."""
    try:
        held = json.loads(slots)
    except ValueError:
        return {}
    if not isinstance(held, dict):
        return {}
    return _folded(
        {str(name): str(value) for name, value in cast("dict[str, object]", held).items()}
    )


def _folded(values: Mapping[str, str]) -> Mapping[str, str]:
    return {name: fold(value) for name, value in values.items()}


def _said_share(values: Mapping[str, str], words: str) -> float:
    said = f" {words} "
    held = [f" {value} " in said for value in values.values()]
    return sum(held) / len(held) if held else 1.0
