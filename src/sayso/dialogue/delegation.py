"""Who leads the dialogue about an intent: Sayso by the skill file, or the skill's back-end.

Alexa calls it the delegation strategy, of a whole model and of single intents:

    SKILL_RESPONSE   the back-end is called for every turn, and asks, or hands the question to us
    ALWAYS           all is asked and agreed to before the back-end is called, once

Where nothing is said of it, a back-end that speaks Alexa's protocol leads, as it does on Alexa;
not for an intent with side effects, which no back-end that forgets to ask may bring about. All
other back-ends are called with what they need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sayso.types.skills import FulfilmentKind, Intent, Language, Skill

_ALEXA = frozenset({FulfilmentKind.ALEXA, FulfilmentKind.HTTPS})
ALWAYS, SKILL_RESPONSE = "ALWAYS", "SKILL_RESPONSE"


def hears_no(skill: Skill) -> bool:
    """Whether a back-end can be told of a no: Alexa's protocol has a word for it."""
    return skill.fulfilment.kind in _ALEXA


def leads(skill: Skill, language: Language, intent: Intent) -> bool:
    """Whether the back-end is called for every turn of the dialogue, with what is known so far."""
    if not hears_no(skill):
        return False
    default = ALWAYS if skill.has_side_effects(intent.name) else SKILL_RESPONSE
    return (strategy(language, intent.name) or default) == SKILL_RESPONSE


def is_told_no(skill: Skill, language: Language, intent: Intent) -> bool:
    """Whether a back-end that does not lead is called when the person says no to the intent.

    Where its model leaves all questions to the assistant, Alexa does so: DENIED. One that says
    nothing may not know of it, and act.
    """
    return hears_no(skill) and strategy(language, intent.name) == ALWAYS


def strategy(language: Language, intent: str) -> str | None:
    """What the model says of the intent, else of all; None where it says nothing that is known."""
    dialog = language.extra.get("dialog")
    if not isinstance(dialog, Mapping):
        return None
    rules = dialog.get("intents")
    listed = rules if isinstance(rules, list) else []
    of_intent = [x for x in listed if isinstance(x, Mapping) and x.get("name") == intent]
    said = [_known(each.get("delegationStrategy")) for each in [*of_intent, dialog]]
    return next((each for each in said if each is not None), None)


def _known(said: Any) -> str | None:
    return said if said in (ALWAYS, SKILL_RESPONSE) else None
