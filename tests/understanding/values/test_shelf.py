"""Very many values, kept in arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.bundle.layout import Packed
from sayso.bundle.tensors import pack, unpack
from sayso.types.skills import Language, Skill, SlotType, TypeValue
from sayso.understanding.values import shelves
from sayso.understanding.values.shelf import Shelf, build, phrase

VALUES = (
    TypeValue("Kitchen Light", "k", ("lamp over the stove",), {"note": [1, "é"]}),
    TypeValue("Schlafzimmer", None, ("Bett & Zimmer", "रसोई")),
    TypeValue("Kitchen Light", "", ()),
    TypeValue("", "empty"),
)


def test_a_shelf_is_a_sequence_of_the_values_it_was_made_of() -> None:
    shelf = build(VALUES, "en")
    assert shelf == VALUES
    assert tuple(shelf) == VALUES
    assert shelf[1:3] == VALUES[1:3]
    assert shelf[-1] == VALUES[-1]
    assert shelf != VALUES[:3]
    assert (len(shelf), shelf.names) == (4, 7)
    with pytest.raises(IndexError):
        shelf[4]


def test_names_are_found_by_their_key_and_lead_to_their_value() -> None:
    shelf = build(VALUES, "en")
    assert [shelf.owner(at) for at in shelf.exact("kitchenlight")] == [
        ("Kitchen Light", "k"),
        ("Kitchen Light", ""),
    ]
    assert [shelf.owner(at) for at in shelf.exact("bettandzimmer")] == [("Schlafzimmer", None)]
    assert shelf.exact("kitchen") == []


def test_phrases_are_known_as_the_slot_tagger_sees_them() -> None:
    shelf = build(VALUES, "en")
    asked = [("kitchen", "light"), ("kitchen",), ("lamp", "over", "the", "stove")]
    hashes = np.array([phrase(forms) for forms in asked], np.uint64)
    assert shelf.holds(hashes).tolist() == [True, False, True]


def test_a_shelf_comes_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    shelf = build(VALUES, "en")
    (tmp_path / "values").write_bytes(pack(Packed(shelf.arrays)))
    assert Shelf(unpack((tmp_path / "values").read_bytes()).tensors, "en") == VALUES


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.builds(
            TypeValue,
            st.text(st.characters(), max_size=8),
            st.none() | st.text(st.characters(), max_size=5),
            st.lists(st.text(max_size=8), max_size=2).map(tuple),
        ),
        max_size=6,
    )
)
def test_any_values_come_back(values: list[TypeValue]) -> None:
    assert build(values, "en") == values


def skill(count: int) -> Skill:
    many = SlotType("Song", tuple(TypeValue(f"song {n}", str(n)) for n in range(count)))
    few = SlotType("Room", (TypeValue("attic"),))
    return Skill("music", "Music", languages=(Language("en-US", types=(few, many)),))


def test_a_skill_with_few_values_stays_what_it_is() -> None:
    small = skill(shelves.MOST_LISTED)
    assert shelves.shelve(small) is small
    assert shelves.lighten(small) is small
    assert shelves.pack(small.languages[0]) == {}


def test_many_values_go_on_a_shelf_and_out_of_the_definition() -> None:
    large = skill(shelves.MOST_LISTED + 1)
    held = shelves.shelve(large)
    assert held == large
    assert shelves.shelve(held) is held
    light = shelves.lighten(held)
    assert [len(kind.values) for kind in light.languages[0].types] == [1, 0]
    again = shelves.restore(light.languages[0], shelves.pack(held.languages[0]))
    assert again == large.languages[0]
    assert isinstance(again.types[1].values, Shelf)


def test_values_indexed_by_other_rules_are_refused() -> None:
    held = shelves.shelve(skill(shelves.MOST_LISTED + 1)).languages[0]
    arrays = {f"1.99.{key.split('.', 2)[2]}": x for key, x in shelves.pack(held).items()}
    with pytest.raises(ValueError, match="rules 99"):
        shelves.restore(held, arrays)
