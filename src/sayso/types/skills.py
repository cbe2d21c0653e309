"""What a developer writes: a `Skill`, its languages, intents, slots and slot types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ID = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"  # of a skill; folders and addresses bear it
LOCALE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"  # what Sayso takes of BCP 47


class FulfilmentKind(StrEnum):
    """Who answers when a skill is chosen."""

    REPLIES = "replies"  # sandboxed Jinja2 templates, one list an intent
    PYTHON = "python"  # a callable `handle(request)` in a worker process
    ALEXA = "alexa"  # an ask-sdk `lambda_handler(event, context)` in a worker process
    HTTPS = "https"  # an endpoint that speaks the Alexa request/response JSON
    CLIENT = "client"  # whoever asked does it, and is told what
    MCP = "mcp"  # tools of an MCP server
    OPENAPI = "openapi"  # operations of a web service


@dataclass(frozen=True, slots=True)
class Service:
    """How a program or service is reached whose tools or operations a skill calls.

    command, args: of a program that speaks MCP on standard input and output; url: of a server.
    env: names of the environment variables that the program is given. headers: of each request;
    `${NAME}` in them stands for the environment variable of that name. No secret stands here.
    """

    command: str | None = None
    args: Sequence[str] = ()
    url: str | None = None
    env: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How a skill answers.

    replies: intent name -> templates, one is picked at random (REPLIES; also the fallback text
        of any other kind).
    handler: `module:callable` below the skill's folder (PYTHON, ALEXA).
    url: endpoint (HTTPS). service: what is called (MCP, OPENAPI).
    timeout_s: seconds one call may take before it is killed.
    can_fulfill: it answers CanFulfillIntentRequest (ALEXA, HTTPS): whether a request is for it.
    application_id: what it is called as; None for an id of Sayso's. A back-end may check it.
    """

    kind: FulfilmentKind = FulfilmentKind.REPLIES
    replies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    handler: str | None = None
    url: str | None = None
    timeout_s: float = 5.0
    can_fulfill: bool = False
    application_id: str | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class TypeValue:
    """One value of a slot type: what the skill receives, and other ways to say it.

    `id` is what the developer gave (None where there is none).
    """

    value: str
    id: str | None = None
    synonyms: Sequence[str] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SlotType:
    """A catalogue of values. A name that starts with `AMAZON.` may extend a built-in type."""

    name: str
    values: Sequence[TypeValue] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


class Check(StrEnum):
    """What is asked of a value."""

    KNOWN = "known"  # one value of its catalogue, and one alone
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    WITHIN = "within"  # of a date or time: between two durations from now
    NOT_WITHIN = "not_within"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value has to be; `say` asks anew for one that is not (empty: the slot's `ask`).

    values: none for KNOWN; the list for ONE_OF and NONE_OF; one number, time or date as text for
        AT_LEAST to LESS_THAN; two ISO 8601 durations for WITHIN and NOT_WITHIN.
    """

    check: Check
    values: Sequence[str] = ()
    say: Sequence[str] = ()


class Carry(StrEnum):
    """How far a slot's value is carried along into later turns."""

    ALWAYS = "always"
    ONCE = "once"  # to the next turn and no further: a contact, an amount, a door
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter of an intent.

    type: name of a `SlotType` of the same language, or of a built-in type (`AMAZON.TIME`).
    samples: what a person answers when asked for this slot alone.
    required: the dialogue asks for it, with a prompt of `ask`, before the skill is called.
    multiple: several values may be given in one utterance.
    confirm: questions to which a yes is wanted for this value; reprompt: said in the place of
        `ask` the second time; valid: what a value has to be, the first rule that fails is said.
    carry: None where the skill does not say: ONCE in an intent with side effects, else ALWAYS.
    description: what it means, in a few words; a slot that stands in no sample is found by it.
    """

    name: str
    type: str
    samples: Sequence[str] = ()
    required: bool = False
    ask: Sequence[str] = ()
    multiple: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    confirm: Sequence[str] = ()
    reprompt: Sequence[str] = ()
    valid: Sequence[Rule] = ()
    carry: Carry | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a person may want. Samples mark slots with braces: `wake me at {time}`.

    confirm: prompts that ask for a yes before the skill is called; empty means no question.
    side_effects: doing it by mistake costs dearly (a door opens, money is spent).
    description: what it does, in a few words.
    undo: the intent that takes back what this one did, by the slots that both have; empty where
        there is nothing to take back; None where the skill does not say.
    in_session: it means something only while the skill holds the conversation.
    """

    name: str
    samples: Sequence[str] = ()
    slots: Sequence[Slot] = ()
    confirm: Sequence[str] = ()
    side_effects: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    undo: str | None = None
    in_session: bool = False

    def slot(self, name: str) -> Slot | None:
        """The slot of that name, or None."""
        return next((slot for slot in self.slots if slot.name == name), None)

    @property
    def builtin(self) -> bool:
        """Whether this is one of Alexa's standard intents (`AMAZON.StopIntent`, ...)."""
        return self.name.startswith("AMAZON.")


@dataclass(frozen=True, slots=True)
class Language:
    """A skill as spoken in one locale: the counterpart of an Alexa interaction model.

    locale: BCP 47, such as `en-US`.
    examples: whole sentences a person may say to reach the skill.
    extra: keys of the interaction model that no field holds (`dialog`, `prompts`,
        `modelConfiguration`, unknown ones), written back as they came.
    """

    locale: str
    invocation_name: str = ""
    description: str = ""
    examples: Sequence[str] = ()
    intents: Sequence[Intent] = ()
    types: Sequence[SlotType] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def intent(self, name: str) -> Intent | None:
        """The intent of that name, or None."""
        return next((intent for intent in self.intents if intent.name == name), None)

    def type(self, name: str) -> SlotType | None:
        """The skill's own slot type of that name, or None (it may be a built-in one)."""
        return next((kind for kind in self.types if kind.name == name), None)


@dataclass(frozen=True, slots=True)
class Skill:
    """An installable ability.

    id: unique in a home, `[A-Za-z0-9][A-Za-z0-9._:-]*`.
    suits: what it is made for, of capabilities, types and places of devices: `screen`, `car`.
    folder: where its files lie, or None for a skill that came over HTTP; not part of equality.
    """

    id: str
    name: str
    description: str = ""
    languages: Sequence[Language] = ()
    fulfilment: Fulfilment = field(default_factory=Fulfilment)
    extra: Mapping[str, Any] = field(default_factory=dict)
    suits: Sequence[str] = ()
    folder: str | None = field(default=None, compare=False)

    @property
    def locales(self) -> tuple[str, ...]:
        """Locales the skill speaks, in the order of its file."""
        return tuple(language.locale for language in self.languages)

    def language(self, locale: str) -> Language | None:
        """The language for a locale: the same one, else one of the same tongue, else None."""
        tongue = locale.split("-")[0]
        same = [language for language in self.languages if language.locale == locale]
        near = [x for x in self.languages if x.locale.split("-")[0] == tongue]
        return next(iter(same + near), None)

    def has_side_effects(self, intent: str) -> bool:
        """Whether an intent is marked so; a mark in one language counts in all."""
        found = (language.intent(intent) for language in self.languages)
        return any(each is not None and each.side_effects for each in found)

    def undo_of(self, intent: str) -> str | None:
        """See `Intent.undo`; what is said of it in one language counts in all."""
        found = (language.intent(intent) for language in self.languages)
        said = (each.undo for each in found if each is not None)
        return next((each for each in said if each is not None), None)
