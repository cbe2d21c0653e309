"""Conversations that an earlier release stored go on in this one.

`kept/` holds rows as they were written then: one file a release whose `Context` was another. Who
adds a field without a default, or renames one, finds out here and not in somebody's home.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sayso.dialogue.respond import respond
from sayso.dialogue.resume import resume
from sayso.stores import codec
from sayso.types.context import Asked, Context
from sayso.types.readings import Basis, Decision, Outcome
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.types.turns import TurnRequest

KEPT = sorted((Path(__file__).parent / "kept").glob("context_*.json"))
TABLES = Skill(
    "tables",
    "Good Tables",
    languages=(
        Language(
            "en-US",
            invocation_name="good tables",
            intents=(
                Intent(
                    "BookTable",
                    slots=(
                        Slot("people", "AMAZON.NUMBER", required=True),
                        Slot("restaurant", "RESTAURANT", required=True),
                        Slot("date", "AMAZON.DATE", required=True, ask=("On which day?",)),
                    ),
                ),
            ),
        ),
    ),
)


def read(path: Path) -> Context:
    return codec.read(Context, json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_context_of_an_earlier_release_is_read_and_written_again(path: Path) -> None:
    context = read(path)
    assert context.awaiting is not None
    assert (context.awaiting.asked, context.awaiting.slot) == (Asked.SLOT, "date")
    assert codec.read(Context, json.loads(codec.encode(context))) == context


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_the_question_of_an_earlier_release_is_asked_again_and_then_given_up(path: Path) -> None:
    stored = read(path)
    request = TurnRequest(user=stored.user, silence=True)
    silent = Decision(Outcome.ABSTAIN, basis=Basis.SILENCE)
    context = resume(
        stored,
        request,
        conversation=stored.conversation,
        now=stored.now,
        locale=stored.locale,
        time_zone=stored.time_zone,
    )
    spoken = []
    for _ in range(3):
        move = respond(silent, context, {"tables": TABLES})
        assert move.reply is not None
        spoken.append(move.reply.speech)
        context = move.context
    assert spoken[-1] == ""
    assert context.awaiting is None
    assert context.active is None


def test_there_is_a_kept_row() -> None:
    assert [path.stem for path in KEPT] == ["context_before_policy"]
