"""A name that is taken back in the same breath is not the one that is meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sayso.understanding.edges import shorter
from sayso.understanding.repairs import renamed, repaired
from tests.dialogue.test_said import HELD


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("see the game night, no, the opera tomorrow", "see the opera tomorrow"),
        ("see game night, i mean opera", "see opera"),
        ("put the opera, sorry, game night on the plan", "put game night on the plan"),
        ("put opera no wait game night on the plan", "put game night on the plan"),
        ("put opera on the plan, sorry, game night", "put game night on the plan"),
        ("i no longer want the opera, sorry, game night", "i no longer want game night"),
        ("see the opera thing, no, the game night thing", "see the game night thing"),
        (
            "see the opera thing, no, the game night gala",
            "see the opera thing, no, the game night gala",
        ),
    ],
)
def test_a_name_that_is_taken_back_makes_room_for_the_next(said: str, meant: str) -> None:
    assert renamed(said, HELD, "See", locale="en-US") == meant


@pytest.mark.parametrize(
    "said",
    [
        "see the opera, no, not tomorrow",
        "no, the opera",
        "see the opera, i mean it",
        "tell them no, opera singers are late",
        "convert five miles",
        "put opera and game night on the plan, sorry, opera",  # which of the two?
    ],
)
def test_what_takes_no_name_back_stays_as_it_is(said: str) -> None:
    assert renamed(said, HELD, "See", locale="en-US") == said


def test_two_names_of_different_types_are_both_meant() -> None:
    said = "see the opera, actually miles"
    assert renamed(said, HELD, "See", locale="en-US") == said


def test_small_words_behind_a_value_are_left_off_one_by_one() -> None:
    assert [*shorter("game night again, please")] == ["game night again", "game night"]
    assert [*shorter("game night")] == []


def test_the_month_goes_with_its_day_in_that_very_month() -> None:
    december = datetime(2026, 12, 2, 9, tzinfo=UTC)
    said = "the forecast on December 23rd no wait on Friday"
    assert repaired(said, now=december, locale="en-US") == "the forecast on Friday"
