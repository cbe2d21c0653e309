"""The values of one slot type, found by what was said: word for word, else by likeness.

Likeness is measured on the few dozen names that share most character trigrams with the words, so
that a type of 100,000 values takes about as long as one of ten. A value is called matched only if
it is nearly the words said and no other value is near: what an action touches must not be a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import jellyfish
import numpy as np
from numpy.typing import NDArray

from sayso.types.skills import TypeValue
from sayso.types.turns import Candidate

MATCHED = 0.86  # score at which words are taken for a value they are not quite
LEAD = 0.04  # by which it must be ahead of every other value
OFFERED = 0.5  # score below which a value is not even a candidate
LIMIT = 5  # candidates
NEAREST = 40  # names compared in full
SHORT = 3  # letters; words this short are found word for word or not at all

WORD_FOR_WORD = 1.0
FOLDED = 0.98  # but for articles, plurals, figures
SPACED = 0.96  # and for where words are divided
_LIKE = 0.95  # at most, for anything else
_TURNED = 0.93  # the same words in another order
_GUESS = 0.85  # what is left of the likeness where a figure or a whole word differs

_ARTICLES = {
    "en": "a an the my our your some",
    "de": "der die das den dem des ein eine einen einem einer mein meine",
    "es": "el la los las un una unos unas mi mis",
    "fr": "le la les l un une des du mon ma mes",
    "it": "il lo la i gli le l un una uno mio mia",
    "nl": "de het een mijn",
    "pt": "o a os as um uma meu minha",
}
_FIGURES = "zero one two three four five six seven eight nine ten eleven twelve"
_APOSTROPHES = re.compile("['’`´]")
_MOST_BUCKETS = 1 << 18
_BREAK = 10  # the line feed between two names


@dataclass(frozen=True, slots=True)
class Found:
    """Values like the words, best first; `matched` says whether the first one is what was said."""

    candidates: tuple[Candidate, ...] = ()
    matched: bool = False


class Catalogue:
    """An index of a slot type's values and synonyms. Immutable, safe to share among threads."""

    def __init__(self, values: Sequence[TypeValue], tongue: str) -> None:
        """tongue: two letters, such as `en`; its articles do not count."""
        self._values = tuple(values)
        self._tongue = tongue
        owned = [
            (name, owner)
            for owner, value in enumerate(self._values)
            for name in (value.value, *value.synonyms)
        ]
        self._names = [name for name, _ in owned]
        self._owners = [owner for _, owner in owned]
        self._folded = [folded(plain(name), tongue) for name in self._names]
        self._exact: dict[str, list[int]] = {}
        for index, name in enumerate(self._folded):
            self._exact.setdefault(name.replace(" ", ""), []).append(index)
        self._trigrams = _Trigrams(self._folded)

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._values)

    def find(self, words: str) -> Found:
        """The values that the words may mean."""
        said = plain(words)
        name = folded(said, self._tongue)
        if not name:
            return Found()
        exact = self._exact.get(name.replace(" ", ""), [])
        scores = [(index, self._exactness(index, said, name)) for index in exact]
        if not scores and len(name) > SHORT:
            near = self._trigrams.nearest(name)
            scores = [(index, likeness(name, self._folded[index])) for index in near]
        return self._found(scores)

    def _exactness(self, index: int, said: str, name: str) -> float:
        if plain(self._names[index]) == said:
            return WORD_FOR_WORD
        return FOLDED if self._folded[index] == name else SPACED

    def _found(self, scores: list[tuple[int, float]]) -> Found:
        """Ranked, each value once. A value's own name goes before another one's synonym."""
        best: dict[tuple[str, str | None], tuple[float, bool]] = {}
        for index, score in scores:
            value = self._values[self._owners[index]]
            key, rank = (value.value, value.id), (score, self._names[index] == value.value)
            if score >= OFFERED:
                best[key] = max(rank, best.get(key, rank))
        ranked = sorted(best.items(), key=lambda item: item[1], reverse=True)[:LIMIT]
        candidates = tuple(Candidate(*key, round(rank[0], 4)) for key, rank in ranked)
        return Found(candidates, _is_sure([rank for _, rank in ranked]))


def _is_sure(ranks: Sequence[tuple[float, bool]]) -> bool:
    """Whether the best of the ranks (score, own name) is good enough and far enough ahead."""
    if not ranks or ranks[0][0] < MATCHED:
        return False
    if len(ranks) == 1:
        return True
    if ranks[0][0] >= SPACED:
        return ranks[0] > ranks[1]
    return ranks[0][0] - ranks[1][0] >= LEAD


