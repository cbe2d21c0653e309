"""Is what was heard the answer to the question in the air?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.bundle import Packed
from sayso.dialogue.answers import answer
from sayso.dialogue.awaited import is_thinking
from sayso.dialogue.loose import loose_answer
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Intent, Skill, Slot, SlotType, TypeValue
from sayso.understanding.contract import Heard, Reading, Tagged
from sayso.understanding.frames import Frames
from sayso.understanding.heard import hear
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import Examples
from sayso.understanding.values.resolve import Resolver
from tests.dialogue.nouns import OVEN, TIMER, context, reading, slot


@dataclass(frozen=True, slots=True)
class Tagger:
    """A skill's model that reads the one intent it is asked for, with slots given beforehand."""

    tags: Sequence[Tagged] = ()
    intents: Sequence[str] = field(default=("Set",))

    def scores(self, heard: Heard) -> Mapping[str, float]:
        return dict.fromkeys(self.intents, 0.0)

    def likely(
        self, heard: Heard, *, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        return [(intent, 1.0) for intent in (among or self.intents)]

    def tag(self, heard: Heard, intents: Sequence[str]) -> Mapping[str, Sequence[Tagged]]:
        return dict.fromkeys(intents, self.tags)

    def read(
        self, heard: Heard, *, among: Collection[str] | None = None, limit: int = 3
    ) -> list[Reading]:
        return [Reading(intent, 1.0, self.tags) for intent in (among or self.intents)]

    def pack(self) -> Packed:
        return Packed()


ORDER = Intent(
    "Order",
    samples=("order {size} {dish} at {time}",),
    slots=(
        Slot("dish", "Dish", required=True),
        Slot("time", "AMAZON.TIME", required=True),
        Slot("note", "AMAZON.SearchQuery", required=True),
    ),
)
DISHES = SlotType("Dish", (TypeValue("soup", "1", ("broth",)), TypeValue("stew", "2")))
KITCHEN = Skill(
    "kitchen",
    "Soup Kitchen",
    languages=(
        replace(
            TIMER.languages[0], invocation_name="the kitchen", intents=(ORDER,), types=(DISHES,)
        ),
    ),
)


def held(skill: Skill, *tags: Tagged) -> Installed:
    language = skill.languages[0]
    return Installed(
        skill=skill,
        version="v1",
        locale=language.locale,
        language=language,
        model=Tagger(tags),
        examples=Examples(skill.id, (), ()),
        resolver=Resolver(language),
        known={},
        frames=Frames(language),
    )


INSTALLED: Mapping[str, Installed] = {x.id: held(x) for x in (TIMER, OVEN, KITCHEN)}
PENDING = reading("Order", slot("size", "large"), skill="kitchen")


def awaiting_slot(name: str, pending: Hypothesis = PENDING) -> Context:
    return context(awaiting=Awaiting(Asked.SLOT, pending, name))


def answered(text: str, before: Context, *tags: Tagged) -> Hypothesis | None:
    return answer(hear(text, None), before, {**INSTALLED, "kitchen": held(KITCHEN, *tags)})


def value(found: Hypothesis | None, name: str) -> SlotValue:
    assert found is not None
    return next(each for each in found.slots if each.name == name)


def test_without_a_question_nothing_is_an_answer() -> None:
    assert answered("yes", context()) is None


@pytest.mark.parametrize("text", ["soup", "Soup!", "broth"])
def test_a_known_value_fills_the_awaited_slot(text: str) -> None:
    found = answered(text, awaiting_slot("dish"))
    dish = value(found, "dish")
    assert (dish.id, dish.normalised, dish.status) == ("1", "soup", ResolutionStatus.MATCHED)
    assert value(found, "size").value == "large", "what was said before is kept"
    assert found is not None
    assert (found.intent, found.confidence) == ("Order", 1.0)


def test_a_tagged_value_inside_a_sentence_fills_the_slot() -> None:
    text = "i would like the stew i think"
    found = answered(text, awaiting_slot("dish"), Tagged("dish", 17, 21, 0.9))
    dish = value(found, "dish")
    assert (dish.value, dish.id) == ("stew", "2")


def test_a_built_in_value_inside_a_sentence_fills_the_slot() -> None:
    time = value(answered("at half past six, please", awaiting_slot("time")), "time")
    assert time.normalised == "06:30"
    assert time.start is not None
    assert "half past six" in "at half past six, please"[time.start : time.end]


def test_a_value_that_the_skill_has_set_for_its_session_fills_the_slot() -> None:
    today = (SlotType("Dish", (TypeValue("Trefil pie", "9"),)),)
    asked = replace(awaiting_slot("dish"), entities=today)
    open_ = replace(asked, active="kitchen")
    for text in ("trefil pie", "the trefill pie", "I take the trefil pie please"):
        assert value(answered(text, open_), "dish").id == "9"
        assert answered(text, asked) is None, "they are of its own session only"


def test_an_answer_replaces_what_the_slot_held() -> None:
    pending = reading("Order", slot("dish", "nothing"), skill="kitchen")
    found = answered("stew", awaiting_slot("dish", pending))
    assert found is not None
    assert [each.value for each in found.slots] == ["stew"]


@pytest.mark.parametrize("text", ["marmalade", "beans on toast", "seventeen dwarves sing"])
def test_an_unknown_value_is_no_answer_unless_nothing_else_is_understood(text: str) -> None:
    before = awaiting_slot("dish")
    assert answered(text, before) is None
    loose = loose_answer(hear(text, None), before, INSTALLED)
    dish = value(loose, "dish")
    assert (dish.value, dish.status) == (text, ResolutionStatus.NOT_MATCHED)
    assert dish.id is None


@pytest.mark.parametrize("text", ["what's the weather", "Could you open the window?"])
def test_what_is_said_as_a_request_is_no_unknown_value_but_may_be_a_free_text(text: str) -> None:
    assert loose_answer(hear(text, None), awaiting_slot("dish"), INSTALLED) is None
    note = value(loose_answer(hear(text, None), awaiting_slot("note"), INSTALLED), "note")
    assert note.value == text


@pytest.mark.parametrize(
    "text", ["hm", "Um, I don't know", "let me think", "oh, no idea", "I need to think about that"]
)
def test_who_says_that_the_answer_is_still_to_come_has_not_answered(text: str) -> None:
    assert is_thinking(hear(text, None), awaiting_slot("dish"), INSTALLED)
    assert not is_thinking(hear(text, None), context(), INSTALLED)


@pytest.mark.parametrize("text", ["", "stew", "no", "wait, the stew", "a second later"])
def test_words_with_something_in_them_are_no_hesitation(text: str) -> None:
    assert not is_thinking(hear(text, None), awaiting_slot("dish"), INSTALLED)


def test_i_do_not_know_is_an_answer_to_a_skill_that_has_it_among_its_samples() -> None:
    quiz = replace(INSTALLED["kitchen"], known={"i dont know": "Pass"})
    heard = hear("I don't know", None)
    assert not is_thinking(heard, awaiting_slot("dish"), {**INSTALLED, "kitchen": quiz})


def test_free_text_is_taken_as_it_is_when_nothing_else_is_understood() -> None:
    heard = hear("no onions, and hurry", None)
    note = value(loose_answer(heard, awaiting_slot("note"), INSTALLED), "note")
    assert note.value == "no onions, and hurry"


@pytest.mark.parametrize("text", ["stop", "cancel", "never mind", "Forget it."])
@pytest.mark.parametrize("name", ["dish", "time", "note"])
def test_stop_in_a_question_is_no_value_for_its_slot(text: str, name: str) -> None:
    found = answered(text, awaiting_slot(name))
    assert found is not None
    assert (found.skill, found.intent) == ("kitchen", "AMAZON.CancelIntent")


@pytest.mark.parametrize("text", ["stop", "cancel", "forget it", "no", "no thanks"])
def test_stop_leaves_a_question_which_one(text: str) -> None:
    found = answered(text, context(awaiting=Awaiting(Asked.WHICH, options=WHICH)))
    assert found is not None
    assert found.intent == "AMAZON.NoIntent"


CONFIRM = context(awaiting=Awaiting(Asked.CONFIRM, PENDING))


@pytest.mark.parametrize("text", ["yes", "Yes, please!", "yeah", "sure", "yes do it now"])
def test_a_yes_lets_the_reading_go_on(text: str) -> None:
    assert answered(text, CONFIRM) == PENDING


@pytest.mark.parametrize("text", ["no", "No.", "nope", "no thanks", "no don't order that"])
def test_a_no_is_told_to_the_dialogue(text: str) -> None:
    found = answered(text, CONFIRM)
    assert found is not None
    assert (found.skill, found.intent) == ("kitchen", "AMAZON.NoIntent")


@pytest.mark.parametrize(
    "text", ["maybe", "what's the weather", "yes but make it two large soups instead", "yesterday"]
)
def test_neither_yes_nor_no_is_no_answer(text: str) -> None:
    assert answered(text, CONFIRM) is None


WHICH = (reading("Set"), reading("Order", skill="kitchen"))


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Timer", "timer"),
        ("the timer please", "timer"),
        ("I meant the soup kitchen", "kitchen"),
        ("the kitchen", "kitchen"),
        ("the first one", "timer"),
        ("second", "kitchen"),
        ("the 2nd", "kitchen"),
        ("number two", "kitchen"),
        ("two", "kitchen"),
        ("1", "timer"),
    ],
)
def test_which_one_is_said_by_name_or_by_place(text: str, skill: str) -> None:
    found = answered(text, context(awaiting=Awaiting(Asked.WHICH, options=WHICH)))
    assert found is not None
    assert (found.skill, found.confidence) == (skill, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "the third one",
        "neither",
        "the timer or the soup kitchen",
        "remind me on the first of may at noon",
        "set a timer for two minutes",
        "oven",
    ],
)
def test_what_names_none_or_both_is_no_choice(text: str) -> None:
    before = context(awaiting=Awaiting(Asked.WHICH, options=WHICH))
    assert answered(text, before) is None


