"""What the engine makes of a service's schema, with its descriptions read or not: a baseline.

The service is a skill with the samples that the importers of tools make of names and descriptions,
fitted as any skill. Each turn is read by that skill's own model, or as the answer to what was
asked; what was filled stays filled, and a yes takes what was asked to be confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.sgd.reading import Service
from benchmarks.sgd.skills import LOCALE, skill_of
from benchmarks.sgd.tracking import Tracker
from sayso.dialogue.answers import answer
from sayso.dialogue.loose import loose_answer
from sayso.dialogue.precedence import SURE_OF_A_CHANGE
from sayso.formats.made import samples
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Skill
from sayso.understanding.contract import Heard
from sayso.understanding.described.past import Named, Past
from sayso.understanding.heard import TextEncoder
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit
from sayso.understanding.slots import slots_of

NOW = datetime(2019, 3, 1, 9, tzinfo=UTC)  # SGD's dialogues are of that day


def sampled(service: Service) -> Skill:
    """The service's skill with samples made of what its schema says."""
    skill = skill_of(service)
    (language,) = skill.languages
    intents = tuple(
        replace(each, samples=samples(each.name, [each.description], each.slots))
        for each in language.intents
    )
    return replace(skill, languages=(replace(language, intents=intents),))


def by_engine(
    services: Mapping[str, Service], encoder: TextEncoder, *, descriptions: bool
) -> Tracker:
    """The tracker that the engine is; it fits the skills. descriptions: whether they are read."""
    held: dict[str, Installed] = {}
    for name, service in services.items():
        skill = sampled(service)
        fitted = fit(skill, skill.languages[0], engine="shared", encoder=encoder)
        held[name] = fitted if descriptions else replace(fitted, descriptions=None)

    def track(heard: Heard, service: str, past: Past) -> tuple[str | None, Mapping[str, str]]:
        return _read(heard, held[service], past)

    return track


def _read(heard: Heard, held: Installed, past: Past) -> tuple[str | None, Mapping[str, str]]:
    names = [each.name for each in held.language.intents]
    before = past.intent or names[0]
    context = Context("sgd", NOW, locale=LOCALE, active=held.skill.id)
    context = replace(context, awaiting=_awaiting(held, before, past))
    installed = {held.skill.id: held}
    said = answer(heard, context, installed)
    if said is not None and said.intent in names:
        confirmed = {x.slot: x.value for x in past.offers if x.named is Named.CONFIRM and not x.age}
        taken = confirmed if context.awaiting and context.awaiting.asked is Asked.CONFIRM else {}
        return said.intent, {**past.filled, **taken, **values_of(held, said.slots)}
    intent, chance = held.model.likely(heard, among=names)[0]
    changes = intent != before and chance >= SURE_OF_A_CHANGE
    if past.asked and not changes:
        loose = loose_answer(heard, context, installed)
        if loose is not None and loose.intent in names:
            return loose.intent, {**past.filled, **values_of(held, loose.slots)}
    tags = held.model.tag(heard, [intent]).get(intent, ())
    values = values_of(held, slots_of(heard, held, intent, tags, context)[1])
    return intent, {**past.filled, **values}


def _awaiting(held: Installed, intent: str, past: Past) -> Awaiting | None:
    """The question in the air, as the engine would hold it."""
    pending = Hypothesis(held.skill.id, intent)
    declared = held.language.intent(intent)
    asked = [name for name in past.asked if declared is not None and declared.slot(name)]
    if asked:
        return Awaiting(Asked.SLOT, pending, asked[0])
    if any(offer.named is Named.CONFIRM and not offer.age for offer in past.offers):
        return Awaiting(Asked.CONFIRM, pending)
    return None


def values_of(held: Installed, slots: Sequence[SlotValue]) -> dict[str, str]:
    """As SGD writes them: the catalogue's value, else the words; what is no value is left out."""
    found = {}
    for slot in slots:
        listed = held.language.type(slot.type) is not None
        if listed and slot.status is not ResolutionStatus.MATCHED:
            continue
        found[slot.name] = (slot.normalised or slot.value) if listed else slot.value
    return found
