"""A text -> what it means, or that nobody knows; nothing is done and nothing is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.protocols.hermes.messages import Query
from sayso.protocols.hermes.said import (
    NOT_RECOGNIZED,
    PARSED,
    Said,
    intent_message,
    intent_name,
    intent_topic,
)
from sayso.runtime.home import Home
from sayso.types.context import Device
from sayso.types.readings import Decision, Hypothesis
from sayso.types.skills import Skill


def understood(query: Query, home: Home, user: str, *, publish_intent: bool) -> list[Said]:
    """The answer to `hermes/nlu/query`. Raises RequestError.

    publish_intent: tell handlers, too, as Rhasspy's recognisers do; where Sayso manages the
    dialogue, a query alone is nothing to act upon.
    """
    device = Device(query.site)
    decision = home.decide(query.input, user=user, locale=query.lang, device=device)
    skills = home.engine.skills
    reading = meant(decision, query.intents, skills)
    about = {"id": query.id, "siteId": query.site, "sessionId": query.session}
    if reading is None:
        about["customData"] = query.custom
        return [Said(NOT_RECOGNIZED, {"input": query.input, **about})]
    told = intent_message(reading, query.input, skills, **about, customData=query.custom)
    topics = [PARSED]
    if publish_intent:
        topics.append(intent_topic(intent_name(reading, skills)))
    return [Said(topic, told) for topic in topics]


def meant(
    decision: Decision, intents: Sequence[str] | None, skills: Mapping[str, Skill]
) -> Hypothesis | None:
    """The reading that would be acted upon; with a filter, the best of those that it names.

    One that the filter names has to be as likely as any that Sayso would act upon.
    """
    if intents is None:
        return decision.chosen
    readings = [x for x in (decision.chosen, *decision.hypotheses) if x is not None]
    named = [x for x in readings if intent_name(x, skills) in intents]
    sure = [x for x in named if x is decision.chosen or x.confidence >= (decision.threshold or 1)]
    return sure[0] if sure else None
