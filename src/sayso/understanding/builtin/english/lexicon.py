"""The English words of numbers, dates and times: which terminal of the grammars each is.

UNIT_WORD, TEEN, TENS and OH are for `words.py` to join. A terminal that starts with `_` carries no
value.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sayso.understanding.builtin.holidays import NAMES

# Without meaning of their own, wherever they stand.
_IDLE = (
    "the please um uh er erm ah exactly about around approximately roughly maybe perhaps like "
    "just sharp early late time number thanks ish more extra"
)
IDLE = frozenset(_IDLE.split())

# terminal, first value, step from word to word, the words; _ has none
_COUNTED = (
    ("UNIT_WORD", 0, 1, "zero one two three four five six seven eight nine"),
    (
        "TEEN",
        10,
        1,
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    ),
    ("TENS", 20, 10, "twenty thirty forty fifty sixty seventy eighty ninety"),
    ("ORD", 1, 1, "first _ third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"),
    (
        "ORD",
        13,
        1,
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
    ),
    (
        "ORD",
        20,
        10,
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth",
    ),
    ("WEEKDAY", 0, 1, "monday tuesday wednesday thursday friday saturday sunday"),
    ("MONTH", 1, 1, "january february march april may june july"),
    ("MONTH", 8, 1, "august september october november december"),
)

# terminal -> value -> the words for it, `|` between
_SAID: dict[str, dict[Any, str]] = {
    "HUNDRED": {100: "hundred|hundreds"},
    "SCALE": {10**3: "thousand|grand", 10**6: "million", 10**9: "billion", 10**12: "trillion"},
    "ORDINAL_HUNDRED": {100: "hundredth"},
    "ORDINAL_SCALE": {10**3: "thousandth", 10**6: "millionth"},
    "DOZEN": {12: "dozen"},
    "A": {1: "a|an|another"},
    "TIMES": {2: "double", 3: "triple|treble"},
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
        "millisecond": "millisecond|milliseconds|ms",
        "second": "seconds|sec|secs",
        "minute": "minute|minutes|min|mins",
        "hour": "hour|hours|hr|hrs",
        "day": "day|days|nights",
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
        0: "today|todays",
        1: "tomorrow|tomorrows|the next day|next day|the following day",
        2: "day after tomorrow",
        -1: "yesterday|yesterdays",
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
        "this": "this|current",
        "coming": "coming|upcoming|this coming",
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
        0: "noughties|aughts",
        10: "tens",
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
        "martin luther king day": "mlk day|martin luther king junior day|martin luther king jr day",
        "presidents' day": "presidents day|president's day",
        "labor day": "labour day",
        "thanksgiving": "thanksgiving day",
        "mother's day": "mothers day|mothering sunday",
        "father's day": "fathers day",
    },
    "REPEATED": {
        "": "mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekday|weekdays"
        "|weekends|daily|nightly|other day|other monday|other tuesday|other wednesday"
        "|other thursday|other friday|other saturday|other sunday|other week|other weekend"
    },
    "Q": {"": "q"},
    "_EVERY": {"": "every|each"},
    "_WEEK_FROM": {"": "week beginning|week commencing|week starting"},
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
    for terminal, first, step, names in _COUNTED:
        words |= {
            word: (terminal, first + n * step)
            for n, word in enumerate(names.split())
            if word != "_"
        }
    words |= {word: ("HOLIDAY", word) for word in NAMES}
    words |= dict.fromkeys(("oh", "o"), ("OH", "0"))
    return {
        tuple(word for word in phrase.split() if word not in IDLE): entry
        for phrase, entry in words.items()
    }


LEXICON = _lexicon()

# first word -> words of the longest phrase that starts with it
LONGEST: dict[str, int] = {}
for _phrase in LEXICON:
    LONGEST[_phrase[0]] = max(len(_phrase), LONGEST.get(_phrase[0], 0))
