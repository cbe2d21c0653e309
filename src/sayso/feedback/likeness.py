"""How alike two requests are: by letters, words, sound and sense, and in what differs.

Texts come folded (`understanding.fold`). A request that is said again because it was misheard
differs where it sounds alike ("play jess", "play jazz"); one that asks for something else differs
in words that do not ("play jazz", "play blues"). So what both have in common is set aside, and the
words that are left over are compared by themselves.

All of it is arithmetic on pairs in bulk: some 15 microseconds a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol

import jellyfish
import numpy as np
from numpy.typing import NDArray

NAMES = (
    "cosine",  # of the sentence vectors
    "letters",  # 1 - edit distance / length of the longer
    "sounds",  # the same of the codes of how the words sound
    "words_set",  # words in common, however often and in whatever order
    "words_sorted",  # letters, with the words in order of the alphabet
    "part",  # the shorter text in the place of the longer where it fits best
    "beginning",  # letters shared from the start, of the longer
    "end",  # letters shared at the end, of the longer
    "kept",  # of the earlier words' letters, those of words that come again
    "known",  # of the later words' letters, those of words that came before
    "dropped",  # words that do not come again
    "new",  # words that did not come before
    "earlier_words",
    "later_words",
    "left_letters",  # likeness of what is left over on both sides; NaN where a side has nothing
    "left_sounds",
    "number_changed",  # 1 where both name numbers, and others
    "number_new",  # 1 where only the later one names a number
    "denial_changed",  # 1 where one of them denies something and the other does not
)
Likenesses = NDArray[np.float32]
# Texts, pairwise, to the cosines of their vectors; NaN where one is not known.
Cosine = Callable[[Sequence[str], Sequence[str]], NDArray[np.floating[Any]]]
_AT_ONCE = 4096  # pairs whose vectors are laid side by side

# As they are folded, to digits where it is English: "seven" is "7", and "fifteen" is no "fifty".
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_OTHERS = (
    "hundred thousand first second third fourth fifth half quarter noon midnight"
    " eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf zwanzig dreißig dreissig"
    " vierzig funfzig sechzig hundert tausend"
    " uno dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cien mil"
    " un deux trois quatre cinq sept huit neuf dix vingt trente quarante cent mille"
)
_NUMBERS = {
    **{word: word for word in _OTHERS.split()},
    **{word: str(n) for n, word in enumerate(_ONES.split())},
    **{word: str(n) for n, word in zip(range(20, 100, 10), _TENS.split(), strict=True)},
}
_NO = (
    "no not dont doesnt didnt isnt arent wont cant cannot never without off stop cancel"
    " nicht kein keine keinen nie ohne aus ne pas jamais sans nunca sin non mai senza nao"
)
_DENIALS = frozenset(_NO.split())


def likeness(
    earlier: Sequence[str], later: Sequence[str], cosine: NDArray[np.floating[Any]] | None = None
) -> Likenesses:
    """What speaks for two texts saying the same, one row a pair, one column each of NAMES.

    earlier, later: folded texts, pairwise. cosine: (pairs,) of their sentence vectors; NaN, or
    None for all, where it is not known. Needs the extra `learn`.
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein, Postfix, Prefix

    found = np.full((len(earlier), len(NAMES)), np.nan, dtype=np.float32)
    if not len(earlier):
        return found
    column = {name: found[:, at] for at, name in enumerate(NAMES)}
    if cosine is not None:
        column["cosine"][:] = cosine
    heard, again = [list(map(sounds, texts)) for texts in (earlier, later)]
    column["letters"][:] = _pairwise(earlier, later, Levenshtein.normalized_similarity)
    column["sounds"][:] = _pairwise(heard, again, Levenshtein.normalized_similarity)
    column["words_set"][:] = _pairwise(earlier, later, fuzz.token_set_ratio) / 100
    column["words_sorted"][:] = _pairwise(earlier, later, fuzz.token_sort_ratio) / 100
    column["part"][:] = _pairwise(earlier, later, fuzz.partial_ratio) / 100
    column["beginning"][:] = _pairwise(earlier, later, Prefix.normalized_similarity)
    column["end"][:] = _pairwise(earlier, later, Postfix.normalized_similarity)
    left = [_words(one, other) for one, other in zip(earlier, later, strict=True)]
    counts = np.array([row for row, *_ in left], dtype=np.float32)
    at = NAMES.index("kept")
    found[:, at : at + 6] = counts[:, :6]
    at = NAMES.index("number_changed")
    found[:, at : at + 3] = counts[:, 6:]
    both = np.array([bool(gone and come) for _, gone, come in left])
    if both.any():
        gone = [gone for _, gone, come in left if gone and come]
        come = [come for _, gone, come in left if gone and come]
        column["left_letters"][both] = _pairwise(gone, come, Levenshtein.normalized_similarity)
        column["left_sounds"][both] = _pairwise(
            list(map(sounds, gone)), list(map(sounds, come)), Levenshtein.normalized_similarity
        )
    return found


