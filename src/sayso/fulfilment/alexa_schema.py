"""The shape of Alexa's response JSON: the keys that are read, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from sayso.fulfilment.wire import MAX_SPEECH

MOST_DIRECTIVES = 50
Text = Annotated[StrictStr, Field(max_length=MAX_SPEECH)]


class Part(BaseModel):
    """A mapping of which some keys are read; whatever else is in it is let be."""

    model_config = ConfigDict(extra="ignore")


class Speech(Part):
    """Words, plain or with markup; which of the two, `type` says."""

    type: Literal["PlainText", "SSML"]
    text: Text | None = None
    ssml: Text | None = None


class Reprompt(Part):
    """What is said where no answer comes."""

    outputSpeech: Speech | None = None


class Image(Part):
    """Addresses of a picture."""

    smallImageUrl: Text | None = None
    largeImageUrl: Text | None = None


class Card(Part):
    """What a screen shows."""

    type: StrictStr
    title: Text | None = None
    content: Text | None = None
    text: Text | None = None
    image: Image | None = None


class Slot(Part):
    """A slot of an intent that the skill changed."""

    value: Text | None = None
    confirmationStatus: Literal["NONE", "CONFIRMED", "DENIED"] | None = None


class Intent(Part):
    """The intent as the skill wants it to be, of a Dialog directive."""

    name: StrictStr
    slots: Mapping[str, Slot] | None = None


class EntityName(Part):
    """A value that is set for the session, and other ways to say it."""

    value: Text
    synonyms: Sequence[Text] | None = None


class Entity(Part):
    """A value that is set, by its id."""

    id: Text | None = None
    name: EntityName


class EntityType(Part):
    """The values that are set of one slot type."""

    name: StrictStr
    values: Sequence[Entity] = ()


class Entities(Part):
    """Dialog.UpdateDynamicEntities, but for its type."""

    updateBehavior: Literal["REPLACE", "CLEAR"]
    types: Sequence[EntityType] | None = None


class Directive(Part):
    """A directive; one of a dialogue has these keys, any other is let be."""

    model_config = ConfigDict(extra="allow")

    type: StrictStr
    slotToElicit: StrictStr | None = None
    slotToConfirm: StrictStr | None = None
    updatedIntent: Intent | None = None


class CanFulfill(Part):
    """The answer to a CanFulfillIntentRequest."""

    canFulfill: Literal["YES", "NO", "MAYBE"]


class Body(Part):
    """What is under `response`."""

    outputSpeech: Speech | None = None
    reprompt: Reprompt | None = None
    card: Card | None = None
    shouldEndSession: StrictBool | None = None
    canFulfillIntent: CanFulfill | None = None
    directives: Annotated[Sequence[Directive], Field(max_length=MOST_DIRECTIVES)] | None = None


class Response(Part):
    """The whole answer of a back-end."""

    sessionAttributes: dict[str, Any] | None = None
    response: Body | None = None
