"""A turn of a described skill -> its intent and its slots, by what the package has learnt."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from zipfile import BadZipFile

import numpy as np

from sayso import trees
from sayso.errors import BundleError
from sayso.trees import Trees
from sayso.understanding.contract import Heard
from sayso.understanding.described.acts import Acts
from sayso.understanding.described.aims import INTENTS, intent_rows
from sayso.understanding.described.figures import Pair
from sayso.understanding.described.kinds import Kinds
from sayso.understanding.described.looked import Looked, looked, sense
from sayso.understanding.described.past import Past
from sayso.understanding.described.rows import SOURCES, all_rows
from sayso.understanding.described.slots import DescribedSkill
from sayso.understanding.fold import fold

WEIGHTS = "weights.npz"
SURE = 0.5  # probability of a value that is taken
SAID = 0.3  # of one that was said in words, where another one is as likely
_INTENT = "intent"


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a slot. first, last: its words, if it was said; source: a key of `SOURCES`."""

    slot: str
    value: str
    probability: float
    source: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a turn says of a skill. intent: None for none (any more); found: by slot, likeliest."""

    intent: str | None
    probability: float
    found: Mapping[str, Found] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Reader:
    """Everything that was learnt. weighed: by source, and of intents. Threads may share it.

    encoder: fingerprint of the one whose vectors it was learnt with; it reads no others.
    """

    kinds: Kinds
    acts: Acts
    weighed: Mapping[str, Trees]
    encoder: str = ""

    def look(
        self, heard: Heard, skill: DescribedSkill, past: Past, locale: str = "en-US"
    ) -> Looked:
        """The turn as all figures are taken from it. The intent is that of before."""
        sensed = sense(heard, self.kinds, self.acts, tuple(past.did), locale)
        return looked(sensed, skill, past, self.kinds)

    def read(
        self,
        heard: Heard,
        skill: DescribedSkill,
        past: Past,
        *,
        intent: str | None = None,
        sources: Sequence[str] = tuple(SOURCES),
        sure: float = SURE,
        locale: str = "en-US",
    ) -> Read:
        """The intent, and the values that the turn adds or changes.

        intent: the one that is meant, if it is known. sources: where values may come from.
        """
        one = self.look(heard, skill, past, locale)
        chance = 1.0
        if intent is None:
            intent, chance = self.intent(one)
        one = _under(one, intent)
        scored: list[tuple[float, Pair]] = []
        for source, (pairs, figures) in all_rows(one, sources).items():
            if pairs:
                scored += zip(self.weighed[source].predict(figures), pairs, strict=True)
        return Read(intent, chance, chosen(scored, skill, sure))

    def intent(self, one: Looked) -> tuple[str | None, float]:
        """The likeliest intent, None for none, and its chance."""
        names, figures = intent_rows(one)
        chances = self.weighed[_INTENT].predict(figures)
        best = int(chances.argmax())
        return names[best], float(chances[best])

    def to_bytes(self) -> bytes:
        """The file that `load` reads."""
        words = sorted(self.acts.words, key=lambda word: self.acts.words[word])
        arrays = {f"kinds.{name}": table for name, table in self.kinds.pack().items()}
        arrays |= {
            f"trees.{name}": np.frombuffer(each.to_bytes(), np.uint8)
            for name, each in self.weighed.items()
        }
        about = json.dumps({"encoder": self.encoder, "version": 1})
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            about=np.array(about),
            acts=self.acts.weights.astype(np.float16),
            words=np.array(words, np.str_),
            **arrays,  # type: ignore[arg-type]
        )
        return buffer.getvalue()


def load(content: bytes, where: str = WEIGHTS) -> Reader:
    """A reader that was saved. Raises BundleError if it is damaged or of other figures."""
    try:
        with np.load(io.BytesIO(content)) as data:
            about = json.loads(str(data["about"]))
            tensors = {name: data[name] for name in data.files}
        weighed = {}
        for name, figures in {**SOURCES, _INTENT: INTENTS}.items():
            weighed[name] = trees.load(tensors[f"trees.{name}"].tobytes(), figures)
        words = {str(word): at for at, word in enumerate(tensors["words"])}
        kinds = {k.removeprefix("kinds."): v for k, v in tensors.items() if k.startswith("kinds.")}
        acts = Acts(words, tensors["acts"].astype(np.float32))
        return Reader(Kinds.unpack(kinds), acts, weighed, about["encoder"])
    except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise BundleError(f"{where}: damaged ({error}); run scripts/make_described.py") from error


@lru_cache(maxsize=1)
def shipped() -> Reader:
    """What the package has learnt."""
    path = files("sayso.understanding.described").joinpath(WEIGHTS)
    return load(path.read_bytes(), str(path))


def reader_for(encoder: object) -> Reader | None:
    """The shipped reader if it reads this encoder's vectors, else None."""
    if getattr(encoder, "fingerprint", None) is None:
        return None
    found = shipped()
    return found if found.encoder == getattr(encoder, "fingerprint", None) else None


def chosen(
    scored: Sequence[tuple[float, Pair]], skill: DescribedSkill, sure: float
) -> dict[str, Found]:
    """The likeliest value of each slot, if likelier than none; no words are two slots' values.

    Values of one slot exclude each other: where two that were said are as likely, neither is sure,
    and yet one of them is probably right. sure: least chance of any other value.
    """
    ways: dict[int, dict[str, float]] = {}
    for chance, pair in scored:
        if pair.first is not None:
            values = ways.setdefault(pair.place, {})
            value = fold(pair.value)
            values[value] = max(values.get(value, 0.0), chance)
    none = {place: max(0.0, 1.0 - sum(values.values())) for place, values in ways.items()}
    found: dict[str, Found] = {}
    taken: list[tuple[int, int]] = []
    for chance, pair in sorted(scored, key=lambda each: -each[0]):
        said = pair.first is not None and chance >= SAID and chance > none[pair.place]
        name = skill.slots[pair.place].slot.name
        if name in found or not (said or chance >= sure):
            continue
        if pair.first is not None and pair.last is not None:
            if any(pair.first < last and pair.last > first for first, last in taken):
                continue
            taken.append((pair.first, pair.last))
        found[name] = Found(name, pair.value, float(chance), pair.source, pair.first, pair.last)
    return found


def _under(one: Looked, intent: str | None) -> Looked:
    """The same turn, of that intent."""
    return replace(one, intent=intent)
