"""From characters to what the models see: clean text, words with offsets, vectors.

Words are runs of letters, digits and their combining marks. Marks that belong inside (`o'clock`,
`7:30`, `3.5`, `jay-z`) stay inside; `'s` and all other punctuation stand apart, as slots end
there (`{name}'s birthday`). Scripts without spaces give a word a character, katakana a run.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard, Matrix, Vector, Word
from sayso.understanding.fold import UNSPACED

Progress = Callable[[int], None]

_KEPT_FORMATS = "\u200c\u200d"  # joiners that Hindi, Persian and emoji need
_ASCII_WORD = re.compile(
    r"'s\b|[A-Za-z0-9]+(?:(?:(?!'s\b)'|-|\.)[A-Za-z0-9]+|(?<=[0-9])[:,/][0-9][A-Za-z0-9]*)*|[^\sA-Za-z0-9]"
)
_INNER = "'’-."
_INNER_OF_NUMBERS = ":,/"
_NO_MEANING_AT_THE_END = " .?!…。？！।"
_NO_GAP = re.compile(f"(?<=[{UNSPACED}]) (?=[{UNSPACED}])")


class Encoded(Protocol):
    """What an encoder says of one text.

    pooled: (d,), unit; states: (pieces, d), or None from an encoder of sentences alone;
    offsets: (pieces, 2), characters of the text.
    """

    @property
    def pooled(self) -> Vector: ...  # noqa: D102
    @property
    def states(self) -> Matrix | None: ...  # noqa: D102
    @property
    def offsets(self) -> NDArray[Any]: ...  # noqa: D102


class TextEncoder(Protocol):
    """What `hear` needs of an encoder; `sayso.encoders` has the real one."""

    def encode(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> Sequence[Encoded]:
        """One Encoded a text, in order."""


@runtime_checkable
class ByLocale(Protocol):
    """A choice of encoders; `sayso.encoders.Encoders` is the real one."""

    def of(self, locale: str) -> TextEncoder | None:
        """The encoder of a locale; None where words alone are looked at."""


def encoder_of(encoder: TextEncoder | ByLocale | None, locale: str) -> TextEncoder | None:
    """What hears a locale: one encoder may serve all, or each language have its own."""
    if encoder is not None and _chooses(type(encoder)):
        return cast(ByLocale, encoder).of(locale)
    return cast(TextEncoder | None, encoder)


@lru_cache
def _chooses(kind: type) -> bool:
    """Whether it is a ByLocale; to look at a protocol takes longer than to hear a word."""
    return issubclass(kind, ByLocale)


def clean(raw: str) -> str:
    """Text fit for the models: Unicode NFKC, no control characters, single spaces. Case kept."""
    text = unicodedata.normalize("NFKC", raw)
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_printable, text))
    return " ".join(text.split())


def hear(said: str | Utterance, encoder: TextEncoder | None) -> Heard:
    """Words of an utterance, with vectors where there is an encoder."""
    return hear_all([said], encoder)[0]


def hear_all(
    said: Iterable[str | Utterance],
    encoder: TextEncoder | None,
    progress: Progress | None = None,
) -> list[Heard]:
    """`hear`, batched. A plain string is cleaned; an Utterance is taken as it stands.

    progress: called now and then with the number of utterances done.
    """
    utterances = [Utterance(x, clean(x)) if isinstance(x, str) else x for x in said]
    if encoder is None:
        return [Heard(utterance, words(utterance.text)) for utterance in utterances]
    encoded = encoder.encode([_spoken(u.text) for u in utterances], progress=progress)
    return [_with_vectors(*pair) for pair in zip(utterances, encoded, strict=True)]


def hear_whole(said: Iterable[str], encoder: TextEncoder | None) -> list[Heard]:
    """`hear_all` for who asks for whole sentences alone: no words, and no vectors of theirs."""
    utterances = [Utterance(x, clean(x)) for x in said]
    if encoder is None:
        return [Heard(utterance, ()) for utterance in utterances]
    encoded = encoder.encode([_spoken(u.text) for u in utterances])
    return [Heard(u, (), one.pooled) for u, one in zip(utterances, encoded, strict=True)]


def _spoken(text: str) -> str:
    """The text as a recogniser would write it: no full stop, no spaces where a script has none."""
    spoken = text.rstrip(_NO_MEANING_AT_THE_END) or text
    return spoken if text.isascii() else _NO_GAP.sub("", spoken)


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """Words of a clean text, in order, with their characters' offsets."""
    if text.isascii():
        return tuple(Word(m.group(), m.start(), m.end()) for m in _ASCII_WORD.finditer(text))
    return tuple(Word(text[start:end], start, end) for start, end in _unicode_spans(text))


