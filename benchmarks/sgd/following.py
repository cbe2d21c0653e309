"""A dialogue followed turn by turn: what each turn knows of each service besides the words.

    follow = Follow(dialogue, skills)
    for before, turn in dialogue.user_turns:
        follow.system(before)
        for service in turn.states:
            past = follow.past(service)
            follow.note(service, intent, values)    # what was read, or what is right

The system's acts are its own, so it knows them: what it asked, offered and asked to confirm. Its
service calls, which hold the right values, are never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from benchmarks.sgd.reading import DONT_CARE, Turn
from sayso.understanding.described.past import Known, Named, Offer, Past
from sayso.understanding.described.slots import DescribedSkill

_NAMED = {
    "CONFIRM": Named.CONFIRM,
    "OFFER": Named.OFFER,
    "INFORM": Named.INFORM,
    "REQUEST": Named.ASK,
}


@dataclass
class Standing:
    """Where one service of a dialogue stands."""

    intent: str | None = None
    filled: dict[str, str] = field(default_factory=dict)
    offers: dict[str, list[Offer]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    proposed: str | None = None
    spoken: int = 0  # number of the user's turn in which it was last spoken of
    fresh: bool = True


@dataclass
class Follow:
    """Where a dialogue stands. skills: of all its services."""

    skills: Mapping[str, DescribedSkill]
    services: dict[str, Standing] = field(default_factory=dict)
    did: tuple[str, ...] = ()
    turns: int = 0

    def system(self, turn: Turn | None) -> None:
        """The system has spoken (None before the first turn of the user)."""
        self.turns += 1
        self.did = tuple(dict.fromkeys(act.act for act in turn.acts)) if turn else ()
        for each in self.services.values():
            each.asked, each.proposed = (), None
            each.offers = {
                slot: [replace(offer, age=offer.age + 1) for offer in offers]
                for slot, offers in each.offers.items()
            }
        if turn is None:
            return
        for name in turn.services:
            self._heard(self.services.setdefault(name, Standing()), name, turn)

    def _heard(self, each: Standing, name: str, turn: Turn) -> None:
        places, named = self.skills[name].places, self.skills[name].named
        acts = [act for act in turn.acts if act.service == name]
        each.asked = tuple(
            act.slot for act in acts if act.act == "REQUEST" and act.slot and act.slot in places
        )
        each.proposed = next(
            (act.values[0] for act in acts if act.act == "OFFER_INTENT" and act.values), None
        )
        fresh: dict[str, list[Offer]] = {}
        for act in acts:
            if act.act in _NAMED and act.slot in named and act.slot:
                fresh.setdefault(act.slot, []).extend(
                    Offer(act.slot, value, _NAMED[act.act]) for value in act.values
                )
        for slot, offers in fresh.items():
            each.offers[slot] = [replace(offer, beside=len(offers) - 1) for offer in offers]

    def past(self, service: str) -> Past:
        """What is known of a service as the user speaks."""
        each = self.services.setdefault(service, Standing())
        return Past(
            each.intent,
            dict(each.filled),
            each.asked,
            [offer for offers in each.offers.values() for offer in offers],
            each.proposed,
            self.did,
            each.fresh,
            self._known(service),
        )

    def _known(self, service: str) -> list[Known]:
        found: list[Known] = []
        for name, other in self.services.items():
            if name == service:
                continue
            named = self.skills[name].named
            age = self.turns - other.spoken
            for slot, value in other.filled.items():
                if value != DONT_CARE:
                    found.append(Known(named[slot], value, name, age))
            for slot, offers in other.offers.items():
                for offer in offers:
                    if other.filled.get(slot) != offer.value:
                        found.append(Known(named[slot], offer.value, name, age, offered=True))
        return found

    def note(self, service: str, intent: str | None, filled: Mapping[str, str]) -> None:
        """The state of a service after the user's turn."""
        each = self.services.setdefault(service, Standing())
        each.intent, each.filled = intent, dict(filled)
        each.spoken, each.fresh = self.turns, False
