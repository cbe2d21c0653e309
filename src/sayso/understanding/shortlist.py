"""Which skills could be meant: usage examples, names and descriptions, by vector and by word.

The unit is a group: all examples of one intent of one skill (and one group for a skill's name and
description). A group's closeness is the largest cosine to its examples; its overlap is the share
of the utterance's words, weighted by rarity, that its examples hold. Usage examples beat
descriptions (after the tool-retrieval study arXiv:2409.02141), and what both say counts for more
than what one does: a skill's score is that of the better kind and half of the other's. An index is
immutable; adding a skill makes a new one, so that readers in other threads never see half of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.contract import Heard, Matrix
from sayso.understanding.fold import UNSPACED

DENSE_SHARE = 0.6  # of a group's score; the rest is word overlap
SECOND = 0.5  # weight of the lesser kind of evidence, examples or description, beside the better
# A run of letters, with the vowel signs of India; a character where words have no spaces.
_WORD = re.compile(
    rf"[{UNSPACED}]|(?:(?![{UNSPACED}\u0964\u0965])[\w\u0610-\u061a\u064b-\u065f\u0900-\u0dff])+"
)


@dataclass(frozen=True, slots=True)
class Examples:
    """What one skill contributes in one locale.

    intents: for each example the intent it belongs to, "" for the name and the description.
    texts: the examples; vectors: (n, d) unit rows, or None where no encoder is used.
    """

    skill: str
    intents: Sequence[str]
    texts: Sequence[str]
    vectors: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How well one group fits: cosine of its nearest example, word overlap in [0, 1]."""

    cosine: float
    overlap: float
    nearest: int


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Skills, likeliest first, and the matches of their groups by (skill, intent)."""

    skills: Sequence[tuple[str, float]]
    matches: Mapping[tuple[str, str], Match] = field(default_factory=dict)


def words_of(text: str) -> list[str]:
    """Words and pairs of neighbours, case folded: what overlap counts."""
    words = _WORD.findall(text.casefold())
    return words + [f"{a} {b}" for a, b in pairwise(words)]


class Index:
    """All installed skills of one locale, ready to be searched."""

    def __init__(self, skills: Sequence[Examples]) -> None:
        self.skills = {examples.skill: examples for examples in skills}
        self._groups: list[tuple[str, str]] = []
        self._rows: list[tuple[str, int]] = []  # of the stacked matrix: (skill, example)
        starts, blocks = [], []
        bags: list[set[str]] = []
        for examples in self.skills.values():
            for intent in dict.fromkeys(examples.intents):
                members = [i for i, name in enumerate(examples.intents) if name == intent]
                starts.append(len(self._rows))
                self._groups.append((examples.skill, intent))
                self._rows += [(examples.skill, i) for i in members]
                bags.append({word for i in members for word in words_of(examples.texts[i])})
                if examples.vectors is not None:
                    blocks.append(examples.vectors[members])
        self._starts = np.array(starts, dtype=np.intp)
        self._vectors = np.concatenate(blocks).astype(np.float32) if blocks else None
        self._numbers = {group: i for i, group in enumerate(self._groups)}
        self._holders, self._rarity, self._unseen = _postings(bags)
        self._postings = {
            word: np.array(groups, dtype=np.intp) for word, groups in self._holders.items()
        }

    def __contains__(self, group: tuple[str, str]) -> bool:
        return group in self._numbers

    def example(self, row: int) -> tuple[str, str, str]:
        """Skill, intent and text of an example, by the number in `Match.nearest`."""
        skill, i = self._rows[row]
        return skill, self.skills[skill].intents[i], self.skills[skill].texts[i]

    def texts(self, group: tuple[str, str]) -> Iterator[str]:
        """The examples of a group, one by one."""
        examples = self.skills.get(group[0])
        if examples is not None:
            pairs = zip(examples.intents, examples.texts, strict=True)
            yield from (text for intent, text in pairs if intent == group[1])

    def cover(self, group: tuple[str, str], text: str) -> float:
        """Share of a text's words, weighted by rarity, that the group's examples hold."""
        number = self._numbers.get(group)
        total = covered = 0.0
        for word in set(words_of(text)):
            rarity = self._rarity.get(word, self._unseen)
            total += rarity
            if number is not None and number in self._holders.get(word, ()):
                covered += rarity
        return covered / total if total else 0.0

    def search(self, heard: Heard, k: int, among: Collection[str] | None = None) -> Shortlist:
        """The k likeliest skills. `among`: only these may come (None: all)."""
        if not self._groups:
            return Shortlist([])
        cosines = self._cosines(heard)
        closeness = np.maximum.reduceat(cosines, self._starts)
        overlaps = self._overlap(heard)
        scores = DENSE_SHARE * closeness + (1 - DENSE_SHARE) * overlaps
        best = self._of_skills(scores)
        ranked: list[tuple[str, float]] = []
        for i in np.argsort(-best, kind="stable"):
            name = self._skill_names[i]
            if among is None or name in among:
                ranked.append((name, float(best[i])))
            if len(ranked) == k:
                break
        matches = {
            self._groups[i]: Match(
                float(closeness[i]), float(overlaps[i]), self._nearest(i, cosines)
            )
            for name, _ in ranked
            for i in self._groups_of(name)
        }
        return Shortlist(ranked, matches)

    def _of_skills(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """(skills,) of the groups' scores, at most 1 as they are."""
        starts, about = self._skill_starts, self._about
        examples = np.maximum.reduceat(np.where(about, np.float32(0.0), scores), starts)
        itself = np.maximum.reduceat(np.where(about, scores, np.float32(0.0)), starts)
        both = np.maximum(examples, itself) + SECOND * np.minimum(examples, itself)
        return (both / (1.0 + SECOND)).astype(np.float32)

    @cached_property
    def _about(self) -> NDArray[np.bool_]:
        """(groups,) whether a group is what is said of its skill as a whole."""
        return np.array([intent == "" for _, intent in self._groups])

    @cached_property
    def _skill_names(self) -> list[str]:
        return list(dict.fromkeys(skill for skill, _ in self._groups))

    @cached_property
    def _skill_starts(self) -> NDArray[np.intp]:
        names = [skill for skill, _ in self._groups]
        first = [at for at, name in enumerate(names) if at == 0 or names[at - 1] != name]
        return np.array(first, dtype=np.intp)

    def _groups_of(self, skill: str) -> range:
        """The groups of a skill, which lie side by side."""
        at = self._places[skill]
        ends = [*self._skill_starts[at + 1 : at + 2], len(self._groups)]
        return range(int(self._skill_starts[at]), int(ends[0]))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self._skill_names)}

    def _cosines(self, heard: Heard) -> NDArray[np.float32]:
        """(rows,) cosine of each example; zeros without an encoder."""
        if self._vectors is None or heard.pooled is None:
            return np.zeros(len(self._rows), np.float32)
        return self._vectors @ heard.pooled

    def _nearest(self, group: int, cosines: NDArray[np.float32]) -> int:
        """The row of a group's nearest example."""
        start = int(self._starts[group])
        end = int(self._starts[group + 1]) if group + 1 < len(self._starts) else len(cosines)
        return start + int(cosines[start:end].argmax())

    def _overlap(self, heard: Heard) -> NDArray[np.float32]:
        overlap = np.zeros(len(self._groups), np.float32)
        total = 0.0
        for word in set(words_of(heard.utterance.text)):
            rarity = self._rarity.get(word, self._unseen)
            total += rarity
            if word in self._postings:
                overlap[self._postings[word]] += rarity
        return overlap / np.float32(total or 1.0)


def _postings(
    bags: Sequence[Collection[str]],
) -> tuple[dict[str, list[int]], dict[str, float], float]:
    """Groups that hold each word, the word's rarity, and the rarity of a word nobody uses."""
    held: dict[str, list[int]] = {}
    for i, bag in enumerate(bags):
        for word in bag:
            held.setdefault(word, []).append(i)
    rarity = {word: _rarity(len(groups), len(bags)) for word, groups in held.items()}
    return held, rarity, _rarity(0, len(bags))


def _rarity(count: int, total: int) -> float:
    """Inverse document frequency as BM25 has it: log(1 + (N - n + 0.5) / (n + 0.5))."""
    return math.log1p((total - count + 0.5) / (count + 0.5))
