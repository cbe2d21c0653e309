"""The open question: what it is about, and what a sentence says of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from sayso.dialogue.commands import hesitates
from sayso.dialogue.said import Said, said_of
from sayso.types.context import Awaiting, Context
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent, Slot
from sayso.understanding.contenders import heard_by
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.slots import slots_of


def asked_for(
    pending: Hypothesis, awaiting: Awaiting, held: Installed
) -> tuple[Intent | None, Slot | None]:
    """The intent that a question is about, and the slot that it asks for."""
    intent = held.language.intent(pending.intent)
    return intent, intent.slot(awaiting.slot or "") if intent is not None else None


def is_thinking(heard: Heard, context: Context, installed: Mapping[str, Installed]) -> bool:
    """Whether somebody who was asked says nothing but that they are not ready to answer.

    Not where the skill that asks has such words among its samples: `I don't know` is an answer to
    a question of a quiz.
    """
    awaiting = context.awaiting
    if awaiting is None or not hesitates(heard, context.locale):
        return False
    skill = awaiting.pending.skill if awaiting.pending is not None else context.active
    held = installed.get(skill or "")
    return held is None or fold(heard.utterance.text) not in held.known


def words_for(heard: Heard, awaiting: Awaiting, held: Installed, context: Context) -> Said:
    """The values in a sentence for the slots of what the question is about."""
    return _words_for(_Question(heard, awaiting, held, context))


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A question and what was said to it; equal where all of it is the very same."""

    heard: Heard
    awaiting: Awaiting
    held: Installed
    context: Context

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._ids() == other._ids()

    def __hash__(self) -> int:
        return hash(self._ids())

    def _ids(self) -> tuple[int, int, int, int]:
        return id(self.heard), id(self.awaiting), id(self.held), id(self.context)


# Kept, as a turn asks twice: for what can only be an answer, at last for what may be one.
@lru_cache(maxsize=8)
def _words_for(question: _Question) -> Said:
    heard, held, context = question.heard, question.held, question.context
    awaited, pending = question.awaiting.slot or "", question.awaiting.pending
    if pending is None:
        return Said()
    tags = partial(tagged, heard, held, pending.intent, context)
    return said_of(heard, pending, held, context, awaited=awaited, tags=tags)


def tagged(heard: Heard, held: Installed, intent: str, context: Context) -> Sequence[SlotValue]:
    """Values that the skill's own model, and its descriptions, find for the intent's slots."""
    tags = held.model.tag(heard_by(held, heard, context), [intent]).get(intent, ())
    return slots_of(heard, held, intent, tags, context)[1]
