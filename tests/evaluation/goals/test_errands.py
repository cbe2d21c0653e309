"""Errands are read from a table; goals are drawn from them and met exactly or not at all."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from sayso.errors import EvaluationError
from sayso.evaluation.goals.errands import Goal, goal_of, openings, read_errands
from sayso.evaluation.goals.wishes import Wish
from sayso.types.readings import Hypothesis, SlotValue
from tests.evaluation.goals.nouns import ERRANDS, NOW, SKILLS, written

GOAL = Goal("lamps", "Dim", {"room": (Wish("lounge", frozenset(("living room",))),)})


def read(tmp_path: Path, **changes: Any) -> list[Any]:
    return read_errands(written(tmp_path, {**ERRANDS, **changes}), SKILLS)[0]


def dim(*slots: tuple[str, str, str]) -> Hypothesis:
    found = (SlotValue(name, "any", said, normalised=value) for name, said, value in slots)
    return Hypothesis("lamps", "Dim", tuple(found))


def test_a_goal_is_met_by_its_values_and_no_others() -> None:
    assert GOAL.is_met(dim(("room", "the lounge", "living room")))
    assert not GOAL.is_met(dim(("room", "the hall", "hall")))
    assert not GOAL.is_met(dim())
    assert not GOAL.is_met(dim(("room", "lounge", "living room"), ("level", "5", "5")))
    assert not GOAL.is_met(Hypothesis("lamps", "Off", dim(("room", "lounge", "living room")).slots))


def test_two_values_are_met_in_any_order_but_each_once() -> None:
    both = Goal("lamps", "Dim", {"room": (*GOAL.slots["room"], Wish("hall", frozenset(("hall",))))})
    hall, lounge = ("room", "hall", "hall"), ("room", "lounge", "living room")
    assert both.is_met(dim(hall, lounge))
    assert not both.is_met(dim(hall, hall))
    assert not both.is_met(dim(hall))


def test_who_leaves_something_out_is_sure_to_be_asked(tmp_path: Path) -> None:
    (errand,) = read(tmp_path)
    # Nobody would ask for the room, which is not required, where the level is told.
    assert "make it {level}" not in openings(errand, {"room", "level"})
    assert openings(errand, {"level"}) == ["dim a lamp", "make it {level}"]
    for seed in range(20):
        assert openings(errand, goal_of(errand, NOW, Random(seed)).slots)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lamps.Sing": {"wordings": ["sing"]}}, "lamps.Sing is no intent of a skill in en-US"),
        ({"lamps.Dim": {"wordings": ["dim"]}}, "lamps.Dim lacks its required slot level"),
        (
            {
                "lamps.Dim": {
                    "wordings": ["Lower the {room} lamp!"],
                    "slots": {"level": {}, "room": {}},
                }
            },
            "is a sample of the skill; word it differently",
        ),
        (
            {"lamps.Dim": {"wordings": ["dim {what}"], "slots": {"level": {}}}},
            "names what, which is not under slots",
        ),
        (
            {"lamps.Dim": {"wordings": ["dim"], "slots": {"level": {"offen": 1}}}},
            '"offen" of level means nothing',
        ),
    ],
)
def test_a_table_that_is_wrong_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(EvaluationError) as error:
        read(tmp_path, **changes)
    assert message in str(error.value)


def test_other_words_take_the_place_of_the_first(tmp_path: Path) -> None:
    others = tmp_path / "others.yaml"
    others.write_text(yaml.safe_dump({"manners": ERRANDS["manners"], "lamps.Dim": ["less light"]}))
    (errand,), _ = read_errands(written(tmp_path, ERRANDS), SKILLS, words=others)
    assert errand.wordings == ("less light",)
