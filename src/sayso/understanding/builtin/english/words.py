"""English words and figures -> the terminals of the grammars beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sayso.understanding.builtin.english.lexicon import IDLE, LEXICON, LONGEST
from sayso.understanding.builtin.grammar import Piece

# After a figure these letters are units: 5m, 1h 30m.
_GLUED = {"h": "hour", "m": "minute", "s": "second", "d": "day", "w": "week"}

_TOKEN = re.compile(
    r"""
    (?P<ISO_DATE>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)
    | (?P<SLASH>\b(?:
        [0-9]{1,4}[/⁄][0-9]{1,2}(?:/[0-9]{2,4})? | [0-9]{1,2}([-.])[0-9]{1,2}\3[0-9]{4}
      )\b)
    | (?P<CLOCK>\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:]))
    | (?P<ORD>\b[0-9]{1,9}(?:st|nd|rd|th)\b)
    | (?P<DECADE>(?:\b(?:[0-9]{2})?|')[0-9]0'?s\b)
    | (?P<DECIMAL>(?<![0-9])[0-9]{0,15}\.[0-9]{1,15}(?![0-9]))
    | (?P<GROUPED>(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9]))
    | (?P<INT>[0-9]+)
    | (?P<MERIDIEM>(?<![a-z])[ap]\.?\s?m(?![a-z])\.?)
    | (?P<MINUS>(?<![\w-])[-−](?=[0-9.]))
    | (?P<IDLE>(?:[\s,.;!?"'’]|(?<![0-9])-|-(?![0-9]))+)
    | (?P<WORD>[a-z]+(?:['’][a-z]+)?['’]?|@)
    | (?P<OTHER>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)


_PERCENT = "PERCENT"  # of no grammar


@lru_cache(maxsize=64)  # Of one text every type is asked in turn.
def pieces_of(text: str) -> tuple[Piece, ...]:
    """The terminals of a text, in order, words without meaning left out.

    A word that no grammar knows becomes `OTHER`; `twenty second` is the 22nd. Of `thirty percent`
    the number is thirty.
    """
    return tuple(piece for piece in _ordered(text) if piece.terminal != _PERCENT)


@lru_cache(maxsize=64)
def pieces_of_when(text: str) -> tuple[Piece, ...]:
    """Likewise, but `two thousand [and] nine` is a year, and nothing of a percentage is a time."""
    found = _ordered(text)
    years: list[Piece] = []
    at = 0
    while at < len(found):
        size = _millennium(found[at : at + 5])
        if size:
            year = str(2000 + int(found[at + size - 1].value))
            years.append(Piece("YEAR", year, found[at].start, found[at + size - 1].end))
        else:
            years.append(found[at])
        at += size or 1
    return tuple(years)


def _millennium(found: Sequence[Piece]) -> int:
    """How many of the pieces, from the first, are a year from 2001 to 2099 said in thousands."""
    if [piece[:2] for piece in found[:2]] != [("INT", "2"), ("SCALE", 1000)]:
        return 0
    size = 4 if len(found) > 2 and found[2].terminal == "_AND" else 3
    if len(found) < size or found[size - 1].terminal != "INT" or len(found[size - 1].value) > 2:
        return 0
    larger = len(found) > size and found[size].terminal in ("HUNDRED", "SCALE")
    return 0 if larger or int(found[size - 1].value) == 0 else size


@lru_cache(maxsize=64)
def pieces_of_length(text: str) -> tuple[Piece, ...]:
    """Likewise, but `twenty second` and 30s are seconds."""
    found: list[Piece] = []
    for piece in _figured(text):
        short = piece.terminal == "DECADE" and piece.end - piece.start == len("30s")
        if short or _tens_second(piece):
            middle = piece.end - len("s" if short else "second")
            found.append(Piece("INT", str(piece.value), piece.start, middle))
            found.append(Piece("UNIT", "second", middle, piece.end))
        else:
            found.append(piece)
    return tuple(_parts_of_a_unit(found))


def _parts_of_a_unit(found: Sequence[Piece]) -> Iterator[Piece]:
    """Likewise, but of `an hour and half an hour` the half has a unit of its own."""
    at = 0
    while at < len(found):
        piece = found[at]
        said = tuple(each.terminal for each in found[at : at + 4])
        of_a_unit = said == ("MORE", "_OF", "A", "UNIT") and piece.value == Fraction(1, 4)
        if said[:3] == ("MORE", "A", "UNIT") and piece.value == Fraction(1, 2):
            yield piece._replace(terminal="_AND")
            yield piece._replace(terminal="HALF")
        elif of_a_unit and found[at + 3].value == "hour":
            yield piece._replace(terminal="_AND")
            yield Piece("QUARTER_HOUR", "hour", piece.start, found[at + 3].end)
            at += 3
        else:
            yield piece
        at += 1


@lru_cache(maxsize=64)
def _figured(text: str) -> tuple[Piece, ...]:
    return tuple(_years(_numbers(_phrases(_tokens(text)))))


def _ordered(text: str) -> tuple[Piece, ...]:
    return tuple(
        piece._replace(terminal="ORD", value=piece.value + 2) if _tens_second(piece) else piece
        for piece in _figured(text)
    )


def _tens_second(piece: Piece) -> bool:
    return piece.terminal == "TENS_SECOND"


def _tokens(text: str) -> list[Piece]:
    """Figures as terminals of their own, words as `WORD` in lower case, the rest as `OTHER`."""
    found: list[Piece] = []
    for match in _TOKEN.finditer(text):
        kind, said = str(match.lastgroup), match.group().lower().replace("’", "'")
        glued = bool(found) and found[-1].terminal == "INT" and found[-1].end == match.start()
        if kind == "WORD" and glued and said in _GLUED:
            found.append(Piece("UNIT", _GLUED[said], *match.span()))
        elif said in ("%", "percent"):
            found.append(Piece(_PERCENT, said, *match.span()))
        elif kind != "IDLE" and said not in IDLE:
            terminal, value = _figure(kind, said)
            found.append(Piece(terminal, value, *match.span()))
    return found


def _figure(kind: str, said: str) -> tuple[str, Any]:
    if kind in ("INT", "GROUPED"):
        digits = said.replace(",", "")
        year = len(said) == 4 and said[0] in "12"
        return ("YEAR" if year else "INT"), digits
    if kind == "ORD":
        return ("SECOND", "second") if said == "2nd" else ("ORD", int(said[:-2]))
    if kind == "DECADE":
        return kind, int(said.strip("'s"))
    if kind in ("CLOCK", "SLASH"):
        return kind, tuple(map(int, re.split("[-.:/⁄]", said)))
    if kind == "MERIDIEM":
        return kind, f"{said[0]}m"
    return ("_MINUS", "") if kind == "MINUS" else (kind, said)


def _phrases(tokens: list[Piece]) -> Iterator[Piece]:
    """Words by the lexicon, the longest phrase first."""
    at = 0
    while at < len(tokens):
        if tokens[at].terminal != "WORD":
            yield tokens[at]
            at += 1
            continue
        size, terminal, value = _phrase(tokens[at : at + _longest(tokens[at].value)])
        yield Piece(terminal, value, tokens[at].start, tokens[at + size - 1].end)
        at += size


def _longest(word: str) -> int:
    return LONGEST.get(word) or LONGEST.get(_owner(word)) or 1


def _phrase(tokens: list[Piece]) -> tuple[int, str, Any]:
    """How many of the tokens, from the first, are a phrase at most; its terminal and value."""
    words = [token.value if token.terminal == "WORD" else "" for token in tokens]
    for size in range(len(words), 0, -1):
        *first, last = words[:size]
        entry = LEXICON.get((*first, last)) or LEXICON.get((*first, _owner(last)))
        if entry:
            return size, *entry
    return 1, "OTHER", words[0]


def _owner(word: str) -> str:
    """`today` of today's, `weeks` of weeks'."""
    return word.removesuffix("'s").removesuffix("'")


def _numbers(found: Iterator[Piece]) -> Iterator[Piece]:
    """Spelled-out numbers below a hundred as one INT or ORD: twenty one, oh five, twenty first."""
    last: Piece | None = None
    for piece in found:
        joined = _joined(last, piece) if last else None
        if joined:
            yield joined
            last = None
        else:
            if last:
                yield _alone(last)
            last = piece
    if last:
        yield _alone(last)


def _joined(first: Piece, then: Piece) -> Piece | None:
    span = first.start, then.end
    if first.terminal == "TENS":
        if then.terminal == "UNIT_WORD" and then.value:
            return Piece("SPELLED", str(first.value + then.value), *span)
        if then.terminal == "ORD" and then.value < 10:
            return Piece("ORD", first.value + then.value, *span)
        if then.terminal == "SECOND":
            return Piece("TENS_SECOND", first.value, *span)
    if first.terminal == "OH" and then.terminal == "INT" and len(then.value) == 1:
        return Piece("SPELLED", f"0{then.value}", *span)
    zero = first.terminal == "OH" or (first.terminal, first.value) == ("UNIT_WORD", 0)
    if zero and then.terminal == "UNIT_WORD":
        return Piece("SPELLED", f"0{then.value}", *span)
    return None


def _alone(piece: Piece) -> Piece:
    if piece.terminal in ("UNIT_WORD", "TEEN", "TENS"):
        return piece._replace(terminal="SPELLED", value=str(piece.value))
    return piece


def _years(found: Iterator[Piece]) -> Iterator[Piece]:
    """Two spelled-out numbers that may be a year as one YEAR: twenty twenty six."""
    last: Piece | None = None
    for piece in found:
        if last and piece.terminal == "SPELLED" and len(piece.value) == 2:
            yield Piece("YEAR", last.value + piece.value, last.start, piece.end)
            last = None
            continue
        if last:
            yield last._replace(terminal="INT")
        starts = piece.terminal == "SPELLED" and piece.value in ("17", "18", "19", "20", "21")
        last = piece if starts else None
        if not starts:
            yield piece._replace(terminal="INT") if piece.terminal == "SPELLED" else piece
    if last:
        yield last._replace(terminal="INT")
