from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.understanding.builtin import KINDS, moment, spans, value
from sayso.understanding.builtin.english.lexicon import LEXICON

# What a value may look like: AMAZON.* as Alexa writes them.
FORMATS = {
    "AMAZON.NUMBER": r"-?\d+(\.\d{1,4})?",
    "AMAZON.FOUR_DIGIT_NUMBER": r"\d{4}",
    "AMAZON.Ordinal": r"\d+",
    "AMAZON.TIME": r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|MO|AF|EV|NI",
    "AMAZON.DATE": (
        r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?|\d{4}-W([0-4]\d|5[0-3])(-WE)?"
        r"|\d{3}X|\d{4}-(SP|SU|FA|WI)|\d{4}-Q[1-4]|PRESENT_REF"
    ),
    "AMAZON.DURATION": (
        r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
    ),
    "AMAZON.PhoneNumber": r"\+?\d{3,15}",
}
NOWS = st.datetimes(timezones=st.just(UTC))
KNOWN = [" ".join(phrase) for phrase in LEXICON] + ["7", "30", "7:30", "2.5", "2027", "3rd", "30s"]
LISTS = [
    f"AMAZON.{name}" for name in ("Color", "Country", "US_STATE", "Month", "DayOfWeek", "City")
]
NAMED = ["dark", "red", "the", "navy", "blue", "may", "Trinidad", "and", "Tobago", "us", "sun"]
SAID = st.one_of(
    st.lists(st.sampled_from(NAMED), max_size=7).map(" ".join),
    st.text(max_size=60),
    st.lists(st.sampled_from(KNOWN), max_size=9).map(" ".join),
    st.from_regex(r"[0-9:./\-,+]{1,12}( (am|pm|h|m|s|th))?", fullmatch=True),
)


@settings(deadline=None)
@given(SAID, st.sampled_from(sorted(KINDS)), NOWS, st.sampled_from(["en-US", "en-GB", "de-DE"]))
def test_any_words_at_any_time_have_one_value_or_none(
    words: str, kind: str, now: datetime, locale: str
) -> None:
    first = value(kind, words, now=now, locale=locale)
    assert first is None or re.fullmatch(FORMATS[kind], first, re.ASCII)
    assert value(kind, words, now=now, locale=locale) == first


@settings(deadline=None)
@given(SAID, st.sampled_from(sorted(KINDS)), NOWS)
def test_spans_of_any_words_are_in_order_and_hold_their_value(
    words: str, kind: str, now: datetime
) -> None:
    at = 0
    for start, end, said in spans(kind, words, now=now, locale="en-US"):
        assert at <= start < end <= len(words)
        assert value(kind, words[start:end], now=now, locale="en-US") == said
        at = end


@settings(deadline=None)
@given(SAID, st.sampled_from(LISTS), NOWS)
def test_any_words_are_of_a_list_or_not(words: str, kind: str, now: datetime) -> None:
    found = value(kind, words, now=now, locale="en-US")
    assert found is None or found.strip()
    at = 0
    for start, end, said in spans(kind, words, now=now, locale="en-US"):
        assert at <= start < end <= len(words)
        assert value(kind, words[start:end], now=now, locale="en-US") == said
        at = end


@settings(deadline=None)
@given(SAID, NOWS)
def test_any_words_are_a_moment_with_a_time_zone_or_none(words: str, now: datetime) -> None:
    found = moment(words, now=now, locale="en-US")
    assert found is None or found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_endless_words_are_no_value(kind: str) -> None:
    now = datetime(2026, 11, 18, tzinfo=UTC)
    for words in ("one " * 10_000, "9" * 10_000, "a hundred " * 5_000, "in " * 10_000):
        assert value(kind, words, now=now, locale="en-US") is None
        spans(kind, words, now=now, locale="en-US")


def test_threads_that_share_a_grammar_get_the_same_values() -> None:
    now = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
    words = ["half past six tomorrow", "quarter to nine pm", "in twenty minutes", "noon"] * 50
    expected = ["06:30", "20:45", "15:40", "12:00"] * 50
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda text: value("AMAZON.TIME", text, now=now, locale="en-US"), words)
        assert list(found) == expected
