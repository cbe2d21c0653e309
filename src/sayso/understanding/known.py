"""How far a sentence is, to the letter, what a skill says it takes."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.types.context import Context
from sayso.types.readings import ResolutionStatus
from sayso.understanding.contenders import Contender
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.view import View

_LONGEST_UNLISTED = 4  # words of one that is in no catalogue; a longer one is no name


@dataclass(frozen=True, slots=True)
class Said:
    """A folded sentence, empty if it is not to be known; whether it is a sample of some skill."""

    folded: str
    is_sample: bool


UNKNOWN = Said("", False)


def said_of(heard: Heard, view: View) -> Said:
    """A sentence as it is compared with samples."""
    folded = fold(heard.utterance.text)
    return Said(folded, view.is_sample(folded))


def known(said: Said, contender: Contender) -> float:
    """How much of a sentence is word for word what the skill says it takes, in [0, 1]."""
    accepted = contender.likely.accepted
    by_grammar = 1.0 - accepted.free if accepted is not None else 0.0
    return max(float(_is_known(said.folded, contender)), by_grammar)


def framed(heard: Heard, said: Said, contender: Contender, context: Context) -> float:
    """How much of it a sample of the intent explains that has slots for the rest, in [0, 1].

    A grammar's template is such a sample. Nothing of what is a sample as it is: "what time is it"
    asks for nothing that is called "it".
    """
    held, intent = contender.held, contender.held.language.intent(contender.intent)
    own = contender.examples is held.examples
    if intent is None or not own or said.is_sample or not said.folded:
        return 0.0
    if contender.likely.accepted is not None:
        return 1.0 - contender.likely.accepted.free

    def is_value(words: str, name: str) -> bool | None:
        slot = intent.slot(name)
        if slot is None:
            return None
        if not held.resolver.is_read(slot):
            named = held.resolver.names(words, slot)
            listed = held.language.type(slot.type) is not None
            too_long = len(words.split()) > _LONGEST_UNLISTED
            return None if listed and not named and too_long else named
        value = held.resolver.resolve(words, slot, now=context.now, locale=context.locale)
        return True if value.status is ResolutionStatus.MATCHED else None

    return held.frames.explained(heard.utterance.text, contender.intent, is_value)


def _is_known(folded: str, contender: Contender) -> bool:
    """Whether it is a sample of the intent, or a phrase of the standard intent."""
    if not folded:
        return False
    if contender.examples is contender.held.examples:
        return contender.held.known.get(folded) == contender.intent
    return bool(contender.members) and fold(contender.nearest) == folded
