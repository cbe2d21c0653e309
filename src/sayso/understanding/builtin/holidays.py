"""Days that people call by name. Where regions differ, the rule of the region is taken."""

from __future__ import annotations

from datetime import date

from sayso.understanding.builtin.dates import (
    DAY,
    WEEK,
    Here,
    Period,
    Unfit,
    around,
    month_of,
    nth_weekday,
    one_day,
    pick,
)

MONDAY, THURSDAY, SUNDAY = 0, 3, 6

# name -> month and day
FIXED = {
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "epiphany": (1, 6),
    "groundhog day": (2, 2),
    "valentine's day": (2, 14),
    "saint patrick's day": (3, 17),
    "april fools' day": (4, 1),
    "earth day": (4, 22),
    "may day": (5, 1),
    "cinco de mayo": (5, 5),
    "juneteenth": (6, 19),
    "independence day": (7, 4),
    "halloween": (10, 31),
    "all saints' day": (11, 1),
    "all souls' day": (11, 2),
    "guy fawkes night": (11, 5),
    "veterans day": (11, 11),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
}

# name -> days after Easter Sunday
BY_EASTER = {
    "shrove tuesday": -47,
    "ash wednesday": -46,
    "palm sunday": -7,
    "maundy thursday": -3,
    "good friday": -2,
    "holy saturday": -1,
    "easter": 0,
    "easter monday": 1,
    "ascension day": 39,
    "pentecost": 49,
}

# name -> region ("" is any other) -> month, nth, weekday
BY_WEEKDAY = {
    "martin luther king day": {"": (1, 3, MONDAY)},
    "presidents' day": {"": (2, 3, MONDAY)},
    "memorial day": {"": (5, -1, MONDAY)},
    "labor day": {"": (9, 1, MONDAY)},
    "columbus day": {"": (10, 2, MONDAY)},
    "thanksgiving": {"": (11, 4, THURSDAY), "CA": (10, 2, MONDAY)},
    "mother's day": {"": (5, 2, SUNDAY)},
    "father's day": {"": (6, 3, SUNDAY), "AU": (9, 1, SUNDAY), "NZ": (9, 1, SUNDAY)},
}

NAMES = (
    frozenset(FIXED)
    | frozenset(BY_EASTER)
    | frozenset(BY_WEEKDAY)
    | {"black friday", "cyber monday"}
)


def holiday(which: str, here: Here, name: str, year: int | None = None) -> Period:
    """A holiday of that name: in `year`, or the coming (`this`), `next` or `last` one."""
    if year is not None:
        return one_day(_in_year(name, year, here.region))
    days = [one_day(_in_year(name, year, here.region)) for year in around(here.today)]
    return pick(which, here.today, days)


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the anonymous Gregorian algorithm."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _in_year(name: str, year: int, region: str) -> date:
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in BY_EASTER:
        return easter(year) + BY_EASTER[name] * DAY
    if name == "mother's day" and region in ("GB", "IE"):
        return easter(year) - 3 * WEEK
    if name in ("black friday", "cyber monday"):
        thanksgiving = nth_weekday(month_of(year, 11), 4, THURSDAY).first
        return thanksgiving + (DAY if name == "black friday" else 4 * DAY)
    if name not in BY_WEEKDAY:
        raise Unfit(f"{name} is no holiday")
    rules = BY_WEEKDAY[name]
    month, nth, weekday = rules.get(region, rules[""])
    return nth_weekday(month_of(year, month), nth, weekday).first
