"""Whoever names a skill tells what the rest of the words mean."""

from __future__ import annotations

from typing import Any

import pytest

from sayso.labels import project
from sayso.labels.named import named
from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.readings import LAUNCH, SlotValue
from sayso.types.turns import Interaction
from tests.labels.turns import turn

NAMES = {"quiz": ["Lemon Quiz"]}


def said(text: str, people: int = 3, **how: Any) -> list[Interaction]:
    """So many people ask lemon quiz for something."""
    return [turn(text, user=f"person-{n}", named=True, **how) for n in range(people)]


def test_the_rest_of_the_words_is_a_label_of_the_skill_that_was_named() -> None:
    (label,) = named(said("start a round"), NAMES)
    assert label == Label(
        "start a round", "quiz", "Start", "en-US", source=LabelSource.LOG, weight=0.6
    )


def test_a_label_weighs_as_much_as_a_sample_from_five_people_on() -> None:
    assert [label.weight for label in named(said("start a round", 5), NAMES)] == [1.0]
    assert [label.weight for label in named(said("start a round", 50), NAMES)] == [1.0]


def test_a_person_has_one_vote_however_often_they_insist() -> None:
    assert named([turn("start a round", number=n, named=True) for n in range(9)], NAMES) == []


def test_what_one_person_alone_says_is_no_label() -> None:
    assert named(said("call my doctor", 1), NAMES) == []


def test_a_sentence_is_the_same_however_it_is_written_and_the_commonest_way_is_kept() -> None:
    turns = [*said("start a round"), turn("Start a round!", user="zoe", named=True)]
    assert [(label.text, label.weight) for label in named(turns, NAMES)] == [("start a round", 0.8)]


def test_who_was_not_named_teaches_nothing() -> None:
    assert named([turn("start a round", user=f"{n}") for n in range(5)], NAMES) == []


@pytest.mark.parametrize("rest", ["help", "Stop!", "what can you do", "?", "open lemon quiz again"])
def test_a_rest_that_asks_for_nothing_by_itself_is_no_label(rest: str) -> None:
    assert named(said(rest), NAMES) == []


@pytest.mark.parametrize(
    "how",
    [
        {"failure": "the back-end took longer than 2 s"},
        {"speech": "Sorry, I don't know that one."},
        {"intent": LAUNCH},
        {"intent": "AMAZON.HelpIntent"},
        {"confidence": 0.2, "rival": 0.3},
    ],
    ids=["failed", "refused", "only opened", "standard intent", "another intent as likely"],
)
def test_a_turn_that_did_not_do_it_is_no_lesson(how: dict[str, Any]) -> None:
    assert named(said("start a round", **how), NAMES) == []


def test_words_that_are_new_to_the_skill_are_worth_the_most() -> None:
    assert len(named(said("give me a round", confidence=0.07, rival=0.01), NAMES)) == 1


def test_an_answer_within_a_session_is_no_lesson() -> None:
    turns = []
    for person in "abc":
        turns.append(turn("start a round", user=person, named=True, ended=False))
        turns.append(turn("the second one", user=person, number=2, named=True))
        turns.append(turn("tell my score", user=person, number=3, named=True))
    assert {label.text for label in named(turns, NAMES)} == {"start a round", "tell my score"}


def test_what_a_person_says_outside_is_a_lesson_though_another_is_in_a_session() -> None:
    held = turn("start a round", user="bob", named=True, ended=False)
    assert len(named([held, *said("tell my score")], NAMES)) == 1


def test_the_slots_that_were_said_come_along() -> None:
    slots = (
        SlotValue("topic", "Topic", "owls", 14, 18),
        SlotValue("count", "AMAZON.NUMBER", "ten", 4, 7),
        SlotValue("level", "Level", "easy"),  # carried over: not among these words
    )
    (label,) = named(said("ask ten about owls", slots=slots), NAMES)
    assert label.spans == (Span("count", 4, 7), Span("topic", 14, 18))
    assert [label.text[span.start : span.end] for span in label.spans] == ["ten", "owls"]


def test_the_intent_is_that_of_most_people() -> None:
    turns = [*said("again please now", 3), turn("again please now", user="zoe", named=True)]
    turns += [turn("again please now", user=f"x{n}", named=True, intent="Repeat") for n in "ab"]
    assert [label.intent for label in named(turns, NAMES)] == ["Start"]


def test_a_log_gives_labels_for_and_against() -> None:
    refused = [
        turn("play owls", user=f"{n}", skill="radio", speech="I can't do that.") for n in "abc"
    ]
    labels = project([*said("start a round"), *refused], NAMES)
    assert [(label.skill, label.weight > 0) for label in labels] == [
        ("quiz", True),
        ("radio", False),
    ]
