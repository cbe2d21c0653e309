"""People with goals meet a home: what back-ends did decides, not what was replied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from sayso.encoders import Encoder
from sayso.evaluation.goals.errands import Errand, Goal, read_errands
from sayso.evaluation.goals.figures import figures, meetings
from sayso.evaluation.goals.manners import Manner, Phrases, Slip
from sayso.evaluation.goals.meeting import Meeting, Outcome, meet
from sayso.evaluation.goals.person import Person
from sayso.evaluation.goals.wishes import Wish
from sayso.runtime.home import Home
from tests.evaluation.goals.nouns import ERRANDS, written
from tests.runtime.homes import make_home

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TABLE = {
    "manners": {**ERRANDS["manners"], "hesitations": ["hm"]},
    "eggs.Boil": {
        "wordings": ["please boil one egg for {length}", "could you boil an egg for me"],
        "slots": {"length": {"from": 3, "to": 9, "piece": "for {}"}},
    },
    "eggs.Left": {"wordings": ["how much longer does the egg need"]},
    "door.Unlock": {"wordings": ["please unlock that front door"]},
}
FOUR = Wish("4 minutes", frozenset(("pt4m",)))
BOIL = Goal("eggs", "Boil", {"length": (FOUR,)})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = make_home(tmp_path_factory.mktemp("goals") / "home", Encoder.load())
    with Home.open(folder) as opened:
        yield opened


@pytest.fixture
def table(home: Home, tmp_path: Path) -> tuple[dict[str, Errand], Phrases]:
    errands, phrases = read_errands(written(tmp_path, TABLE), home.skills())
    return {f"{each.skill}.{each.intent.name}": each for each in errands}, phrases


def met(
    home: Home, table: tuple[dict[str, Errand], Phrases], user: str, goal: Goal, manner: Manner
) -> Meeting:
    errands, phrases = table
    asides = [errands["eggs.Left" if goal.skill != "eggs" else "door.Unlock"]]
    errand = errands[f"{goal.skill}.{goal.intent}"]
    return meet(home, Person(goal, errand, manner, phrases, asides, Random(3)), user, NOW)


def test_a_goal_is_done_over_a_question_and_a_hesitation(
    home: Home, table: tuple[dict[str, Errand], Phrases]
) -> None:
    meeting = met(home, table, "ana", BOIL, Manner(partial=True, hesitates=True))
    assert (meeting.outcome, meeting.cause) == (Outcome.DONE, "")
    assert [turn.said.kind for turn in meeting.turns] == ["opening", "hesitation", "answer"]
    assert meeting.questions == {"eggs.Boil length": 2}


def test_a_slip_that_was_done_is_put_right_and_done_again(
    home: Home, table: tuple[dict[str, Errand], Phrases]
) -> None:
    meeting = met(home, table, "ben", BOIL, Manner(slip=Slip.LATER))
    assert meeting.outcome is Outcome.DONE
    assert [len(turn.did) for turn in meeting.turns] == [1, 1]
    assert [*meeting.turns[-1].did] == ["eggs.Boil(length=PT4M)"]


def test_what_is_done_with_another_value_than_was_meant_is_wrong(
    home: Home, table: tuple[dict[str, Errand], Phrases]
) -> None:
    liar = Goal("eggs", "Boil", {"length": (Wish("4 minutes", frozenset(("pt9m",))),)})
    meeting = met(home, table, "eve", liar, Manner())
    assert (meeting.outcome, meeting.cause) == (Outcome.WRONG, "opening: another value")


def test_a_yes_is_said_where_one_is_wanted(
    home: Home, table: tuple[dict[str, Errand], Phrases]
) -> None:
    meeting = met(home, table, "kim", Goal("door", "Unlock"), Manner())
    assert meeting.outcome is Outcome.DONE
    assert [turn.said.text for turn in meeting.turns][-1] == "yes"


def test_meetings_are_the_same_for_the_same_seed(
    home: Home, table: tuple[dict[str, Errand], Phrases]
) -> None:
    errands, phrases = table
    able = [errands["door.Unlock"], errands["eggs.Left"]]
    found = [*meetings(home, able, phrases, 6, 1, NOW)]
    again = [*meetings(home, able, phrases, 6, 1, NOW)]
    assert [each.goal for each in found] == [each.goal for each in again]
    summed = figures(found)
    assert summed["dialogues"] == 6
    assert summed["success"] + summed["wrong_action"] <= 1
