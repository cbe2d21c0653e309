"""Intents called by their names: what is missing is said, nothing is done without a yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sayso.errors import RequestError, SkillError
from sayso.runtime.calling import Called, NamedCall
from sayso.runtime.home import Home
from sayso.types.context import Asked
from sayso.types.readings import Basis


def boil(home: Home, **more: Any) -> Called:
    return home.call(NamedCall("eggs", "Boil", user="ana", **more))


def unlock(home: Home, **more: Any) -> Called:
    return home.call(NamedCall("door", "Unlock", user="ana", **more))


def test_a_call_is_done_and_logged_with_the_words_it_was_for(home: Home) -> None:
    called = boil(home, arguments={"length": "PT4M"}, text="four minutes for my egg please")
    assert called.reply.speech == "Boiling for PT4M."
    assert called.asks is None
    (logged,) = home.store.interactions(user="ana")
    assert logged.reply == called.reply
    assert logged.utterance.text == "four minutes for my egg please"
    assert (logged.decision.basis, logged.decision.propensity) == (Basis.NAMED, 1.0)
    assert home.ring() == 0  # its announcement is scheduled, and not due yet


def test_values_may_be_written_or_said(home: Home) -> None:
    assert boil(home, arguments={"length": "four minutes"}).reply.speech == "Boiling for PT4M."
    story = NamedCall("guide", "Story", {"town": "brookend"})
    assert home.call(story).reply.speech.startswith("Long ago in Brook End")


def test_what_is_missing_is_asked_for_and_nothing_is_done(home: Home) -> None:
    called = boil(home)
    assert (called.missing, called.reply.speech) == ("length", "For how long?")
    left = home.call(NamedCall("eggs", "Left", user="ana"))
    assert left.reply.speech == "It boils for nobody knows how long."


def test_what_wants_a_yes_is_not_done_without_one(home: Home) -> None:
    called = unlock(home)
    assert called.asks is not None
    assert (called.asks.asked, called.reply.speech) == (
        Asked.CONFIRM,
        "Shall I really unlock the door?",
    )
    assert unlock(home, confirmed=True).reply.speech == "The door is open."


def test_what_has_side_effects_takes_a_yes_though_its_skill_asks_for_none(home: Home) -> None:
    skill = home.engine.skills["eggs"]
    language = skill.languages[0]
    costly = tuple(replace(intent, side_effects=True) for intent in language.intents)
    home.learn(replace(skill, languages=(replace(language, intents=costly),)))
    assert boil(home).missing == "length"
    called = boil(home, arguments={"length": "PT4M"})
    assert (called.asks is not None, called.missing) == (True, None)
    assert called.reply.speech == "Are you sure?"
    done = boil(home, arguments={"length": "PT4M"}, confirmed=True)
    assert done.reply.speech == "Boiling for PT4M."


def test_a_call_leaves_no_question_behind_in_a_conversation(home: Home) -> None:
    unlock(home, conversation="c1")
    assert home.turn("yes", user="ana", conversation="c1").speech != "The door is open."


@pytest.mark.parametrize(
    ("arguments", "field", "message"),
    [
        ({"size": "big"}, "arguments.size", "no argument of Boil; known: length"),
        ({"length": "soon"}, "arguments.length", '"soon" is not a duration such as PT5M'),
        ({"length": {"m": 4}}, "arguments.length", "not dict"),
        ({"length": ["PT4M", "PT5M"]}, "arguments.length", "one value, not a list"),
        ({"length": ""}, "arguments.length", "takes 1 to"),
    ],
)
def test_wrong_arguments_are_named(
    home: Home, arguments: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(RequestError, match=message) as refused:
        boil(home, arguments=arguments)
    assert refused.value.field == field
    assert list(home.store.interactions(user="ana")) == []


def test_unknown_skills_and_intents_are_named(home: Home) -> None:
    with pytest.raises(SkillError, match="egs"):
        home.call(NamedCall("egs", "Boil"))
    with pytest.raises(SkillError, match='no intent "Fry"; it has Boil, Left'):
        home.call(NamedCall("eggs", "Fry"))
    with pytest.raises(SkillError, match="no intent"):
        home.call(NamedCall("guide", "AMAZON.YesIntent"))


def test_as_many_intents_are_found_as_are_asked_for(home: Home) -> None:
    found = home.find("is the egg done yet", k=4, user="ana")
    assert (found[0].skill, found[0].intent) == ("eggs", "Left")
    assert len(found) == 4
    assert len({(each.skill, each.intent) for each in found}) == 4
    assert sum(each.confidence for each in found) < 1
    assert list(home.store.interactions(user="ana")) == []


def test_one_is_found_as_a_turn_would_read_it(home: Home) -> None:
    text = "tell me a story about stone hill"
    (found,) = home.find(text, k=1)
    read = home.understand(text)[0]
    assert (found.skill, found.intent, found.slots) == (read.skill, read.intent, read.slots)