class Pooling(Protocol):
    """What gives sentence vectors of length 1, such as `encoders.Encoder`."""

    def pooled(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """(texts, dimension)."""


def by_encoder(encoder: Pooling) -> Cosine:
    """Cosines by an encoder that reads each text once and remembers it, 2 bytes a number."""
    known: dict[str, NDArray[np.float16]] = {}

    def cosine(earlier: Sequence[str], later: Sequence[str]) -> NDArray[np.float32]:
        fresh = sorted({*earlier, *later} - known.keys())
        known.update(zip(fresh, encoder.pooled(fresh).astype(np.float16), strict=True))
        found = np.empty(len(earlier), dtype=np.float32)
        for start in range(0, len(earlier), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            one, other = [[known[text] for text in side[part]] for side in (earlier, later)]
            found[part] = np.einsum("ij,ij->i", one, other, dtype=np.float32)
        return found

    return cosine


@lru_cache(maxsize=200_000)
def sounds(text: str) -> str:
    """How a folded text sounds: the codes of its words, together.

    Where one word ends and the next begins is not heard: "for tea" sounds like "forty". A word that
    has no code, of another script, stands for itself.
    """
    return "".join(map(_code, text.split()))


@lru_cache(maxsize=100_000)
def _code(word: str) -> str:
    return (jellyfish.metaphone(word) if word.isascii() and not word.isdigit() else "") or word


def _words(earlier: str, later: str) -> tuple[tuple[float, ...], str, str]:
    """Counts of the words shared and not, and the words that are left over on either side."""
    before, after = earlier.split(), later.split()
    old, new = set(before), set(after)
    gone = [word for word in before if word not in new]
    come = [word for word in after if word not in old]
    said, again = sum(map(len, before)) or 1, sum(map(len, after)) or 1
    numbers, others = numbers_in(old), numbers_in(new)
    return (
        (
            1 - sum(map(len, gone)) / said,
            1 - sum(map(len, come)) / again,
            len(gone),
            len(come),
            len(before),
            len(after),
            bool(numbers and others and numbers != others),
            bool(others and not numbers),
            old.isdisjoint(_DENIALS) != new.isdisjoint(_DENIALS),
        ),
        " ".join(gone),
        " ".join(come),
    )


def numbers_in(words: Iterable[str]) -> frozenset[str]:
    """The numbers among folded words, in digits where they are spelt in English."""
    return frozenset(
        _NUMBERS.get(word, word) for word in words if word in _NUMBERS or word[0].isdigit()
    )


def _pairwise(
    one: Sequence[str], other: Sequence[str], scorer: Callable[..., float]
) -> NDArray[np.float32]:
    from rapidfuzz.process import cpdist

    return np.asarray(cpdist(one, other, scorer=scorer, dtype=np.float32))
