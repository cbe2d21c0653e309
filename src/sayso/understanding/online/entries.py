"""What people asked for before with success, as it is kept and as it is asked about."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome, ResolutionStatus, SlotValue
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.online.sounds import Grams, Runs, grams, runs

Vector = NDArray[np.float32]
_NUMBERS = struct.Struct("<IIHBff")  # turns, people, defect_bp, side effects, last_s, scale
_BETWEEN = "\x00"


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that went well before.

    words: folded; shown: as it is to be read. skill, intent: of its reading; slots: JSON object of
    it, slot -> normalised value. turns: how often it was made, by this person where the entry is
    of a person's habits; people: how many made it. defect_bp: share of them that went wrong, in
    basis points. devices: types of device it was said to. last_s: when last, seconds since 1970;
    0 where that is not kept.
    """

    words: str
    shown: str
    skill: str = ""
    intent: str = ""
    slots: str = "{}"
    turns: int = 1
    people: int = 1
    defect_bp: int = 0
    side_effects: bool = False
    devices: Sequence[str] = ()
    last_s: float = 0.0

    @property
    def reading(self) -> tuple[str, str, str]:
        """What it means: two entries of one reading are two ways to say the same."""
        return self.skill, self.intent, self.slots


@dataclass(frozen=True, eq=False)
class Kept:
    """An entry with the figures that it is compared by. vector: (d,), projected, unit; or None."""

    entry: Entry
    vector: Vector | None

    @cached_property
    def runs(self) -> Runs:
        """Of its sounds."""
        return known_runs(self.entry.words)


@dataclass(frozen=True, eq=False)
class Asked:
    """What was just heard, and how it was read as it stands.

    vector: (d,) of the encoder, unit, or None. skill, intent: of the first reading, None where
    there is none; values: its slots, slot -> normalised value; known: those of them that a
    catalogue has word for word: nobody misheard them. confidence: of it; runner_up: of the next;
    unresolved: share of its slots whose words no catalogue knows; these two are NaN where a log
    does not tell. outcome: what the router would do.
    """

    words: str
    vector: Vector | None
    locale: str
    skill: str | None = None
    intent: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    runner_up: float = float("nan")
    unresolved: float = float("nan")
    outcome: Outcome = Outcome.ABSTAIN
    side_effects: bool = False
    device: str = "unknown"
    now_s: float = 0.0

    @cached_property
    def grams(self) -> Grams:
        """Of its sounds, to look them up."""
        return grams(self.words)

    @cached_property
    def runs(self) -> Runs:
        """The same, to compare them."""
        return runs(self.words)

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """Its values, folded."""
        return {name: fold(value) for name, value in self.values.items()}


def asked(heard: Heard, decision: Decision, context: Context) -> Asked:
    """What was heard, with what the engine makes of it before any rewriting."""
    readings = decision.hypotheses
    first = decision.chosen or next(iter(decision.options or readings), None)
    others = [one.confidence for one in readings if first is None or not _same(one, first)]
    slots = first.slots if first is not None else ()
    return Asked(
        fold(heard.utterance.text),
        heard.pooled,
        context.locale,
        first.skill if first is not None else None,
        first.intent if first is not None else None,
        {slot.name: slot.normalised or slot.value for slot in slots},
        {slot.name: slot.normalised or slot.value for slot in slots if _is_known(slot)},
        first.confidence if first is not None else 0.0,
        max(others, default=0.0),
        _unresolved(slots),
        decision.outcome,
        first is not None and first.side_effects,
        context.device.type,
        context.now.timestamp(),
    )


def _same(one: Hypothesis, other: Hypothesis) -> bool:
    return (one.skill, one.intent) == (other.skill, other.intent)


def _is_known(slot: SlotValue) -> bool:
    found = slot.candidates
    return slot.status is ResolutionStatus.MATCHED and bool(found) and found[0].score >= 1.0


def _unresolved(slots: Sequence[SlotValue]) -> float:
    lost = [slot for slot in slots if slot.status is not ResolutionStatus.MATCHED]
    return len(lost) / len(slots) if slots else 0.0


def slots_of(reading: Hypothesis | None) -> str:
    """The slots of a reading as entries keep them: JSON, keys in order."""
    slots = reading.slots if reading is not None else ()
    values = {slot.name: slot.normalised or slot.value for slot in slots}
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def encode(entry: Entry, vector: NDArray[np.int8], scale: float) -> bytes:
    """A record: numbers, vector, texts."""
    numbers = _NUMBERS.pack(
        min(entry.turns, 2**32 - 1),
        min(entry.people, 2**32 - 1),
        entry.defect_bp,
        entry.side_effects,
        entry.last_s,
        scale,
    )
    texts = (entry.words, entry.shown, entry.skill, entry.intent, entry.slots)
    fields = [text.replace(_BETWEEN, " ") for text in (*texts, ",".join(entry.devices))]
    return numbers + vector.tobytes() + _BETWEEN.join(fields).encode("utf-8", "replace")


def vectors_of(records: Sequence[bytes], dimensions: int) -> NDArray[np.float32]:
    """(n, d) the vectors of some records, the rest of which is not looked at."""
    numbers = b"".join(record[_NUMBERS.size : _NUMBERS.size + dimensions] for record in records)
    scales = [_NUMBERS.unpack_from(record)[-1] for record in records]
    found: NDArray[np.float32] = np.frombuffer(numbers, np.int8).reshape(-1, dimensions) * np.array(
        scales, np.float32
    ).reshape(-1, 1)
    return found


def decode(record: bytes, dimensions: int) -> Kept:
    """The entry of a record. Raises ValueError for what is none."""
    try:
        turns, people, defect_bp, costly, last_s, scale = _NUMBERS.unpack_from(record)
        end = _NUMBERS.size + dimensions
        numbers = np.frombuffer(record[_NUMBERS.size : end], np.int8)
        texts = record[end:].decode("utf-8").split(_BETWEEN)
        words, shown, skill, intent, slots, devices = texts
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"a record that is none: {error}") from error
    if len(numbers) != dimensions:
        raise ValueError("a record that is cut off")
    entry = Entry(
        words,
        shown,
        skill,
        intent,
        slots,
        turns,
        people,
        defect_bp,
        bool(costly),
        tuple(devices.split(",")) if devices else (),
        last_s,
    )
    return Kept(entry, numbers * np.float32(scale) if dimensions else None)


@lru_cache(maxsize=4096)
def known_runs(words: str) -> Runs:
    """The runs of sounds of a text that may well come again."""
    return runs(words)


@dataclass(frozen=True, slots=True)
class Undone:
    """What a person took back: said -> meant, both folded. They never hear it again."""

    pairs: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def forbids(self, said: str, meant: str) -> bool:
        """Whether this person took back just that."""
        return (said, meant) in self.pairs


NOTHING = Undone()
