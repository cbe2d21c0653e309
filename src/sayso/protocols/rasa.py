"""A decision and a reply in the words of Rasa's HTTP API.

Fields are those of Rasa 3: https://rasa.com/docs, "HTTP API" and "Your own website".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sayso.dialogue import naming
from sayso.formats.rasa.entities import NOTE
from sayso.formats.rasa.nlu import entity_of, rasa_name
from sayso.protocols.names import intent_of, qualified, span_of, value_of
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.skills import Skill
from sayso.types.turns import Reply

FALLBACK = "nlu_fallback"  # the intent of Rasa's FallbackClassifier
EXTRACTOR = "Sayso"


@dataclass(frozen=True, slots=True)
class RasaIntent:
    """An intent and how probably it is meant; `nlu_fallback` where none is likely enough."""

    name: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class RasaEntity:
    """A value that was found. start, end: in the text as sent; absent where it is not there.

    confidence, confidence_entity: one figure, under the names of the API and of its answers.
    """

    entity: str
    value: str
    confidence: float
    confidence_entity: float
    extractor: str
    start: int | None = None
    end: int | None = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """The answer of `POST /model/parse`."""

    text: str
    intent: RasaIntent
    entities: Sequence[RasaEntity]
    intent_ranking: Sequence[RasaIntent]


@dataclass(frozen=True, slots=True)
class Button:
    """A choice: what it shows, and what is sent as the message when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the answer of `POST /webhooks/rest/webhook`. custom: JSON, for programs."""

    recipient_id: str
    text: str | None = None
    image: str | None = None
    buttons: Sequence[Button] = ()
    custom: Any = None


def parsed(text: str, decision: Decision, skills: Mapping[str, Skill]) -> Parsed:
    """What was understood of a text. Where Sayso would shrug, `nlu_fallback` comes first.

    As Rasa's own classifier has it, the fallback is as likely as the best reading is not.
    """
    readings = decision.hypotheses
    ranking = [RasaIntent(name_of(x, skills), x.confidence) for x in readings]
    if not readings:
        return Parsed(text, RasaIntent(None, 0.0), [], [])
    best = decision.chosen or readings[0]
    if decision.outcome is Outcome.ABSTAIN:
        first = RasaIntent(FALLBACK, max(0.0, 1.0 - best.confidence))
        ranking = [first, *ranking]
    else:
        first = RasaIntent(name_of(best, skills), best.confidence)
    return Parsed(text, first, [_entity(x, best, text, skills) for x in best.slots], ranking)


def name_of(reading: Hypothesis, skills: Mapping[str, Skill]) -> str:
    """`skill.intent`; the name in Rasa where the skill was imported from there."""
    skill = skills.get(reading.skill)
    intent, _ = intent_of(reading, skill)
    ours = skill is None or intent is None or NOTE not in skill.extra
    return qualified(reading) if ours or intent is None else rasa_name(intent)


def _entity(
    slot: SlotValue, reading: Hypothesis, text: str, skills: Mapping[str, Skill]
) -> RasaEntity:
    """A slot as an entity: of its name; of its entity, role and group where it comes from Rasa."""
    skill = skills.get(reading.skill)
    intent, language = intent_of(reading, skill)
    declared = intent.slot(slot.name) if intent else None
    name, role, group = slot.name, None, None
    if skill is not None and NOTE in skill.extra and declared and language:
        span = entity_of(declared, language)
        name, role, group = span.entity, span.role, span.group
    start, end = span_of(slot, text) or (None, None)
    return RasaEntity(
        name,
        value_of(slot),
        slot.confidence,
        slot.confidence,
        EXTRACTOR,
        start=start,
        end=end,
        role=role,
        group=group,
    )


def messages(
    reply: Reply, recipient: str, locale: str, skills: Mapping[str, Skill]
) -> list[Message]:
    """What the person hears and sees and what programs get, a message each."""
    image = reply.card.image if reply.card else None
    said = [Message(recipient, text=reply.speech, buttons=(*_buttons(reply, locale, skills),))]
    return [
        *(said if reply.speech else ()),
        *([Message(recipient, image=image)] if image else ()),
        *(Message(recipient, custom=each.data) for each in reply.earlier),
        *([Message(recipient, custom=reply.data)] if reply.data is not None else ()),
    ]


def _buttons(reply: Reply, locale: str, skills: Mapping[str, Skill]) -> Iterator[Button]:
    """The options of "which one did you mean?"; each is chosen by its number."""
    decision = reply.decision
    known = [x for x in decision.options if x.skill in skills]
    if decision.outcome is not Outcome.ASK or len(known) < 2 or len(known) < len(decision.options):
        return
    context = Context("", datetime.now(UTC), locale=locale)
    for place, option in enumerate(decision.options, start=1):
        yield Button(naming.option(option, decision, context, skills), str(place))
