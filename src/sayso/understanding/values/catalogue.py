"""The values of one slot type, found by what was said: word for word, else by likeness.

Likeness is measured on the few dozen names that share most trigrams and sounds with the words, so
that a type of a million values takes about as long as one of ten. A value is called matched only
if it is nearly the words said and no other value is near: what an action touches must not be a
guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sayso.types.readings import Candidate
from sayso.types.skills import TypeValue
from sayso.understanding.values.grams import NEAREST, Grams, build
from sayso.understanding.values.likeness import MATCHED, TURNED, WORTH, likeness
from sayso.understanding.values.names import SHORT, folded, plain
from sayso.understanding.values.shelf import Shelf

LEAD = 0.04  # by which a value must be ahead of every other one
LIMIT = 5  # candidates

WORD_FOR_WORD = 1.0
FOLDED = 0.98  # but for articles, plurals, figures
SPACED = 0.96  # and for where words are divided

Rank = tuple[float, bool]  # score, and whether the words are the value's own name


@dataclass(frozen=True, slots=True)
class Found:
    """Values like the words, best first; `matched` says whether the first one is what was said."""

    candidates: tuple[Candidate, ...] = ()
    matched: bool = False

    @property
    def exact(self) -> bool:
        """Whether the words are a name of the first value, but for folding and spaces."""
        return bool(self.candidates) and self.candidates[0].score >= TURNED


class Catalogue:
    """A slot type's values and synonyms. Immutable, safe to share among threads."""

    def __init__(self, values: Sequence[TypeValue], tongue: str) -> None:
        """tongue: two letters, such as `en`; its articles do not count."""
        self._tongue = tongue
        self._values = values
        self._names = values if isinstance(values, Shelf) else _Listed(values, tongue)

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._values)

    def find(self, words: str) -> Found:
        """The values that the words may mean; of equals, in the order of the alphabet."""
        return _looked_up(self, words)

    def look_up(self, words: str) -> Found:
        """`find`, each time anew."""
        said = plain(words)
        name = folded(said, self._tongue)
        if not name:
            return Found()
        exact = self._names.exact(name.replace(" ", ""))
        scores = [(at, self._exactness(at, said, name)) for at in exact]
        if not scores and len(name) > SHORT:
            near = self._names.near(name)
            scores = [(at, likeness(name, self._names.folded(at), self._tongue)) for at in near]
        return self._found(scores)

    def names(self, words: str) -> bool:
        """Whether the words are the name of a value, but for folding and spaces."""
        key = _key(words, self._tongue)
        return bool(key) and bool(self._names.exact(key))

    def _exactness(self, at: int, said: str, name: str) -> float:
        if plain(self._names.name(at)) == said:
            return WORD_FOR_WORD
        return FOLDED if self._names.folded(at) == name else SPACED

    def _found(self, scores: Sequence[tuple[int, float]]) -> Found:
        """Ranked, each value once. A value's own name goes before another one's synonym."""
        best: dict[tuple[str, str | None], Rank] = {}
        for at, score in scores:
            if score >= WORTH:
                owner = self._names.owner(at)
                rank = (score, self._names.name(at) == owner[0])
                best[owner] = max(rank, best.get(owner, rank))
        ranked = sorted(best.items(), key=_order)[:LIMIT]
        candidates = tuple(Candidate(*owner, round(rank[0], 4)) for owner, rank in ranked)
        return Found(candidates, _is_sure([rank for _, rank in ranked]))


# Kept, as each few words of a sentence are looked for among the names of one type after another.
@lru_cache(maxsize=2048)
def _key(words: str, tongue: str) -> str:
    """Words as names are told apart: folded, without spaces."""
    return folded(plain(words), tongue).replace(" ", "")


# Kept, as several readings of a sentence have the same words in a slot of the same type.
@lru_cache(maxsize=128)
def _looked_up(catalogue: Catalogue, words: str) -> Found:
    return catalogue.look_up(words)


def _order(item: tuple[tuple[str, str | None], Rank]) -> tuple[float, bool, str, str]:
    (value, id), (score, own) = item
    return -score, not own, value, id or ""


def _is_sure(ranks: Sequence[Rank]) -> bool:
    """Whether the best is good enough and far enough ahead."""
    if not ranks or ranks[0][0] < MATCHED:
        return False
    if len(ranks) == 1:
        return True
    if ranks[0][0] >= TURNED:
        return ranks[0] > ranks[1]
    return ranks[0][0] - ranks[1][0] >= LEAD


class _Listed:
    """The names of a handful or some thousand values; a `Shelf` does the same for a million."""

    def __init__(self, values: Sequence[TypeValue], tongue: str) -> None:
        owned = [(name, each) for each in values for name in (each.value, *each.synonyms)]
        self._texts = [name for name, _ in owned]
        self._owners = [(each.value, each.id) for _, each in owned]
        self._folded = [folded(plain(name), tongue) for name in self._texts]
        self._keys: dict[str, list[int]] = {}
        for at, name in enumerate(self._folded):
            self._keys.setdefault(name.replace(" ", ""), []).append(at)

    def name(self, at: int) -> str:
        return self._texts[at]

    def folded(self, at: int) -> str:
        return self._folded[at]

    def owner(self, at: int) -> tuple[str, str | None]:
        return self._owners[at]

    def exact(self, key: str) -> Sequence[int]:
        return self._keys.get(key, ())

    def near(self, name: str) -> Sequence[int]:
        return range(len(self._texts)) if len(self._texts) <= NEAREST else self._grams.nearest(name)

    @cached_property
    def _grams(self) -> Grams:
        return Grams(build(self._folded))
