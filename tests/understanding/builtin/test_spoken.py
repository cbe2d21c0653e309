"""Values spoken in many ways come back as what they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.understanding.builtin import spans, value

NOW = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {"H": "hour", "M": "minute", "S": "second"}


def spoken(number: int, *, joined: str = "-", also: str = " and ") -> str:
    """A number in words; `joined` stands within twenty-one, `also` after hundreds."""
    if number < 20:
        return SMALL.split()[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return TENS.split()[tens] + (joined + SMALL.split()[unit] if unit else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    count, rest = divmod(number, size)
    text = f"{spoken(count, joined=joined, also=also)} {name}"
    if not rest:
        return text
    return text + (also if rest < 100 else " ") + spoken(rest, joined=joined, also=also)


def said(kind: str, words: str) -> str | None:
    return value(f"AMAZON.{kind}", words, now=NOW, locale="en-US")


@settings(deadline=None)
@given(st.integers(0, 999_999), st.sampled_from("- "), st.sampled_from([" and ", " "]))
def test_numbers_in_words_come_back(number: int, joined: str, also: str) -> None:
    assert said("NUMBER", spoken(number, joined=joined, also=also)) == str(number)


@settings(deadline=None)
@given(st.integers(-999_999, 999_999))
def test_numbers_in_figures_come_back(number: int) -> None:
    assert said("NUMBER", str(number)) == str(number)
    assert said("NUMBER", f"{number:,}") == str(number)


@settings(deadline=None)
@given(st.integers(0, 9999), st.integers(1, 999))
def test_decimals_come_back(whole: int, rest: int) -> None:
    digits = f"{rest:03d}"
    words = " ".join(spoken(int(digit)) for digit in digits)
    expected = f"{whole}.{digits}".rstrip("0")
    assert said("NUMBER", f"{spoken(whole)} point {words}") == expected
    assert said("NUMBER", f"minus {spoken(whole)} point {words}") == f"-{expected}"


@settings(deadline=None)
@given(st.integers(0, 9999))
def test_four_digits_one_by_one_come_back(number: int) -> None:
    digits = f"{number:04d}"
    words = " ".join("oh" if digit == "0" else spoken(int(digit)) for digit in digits)
    assert said("FOUR_DIGIT_NUMBER", words) == digits
    assert said("PhoneNumber", words) == digits


@settings(deadline=None)
@given(st.integers(0, 23), st.integers(0, 59))
def test_times_come_back_from_every_phrasing(hour: int, minute: int) -> None:
    expected = f"{hour:02d}:{minute:02d}"
    shown, half = (hour - 1) % 12 + 1, "pm" if hour >= 12 else "am"
    minutes = "o'clock" if minute == 0 else spoken(minute, joined=" ")
    minutes = f"oh {minutes}" if 0 < minute < 10 else minutes
    for words in (
        expected,
        f"{shown}:{minute:02d} {half}",
        f"at {shown}.{minute:02d}{half}",
        f"{shown}{minute:02d} {half[0]}.m.",
        f"{spoken(shown)} {minutes} {half}",
        f"tomorrow at {spoken(shown)} {minutes} {half}",
    ):
        assert said("TIME", words) == expected, words


@settings(deadline=None)
@given(st.integers(1, 12), st.sampled_from([5, 10, 15, 20, 25, 30]))
def test_minutes_past_and_to_an_hour_come_back(hour: int, minute: int) -> None:
    words = {15: "quarter", 30: "half"}.get(minute, spoken(minute))
    assert said("TIME", f"{words} past {spoken(hour)}") == f"{hour:02d}:{minute:02d}"
    if minute < 30:
        before = (hour - 2) % 12 + 1
        assert said("TIME", f"{words} to {spoken(hour)}") == f"{before:02d}:{60 - minute:02d}"


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("HMS"), st.integers(1, 99), min_size=1),
    st.sampled_from([" ", " and ", ", "]),
    st.booleans(),
)
def test_durations_come_back_from_every_phrasing(
    parts: dict[str, int], between: str, figures: bool
) -> None:
    kept = [(unit, parts[unit]) for unit in "HMS" if unit in parts]
    words = between.join(
        f"{number if figures else spoken(number)} {UNITS[unit]}{'s' if number > 1 else ''}"
        for unit, number in kept
    )
    short = " ".join(f"{number}{unit.lower()}" for unit, number in kept)
    expected = "PT" + "".join(f"{number}{unit}" for unit, number in kept)
    assert said("DURATION", words) == said("DURATION", short) == expected


@settings(deadline=None)
@given(st.dates(datetime(2026, 11, 18).date(), datetime(2099, 12, 31).date()))
def test_dates_come_back_from_every_phrasing(day: datetime) -> None:
    month, year = f"{day:%B}", day.year
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day // 10 != 1 else 0, "th")
    for words in (
        day.isoformat(),
        f"{month} {day.day}, {year}",
        f"the {day.day}{ending} of {month} {year}",
        f"{month} {day.day}{ending} {spoken(year // 100)} {_rest(year % 100)}",
        f"{day:%m/%d/%Y}",
        f"{day:%A} {month} the {day.day}{ending} {year}",
    ):
        assert said("DATE", words) == day.isoformat(), words


@settings(deadline=None)
@given(st.integers(1, 99_999))
def test_ordinals_in_words_come_back(number: int) -> None:
    for words in (ordinal(number), f"the {ordinal(number)} one", f"{number}{suffix(number)}"):
        assert said("Ordinal", words) == str(number), words


@settings(deadline=None)
@given(st.integers(1, 23), st.sampled_from([15, 30, 45]))
def test_hours_and_a_part_come_back(hours: int, minutes: int) -> None:
    part = {15: "a quarter", 30: "a half", 45: "three quarters"}[minutes]
    expected = f"PT{hours}H{minutes}M"
    assert said("DURATION", f"{spoken(hours)} and {part} hours") == expected
    assert said("DURATION", f"{spoken(hours)} hours {spoken(minutes)}") == expected


@settings(deadline=None)
@given(st.dates(datetime(2020, 1, 1).date(), datetime(2040, 12, 31).date()))
def test_days_weeks_months_and_years_that_were_written_come_back(day: date) -> None:
    year, week, _ = day.isocalendar()
    quarter = (day.month + 2) // 3
    for written in (
        day.isoformat(),
        f"{year}-W{week:02d}",
        f"{year}-W{week:02d}-WE",
        f"{day:%Y-%m}",
        f"{day:%Y}",
        f"{day.year // 10}X",
        f"{day.year}-WI",
        f"{day.year}-Q{quarter}",
    ):
        assert said("DATE", written) == written
    assert said("DATE", f"{day:%B} {day:%Y}") == f"{day:%Y-%m}"
    assert said("DATE", f"the {ordinal(quarter)} quarter of {day.year}") == f"{day.year}-Q{quarter}"
    assert said("DATE", f"the week of {day:%B} {day.day} {day.year}") == f"{year}-W{week:02d}"
    assert said("DATE", f"the {day.year // 10}0s") == f"{day.year // 10}X"


@settings(deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 400))
def test_days_from_today_are_counted_from_that_day(now: datetime, days: int) -> None:
    aware = now.replace(tzinfo=UTC)
    expected = (now + timedelta(days=days)).date().isoformat()
    for words in (f"in {days} days", f"{spoken(days)} days from now", f"{days} days from today"):
        assert value("AMAZON.DATE", words, now=aware, locale="en-US") == expected, words


def ordinal(number: int) -> str:
    """An ordinal in words: two hundred and fifth."""
    *rest, last = spoken(number, joined=" ").split()
    odd = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
    odd |= {"nine": "ninth", "twelve": "twelfth"}
    ending = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*rest, odd.get(last, ending)])


def suffix(number: int) -> str:
    """The letters after the figures of an ordinal: st of 21st."""
    teen = number % 100 // 10 == 1
    return "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _rest(year: int) -> str:
    return spoken(year, joined=" ") if year >= 10 else f"oh {spoken(year)}"


def test_a_percentage_is_a_number_and_no_minutes_of_an_hour() -> None:
    text = "thirty percent of three hundred ten"
    found = spans("AMAZON.TIME", text, now=NOW, locale="en-US")
    assert all("percent" not in text[start:end] for start, end, _ in found)
    assert said("TIME", text) is None
    assert said("TIME", "thirty of three") == "02:30"
    assert said("NUMBER", "thirty percent") == said("NUMBER", "30%") == "30"