def plain(text: str) -> str:
    """Lower case letters, marks and figures with single spaces: no accents, no punctuation."""
    # Normalised on both sides of folding: some letters turn into capitals, others into marks.
    text = unicodedata.normalize("NFKD", text).casefold()
    text = _APOSTROPHES.sub("", text).replace("&", " and ")
    kept = []
    for letter in unicodedata.normalize("NFKD", text):
        # Accents of European letters (classes 200 to 240), but not the vowels of Hindi or Thai.
        if not 200 <= unicodedata.combining(letter) <= 240:
            kept.append(letter if unicodedata.category(letter)[0] in "LNM" else " ")
    return " ".join("".join(kept).split())


def folded(text: str, tongue: str) -> str:
    """Plain text without articles at its start, words in the singular, small numbers in figures."""
    words = text.split()
    articles = _ARTICLES.get(tongue, "").split()
    start = next((n for n, word in enumerate(words) if word not in articles), 0)
    figures = _FIGURES.split() if tongue == "en" else []
    return " ".join(
        str(figures.index(word)) if word in figures else _singular(word) for word in words[start:]
    )


def _singular(word: str) -> str:
    if len(word) <= SHORT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses", "zes")) else word[:-1]


def likeness(said: str, name: str) -> float:
    """How alike two folded texts are, in [0, 0.95]; a little more if they sound the same.

    It stays below MATCHED unless each word alone is like its counterpart: channel 5 is not channel
    6, mum's room not tom's room.
    """
    words, others = said.split(), name.split()
    if sorted(words) == sorted(others):
        return _TURNED
    score = _alike(said, name)
    same = len(words) == len(others) and all(map(_same_word, words, others))
    return min(score, _LIKE) if same else _GUESS * min(score, WORD_FOR_WORD)


def _same_word(word: str, other: str) -> bool:
    if word == other:
        return True
    spelled = word.isalpha() and other.isalpha() and min(len(word), len(other)) > SHORT
    return spelled and _alike(word, other) >= MATCHED


def _alike(said: str, name: str) -> float:
    distance = jellyfish.damerau_levenshtein_distance(said, name)
    spelling = 1 - distance / max(len(said), len(name))
    score = 0.65 * spelling + 0.35 * jellyfish.jaro_winkler_similarity(said, name)
    sound = said.isascii() and jellyfish.metaphone(said) == jellyfish.metaphone(name)
    return score + 0.05 * sound


class _Trigrams:
    """Which texts share most character trigrams with another one: an inverted index in arrays."""

    def __init__(self, texts: Sequence[str]) -> None:
        hashes, owners = _trigrams(texts)
        self._count = np.uint32(min(_MOST_BUCKETS, 4 << len(hashes).bit_length()))
        buckets = hashes % self._count
        order = np.argsort(buckets, kind="stable")
        self._owners = owners[order]
        self._starts = np.searchsorted(buckets[order], np.arange(self._count + 1)).astype(np.int32)
        self._sizes = np.bincount(owners, minlength=len(texts)).astype(np.float32)

    def nearest(self, text: str) -> list[int]:
        """Indices of at most NEAREST texts, the most alike by Dice's coefficient.

        Of a large number only those at least half as alike as the best.
        """
        if len(self._sizes) <= NEAREST:
            return list(range(len(self._sizes)))
        mine = np.unique(_trigrams([text])[0] % self._count)
        lists = [self._owners[self._starts[n] : self._starts[n + 1]] for n in mine]
        shared = np.bincount(np.concatenate(lists), minlength=len(self._sizes))
        alike = shared / (self._sizes + np.float32(len(mine)))
        near = np.flatnonzero(alike > alike.max() / 2)
        best = near[np.argsort(-alike[near], kind="stable")[:NEAREST]]
        return [int(index) for index in best]


def _trigrams(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Trigrams of all texts, in order: the hash of each, and the index of its text."""
    joined = "\n".join(f" {text} " for text in texts).encode("utf-32-le")
    codes = np.frombuffer(joined, dtype=np.uint32)
    if len(codes) < 3:
        return np.zeros(0, np.uint32), np.zeros(0, np.int32)
    first, second, third = codes[:-2], codes[1:-1], codes[2:]
    inside = (first != _BREAK) & (second != _BREAK) & (third != _BREAK)
    # Two trigrams of one hash only let a name in that is then compared in full.
    mixed = (
        first * np.uint32(73_856_093)
        ^ second * np.uint32(19_349_663)
        ^ third * np.uint32(83_492_791)
    )
    owners = np.cumsum(codes == _BREAK)[:-2].astype(np.int32)
    return (mixed ^ mixed >> np.uint32(15))[inside], owners[inside]
