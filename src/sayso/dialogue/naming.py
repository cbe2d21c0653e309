"""How what a skill can do is named: as an option to choose, as things to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.dialogue.phrases import phrase
from sayso.dialogue.questions import fill
from sayso.skills.templates import pieces
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis
from sayso.types.skills import Intent, Language, Skill


def sentences(language: Language) -> Sequence[str]:
    """Things to say that need no slot; the skill's own examples first."""
    plain = [s for intent in language.intents for s in intent.samples if "{" not in s]
    return [*language.examples, *plain] or [language.invocation_name]


def option(
    option: Hypothesis, decision: Decision, context: Context, skills: Mapping[str, Skill]
) -> str:
    """How an option is named: its skill; with an example where that does not tell what it does.

    It does not where two are of the same skill, nor where one alone is asked about.
    """
    skill = skills[option.skill]
    others = [other.skill for other in decision.options if other is not option]
    if others and option.skill not in others:
        return skill.name
    language = skill.language(context.locale) or skill.languages[0]
    intent = language.intent(option.intent)
    example = _example(intent, option) if intent else option.intent
    spoken = example.replace("{", "").replace("}", "").replace("_", " ")
    return phrase("option", context.locale, name=skill.name, example=spoken)


def _example(intent: Intent, option: Hypothesis) -> str:
    """A sample of the intent with most of the option's values; the first, if none fits."""
    filled = {slot.name for slot in option.slots}
    slots = {
        sample: {piece.slot for piece in pieces(sample) if piece.slot} for sample in intent.samples
    }
    fitting = [sample for sample in intent.samples if slots[sample] <= filled]
    best = max(fitting, key=lambda sample: len(slots[sample]), default=None)
    if best is None or not slots[best]:
        return next(iter(intent.samples), option.intent)
    return fill(best, option)
