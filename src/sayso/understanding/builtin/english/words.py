"""English words and figures -> the terminals of the grammars beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sayso.understanding.builtin.grammar import Piece
from sayso.understanding.builtin.holidays import NAMES

UNITS = "zero one two three four five six seven eight nine".split()
TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "first _ third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = (
    "january february march april may june july august september october november december"
).split()

# Without meaning of their own, wherever they stand.
IDLE = frozenset(
    "the please um uh er erm ah exactly about around approximately roughly maybe perhaps like "
    "just sharp early late time number thanks".split()
)

# terminal -> value -> the words for it, `|` between
_SAID: dict[str, dict[Any, str]] = {
    "HUNDRED": {100: "hundred|hundreds"},
    "SCALE": {10**3: "thousand|grand", 10**6: "million", 10**9: "billion", 10**12: "trillion"},
    "ORDINAL_HUNDRED": {100: "hundredth"},
    "ORDINAL_SCALE": {10**3: "thousandth", 10**6: "millionth"},
    "DOZEN": {12: "dozen"},
    "A": {1: "a|an"},
    "INT": {
        "0": "nought|nil",
        "2": "a couple of|a couple|couple of|couple|a pair of|a pair",
        "6": "half a dozen|half dozen",
    },
    "MORE": {
        Fraction(1, 2): "and a half|and half",
        Fraction(1, 4): "and a quarter|and one quarter",
        Fraction(3, 4): "and three quarters",
        Fraction(1, 3): "and a third|and one third",
        Fraction(2, 3): "and two thirds",
    },
    "HALF": {Fraction(1, 2): "half"},
    "QUARTER": {Fraction(1, 4): "quarter|quarters"},
    "FRACTION": {
        Fraction(1, 2): "halves",
        Fraction(1, 3): "thirds",
        Fraction(1, 5): "fifths",
        Fraction(1, 6): "sixths",
        Fraction(1, 8): "eighths",
        Fraction(1, 10): "tenths",
    },
    "SECOND": {"second": "second|2nd"},
    "UNIT": {
        "second": "seconds|sec|secs",
        "minute": "minute|minutes|min|mins",
        "hour": "hour|hours|hr|hrs",
        "day": "day|days",
        "week": "week|weeks|wk|wks",
        "fortnight": "fortnight|fortnights",
        "month": "month|months",
        "year": "year|years|yr|yrs",
        "decade": "decade|decades",
        "century": "century|centuries",
    },
    "QUARTER_HOUR": {
        "hour": "quarter of an hour|quarter of the hour|quarters of an hour|quarter hour"
        "|quarter hours"
    },
    "MERIDIEM": {"am": "am|a m", "pm": "pm|p m"},
    "NAMED": {
        (12, 0): "noon|midday|noontime|mid day|high noon",
        (0, 0): "midnight|mid night",
    },
    "PART": {
        "MO": "morning|in the morning|of the morning|mornings",
        "AF": "afternoon|in the afternoon|of the afternoon",
        "EV": "evening|in the evening|of the evening",
        "NI": "night|at night|in the night|nighttime",
    },
    "TONIGHT": {"NI": "tonight"},
    "SHIFT": {
        0: "today",
        1: "tomorrow|the next day|next day|the following day",
        2: "day after tomorrow",
        -1: "yesterday",
        -2: "day before yesterday",
    },
    "WEEKDAY": {
        0: "mon",
        1: "tue|tues",
        2: "wed|weds",
        3: "thu|thur|thurs",
        4: "fri",
        5: "sat",
        6: "sun",
    },
    "MONTH": {
        1: "jan",
        2: "feb",
        3: "mar",
        4: "apr",
        6: "jun",
        7: "jul",
        8: "aug",
        9: "sep|sept",
        10: "oct",
        11: "nov",
        12: "dec",
    },
    "WHICH": {
        "this": "this|coming|this coming|current",
        "next": "next|following",
        "last": "last|previous|this past",
    },
    "SEASON": {
        "SP": "spring|springtime",
        "SU": "summer|summertime",
        "FA": "fall|autumn",
        "WI": "winter|wintertime",
    },
    "WEEKEND": {"weekend": "weekend|week end"},
    "DECADE": {
        20: "twenties",
        30: "thirties",
        40: "forties|fourties",
        50: "fifties",
        60: "sixties",
        70: "seventies",
        80: "eighties",
        90: "nineties",
    },
    "EDGE": {1: "start|beginning|first day", -1: "end|last day"},
    "NOW": {
        0: "now|right now|just now|this moment|this very moment|immediately|straight away"
        "|right away|at the moment|this instant"
    },
    "HOLIDAY": {
        "new year's eve": "new years eve",
        "new year's day": "new years day|new year's|new year|new years",
        "valentine's day": "valentines day|valentines|valentine's|valentine day",
        "saint patrick's day": "st patrick's day|st patricks day|saint patricks day",
        "april fools' day": "april fools day|april fool's day|april fools",
        "independence day": "fourth of july|4th of july",
        "halloween": "hallowe'en",
        "guy fawkes night": "bonfire night|guy fawkes day",
        "veterans day": "veteran's day|remembrance day|armistice day",
        "christmas day": "christmas|xmas|xmas day",
        "christmas eve": "xmas eve",
        "easter": "easter sunday|easter day",
        "shrove tuesday": "pancake day|mardi gras",
        "martin luther king day": "mlk day|martin luther king junior day",
        "presidents' day": "presidents day|president's day",
        "labor day": "labour day",
        "thanksgiving": "thanksgiving day",
        "mother's day": "mothers day|mothering sunday",
        "father's day": "fathers day",
    },
    "_AND": {"": "and"},
    "_POINT": {"": "point|dot"},
    "_MINUS": {"": "minus|negative"},
    "_OCLOCK": {"": "o'clock|oclock|o clock"},
    "_PAST": {"": "past"},
    "_AFTER": {"": "after"},
    "_BEFORE": {"": "before"},
    "_TO": {"": "to|till|til"},
    "_FROM": {"": "from|starting|since|as of|starting from|starting at|starting on"},
    "_OF": {"": "of"},
    "_ON": {"": "on"},
    "_IN": {"": "in|within|during"},
    "_AT": {"": "at|by|for|until|@"},
    "_AGO": {"": "ago|earlier"},
    "_AFTER_NEXT": {"": "after next"},
}


def _lexicon() -> dict[tuple[str, ...], tuple[str, Any]]:
    words: dict[str, tuple[str, Any]] = {
        phrase: (terminal, value)
        for terminal, values in _SAID.items()
        for value, phrases in values.items()
        for phrase in phrases.split("|")
    }
    words |= {word: ("UNIT_WORD", n) for n, word in enumerate(UNITS)}
    words |= {word: ("TEEN", 10 + n) for n, word in enumerate(TEENS)}
    words |= {word: ("TENS", 10 * n) for n, word in enumerate(TENS, 2)}
    words |= {word: ("ORD", n) for n, word in enumerate(ORDINALS, 1) if word != "_"}
    words |= {f"{word[:-1]}ieth": ("ORD", 10 * n) for n, word in enumerate(TENS, 2)}
    words |= {word: ("WEEKDAY", n) for n, word in enumerate(WEEKDAYS)}
    words |= {word: ("MONTH", n) for n, word in enumerate(MONTHS, 1)}
    words |= {word: ("HOLIDAY", word) for word in NAMES}
    words |= {word: ("OH", "0") for word in ("oh", "o")}
    return {
        tuple(word for word in phrase.split() if word not in IDLE): entry
        for phrase, entry in words.items()
    }


_LEXICON = _lexicon()
_LONGEST = max(map(len, _LEXICON))
# After a figure these letters are units: 5m, 1h 30m.
_GLUED = {"h": "hour", "m": "minute", "s": "second", "d": "day", "w": "week"}

_TOKEN = re.compile(
    r"""
    (?P<ISO_DATE>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)
    | (?P<SLASH>\b[0-9]{1,4}[/⁄][0-9]{1,2}(?:/[0-9]{2,4})?\b)
    | (?P<CLOCK>\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:]))
    | (?P<ORD>\b[0-9]{1,9}(?:st|nd|rd|th)\b)
    | (?P<DECADE>(?:\b(?:[0-9]{2})?|')[0-9]0'?s\b)
    | (?P<DECIMAL>(?<![0-9])[0-9]{0,15}\.[0-9]{1,15}(?![0-9]))
    | (?P<GROUPED>(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9]))
    | (?P<INT>[0-9]+)
    | (?P<MERIDIEM>(?<![a-z])[ap]\.?\s?m(?![a-z])\.?)
    | (?P<MINUS>(?<![\w-])[-−](?=[0-9.]))
    | (?P<IDLE>(?:[\s,.;!?"%'’]|(?<![0-9])-|-(?![0-9]))+)
    | (?P<WORD>[a-z]+(?:['’][a-z]+)?['’]?|@)
    | (?P<OTHER>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)


def pieces(text: str) -> list[Piece]:
    """The terminals of a text, in order, words without meaning left out.

    A word that no grammar knows becomes `OTHER`; `twenty second` is the 22nd.
    """
    return [
        piece._replace(terminal="ORD", value=piece.value + 2) if _tens_second(piece) else piece
        for piece in _figured(text)
    ]


def pieces_of_length(text: str) -> list[Piece]:
    """Likewise, but `twenty second` is twenty seconds."""
    found: list[Piece] = []
    for piece in _figured(text):
        if _tens_second(piece):
            middle = piece.end - len("second")
            found.append(Piece("INT", str(piece.value), piece.start, middle))
            found.append(Piece("SECOND", "second", middle, piece.end))
        else:
            found.append(piece)
    return found


def _figured(text: str) -> Iterator[Piece]:
    return _years(_numbers(_phrases(_tokens(text))))


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
        return kind, tuple(map(int, re.split("[:/⁄]", said)))
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
        run = [_bare(piece.value) for piece in tokens[at : at + _LONGEST]]
        for size in range(len(run), 0, -1):
            entry = _LEXICON.get(tuple(run[:size])) or _LEXICON.get(
                (*run[: size - 1], _owner(run[size - 1]))
            )
            if entry:
                yield Piece(*entry, tokens[at].start, tokens[at + size - 1].end)
                at += size
                break
        else:
            yield tokens[at]._replace(terminal="OTHER")
            at += 1


def _bare(word: Any) -> str:
    return word if isinstance(word, str) else ""


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
