"""A skill that turns a request down was wrongly chosen for it."""

from __future__ import annotations

from typing import Any

import pytest

from sayso.labels.refused import refused
from sayso.skills.refusals import is_refusal
from sayso.types.lessons import LabelSource
from sayso.types.turns import Interaction
from tests.labels.turns import turn

NO = "Sorry, I don't know that one."


def people(count: int, text: str = "price of gold", **how: Any) -> list[Interaction]:
    """So many people ask for the same; names tell them apart by what they heard."""
    kind = how.get("speech", "served")
    return [turn(text, user=f"{kind}-{n}", **how) for n in range(count)]


def test_a_request_that_several_were_refused_speaks_against_the_skill() -> None:
    (label,) = refused(people(3, speech=NO))
    assert (label.text, label.skill, label.source) == ("price of gold", "quiz", LabelSource.LOG)
    assert label.weight == pytest.approx(-0.75)


def test_the_more_people_are_refused_the_more_it_weighs_and_never_all() -> None:
    weights = [refused(people(count, speech=NO))[0].weight for count in (3, 5, 50)]
    assert weights == sorted(weights, reverse=True)
    assert -1 < weights[-1] < -0.9


def test_one_refusal_may_be_the_recognisers_fault() -> None:
    assert refused(people(1, speech=NO)) == []
    assert refused([turn("price of gold", number=n, speech=NO) for n in range(9)]) == []


def test_who_is_mostly_served_is_not_doubted() -> None:
    assert refused([*people(3, speech=NO), *people(4)]) == []
    assert len(refused([*people(4, speech=NO), *people(3)])) == 1


def test_the_last_word_of_a_person_counts() -> None:
    first = people(3, speech=NO)
    later = [turn("price of gold", user=each.user, number=2) for each in first]
    assert refused([*first, *later]) == []


def test_a_failure_counts_half_as_it_may_be_the_back_ends_own() -> None:
    others = people(30, "start a round")
    failed = people(4, failure="it raised KeyError")
    assert refused([*failed[:3], *others]) == []
    assert refused([*failed, *others]) == []  # half of them: no more than were served
    (label,) = refused([*people(3, speech=NO), *failed, *others])
    assert label.weight == pytest.approx(-5 / 8)


def test_a_skill_that_is_out_of_order_has_refused_nothing_by_failing() -> None:
    down = people(9, failure="no connection")
    mixed = [*down, *people(3, speech=NO)]
    assert refused(down) == []
    assert refused(mixed) == []


def test_what_is_refused_within_a_session_says_nothing_of_the_hall() -> None:
    turns = []
    for person in "abc":
        turns.append(turn("start a round", user=person, ended=False))
        turns.append(turn("the capital", user=person, number=2, speech=NO))
    assert refused(turns) == []


@pytest.mark.parametrize(
    ("speech", "locale"),
    [
        ("I don't know that one.", "en-US"),
        ("Sorry, I can’t help with that.", "en-GB"),
        ("Hmm. I'm not sure how to help with that. Try asking for a fact!", "en-US"),
        ("Sorry, I didn't get that", "en-US"),
        ("I can't do that yet.", "en-US"),
        ("No match.", "en-US"),
        ("Das weiß ich leider nicht.", "de-DE"),
        ("Entschuldigung, dabei kann ich dir leider nicht helfen.", "de-AT"),
        ("Lo siento, no lo sé.", "es-ES"),
        ("Désolé, je ne sais pas.", "fr-FR"),
    ],
)
def test_these_replies_turn_a_request_down(speech: str, locale: str) -> None:
    assert is_refusal(speech, locale)


@pytest.mark.parametrize(
    "speech",
    [
        "",
        "Sorry.",
        "I don't know a town called Bree.",
        "Your timer is set. I can't do that yet.",
        "That is all I know. Do you want to know more?",
        "Owls can't move their eyes.",
        "I can't believe it's Friday!",
    ],
)
def test_these_do_not(speech: str) -> None:
    assert not is_refusal(speech, "en-US")


def test_a_tongue_without_patterns_has_no_refusals() -> None:
    assert not is_refusal("I don't know that one.", "ja-JP")
