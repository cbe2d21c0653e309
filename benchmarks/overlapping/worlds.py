"""Skills whose sentences fit several of them, each sentence taught to one.

catalogue: a store's skills. A phrase that several have word for word fits all of these and maybe
others, which nobody knows: precision is a lower bound.
clinc150: each intent becomes one skill or three to eight, which share out its sentences. All
skills of an intent fit each of them and nobody else does: the labels are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.fewshot import in_scope
from sayso.encoders import Encoder
from sayso.skills.catalogue import CATALOGUE, PHRASES, REQUEST, catalogue_skills
from sayso.types.lessons import Label
from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.lessons import about
from sayso.understanding.shortlist import Examples

SKILLS = 6000  # of the catalogue, half of them to tune on
SIZES = (1, 1, 1, 3, 4, 5, 6, 8)  # skills of an intent of clinc150
EACH = 8  # sentences of such a skill
PARTS = ("tuned on", "reported")
LOCALE = "en-US"


@dataclass(frozen=True, slots=True)
class World:
    """What is taught, and what is true.

    skills: with the sentences that they are taught; fits: folded sentence -> all skills that it
    fits; shared: folded sentences that fit several, as far as is known; unseen: sentences that
    nobody was taught; vectors: text -> its vector.
    """

    skills: Sequence[Examples]
    fits: Mapping[str, frozenset[str]]
    shared: frozenset[str]
    unseen: Sequence[str]
    vectors: Mapping[str, Any]

    @property
    def labels(self) -> list[Label]:
        """Each sentence with the skill that was taught it, in the order of the skills."""
        return [
            Label(text, each.skill, intent, LOCALE)
            for each in self.skills
            for text, intent in zip(each.texts, each.intents, strict=True)
            if intent
        ]

    def heard(self, text: str) -> Heard:
        """A sentence as it is heard."""
        return Heard(Utterance(text, text), (), pooled=self.vectors[text])


def catalogue(data: Path, part: int, encoder: Encoder) -> World:
    """One half of the skills, by a hash of their ids; of each shared phrase one skill keeps it."""
    rows, phrases = _rows(data)
    skills = [
        x for x in catalogue_skills(rows, phrases) if crc32(x.id.encode()) % len(PARTS) == part
    ]
    wanted = {fold(x["name_free"]) for x in phrases if x["selectable"]}
    said: dict[str, dict[str, str]] = {}
    for skill in skills:
        samples = skill.languages[0].intents[0].samples
        said[skill.id] = {fold(sample): sample for sample in reversed(samples)}
    fits = _holders(said)
    shared = frozenset(text for text, some in fits.items() if len(some) > 1 and text in wanted)
    for text in shared:
        for name in fits[text] - {min(fits[text], key=lambda x: crc32(f"{text}/{x}".encode()))}:
            del said[name][text]
    unseen = _taken_out(said, wanted - shared)
    told = {skill.id: about(skill, skill.languages[0]) for skill in skills}
    return _world(
        {id: list(some.values()) for id, some in said.items()}, told, fits, shared, unseen, encoder
    )


def clinc150(data: Path, part: int, encoder: Encoder) -> World:
    """One half of the intents, by a hash of their names; asked is the validation part."""
    sentences: dict[str, list[str]] = defaultdict(list)
    for label in in_scope(data / "train.parquet"):
        if crc32(label.intent.encode()) % len(PARTS) == part:
            sentences[label.intent].append(label.text)
    taught: dict[str, list[str]] = {}
    siblings: dict[str, frozenset[str]] = {}
    for intent, texts in sorted(sentences.items()):
        chance = Random(intent)
        size = chance.choice(SIZES)
        drawn = chance.sample(texts, size * EACH)
        names = [f"{intent}.{number}" for number in range(size)]
        siblings[intent] = frozenset(names)
        taught |= {x: drawn[at * EACH : (at + 1) * EACH] for at, x in enumerate(names)}
    fits = {
        fold(text): siblings[name.split(".")[0]] for name, some in taught.items() for text in some
    }
    asked = [x for x in in_scope(data / "validation.parquet") if x.intent in siblings]
    fits |= {fold(label.text): siblings[label.intent] for label in asked}
    shared = frozenset(text for text, some in fits.items() if len(some) > 1)
    told: dict[str, list[str]] = {name: [] for name in taught}
    return _world(taught, told, fits, shared, [label.text for label in asked], encoder)


def _rows(data: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """English skills of the store, those with phrases that ask for something first."""
    from pyarrow import parquet

    def english(name: str) -> list[dict[str, Any]]:
        rows = parquet.read_table(data / name).to_pylist()
        return [x for x in rows if x["locale"] == "en-US" and x["ecosystem"] == "alexa"]

    phrases = [x for x in english(PHRASES) if x["name_free"]]
    asking = {x["id"] for x in phrases if x["selectable"]}
    rows = sorted(
        english(CATALOGUE), key=lambda x: (x["id"] not in asking, crc32(x["id"].encode()))
    )
    return [{**row, "phrases": None} for row in rows[:SKILLS]], phrases


def _holders(said: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    holders: dict[str, set[str]] = defaultdict(set)
    for skill, texts in said.items():
        for text in texts:
            holders[text].add(skill)
    return {text: frozenset(some) for text, some in holders.items()}


def _taken_out(said: Mapping[str, dict[str, str]], wanted: set[str]) -> list[str]:
    """One phrase of every skill that keeps another."""
    out = []
    for skill, phrases in said.items():
        mine = [text for text in phrases if text in wanted]
        if mine and len(phrases) > 1:
            out.append(phrases.pop(mine[crc32(skill.encode()) % len(mine)]))
    return out


def _world(
    taught: Mapping[str, Sequence[str]],
    told: Mapping[str, Sequence[str]],
    fits: Mapping[str, frozenset[str]],
    shared: frozenset[str],
    unseen: Sequence[str],
    encoder: Encoder,
) -> World:
    texts = sorted({*unseen, *(x for some in (*taught.values(), *told.values()) for x in some)})
    vectors = {text: one.pooled for text, one in zip(texts, encoder.encode(texts), strict=True)}
    skills = []
    for name, sentences in taught.items():
        rows = [*sentences, *told[name]]
        if rows:
            intents = [*(REQUEST for _ in sentences), *("" for _ in told[name])]
            skills.append(Examples(name, intents, rows, np.stack([vectors[x] for x in rows])))
    return World(skills, fits, shared, list(unseen), vectors)
