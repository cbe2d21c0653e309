"""Second thoughts: what was probably meant, read or asked about, and left out for a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from sayso.runtime.rethink import rethink
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.lessons import Arm
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, Rewriting, Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.online.habits import NOBODY
from sayso.understanding.online.suggest import Layer, Online, Suggestion
from sayso.understanding.rewrites import Shares

SAID, MEANT = "play maj and dragons", "play imagine dragons"
CONTEXT = Context("c", datetime(2026, 3, 1, tzinfo=UTC), user="ana")
LOST = Decision(Outcome.ABSTAIN)
FOUND = Hypothesis("music", "Play", confidence=0.9)
HEARD = Heard(Utterance(SAID, SAID), ())


@dataclass
class Memory:
    """Always suggests the same."""

    suggestion: Suggestion | None
    indexes: Sequence[str] = ("en",)

    def suggest(self, asked: Any, habits: Any, undone: Undone) -> Suggestion | None:
        found = self.suggestion
        return None if found and undone.forbids(found.said, found.meant) else found


def suggestion(*, applies: bool = True) -> Suggestion:
    return Suggestion(SAID, MEANT, 0.95, 0.9, Layer.GLOBAL, applies, "it sounds alike")


def again(utterance: Utterance) -> tuple[Heard, Decision]:
    chosen = FOUND if utterance.text == MEANT else None
    outcome = Outcome.ACT if chosen else Outcome.ABSTAIN
    return Heard(utterance, ()), Decision(outcome, chosen, reason="sure")


def thought(
    found: Suggestion | None = None,
    *,
    context: Context = CONTEXT,
    decision: Decision = LOST,
    heard: Heard = HEARD,
    undone: Undone = NOTHING,
    holdout: float = 0.0,
    then: Any = again,
) -> tuple[Heard, Decision]:
    memory = cast(Online, Memory(found))
    return rethink(heard, decision, context, memory, NOBODY, undone, then, Shares(holdout=holdout))


def test_what_is_surely_meant_is_read_and_what_was_said_is_kept() -> None:
    heard, decision = thought(suggestion())
    assert heard.utterance.text == MEANT
    assert decision.chosen == FOUND
    assert decision.reason == "it sounds alike; sure"
    rewriting = heard.utterance.rewriting
    assert rewriting == Rewriting("online-global", SAID, MEANT, Arm.APPLIED, "global")


def test_what_is_likely_is_asked_about() -> None:
    heard, decision = thought(suggestion(applies=False))
    assert heard.utterance.text == SAID
    assert (decision.outcome, decision.chosen, decision.options) == (Outcome.ASK, None, (FOUND,))


def test_what_would_cost_dearly_is_asked_about_however_sure() -> None:
    def costly(utterance: Utterance) -> tuple[Heard, Decision]:
        return Heard(utterance, ()), Decision(Outcome.ACT, replace(FOUND, side_effects=True))

    assert thought(suggestion(), then=costly)[1].outcome is Outcome.ASK


def test_what_was_understood_is_offered_beside_what_is_likely() -> None:
    mine = Hypothesis("lights", "On", confidence=0.7)
    acted = Decision(Outcome.ACT, mine)
    decision = thought(suggestion(applies=False), decision=acted)[1]
    assert (decision.outcome, decision.options) == (Outcome.ASK, (FOUND, mine))
    same = Decision(Outcome.ACT, FOUND)
    assert thought(suggestion(applies=False), decision=same)[1] == same


def test_two_requests_are_asked_about_where_neither_is_sure() -> None:
    other = Hypothesis("lights", "On", confidence=0.9)

    def either(utterance: Utterance) -> tuple[Heard, Decision]:
        chosen = FOUND if utterance.text == MEANT else other
        return Heard(utterance, ()), Decision(Outcome.ACT, chosen)

    two = replace(suggestion(applies=False), other="turn on the lights")
    assert thought(two, then=either)[1].options == (FOUND, other)


def test_who_is_held_out_is_counted_only_where_something_would_have_been_done() -> None:
    def lost(utterance: Utterance) -> tuple[Heard, Decision]:
        return Heard(utterance, ()), LOST

    assert thought(suggestion(), holdout=1.0, then=lost) == (HEARD, LOST)


def test_for_who_is_held_out_nothing_changes_but_the_note() -> None:
    heard, decision = thought(suggestion(), holdout=1.0)
    assert (heard.utterance.text, decision) == (SAID, LOST)
    assert heard.utterance.rewriting is not None
    assert heard.utterance.rewriting.arm == Arm.HELD_OUT


def test_who_is_not_known_is_drawn_for_by_the_conversation() -> None:
    arms = set()
    for number in range(40):
        nobody = replace(CONTEXT, user=ANONYMOUS, conversation=f"c{number}")
        noted = thought(suggestion(), context=nobody, holdout=0.5)[0].utterance.rewriting
        assert noted is not None
        arms.add(noted.arm)
    assert arms == {Arm.APPLIED, Arm.HELD_OUT}


def test_what_is_not_understood_either_leaves_what_was_said() -> None:
    def lost(utterance: Utterance) -> tuple[Heard, Decision]:
        return Heard(utterance, ()), LOST

    assert thought(suggestion(), then=lost) == (HEARD, LOST)


def test_what_this_person_took_back_is_not_done_again() -> None:
    undone = Undone(frozenset({(SAID, MEANT)}))
    assert thought(suggestion(), undone=undone) == (HEARD, LOST)


@pytest.mark.parametrize(
    "context",
    [
        replace(CONTEXT, awaiting=Awaiting(Asked.SLOT)),
        replace(CONTEXT, active="quiz"),
    ],
)
def test_within_a_session_there_are_no_second_thoughts(context: Context) -> None:
    assert thought(suggestion(), context=context) == (HEARD, LOST)


def test_nor_of_a_skill_that_was_named_nor_of_what_was_rewritten_already() -> None:
    named = replace(LOST, basis=Basis.NAMED)
    assert thought(suggestion(), decision=named) == (HEARD, named)
    noted = replace(HEARD.utterance, rewriting=Rewriting("r", SAID, MEANT, Arm.HELD_OUT))
    rewritten = replace(HEARD, utterance=noted)
    assert thought(suggestion(), heard=rewritten) == (rewritten, LOST)


def test_without_anything_learnt_or_anything_alike_nothing_changes() -> None:
    assert thought(None) == (HEARD, LOST)
    assert rethink(HEARD, LOST, CONTEXT, None, NOBODY, NOTHING, again, Shares()) == (HEARD, LOST)
