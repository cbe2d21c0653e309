"""What a skill says of its dialogue and nobody will hear, or hear as it was meant.

A file with these is right in itself: a prompt that names no slot is said with its braces, and a
reprompt that nothing leads to stays unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.evaluation.collisions.nouns import Collision, Kind, Severity, Site
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.templates import slot_names
from sayso.types.skills import Check, FulfilmentKind, Intent, Language, Skill, Slot

BRACES = "name a slot of the intent, or write the words without braces"
NO_VALUES = "give the type values, or check with at_least, one_of or the like"
NO_USE = "make the slot required, or give it valid: or confirm:, or take the reprompt out"
BY_BACKEND = "it is said only where the back-end asks for the slot itself, twice"
NEVER_LEFT = "add a sample without {{{slot}}}: who leaves it out is asked for it, if understood"
LEAST_SAMPLES = 3  # fewer tell nothing of what people may leave out


def prompts(skills: Sequence[Skill], locale: str) -> Iterator[Collision]:
    """Findings in the prompts, rules and samples of the language each skill is heard by."""
    for skill in skills:
        language = skill.language(locale)
        for intent in language.intents if language is not None else ():
            site = Site(skill.id, language.locale if language else locale, intent.name, "")
            yield from _in_intent(skill, language, intent, site)


def _in_intent(
    skill: Skill, language: Language | None, intent: Intent, site: Site
) -> Iterator[Collision]:
    known = {slot.name for slot in intent.slots}
    for prompt in intent.confirm:
        yield from _braces(prompt, known, site)
    for slot in intent.slots:
        said = [*slot.ask, *slot.confirm, *slot.reprompt, *(s for r in slot.valid for s in r.say)]
        for prompt in dict.fromkeys(said):
            yield from _braces(prompt, known, site)
        yield from _rules(slot, language, site)
        yield from _reprompt(skill, slot, site)
        yield from _never_left_out(intent, slot, site)


def _braces(prompt: str, known: set[str], site: Site) -> Iterator[Collision]:
    wrong = [name for name in dict.fromkeys(slot_names(prompt)) if name not in known]
    if wrong:
        said = f"{{{wrong[0]}}} in a prompt is no slot of {site.intent}"
        yield _finding(Kind.PROMPT, Severity.WARNING, said, site, prompt, BRACES)


def _rules(slot: Slot, language: Language | None, site: Site) -> Iterator[Collision]:
    own = language.type(slot.type) if language is not None else None
    anything = slot.type == FREE_TEXT or (own is not None and not own.values)
    if anything and any(rule.check is Check.KNOWN for rule in slot.valid):
        said = f"any words are known to {slot.type}, which has no values"
        yield _finding(Kind.KNOWN, Severity.WARNING, said, site, slot.name, NO_VALUES)


def _reprompt(skill: Skill, slot: Slot, site: Site) -> Iterator[Collision]:
    if not slot.reprompt or slot.required or slot.valid or slot.confirm:
        return
    spoken = skill.fulfilment.kind is FulfilmentKind.REPLIES
    severity, advice = (
        (Severity.WARNING, NO_USE) if spoken else (Severity.NOTE, f"{BY_BACKEND}; else {NO_USE}")
    )
    said = f"nothing asks for {slot.name}, so it is not asked again"
    yield _finding(Kind.UNSAID, severity, said, site, slot.reprompt[0], advice)


def _never_left_out(intent: Intent, slot: Slot, site: Site) -> Iterator[Collision]:
    """A slot that is asked for, but that every sample names: a request without it looks strange."""
    if not (slot.required and slot.ask) or len(intent.samples) < LEAST_SAMPLES:
        return
    if all(slot.name in slot_names(sample) for sample in intent.samples):
        said = f"every sample of {intent.name} says its {slot.name}, which may be asked for"
        advice = NEVER_LEFT.format(slot=slot.name)
        yield _finding(Kind.WHOLE, Severity.NOTE, said, site, intent.samples[0], advice)


def _finding(
    kind: Kind, severity: Severity, said: str, site: Site, sample: str, advice: str
) -> Collision:
    where = Site(site.skill, site.locale, site.intent, sample)
    return Collision(kind, severity, said, (where,), advice)
