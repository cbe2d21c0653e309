"""What a skill says in its own words: its reply templates, and an apology where it failed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sayso.dialogue.phrases import phrase
from sayso.errors import FulfilmentError
from sayso.fulfilment import python
from sayso.fulfilment.templates import ReplyTemplate, read_template
from sayso.types.calls import Answer, Call, CallKind
from sayso.types.context import Context
from sayso.types.readings import LAUNCH
from sayso.types.skills import FulfilmentKind, Skill

Render = Callable[[Skill, ReplyTemplate, dict[str, Any]], str]  # raises FulfilmentError


def sources(skill: Skill, call: Call) -> Sequence[str]:
    """The templates that a skill has for the intent called."""
    return skill.fulfilment.replies.get(_name(call), ())


def reply(skill: Skill, call: Call, context: Context, render: Render) -> Answer:
    """One of the intent's replies; opening a skill that has none for it asks what is wanted.

    Raises FulfilmentError for an intent without replies, and for a template that fails.
    """
    launch, written = call.kind is CallKind.LAUNCH, sources(skill, call)
    if call.kind is CallKind.SESSION_ENDED:
        return Answer()
    if not written:
        if launch:
            return replace(opened(skill, context), attributes=context.attributes)
        raise FulfilmentError(f"no reply for {_name(call)}; write one under replies")
    speech, hole = _spoken(skill, written, call, context, render)
    return Answer(
        speech=speech,
        reprompt=speech if launch else None,
        ended=not launch,
        attributes=context.attributes,
        failure=hole,
    )


def opened(skill: Skill, context: Context) -> Answer:
    """What is said when a skill is opened that has no words of its own for it."""
    speech = phrase("opened", context.locale, name=skill.name)
    return Answer(speech=speech, reprompt=speech, ended=False)


def apology(skill: Skill, call: Call, context: Context, failure: str, render: Render) -> Answer:
    """The skill's own words for the intent where it has some, else a plain apology.

    failure: what its back-end did wrong, for the trace.
    """
    speech, written = "", sources(skill, call)
    if written and skill.fulfilment.kind is not FulfilmentKind.REPLIES:
        try:
            speech, _ = _spoken(skill, written, call, context, render)
        except FulfilmentError as error:
            failure = f"{failure}; its reply failed too: {error}"
    speech = speech or phrase("failed", context.locale, name=skill.name)
    return Answer(speech=speech, ended=True, failure=f"{skill.id}: {failure}")


def _spoken(
    skill: Skill, written: Sequence[str], call: Call, context: Context, render: Render
) -> tuple[str, str | None]:
    """The speech of one of the templates, and what it has no words for, or None.

    One that speaks of a slot nobody filled is only taken where there is no other.
    """
    templates = [read_template(source) for source in written]
    filled = {slot.name for slot in call.hypothesis.slots} if call.hypothesis else set()
    whole = [template for template in templates if template.slots <= filled]
    chance = random.Random(python.seed(call, context))
    template = chance.choice(whole or templates)
    missing = sorted(template.slots - filled)
    hole = f"the reply speaks of {', '.join(missing)}, not filled" if missing else None
    return render(skill, template, python.describe(call, context)), hole


def _name(call: Call) -> str:
    return call.hypothesis.intent if call.hypothesis else LAUNCH
