"""A service's schema -> one of our skills: services are skills, possible values are slot types.

    skill = skill_of(schema(path)["Restaurants_1"])
    write_skill(skill, folder)            # sayso.skills: the file that a developer would write

Nothing is made up: there are no samples, only what the schema says. A slot whose name or
description says that it is a date, a time or a number is given that built-in type, as an importer
would do it.
"""

from __future__ import annotations

from benchmarks.sgd.reading import IntentSchema, Service, SlotSchema
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.described.slots import DescribedSkill, describe
from sayso.understanding.heard import TextEncoder
from sayso.understanding.hints import spelled_out

LOCALE = "en-US"
_ALSO = {"True": ("yes",), "False": ("no",)}


def skill_of(service: Service) -> Skill:
    """The skill of a service, with a language whose intents have slots and no samples."""
    intents = tuple(_intent(service, each) for each in service.intents)
    used = {slot.name for intent in intents for slot in intent.slots}
    types = tuple(_type(each) for each in service.slots if each.categorical and each.name in used)
    name = spelled_out(service.name)
    language = Language(LOCALE, name, service.description, intents=intents, types=types)
    return Skill(service.name, name.title(), service.description, (language,))


def described(service: Service, encoder: TextEncoder | None) -> DescribedSkill:
    """The service as its skill describes it, and what its answers hold beside."""
    (language,) = skill_of(service).languages
    filled = {slot.name for intent in language.intents for slot in intent.slots}
    results = [
        Slot(x.name, FREE_TEXT, description=x.description)
        for x in service.slots
        if x.name not in filled
    ]
    return describe(language, encoder, results)


def _intent(service: Service, intent: IntentSchema) -> Intent:
    slots = [
        Slot(
            name,
            _type_name(service.slot(name)),
            required=name in intent.required,
            description=service.slot(name).description,
        )
        for name in intent.slots
    ]
    return Intent(
        intent.name,
        (),
        tuple(slots),
        side_effects=intent.transactional,
        description=intent.description,
    )


def _type_name(slot: SlotSchema) -> str:
    if slot.categorical:
        return f"{slot.name}_values"
    words, told = spelled_out(slot.name).split(), slot.description.lower()
    if "date" in words:
        return "AMAZON.DATE"
    if "time" in words and "number" not in told:
        return "AMAZON.TIME"
    return "AMAZON.NUMBER" if told.startswith("number of") or "number" in words else FREE_TEXT


def _type(slot: SlotSchema) -> SlotType:
    values = tuple(TypeValue(value, synonyms=_ALSO.get(value, ())) for value in slot.values)
    return SlotType(_type_name(slot), values)
