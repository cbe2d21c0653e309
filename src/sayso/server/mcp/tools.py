"""An intent of a skill as a tool: `alarm.SetAlarm`, with a JSON Schema of its slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sayso.skills.builtin_intents import PREFIX
from sayso.skills.restore import notes
from sayso.types.skills import Check, Intent, Language, Skill, Slot, SlotType

FIND, CALL = "find_tools", "call_tool"
MOST_CHOICES = 50  # values of a closed catalogue that a schema lists; more are named in part
SHOWN = 5  # values that a description names of an open one
_TOLD = 400  # characters of a description
_WRITTEN: Mapping[str, Mapping[str, Any]] = {
    "AMAZON.NUMBER": {"type": "number"},
    "AMAZON.DATE": {"type": "string", "format": "date"},
    "AMAZON.TIME": {"type": "string", "description": "24 hours, such as 06:30"},
    "AMAZON.DURATION": {"type": "string", "format": "duration"},
}


def name_of(skill: str, intent: str) -> str:
    """What a tool is called."""
    return f"{skill}.{intent}"


def splits(name: str) -> Iterator[tuple[str, str]]:
    """Skill and intent that a name may mean, the longest skill first: both may hold dots."""
    at = name.rfind(".")
    while at > 0:
        yield name[:at], name[at + 1 :]
        at = name.rfind(".", 0, at)


def callable_intents(language: Language) -> list[Intent]:
    """Those that can be called by name: standard ones (stop, yes) mean nothing by themselves."""
    return [intent for intent in language.intents if not intent.name.startswith(PREFIX)]


def needs_yes(skill: Skill, intent: Intent) -> bool:
    """Whether nothing is done without a person's yes."""
    return bool(intent.confirm) or skill.has_side_effects(intent.name)


def description_of(skill: Skill, language: Language, intent: Intent) -> str:
    """What the tool is for, in the developer's words, else in those of the people who use it."""
    samples = [sample for sample in intent.samples if "{" not in sample] or list(intent.samples)
    such_as = "; ".join(f'"{sample}"' for sample in samples[:2])
    told = intent.description or (f"for requests such as {such_as}" if such_as else "")
    about = told or language.description or skill.description or intent.name
    return f"{skill.name}: {' '.join(about.split())}"[:_TOLD]


def input_schema(language: Language, intent: Intent) -> dict[str, Any]:
    """JSON Schema of the arguments: a property a slot."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {slot.name: property_of(slot, language) for slot in intent.slots},
    }
    required = [slot.name for slot in intent.slots if slot.required]
    return schema | ({"required": required} if required else {}) | {"additionalProperties": False}


def property_of(slot: Slot, language: Language) -> dict[str, Any]:
    """JSON Schema of one slot."""
    kind = language.type(slot.type)
    schema = dict(_WRITTEN.get(slot.type, {"type": "string"}))
    if kind is not None:
        schema = {"type": "boolean"} if is_flag(slot, language) else _of_catalogue(kind, slot)
    if notes(slot.extra).get("kind") == "integer":
        schema["type"] = "integer"
    told = slot.description or (slot.ask[0] if slot.ask else "")
    about = " ".join(text for text in (told, schema.pop("description", "")) if text)
    if slot.multiple:
        schema = {"type": "array", "items": schema}
    return schema | ({"description": about[:_TOLD]} if about else {})


def is_flag(slot: Slot, language: Language) -> bool:
    """Whether a slot says yes or no."""
    kind = language.type(slot.type)
    return kind is not None and {value.value for value in kind.values} == {"true", "false"}


def _of_catalogue(kind: SlotType, slot: Slot) -> dict[str, Any]:
    names = [value.value for value in kind.values]
    closed = any(rule.check is Check.KNOWN for rule in slot.valid)
    if closed and 0 < len(names) <= MOST_CHOICES:
        return {"type": "string", "enum": names}
    some = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    return {"type": "string", **({"description": f"such as {some}"} if some else {})}
