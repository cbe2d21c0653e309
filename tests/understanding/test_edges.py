"""Where a value begins and ends, as far as that can be told without learning."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sayso.types.skills import Intent, Slot
from sayso.understanding.contract import Tagged
from sayso.understanding.edges import cleaned, widened, with_day_apart

NOW = datetime(2026, 11, 20, 17, 40, tzinfo=ZoneInfo("Europe/Berlin"))
REMIND = Intent("Remind", slots=(Slot("at", "AMAZON.TIME"), Slot("day", "AMAZON.DATE")))


def apart(words: str, tagged: str = "at", intent: Intent = REMIND) -> dict[str, str]:
    tags = [Tagged(tagged, 0, len(words), 0.9)]
    found = with_day_apart(tags, intent, words, now=NOW, locale="en-US")
    return {tag.name: words[tag.start : tag.end] for tag in found}


@pytest.mark.parametrize(
    ("words", "at", "day"),
    [
        ("7:45 am tomorrow", "7:45 am", "tomorrow"),
        ("nine pm on November 30th", "nine pm", "November 30th"),
        ("tomorrow at noon", "at noon", "tomorrow"),
    ],
)
@pytest.mark.parametrize("tagged", ["at", "day"])
def test_a_day_said_right_beside_a_time_is_the_day(
    words: str, at: str, day: str, tagged: str
) -> None:
    assert apart(words, tagged) == {"at": at, "day": day}


@pytest.mark.parametrize("words", ["tonight", "this evening at seven", "seven", "in ten minutes"])
def test_what_means_less_when_taken_apart_stays_whole(words: str) -> None:
    assert apart(words) == {"at": words}


def test_nothing_is_taken_apart_where_there_is_no_slot_for_the_other_half_or_it_is_filled() -> None:
    alarm = Intent("Wake", slots=(Slot("at", "AMAZON.TIME"),))
    assert apart("7:45 am tomorrow", intent=alarm) == {"at": "7:45 am tomorrow"}
    text = "7:45 am tomorrow, that is Saturday"
    tags = [Tagged("at", 0, 16, 0.9), Tagged("day", 26, 34, 0.9)]
    assert with_day_apart(tags, REMIND, text, now=NOW, locale="en-US") == tags


def test_no_value_begins_or_ends_with_a_comma() -> None:
    text = "remind me to call mom, thanks"
    assert cleaned([Tagged("task", 13, 22, 0.9)], text) == [Tagged("task", 13, 21, 0.9)]
    assert cleaned([Tagged("task", 21, 22, 0.9)], text) == []


@pytest.mark.parametrize(
    ("text", "tagged", "value"),
    [
        ("extend the power nap timer", "power", "power nap"),
        ("extend the power nap timer", "nap", "power nap"),
        ("extend the power nap, please", "nap", "power nap"),
        ("extend the tea timer", "tea", "tea"),  # a name as it is
        ("extend the power hour timer", "power", "power"),  # none with any word beside it
        ("extend tea", "extend", "extend"),  # nor at the edge of the sentence
    ],
)
def test_a_name_of_which_a_part_was_tagged_is_taken_whole(
    text: str, tagged: str, value: str
) -> None:
    start = text.index(tagged)
    tags = [Tagged("name", start, start + len(tagged), 0.9)]
    (found,) = widened(tags, text, lambda words, _: words in ("power nap", "tea"))
    assert text[found.start : found.end] == value


def test_a_name_takes_no_words_of_another_slot() -> None:
    text = "extend the power nap timer"
    tags = [Tagged("name", 11, 16, 0.9), Tagged("mood", 17, 20, 0.9)]
    assert widened(tags, text, lambda words, _: words == "power nap") == tags