def _printable(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind == "Cs" or (kind == "Cf" and char not in _KEPT_FORMATS) else char


def _unicode_spans(text: str) -> Iterable[tuple[int, int]]:
    """The rules of `_ASCII_WORD` for any script."""
    kinds = [*map(_kind, text), " "]
    start = 0
    while start < len(text):
        end = start + 1
        if kinds[start] in "LNK":
            while end < len(text) and _goes_on(text, kinds, end):
                end += 1
        elif text[start : start + 2].lower() in ("'s", "’s") and kinds[start + 2] not in "LN":
            end = start + 2
        if kinds[start] != " ":
            while end < len(text) and kinds[end] == "M":
                end += 1
            yield start, end
        start = end


def _goes_on(text: str, kinds: Sequence[str], at: int) -> bool:
    """Whether the character at `at` belongs to the word of the one before it."""
    here, before, after = kinds[at], kinds[at - 1], kinds[at + 1]
    if here == "M":
        return True
    if here == "K" or before == "K":
        return here == before
    if here in "LN":
        return True
    if text[at] in _INNER_OF_NUMBERS:
        return before == after == "N"
    clitic = text[at : at + 2].lower() in ("'s", "’s") and (
        at + 2 >= len(text) or kinds[at + 2] not in "LN"
    )
    return text[at] in _INNER and after in "LN" and not clitic


def _kind(char: str) -> str:
    """L letter, N digit, M mark, K katakana, C a character that is a word, else P or a space."""
    if char.isspace():
        return " "
    kind = unicodedata.category(char)[0]
    if kind == "L" and char > "\u0dff":
        if "\u30a0" <= char <= "\u30ff":
            return "K"
        # Thai, Lao, Myanmar, Khmer; kana and Han: no spaces between words.
        if "\u0e00" <= char <= "\u109f" or "\u1780" <= char <= "\u17ff" or _east_asian(char):
            return "C"
    if char in _KEPT_FORMATS:
        return "M"
    return kind if kind in "LNM" else "P"


def _east_asian(char: str) -> bool:
    return "\u3040" <= char <= "\u309f" or "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _with_vectors(utterance: Utterance, encoded: Encoded) -> Heard:
    tokens = words(utterance.text)
    states = _word_states(_words_spoken(utterance.text, tokens), encoded)
    return Heard(utterance, tokens, encoded.pooled, states)


def _words_spoken(text: str, tokens: Sequence[Word]) -> Sequence[Word]:
    """The words where they stand in `_spoken(text)`, which may lack some of the text's spaces."""
    gaps = [] if text.isascii() else [gap.start() for gap in _NO_GAP.finditer(text)]
    if not gaps:
        return tokens
    less = [bisect_left(gaps, word.start) for word in tokens]
    return [Word(x.text, x.start - by, x.end - by) for x, by in zip(tokens, less, strict=True)]


def _word_states(tokens: Sequence[Word], encoded: Encoded) -> Matrix | None:
    """(words, d): mean of the pieces that overlap a word; zeros beyond the encoder's reach."""
    if encoded.states is None:
        return None
    width = encoded.states.shape[1]
    if not tokens or not len(encoded.states):
        return np.zeros((len(tokens), width), np.float32)
    starts = np.array([word.start for word in tokens])[:, None]
    ends = np.array([word.end for word in tokens])[:, None]
    overlap = (encoded.offsets[:, 0] < ends) & (encoded.offsets[:, 1] > starts)
    share = overlap / np.maximum(overlap.sum(1, keepdims=True), 1)
    means: Matrix = share.astype(np.float32) @ encoded.states
    return means
