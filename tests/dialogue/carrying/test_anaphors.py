"""Words that point back, and words that only look like them."""

from __future__ import annotations

import pytest

from sayso.dialogue.carrying.anaphors import (
    anaphors,
    is_anaphor,
    is_elliptical,
    lead,
    named,
    without_anaphor,
)
from sayso.dialogue.carrying.roles import Role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("find me a hotel there", Role.PLACE),
        ("make it warmer in there", Role.PLACE),
        ("any museums nearby", Role.PLACE),
        ("wake me at six that day", Role.WHEN),
        ("will it rain then", Role.WHEN),
        ("send her ten euros", Role.PERSON),
        ("when is her birthday", Role.PERSON),
        ("turn it off", Role.THING),
        ("take that off the list", Role.THING),
    ],
)
def test_it_is_told_what_words_point_back_to(text: str, role: Role) -> None:
    assert role in {found for found, _ in anaphors(text, "en")}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("finde ein hotel dort", Role.PLACE),
        ("wecke mich an dem tag um sechs", Role.WHEN),
        ("schick ihr zehn euro", Role.PERSON),
        ("mach es aus", Role.THING),
        ("mach das aus", Role.THING),
    ],
)
def test_german_points_back_with_words_of_its_own(text: str, role: Role) -> None:
    assert role in {found for found, _ in anaphors(text, "de")}
    assert anaphors(text, "en") == ()


@pytest.mark.parametrize(
    "text",
    [
        *("what time is it", "is it raining", "will it rain tomorrow", "it is cold in here"),
        *("is there a pharmacy open", "there are no lights on", "play that song", "its too dark"),
        *("turn on the light", "", "and then set an alarm for six", "then play some jazz"),
    ],
)
def test_a_word_that_says_nothing_of_itself_points_to_nothing(text: str) -> None:
    assert anaphors(text, "en") == ()


def test_german_has_empty_words_too() -> None:
    for text in ("wie spat ist es", "mach das licht an", "und dann stell den wecker"):
        assert anaphors(text, "de") == ()


def test_a_tongue_without_a_list_points_to_nothing() -> None:
    assert anaphors("trouve un hotel la", "fr") == ()
    assert lead("et demain", "fr") == ""


def test_a_value_is_an_anaphor_only_if_it_says_no_more() -> None:
    assert Role.PLACE in is_anaphor("there", "en")
    assert Role.PLACE in is_anaphor("over there", "en")
    assert Role.THING in is_anaphor("to it", "en")
    assert not is_anaphor("the castle there", "en")
    assert not is_anaphor("", "en")


def test_what_points_back_is_cut_from_the_end_of_a_value() -> None:
    assert without_anaphor("call mom that day", "en") == ("call mom", (Role.WHEN,))
    assert without_anaphor("call mom", "en") == ("call mom", ())
    assert without_anaphor("that day", "en") == ("that day", ()), "nothing would be left"


@pytest.mark.parametrize(
    ("text", "others", "so"),
    [
        ("and tomorrow", ["and"], True),
        ("what about paris", ["what", "about"], True),
        ("also shampoo", ["also"], True),
        ("anything else on friday", ["anything", "else", "on"], True),
        ("tomorrow", [], False),
        ("and play some music", ["and", "play", "some", "music"], False),
        ("set an alarm for six", ["alarm"], False),
    ],
)
def test_a_sentence_goes_on_if_it_begins_so_and_has_values_alone(
    text: str, others: list[str], so: bool
) -> None:
    assert is_elliptical(text, others, "en") is so


def test_german_goes_on_too() -> None:
    assert is_elliptical("und morgen", ["und"], "de")
    assert is_elliptical("was ist mit paris", ["was", "ist", "mit"], "de")


def test_what_is_pointed_at_may_be_called_by_its_name() -> None:
    assert named("play that song in the same room", "en") == {"song", "room"}
    assert named("spiel dieses lied", "de") == {"lied"}
    assert named("take that to the attic", "en") == frozenset(), "`to` is nobody's name"
    assert named("play a song", "en") == named("joue cette chanson", "fr") == frozenset()
