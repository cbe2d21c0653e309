"""Answers for slots that are known by what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sayso.dialogue.answers import answer
from sayso.dialogue.loose import loose_answer
from sayso.encoders.encoder import Encoder
from sayso.types.context import Asked, Awaiting
from sayso.types.readings import Hypothesis
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.heard import hear
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit
from tests.dialogue.nouns import context, reading, slot

FREE = "AMAZON.SearchQuery"
TRAVEL = Intent(
    "FindFerries",
    ("find ferries", "look for ferries"),
    (
        Slot("from_harbour", FREE, required=True, description="Harbour where the journey starts"),
        Slot("to_harbour", FREE, required=True, description="Harbour where the journey ends"),
        Slot("day", "AMAZON.DATE", required=True, description="Day on which the ferry leaves"),
        Slot("travellers", "AMAZON.NUMBER", required=True, description="Number of passengers"),
        Slot("cabin", "cabin", description="How comfortable the cabin is"),
        Slot("return_day", "AMAZON.DATE", description="Day on which to travel back"),
        Slot("breakfast", "yes_no", description="Whether breakfast is wanted"),
    ),
    description="Search for ferries between two harbours",
)
NOTE = Intent(
    "WriteNote",
    ("write a note",),
    (Slot("text", FREE, required=True, description="Text of the note"),),
    description="Write something down",
)
CABINS = SlotType("cabin", (TypeValue("plain"), TypeValue("deluxe")))
YES_NO = SlotType("yes_no", (TypeValue("true", None, ("yes", "on")), TypeValue("false")))
FERRIES = Skill(
    "ferries",
    "Ferries",
    languages=(Language("en-US", "ferries", intents=(TRAVEL, NOTE), types=(CABINS, YES_NO)),),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def held(encoder: Encoder) -> Installed:
    return fit(FERRIES, FERRIES.languages[0], engine="shared", encoder=encoder)


class Answered:
    """What becomes of an answer."""

    def __init__(self, held: Installed, encoder: Encoder) -> None:
        self.installed = {"ferries": held}
        self._encoder = encoder

    def surely(self, text: str, asked: str, pending: Hypothesis) -> Hypothesis | None:
        """Where the words leave no doubt that it is one."""
        before = context(awaiting=Awaiting(Asked.SLOT, pending, asked), active="ferries")
        return answer(hear(text, self._encoder), before, self.installed)

    def __call__(
        self, text: str, asked: str, pending: Hypothesis | None = None
    ) -> Mapping[str, str]:
        """The values, where nothing else was meant."""
        pending = pending or Hypothesis("ferries", "FindFerries")
        found = self.surely(text, asked, pending)
        if found is None:
            before = context(awaiting=Awaiting(Asked.SLOT, pending, asked), active="ferries")
            found = loose_answer(hear(text, self._encoder), before, self.installed)
        return {x.name: x.value for x in found.slots} if found is not None else {}


@pytest.fixture
def answered(held: Installed, encoder: Encoder) -> Answered:
    return Answered(held, encoder)


def test_a_name_is_told_from_the_words_around_it(answered: Answered) -> None:
    assert answered("Dover", "from_harbour") == {"from_harbour": "Dover"}
    assert answered("Dover please", "from_harbour") == {"from_harbour": "Dover"}
    assert answered("we are leaving from Dover", "from_harbour") == {"from_harbour": "Dover"}
    assert answered("I want to go to Calais", "to_harbour") == {"to_harbour": "Calais"}


def test_a_sigh_is_no_name(answered: Answered) -> None:
    assert "Dover" in answered("oh, Dover", "from_harbour")["from_harbour"]


def test_who_says_two_things_is_not_asked_for_the_second(answered: Answered) -> None:
    found = answered("from Dover to Calais", "from_harbour")
    assert found == {"from_harbour": "Dover", "to_harbour": "Calais"}
    found = answered("to Calais in a deluxe cabin", "to_harbour")
    assert found == {"to_harbour": "Calais", "cabin": "deluxe"}


def test_what_was_said_before_it_was_asked_for_is_taken(answered: Answered) -> None:
    found = answered("tomorrow, for three people", "to_harbour")
    assert found == {"day": "tomorrow", "travellers": "three"}


def test_a_day_is_the_one_that_the_words_beside_it_say(answered: Answered) -> None:
    assert answered("we travel back on Friday", "from_harbour") == {"return_day": "Friday"}


def test_what_was_asked_for_comes_first(answered: Answered) -> None:
    assert answered("we leave on Friday", "return_day") == {"return_day": "Friday"}


def test_a_yes_is_said_of_what_was_asked_alone(answered: Answered) -> None:
    assert answered("yes, for tomorrow", "day") == {"day": "tomorrow"}
    assert answered("on Friday", "day") == {"day": "Friday"}
    assert answered("yes please", "breakfast") == {"breakfast": "yes"}


def test_words_of_the_description_beside_a_value_say_nothing_more(answered: Answered) -> None:
    pending = Hypothesis("ferries", "FindFerries")
    found = answered.surely("we will be four passengers", "travellers", pending)
    assert found is not None
    assert [(x.name, x.value) for x in found.slots] == [("travellers", "four")]


def test_what_is_only_described_may_mean_something_else(answered: Answered) -> None:
    pending = Hypothesis("ferries", "FindFerries")
    assert answered.surely("Dover", "from_harbour", pending) is None
    assert answered.surely("tomorrow", "day", pending) is not None


def test_what_was_filled_stays(answered: Answered) -> None:
    pending = reading("FindFerries", slot("from_harbour", "Dover"), skill="ferries")
    found = answered("Calais", "to_harbour", pending)
    assert found == {"from_harbour": "Dover", "to_harbour": "Calais"}


def test_a_text_is_all_its_words(answered: Answered) -> None:
    note = Hypothesis("ferries", "WriteNote")
    for text in ("call Maria tomorrow", "I want to go to Dover", "milk and two breads"):
        assert answered(text, "text", note) == {"text": text}


def test_without_descriptions_all_words_are_the_answer(answered: Answered, held: Installed) -> None:
    answered.installed = {"ferries": replace(held, descriptions=None)}
    assert answered("from Dover to Calais", "from_harbour") == {
        "from_harbour": "from Dover to Calais"
    }


def test_a_request_is_no_answer(answered: Answered) -> None:
    pending = Hypothesis("ferries", "FindFerries")
    assert answered.surely("turn off the lights in the kitchen", "to_harbour", pending) is None
