from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sayso.understanding.builtin import is_builtin, moment, spans, value
from sayso.understanding.builtin.holidays import easter

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 15, 20, tzinfo=BERLIN)


def at(words: str, now: datetime = NOW) -> str | None:
    found = moment(words, now=now, locale="en-US")
    return None if found is None else found.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("half past six", "2026-11-18 18:30"),
        ("at three", "2026-11-19 03:00"),
        ("three pm", "2026-11-19 15:00"),
        ("16:00", "2026-11-18 16:00"),
        ("noon", "2026-11-19 12:00"),
        ("tomorrow at seven", "2026-11-19 07:00"),
        ("half past six tomorrow morning", "2026-11-19 06:30"),
        ("friday at half past six in the evening", "2026-11-20 18:30"),
        ("in twenty minutes", "2026-11-18 15:40"),
        ("in two weeks at seven", "2026-12-02 07:00"),
        ("seven tonight", "2026-11-18 19:00"),
        ("tonight at midnight", "2026-11-19 00:00"),
        ("one tonight", "2026-11-19 01:00"),
        ("now", "2026-11-18 15:20"),
        ("tomorrow", None),
        ("next week at seven", None),
        ("the thirty first of june at noon", None),
        ("good morning", None),
    ],
)
def test_a_date_and_a_time_make_a_moment(words: str, expected: str | None) -> None:
    assert at(words) == expected


def test_twenty_minutes_stay_twenty_minutes_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)  # at three the clock goes back to two
    found = moment("in twenty minutes", now=before, locale="en-US")
    assert found is not None
    assert found.timestamp() - before.timestamp() == timedelta(minutes=20).total_seconds()
    assert value("AMAZON.TIME", "in twenty minutes", now=before, locale="en-US") == "02:10"


def test_days_ahead_keep_the_time_of_day_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    assert at("in two days", before) == "2026-10-26 12:00"


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1999, date(1999, 4, 4)), (2024, date(2024, 3, 31)), (2038, date(2038, 4, 25))],
)
def test_easter_is_when_it_is(year: int, expected: date) -> None:
    assert easter(year) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("TIME", "at half past six please", [("half past six", "06:30")]),
        ("TIME", "wake me at 7.30 tomorrow, no, at eight", [
            ("7.30 tomorrow", "07:30"),
            ("eight", "08:00"),
        ]),
        ("DATE", "wake me at seven tomorrow morning", [("seven tomorrow morning", "2026-11-19")]),
        ("DURATION", "set the timer for an hour and a half", [("an hour and a half", "PT1H30M")]),
        ("NUMBER", "from twenty one to thirty", [("twenty one", "21"), ("thirty", "30")]),
        ("Ordinal", "the second one", [("second", "2")]),
        ("SearchQuery", "anything at seven", []),
        ("TIME", "turn on the lights", []),
        ("TIME", "", []),
    ],
)  # fmt: skip
def test_values_are_found_within_a_sentence(
    kind: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = spans(f"AMAZON.{kind}", text, now=NOW, locale="en-US")
    assert [(text[start:end], said) for start, end, said in found] == expected


def test_a_tongue_without_a_grammar_has_no_spans() -> None:
    assert spans("AMAZON.NUMBER", "5 und 6", now=NOW, locale="de-DE") == []
    assert moment("um sieben", now=NOW, locale="de-DE") is None


def test_types_are_alexas_by_their_prefix() -> None:
    assert is_builtin("AMAZON.TIME")
    assert not is_builtin("Room")
