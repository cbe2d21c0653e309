"""How alike two names are, in spelling and in sound.

A word that nobody knows may be a slip or a mishearing of another: wilkersen is Wilkerson. A common
word that differs is most likely just that, another word: dining is not living, country not county.
So the words of English that everybody knows must be all but the same to be taken for another.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import jellyfish
import numpy as np
from numpy.typing import NDArray

from sayso.types.readings import SAME_WORDS
from sayso.understanding.values.names import SHORT, articles

WORTH = 0.5  # score below which a name is not even a candidate
MATCHED = 0.82  # score at which words are taken for a value they are not quite
_LIKE = 0.95  # at most, for anything that is not the same
TURNED = SAME_WORDS  # in another order
_MOVED, _DIVIDED = 0.08, 0.02  # off the score where words stand, or are divided, otherwise
_GUESS = 0.85  # what is left of the likeness where a figure or a whole word differs

_UNKNOWN_WORD, _ANY_WORD, _COMMON_WORD = 0.75, 0.84, 0.9  # how alike a word must be to its like
_SPELLING, _START, _SOUND = 0.45, 0.25, 0.3  # shares of a score

_ROUNDING = 1e-9
_KEPT = 8192  # texts and words

# Letters that are one sound, in this order; vowels follow in `_spoken`.
_SOUNDS = tuple(
    (re.compile(letters), sound)
    for letters, sound in (
        ("ph", "f"), ("tch|sh|ch", "ʃ"), ("sʃ", "sk"), ("gh", ""), ("ck", "k"),
        ("c(?=[eiy])", "s"), ("c|q(?!u)", "k"), ("qu", "kw"), ("x", "ks"), ("z", "s"),
        ("wh", "w"), ("dg", "j"), ("th", "t"), ("v", "f"), ("^k(?=n)|^w(?=r)|(?<=..)e$", ""),
    )
)  # fmt: skip
_VOWELS = re.compile("[aeiouy][aeiouyw]*")
_VOWEL = str.maketrans("iyuw", "eeoo")
_TWICE = re.compile(r"(.)\1+")


def likeness(said: str, name: str, tongue: str = "en") -> float:
    """How alike two folded texts are, in [0, 0.95]; 0.955 for the same words in another order.

    It stays below MATCHED unless each word that they do not share is like its counterpart: channel
    5 is not channel 6, mum's room not tom's room. Where words are divided does not matter much.
    Texts that could not come to WORTH by their lengths are 0, and cost little.
    """
    one, other = _written(said, tongue), _written(name, tongue)
    if one.sorted == other.sorted:
        return TURNED
    if _at_most(one, other) < WORTH:
        return 0.0
    words, others = one.words, other.words
    shared, mine, theirs = _apart(words, others)
    if not _same_words(mine, theirs, tongue):
        guess = _GUESS * _alike(one.spaced, other.spaced, WORTH / _GUESS)
        return min(guess, MATCHED - _DIVIDED)
    score = _alike(one.spaced, other.spaced)
    if len(mine) != len(theirs):
        score = max(score, _alike(one.joined, other.joined) - _DIVIDED)
    elif shared and ([*shared, *mine], [*shared, *theirs]) != ([*words], [*others]):
        score = max(score, _alike(" ".join(shared + mine), " ".join(shared + theirs)) - _MOVED)
    return min(score, _LIKE)


class _Written(NamedTuple):
    """A text in the forms that are compared. sorted: its words by the alphabet.

    letters, sounds: how many it has, joined and spaced; where it is divided is not heard.
    """

    words: tuple[str, ...]
    sorted: list[str]
    joined: str
    spaced: str
    letters: tuple[int, int]
    sounds: tuple[int, int]


@lru_cache(maxsize=2048)
def _written(text: str, tongue: str) -> _Written:
    """A folded text without articles; kept, as one is compared with many, and names come again."""
    little = articles(tongue)
    words = tuple(word for word in text.split() if word not in little)
    joined, spaced = "".join(words), " ".join(words)
    letters = len(joined), len(spaced)
    heard = len(sounds(joined)), len(sounds(spaced))
    return _Written(words, sorted(words), joined, spaced, letters, heard)


def _at_most(one: _Written, other: _Written) -> float:
    """What two texts could at most come to by their lengths: most names are far from that."""
    spelled = max(map(_ratio, one.letters, other.letters))
    sounded = max(map(_ratio, one.sounds, other.sounds))
    return _SPELLING * spelled + _START + _SOUND * sounded


def _ratio(length: int, other: int) -> float:
    """The shorter length as a share of the longer one; 0 of two that are none."""
    if length > other:
        return other / length
    return length / other if other else 0.0


def _apart(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Words in both, and what is left of each."""
    shared, mine, theirs = [], [], list(others)
    for word in words:
        if word in theirs:
            theirs.remove(word)
            shared.append(word)
        else:
            mine.append(word)
    return shared, mine, theirs


