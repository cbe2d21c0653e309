"""What may stand in a skill file: pydantic models, checked at the door, also the JSON Schema.

Short forms are widened before they are checked: a text for a list of one, a type's name for a slot,
a list of samples for an intent, a list of values for a type, a list of named things for a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from sayso.skills.templates import said
from sayso.skills.yaml_lines import typed
from sayso.types.skills import ID, LOCALE

HANDLER = r"^[\w./-]+:\w+$"
DEFAULT_LOCALE = "en-US"
ID_ADVICE = 'use letters, digits, ".", "_", ":" and "-"'


def _text(text: str) -> str:
    if not said(text):
        raise ValueError("is empty; write a text or remove it")
    return str(text)  # an exact str: the reader marks its bare scalars with a subclass


def as_list(node: Any) -> Any:
    """A single text is a list of one."""
    return [node] if isinstance(node, str) else node


def as_slot(node: Any) -> Any:
    """A slot may be the name of its type alone."""
    return {"type": node} if isinstance(node, str) else node


def as_value(node: Any) -> Any:
    """A value may be its text alone."""
    return {"value": node} if isinstance(node, str) else node


def as_intent(node: Any) -> Any:
    """An intent may be its samples alone, or nothing (`AMAZON.StopIntent:`)."""
    if isinstance(node, list | str):
        return {"samples": as_list(node)}
    return {} if node is None else node


def as_type(node: Any) -> Any:
    """A type may be its values alone."""
    return {"values": as_list(node)} if isinstance(node, list | str) else node


def by_name(node: Any) -> Any:
    """A list of things with names is a mapping; the first of a name counts."""
    if node is None:
        return {}
    if not isinstance(node, list) or not all(isinstance(item, Mapping) for item in node):
        return node
    found: dict[str, Any] = {}
    for place, item in enumerate(node):
        name = item.get("name")
        rest = {key: value for key, value in item.items() if key != "name"}
        # Without a name it stays under its place, where `missing_names` reports it.
        found.setdefault(str(name) if isinstance(name, str) else f"[{place}]", rest)
    return found


Text = Annotated[str, AfterValidator(_text)]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(as_list, json_schema_input_type=str | list[Text])
]
Foreign = Annotated[
    dict[str, Any],
    BeforeValidator(typed, json_schema_input_type=dict[str, Any]),
    Field(description="Keys of an Alexa interaction model that no other key holds."),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, node: Any) -> Any:
        if not isinstance(node, Mapping):
            return node
        return {key: value for key, value in node.items() if value is not None}


class ValueFile(_Part):
    """A value of a slot type."""

    value: Text = Field(description="What the skill receives, and one way to say it.")
    id: str | None = Field(None, description="What the skill's code calls it.")
    synonyms: Texts = Field((), description="Other ways to say it.")
    alexa: Foreign = {}

    @field_validator("id")
    @classmethod
    def _exact(cls, id: str | None) -> str | None:
        return None if id is None else str(id)


Value = Annotated[ValueFile, BeforeValidator(as_value, json_schema_input_type=str | ValueFile)]


class TypeFile(_Part):
    """A slot type: a catalogue of values."""

    values: tuple[Value, ...] = Field((), description="Texts, or values with ids and synonyms.")
    alexa: Foreign = {}


class SlotFile(_Part):
    """A slot of an intent."""

    type: Text = Field(description="One of this file's types, or a built-in one (AMAZON.TIME).")
    required: bool = Field(False, description="Ask for it if it was not said.")
    ask: Texts = Field((), description="Questions that ask for it; one is picked.")
    samples: Texts = Field((), description="Answers to the question, such as `at {time}`.")
    multiple: bool = Field(False, description="Several values may be given at once.")
    alexa: Foreign = {}


Slot = Annotated[SlotFile, BeforeValidator(as_slot, json_schema_input_type=str | SlotFile)]
Slots = Annotated[
    dict[str, Slot],
    BeforeValidator(
        by_name, json_schema_input_type=dict[str, str | SlotFile] | list[dict[str, Any]]
    ),
]


class IntentFile(_Part):
    """One thing that a person may want."""

    samples: Texts = Field((), description="What a person says; slots in braces: `at {time}`.")
    slots: Slots = Field({}, description="Slot name -> its type, or more about it.")
    confirm: Texts = Field((), description="Questions asked before the skill acts.")
    side_effects: bool = Field(
        False, description="Doing it by mistake costs dearly: it takes more confidence."
    )
    alexa: Foreign = {}


Intent = Annotated[
    IntentFile,
    BeforeValidator(as_intent, json_schema_input_type=str | list[Text] | IntentFile | None),
]
Type = Annotated[
    TypeFile, BeforeValidator(as_type, json_schema_input_type=str | list[Value] | TypeFile)
]


class LanguageFile(_Part):
    """A skill as spoken in one locale: the keys of `<locale>.yaml`."""

    invocation: Text | None = Field(None, description="What follows `open`; default: the name.")
    description: str = Field("", description="What the skill does, in a sentence or two.")
    examples: Texts = Field((), description="Whole sentences that reach the skill.")
    intents: Annotated[
        dict[str, Intent],
        BeforeValidator(
            by_name,
            json_schema_input_type=dict[str, str | list[Text] | IntentFile | None]
            | list[dict[str, Any]],
        ),
    ] = Field({}, description="Intent name -> its samples, or more about it.")
    types: Annotated[
        dict[str, Type],
        BeforeValidator(
            by_name,
            json_schema_input_type=dict[str, str | list[Value] | TypeFile] | list[dict[str, Any]],
        ),
    ] = Field({}, description="Type name -> its values.")
    alexa: Foreign = {}

    @field_validator("description")
    @classmethod
    def _exact(cls, description: str) -> str:
        return str(description)


class FulfilmentFile(_Part):
    """Who answers. One of `python`, `alexa`, `https`; `replies` alone, or as what else to say."""

    replies: dict[str, Texts] = Field({}, description="Intent -> reply templates (Jinja2).")
    python: str | None = Field(
        None, pattern=HANDLER, description="`module:callable` beside this file, given a request."
    )
    alexa: str | None = Field(
        None, pattern=HANDLER, description="`module:callable`: an ask-sdk lambda_handler."
    )
    https: str | None = Field(
        None, pattern=r"^https?://[^\s/]+", description="Endpoint that speaks Alexa's JSON."
    )
    timeout_s: float = Field(5.0, gt=0, le=60, description="Longest that one call may take.")


Locale = Annotated[str, Field(pattern=LOCALE)]


class SkillFile(LanguageFile):
    """A skill: the keys of `skill.yaml`."""

    id: str | None = Field(
        None, pattern=ID, max_length=100, description="Unique in a home; default: the folder."
    )
    name: Text | None = Field(None, description="What people call it; default: from the id.")
    locale: Annotated[
        tuple[Locale, ...],
        BeforeValidator(as_list, json_schema_input_type=Locale | list[Locale]),
    ] = Field((), description="Of the keys in this file; a list where one text serves several.")
    languages: dict[Locale, LanguageFile] = Field({}, description="Further locales.")
    suits: Texts = Field(
        (), description="What of a device it is made for: `screen`, `camera`, `car`, `kitchen`."
    )
    fulfilment: FulfilmentFile = FulfilmentFile()
    package: Foreign = Field({}, description="Kept from an imported skill package.")


LANGUAGE_KEYS = frozenset(LanguageFile.model_fields)


def json_schema() -> dict[str, Any]:
    """JSON Schema of skill.yaml, for editors."""
    schema = SkillFile.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def is_id(text: str) -> bool:
    """Whether a text may be the id of a skill."""
    return bool(re.fullmatch(ID, text)) and len(text) <= 100
