"""Skills and situations as the two YAML files write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from sayso.types.context import Context, Device, Happening
from sayso.types.people import Person, Use
from sayso.types.skills import Fulfilment, Intent, Language, Skill

TRAINING = Path(__file__).with_name("training.yaml")
TESTING = Path(__file__).parents[2] / "tests/runtime/situations.yaml"
NOW = datetime(2026, 11, 22, 19, tzinfo=UTC)
AGO = timedelta(minutes=1)  # when something happened, if the file does not say
Situation = Mapping[str, Any]


def read(path: Path) -> dict[str, Any]:
    """The file."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def skills_of(written: Mapping[str, Any]) -> Iterator[Skill]:
    """The skills under `skills`."""
    for id, one in written.items():
        intents = tuple(Intent(name, tuple(texts)) for name, texts in one["intents"].items())
        language = Language(
            one.get("locale", "en-US"), one["name"].lower(), one["about"], intents=intents
        )
        yield Skill(
            id,
            one["name"],
            one["about"],
            (language,),
            Fulfilment(replies=dict.fromkeys(one["intents"], ("Done.",))),
            suits=tuple(one.get("suits", ())),
        )


def context_of(situation: Situation, now: datetime = NOW) -> Context:
    """The context of a turn in a situation."""
    return Context(
        conversation="c",
        now=now,
        user="ana",
        device=device_of(situation),
        locale=situation.get("locale", "en-US"),
        person=Person(uses=dict(uses_of(situation, now))),
        happened=happened_of(situation, now),
    )


def device_of(situation: Situation) -> Device:
    """What the person speaks to."""
    has = situation.get("capabilities")
    return Device(
        type=situation.get("type", "unknown"),
        state=situation.get("state", {}),
        capabilities=tuple(has) if has is not None else None,
        place=situation.get("place", ""),
    )


def happened_of(situation: Situation, now: datetime = NOW) -> Sequence[Happening]:
    """What happened before."""
    told = (Happening(**each) for each in situation.get("happened", ()))
    return tuple(replace(each, at=each.at or now - AGO) for each in told)


def uses_of(situation: Situation, now: datetime = NOW) -> Iterator[tuple[str, Use]]:
    """Habits: skill -> [turns, of them after, what]."""
    for skill, (count, after, name) in situation.get("uses", {}).items():
        yield skill, Use(float(count), now - timedelta(days=1), after={name: float(after)})
