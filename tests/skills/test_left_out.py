"""Who leaves out what will be asked for says the rest of a sample."""

from __future__ import annotations

from sayso.skills.left_out import left_out
from sayso.types.lessons import LabelSource
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

ROOM = Slot("room", "ROOM")
LEVEL = Slot(
    "level",
    "AMAZON.NUMBER",
    required=True,
    ask=("To how many percent?",),
    samples=("{level} percent", "to {level} percent"),
)


def cuts(*intents: Intent) -> dict[str, str]:
    """Template -> text of what is left, of a skill of these intents."""
    rooms = SlotType("ROOM", (TypeValue("attic"),))
    language = Language("en-US", intents=intents, types=(rooms,))
    made = left_out(Skill("lamps", "Lamps", languages=(language,)), language)
    assert all(each.source is LabelSource.LEFT_OUT for each in made)
    return {each.template or "": each.text for each in made}


def intent(name: str, *samples: str, level: Slot = LEVEL) -> Intent:
    return Intent(name, samples=samples, slots=(ROOM, level))


def test_what_is_asked_for_is_cut_off_with_the_words_that_lead_up_to_it() -> None:
    found = cuts(intent("Set", "change the {room} brightness to {level} percent"))
    assert found == {
        "change the {room} brightness to {level} percent": "change the attic brightness"
    }
    assert cuts(intent("Set", "adjust the lights to {level}")) == {
        "adjust the lights to {level}": "adjust the lights"
    }


def test_nothing_is_cut_off_that_is_not_asked_for() -> None:
    optional = Slot("level", "AMAZON.NUMBER")
    assert cuts(intent("Set", "adjust the lights to {level}", level=optional)) == {}


def test_a_value_within_a_sentence_stays() -> None:
    assert cuts(intent("Set", "put {level} percent on the lights")) == {}


def test_too_few_words_are_no_request() -> None:
    assert cuts(intent("Set", "set it to {level}")) == {}


def test_what_another_intent_says_too_is_left_to_it() -> None:
    dim = intent("Dim", "dim down the lights")
    assert cuts(intent("Set", "dim the lights to {level}"), dim) == {}
    both = (
        intent("Set", "adjust the lights to {level}"),
        intent("Tint", "adjust the lights {level}"),
    )
    assert cuts(*both) == {}


def test_other_tongues_have_words_that_lead_up_to_a_value() -> None:
    assert cuts(intent("Set", "stelle das Licht auf {level}")) == {
        "stelle das Licht auf {level}": "stelle das Licht"
    }
