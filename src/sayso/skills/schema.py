"""What may stand in a skill file: pydantic models, checked at the door, also the JSON Schema.

Short forms are widened before they are checked: see `short_forms`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_serializer,
    model_validator,
)

from sayso.skills.fulfilment_schema import FulfilmentFile
from sayso.skills.rules import length
from sayso.skills.schema_part import Foreign, Part, Text, Texts
from sayso.skills.short_forms import (
    as_carry,
    as_intent,
    as_list,
    as_rules,
    as_slot,
    as_type,
    as_undo,
    as_value,
    by_name,
)
from sayso.types.skills import ID, LOCALE, Carry, Check

DEFAULT_LOCALE = "en-US"
ID_ADVICE = 'use letters, digits, ".", "_", ":" and "-"'


class ValueFile(Part):
    """A value of a slot type."""

    value: Text = Field(description="What the skill receives, and one way to say it.")
    id: str | None = Field(None, description="What the skill's code calls it.")
    synonyms: Texts = Field((), description="Other ways to say it.")
    alexa: Foreign = Field({})

    @field_validator("id")
    @classmethod
    def _exact(cls, id: str | None) -> str | None:
        return None if id is None else str(id)


Value = Annotated[ValueFile, BeforeValidator(as_value, json_schema_input_type=str | ValueFile)]


class TypeFile(Part):
    """A slot type: a catalogue of values."""

    values: tuple[Value, ...] = Field((), description="Texts, or values with ids and synonyms.")
    alexa: Foreign = Field({})


Limit = Annotated[str, BeforeValidator(str, json_schema_input_type=str | int | float)]
Limits = Annotated[
    tuple[Limit, ...],
    BeforeValidator(lambda node: node if isinstance(node, list | tuple) else [node]),
    Field(min_length=1),
]


class RangeFile(Part):
    """From when to when, as durations from now: `{from: P0D, to: P60D}`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    since: Text = Field(alias="from", description="ISO 8601 duration from now; a - before: past.")
    to: Text = Field(description="ISO 8601 duration from now.")

    @field_validator("since", "to")
    @classmethod
    def _is_length(cls, text: str) -> str:
        if length(text) is None:
            raise ValueError(f'"{text}" is no duration; write P60D, or PT2H')
        return text

    @model_serializer
    def _plain(self) -> dict[str, str]:
        return {"from": self.since, "to": self.to}


class RuleFile(Part):
    """What a value has to be: one of these keys, and what is said where it is not."""

    known: Literal[True] | None = Field(None, description="A value of its catalogue, one alone.")
    one_of: Limits | None = Field(None, description="One of these values.")
    none_of: Limits | None = Field(None, description="None of these values.")
    at_least: Limit | None = Field(None, description="A number, time or date, not less.")
    at_most: Limit | None = Field(None, description="A number, time or date, not more.")
    more_than: Limit | None = Field(None, description="A number, time or date, and more.")
    less_than: Limit | None = Field(None, description="A number, time or date, and less.")
    within: RangeFile | None = Field(None, description="A date or time, counted from now.")
    not_within: RangeFile | None = Field(None, description="No date or time between these.")
    say: Texts = Field((), description="Asks anew for a value that is not so.")

    @field_validator("known", mode="before")
    @classmethod
    def _true(cls, node: Any) -> Any:
        return True if isinstance(node, str) and node == "true" else node

    @model_validator(mode="after")
    def _one(self) -> RuleFile:
        given = [each.value for each in Check if getattr(self, each.value) is not None]
        if len(given) != 1:
            told = f"has {', '.join(given)}" if given else "checks nothing"
            raise ValueError(f"a rule {told}; write one of {', '.join(Check)}")
        return self


Rules = Annotated[
    tuple[RuleFile, ...],
    BeforeValidator(as_rules, json_schema_input_type=str | RuleFile | list[str | RuleFile]),
    Field(max_length=16),
]


class SlotFile(Part):
    """A slot of an intent."""

    type: Text = Field(description="One of this file's types, or a built-in one (AMAZON.TIME).")
    required: bool = Field(False, description="Ask for it if it was not said.")
    ask: Texts = Field((), description="Questions that ask for it; one is picked.")
    samples: Texts = Field((), description="Answers to the question, such as `at {time}`.")
    multiple: bool = Field(False, description="Several values may be given at once.")
    confirm: Texts = Field((), description="Questions to which a yes is wanted for this value.")
    reprompt: Texts = Field((), description="Said in the place of `ask` the second time.")
    valid: Rules = Field((), description="What a value has to be: the first that fails is said.")
    carry: Annotated[
        Carry | None,
        BeforeValidator(as_carry, json_schema_input_type=bool | Literal["once", "never", "always"]),
    ] = Field(None, description="How far the value is carried along: true, once or never.")
    description: str = Field(
        "", description="What it means; a slot that stands in no sample is found by it."
    )
    alexa: Foreign = Field({})


Slot = Annotated[SlotFile, BeforeValidator(as_slot, json_schema_input_type=str | SlotFile)]
Slots = Annotated[
    dict[str, Slot],
    BeforeValidator(
        by_name, json_schema_input_type=dict[str, str | SlotFile] | list[dict[str, Any]]
    ),
]


class IntentFile(Part):
    """One thing that a person may want."""

    samples: Texts = Field((), description="What a person says; slots in braces: `at {time}`.")
    slots: Slots = Field({}, description="Slot name -> its type, or more about it.")
    confirm: Texts = Field((), description="Questions asked before the skill acts.")
    side_effects: bool = Field(
        False, description="Doing it by mistake costs dearly: it takes more confidence."
    )
    undo: Annotated[
        str | None,
        BeforeValidator(as_undo, json_schema_input_type=str | Literal[False] | None),
    ] = Field(
        None, description="The intent that takes it back; false: nothing is to be taken back."
    )
    in_session: bool = Field(
        False,
        description="Meant only while the skill holds the conversation, as in a quiz.",
    )
    description: str = Field("", description="What it does, in a sentence.")
    alexa: Foreign = Field({})


Intent = Annotated[
    IntentFile,
    BeforeValidator(as_intent, json_schema_input_type=str | list[Text] | IntentFile | None),
]
Type = Annotated[
    TypeFile, BeforeValidator(as_type, json_schema_input_type=str | list[Value] | TypeFile)
]


class LanguageFile(Part):
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
    alexa: Foreign = Field({})

    @field_validator("description")
    @classmethod
    def _exact(cls, description: str) -> str:
        return str(description)


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