def test_two_intents_of_one_skill_are_told_apart_by_place_alone() -> None:
    options = (reading("Set"), reading("Reset"))
    before = context(awaiting=Awaiting(Asked.WHICH, options=options))
    assert answered("timer", before) is None
    found = answered("the second", before)
    assert found is not None
    assert found.intent == "Reset"


def test_two_readings_of_one_intent_are_told_apart_by_a_value_that_one_has() -> None:
    options = [reading("Set", slot("time", x), slot("dish", "soup")) for x in ("noon", "ten")]
    before = context(awaiting=Awaiting(Asked.WHICH, options=options))
    assert answered("the one at ten", before) == replace(options[1], confidence=1.0)
    assert answered("soup", before) is None


@pytest.mark.parametrize("asked", [Asked.SLOT, Asked.CONFIRM])
def test_a_question_of_a_skill_that_was_taken_out_has_no_answer(asked: Asked) -> None:
    gone = replace(PENDING, skill="gone")
    before = context(awaiting=Awaiting(asked, gone, "dish"))
    assert answered("yes", before) is None
    assert loose_answer(hear("soup", None), before, INSTALLED) is None


def test_a_slot_that_the_skill_no_longer_has_gets_no_value() -> None:
    before = awaiting_slot("colour")
    assert answered("red", before) is None
    assert loose_answer(hear("red", None), before, INSTALLED) is None


