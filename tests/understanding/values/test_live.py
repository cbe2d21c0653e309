"""Values that only the conversation has."""

from __future__ import annotations

import pytest

from sayso.types.skills import Intent, Slot, SlotType, TypeValue
from sayso.understanding.contract import Tagged
from sayso.understanding.heard import hear
from sayso.understanding.values.live import SURE, Live, live, with_live

PEOPLE = SlotType("Person", (TypeValue("Zoë Brandt", "z", ("my boss",)), TypeValue("Al", "a")))
PLACES = SlotType("Place", (TypeValue("my boss's garden", "g"),))
CALL = Intent("Call", slots=(Slot("who", "Person"), Slot("where", "Place")))


def values() -> Live:
    found = live((PEOPLE, PLACES), "en")
    assert found is not None
    return found


def tagged(text: str, *tags: tuple[str, str]) -> list[tuple[str, str]]:
    """(slot, words) once the conversation's values are seen to; tags: as the model found them."""
    before = [
        Tagged(name, text.index(words), text.index(words) + len(words), 0.5) for name, words in tags
    ]
    after = with_live(before, hear(text, None), CALL, values())
    return [(tag.name, text[tag.start : tag.end]) for tag in after]


def test_without_entities_there_is_nothing() -> None:
    assert live((), "en") is None


def test_the_same_entities_are_indexed_once() -> None:
    assert live((PEOPLE,), "en") is live((PEOPLE,), "en")


def test_a_type_that_comes_twice_has_the_values_of_both() -> None:
    found = live((PEOPLE, SlotType("Person", (TypeValue("Bo"),))), "en")
    assert found is not None
    assert (found.types, len(found.catalogues["Person"])) == (("Person",), 3)


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("ring zoë brandt now", [], [("who", "zoë brandt")]),
        ("ring zoë brandt now", [("who", "zoë")], [("who", "zoë brandt")]),
        ("ring zoë brandt please", [("who", "zoë brandt please")], [("who", "zoë brandt")]),
        ("ring my boss", [], [("who", "my boss")]),
        ("meet in my boss's garden", [], [("where", "my boss's garden")]),
        ("ring alfred", [("who", "alfred")], [("who", "alfred")]),
        ("ring al or zoë brandt", [], [("who", "al")]),
        ("ring zoë brandt", [("where", "zoë brandt")], [("where", "zoë brandt")]),
    ],
)
def test_a_value_said_word_for_word_fills_its_slot(
    text: str, tags: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert tagged(text, *tags) == expected


def test_a_value_that_the_model_missed_is_sure_but_not_certain() -> None:
    (tag,) = with_live((), hear("ring al", None), CALL, values())
    assert tag.confidence == SURE < 1
