"""Trackers are scored on top of what they read before, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from benchmarks.sgd.reading import (
    Act,
    Dialogue,
    IntentSchema,
    Service,
    SlotSchema,
    State,
    Turn,
)
from benchmarks.sgd.skills import described
from benchmarks.sgd.tracking import always_carry, nothing, tracked

from sayso.understanding.contract import Heard
from sayso.understanding.described.past import Past
from sayso.understanding.heard import hear

pytest.importorskip("rapidfuzz")

SERVICE = Service(
    "Boats_1",
    "Hire a boat",
    (SlotSchema("lake", "Lake to sail on"),),
    (IntentSchema("HireBoat", "Hire a boat", required=("lake",)),),
)
OFFER = Act("Boats_1", "OFFER", "lake", ("Como",))


def said(number: int, text: str, **values: str) -> Turn:
    ways = {slot: (value,) for slot, value in values.items()}
    return Turn(number, True, text, (), (), {"Boats_1": State("HireBoat", (), ways)})


DIALOGUE = Dialogue(
    "d",
    ("Boats_1",),
    (
        said(0, "a boat please"),
        Turn(1, False, "On Lake Como?", (OFFER,), (), {}),
        said(2, "fine", lake="Como"),
        Turn(3, False, "Done.", (), (), {}),
        said(4, "thanks", lake="Como"),
    ),
)
HEARD: Mapping[str, Heard] = {
    turn.text: hear(turn.text, None) for turn in DIALOGUE.turns if turn.by_user
}
SERVICES, SKILLS = {"Boats_1": SERVICE}, {"Boats_1": described(SERVICE, None)}


def test_who_reads_nothing_is_right_until_something_is_said() -> None:
    frames = tracked([DIALOGUE], HEARD, SERVICES, SKILLS, nothing)
    assert [each.score.joint for each in frames] == [1.0, 0.0, 0.0]


def test_who_carries_all_that_is_named_keeps_it() -> None:
    frames = tracked([DIALOGUE], HEARD, SERVICES, SKILLS, always_carry(SKILLS))
    assert [dict(each.values) for each in frames] == [{}, {"lake": "Como"}, {"lake": "Como"}]
    assert [each.score.joint for each in frames] == [1.0, 1.0, 1.0]


def test_a_mistake_stays_in_the_state() -> None:
    pasts: list[Past] = []

    def wrong(heard: Heard, service: str, past: Past) -> tuple[str | None, Mapping[str, str]]:
        pasts.append(past)
        return "HireBoat", {"lake": "Garda"}

    tracked([DIALOGUE], HEARD, SERVICES, SKILLS, wrong)
    assert [dict(past.filled) for past in pasts] == [{}, {"lake": "Garda"}, {"lake": "Garda"}]