@given(
    st.text(max_size=40),
    st.sampled_from(
        [
            awaiting_slot("dish"),
            awaiting_slot("time"),
            awaiting_slot("note"),
            CONFIRM,
            context(awaiting=Awaiting(Asked.WHICH, options=WHICH)),
        ]
    ),
)
def test_no_text_makes_answering_fail(text: str, before: Context) -> None:
    heard = hear(text, None)
    answer(heard, before, INSTALLED)
    loose_answer(heard, before, INSTALLED)


@pytest.mark.parametrize("text", ["yes", "yes please", "the timer"])
def test_a_question_about_one_reading_is_answered_by_yes_or_its_name(text: str) -> None:
    only = reading("Reset")
    found = answered(text, context(awaiting=Awaiting(Asked.WHICH, options=(only,))))
    assert found == replace(only, confidence=1.0)


def test_yes_chooses_none_of_two() -> None:
    options = (reading("Reset"), reading("Heat", skill="oven"))
    assert answered("yes", context(awaiting=Awaiting(Asked.WHICH, options=options))) is None


def test_what_a_session_did_last_is_put_right_in_it_and_nothing_of_another_skill() -> None:
    done = reading("Order", slot("dish", "soup"), skill="kitchen")
    put_right = answered("no, stew", context(active="kitchen", done=done))
    assert value(put_right, "dish").normalised == "stew"
    assert answered("no, stew", context(active="timer", done=done)) is None
    assert answered("stew", context(active="kitchen", done=done)) is None