def _same_words(mine: Sequence[str], theirs: Sequence[str], tongue: str) -> bool:
    """Whether these are the same words, one by one, or divided elsewhere."""
    if not (mine and theirs):
        return False  # a word too many is another thing: kitchen, kitchen light
    if len(mine) != len(theirs):
        mine, theirs = ["".join(mine)], ["".join(theirs)]
    return all(_same_word(*pair, tongue) for pair in zip(mine, theirs, strict=True))


def _same_word(word: str, other: str, tongue: str) -> bool:
    if not (word.isalpha() and other.isalpha() and min(len(word), len(other)) > SHORT):
        return False
    enough = _ANY_WORD
    if tongue == "en":
        enough = _COMMON_WORD if is_common(word) else _UNKNOWN_WORD
    return _alike(word, other, enough) >= enough


def _alike(said: str, name: str, least: float = 0.0) -> float:
    """How alike two texts are, word by word; 0 of those that cannot come to `least`."""
    start = jellyfish.jaro_winkler_similarity(said, name)
    most = _SPELLING * _ratio(len(said), len(name)) + _START * start
    if most + _SOUND < least - _ROUNDING:
        return 0.0
    heard, other = sounds(said), sounds(name)
    if most + _SOUND * _ratio(len(heard), len(other)) < least - _ROUNDING:
        return 0.0
    return _SPELLING * _near(said, name) + _START * start + _SOUND * _near(heard, other)


def _near(text: str, other: str) -> float:
    longest = max(len(text), len(other))
    if not longest:
        return 0.0
    return 1 - jellyfish.damerau_levenshtein_distance(text, other) / longest


@lru_cache(maxsize=_KEPT)
def sounds(text: str) -> str:
    """A folded text by its sounds, roughly as in English; where words are divided is not heard."""
    return "".join(map(_spoken, text.split()))


@lru_cache(maxsize=_KEPT)
def _spoken(word: str) -> str:
    """A word by its sounds, roughly as in English: filips and phillips are one."""
    for letters, sound in _SOUNDS:
        word = letters.sub(sound, word)
    word = _VOWELS.sub(lambda run: run[0][0].translate(_VOWEL), word)
    return _TWICE.sub(r"\1", word)


@lru_cache(maxsize=_KEPT)
def is_common(word: str) -> bool:
    """Whether a word is one that everybody knows, in English."""
    known = _common()
    code = np.uint32(zlib.crc32(word.encode("utf-8", "surrogatepass")))
    at = int(np.searchsorted(known, code))
    return at < len(known) and bool(known[at] == code)


@cache
def _common() -> NDArray[np.uint32]:
    """CRC-32 of each common word, in ascending order: a twentieth of the memory of a set."""
    text = (
        files("sayso.understanding.values").joinpath("common_words.txt").read_text(encoding="utf-8")
    )
    words = (line for line in text.splitlines() if not line.startswith("#"))
    return np.sort(np.array([zlib.crc32(word.encode()) for word in words], np.uint32))
