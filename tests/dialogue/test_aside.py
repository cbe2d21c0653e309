"""What waits behind an open session is taken up again by its answer, and the session waits then."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.aside import set_aside, taken_up, waiting_for
from sayso.dialogue.policy import Act, act_of
from sayso.dialogue.respond import respond
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Basis
from tests.dialogue.nouns import SKILLS, act, context, reading, slot

ASKED = Awaiting(Asked.SLOT, reading("Set", slot("name", "egg")), "duration", tried=("duration",))
ANSWER = replace(
    act(reading("Set", slot("name", "egg"), slot("duration", "five minutes"))), basis=Basis.ANSWER
)


def behind_the_oven() -> Context:
    """A question of the timer's waits; the oven's session is open."""
    asked = context(awaiting=ASKED, last_speech="For how long?")
    return replace(set_aside(asked), active="oven", session="s1", attributes={"heat": 200})


def test_the_answer_is_given_to_the_skill_that_asked_and_the_session_waits() -> None:
    move = respond(ANSWER, behind_the_oven(), SKILLS)
    assert move.call is not None
    assert move.call.skill == "timer"
    assert move.ending is None
    assert not move.dropped
    assert [(each.active, each.attributes) for each in move.context.aside] == [
        ("oven", {"heat": 200})
    ]


def test_it_is_no_answer_where_the_skill_itself_holds_the_conversation() -> None:
    mine = replace(behind_the_oven(), active="timer")
    assert ANSWER.chosen is not None
    assert waiting_for(ANSWER.chosen, mine) is None
    assert act_of(ANSWER, mine) is Act.ANSWER


def test_a_request_for_the_same_intent_is_no_answer() -> None:
    assert act_of(replace(ANSWER, basis=Basis.WORDS), behind_the_oven()) is Act.REQUEST


def test_what_is_taken_up_is_as_it_was_and_nothing_else_is_moved() -> None:
    deeper = replace(set_aside(behind_the_oven()), active="oven", session="s2")
    back = taken_up(deeper, 0)
    assert back.awaiting == ASKED
    assert [each.session for each in back.aside] == ["s1", "s2"]
