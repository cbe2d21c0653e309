"""How probably a value that was said before is meant for a slot that nobody has filled.

Each candidate is decided upon by itself, so that values need not be known beforehand (Naik et al.
2018, arXiv:1806.01773). The probability is logistic in a few figures that are the same for any
skill; what it takes within a skill is not what it takes from one skill to another, so each has
weights of its own. `carry.json` was fitted on dialogues of other skills by `scripts/make_carry.py`.

On top of the probability stands a warrant: something must ask for a value from before. Over-
carrying is worse than to ask once more, as nobody sees it.

    pointed at   `there`, `that day`, `her`: words of the slot's role are in the text
    elliptical   the sentence goes on from the one before: `and for Paris`
    stepping on  another intent of the same skill cannot act without it, and will have it agreed to
                 before it does: find, then book
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sayso.dialogue.carrying.roles import VAGUE, Role, Way, parts, role_of, way_of
from sayso.skills.builtin_types import PREFIX
from sayso.types.context import Spoken
from sayso.types.skills import Carry

SHIPPED = "carry.json"  # made by: python -m scripts.make_carry
FIGURES = (
    "same_name",  # of the two slots
    "alike",  # cosine of the slots' names; share of their words where there is no encoder
    "same_type",  # or the catalogue of the slot's type has the value
    "holds",  # it has, of what has no role
    "same_role",
    "other_role",  # neither is just any thing or amount, and they differ
    "same_intent",
    "near",  # 1 / turns since it was said
    "latest",  # 1 if no other value that fits was said later
    "aimed",  # it is where something went, and the slot is not where something starts
    "turned",  # one of the two is where something starts, and the other is not
    "pointed",  # something in the text points to a value of the slot's role
    "elsewhere",  # something in the text points to a value of another role alone
    "elliptical",
    "required",
    "changes",  # the intent has side effects
    "told",  # the turn itself says a value of the slot's role, for another slot
)
LINE = 0.5  # probability from which on a value is carried
# Who says `there` means something that was said: to take nothing is wrong for sure.
LINE_POINTED = 0.4
Alike = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slot that lacks a value in a reading of the turn, and what the turn says around it.

    changes: its intent has side effects; agreed: what is carried is agreed to before it acts.
    guarded: it takes what was said in the turn before and was pointed at, nothing else.
    pointed: roles that words of the turn point back to, named: what they call it (`that town`);
    told: roles of the values that it says.
    """

    skill: str
    intent: str
    name: str
    type: str
    required: bool = False
    changes: bool = False
    agreed: bool = False
    guarded: bool = False
    pointed: frozenset[Role] = frozenset()
    named: frozenset[str] = frozenset()
    told: frozenset[Role] = frozenset()
    elliptical: bool = False

    @property
    def role(self) -> Role:
        """What its value is."""
        return role_of(self.name, self.type)

    @property
    def called(self) -> frozenset[str]:
        """What people may call it: the words of its name, and of its type where that is its own."""
        own = () if self.type.startswith(PREFIX) else parts(self.type)
        return frozenset((*parts(self.name), *own))

    @property
    def line(self) -> float:
        """The probability from which on a value is carried to it."""
        return LINE_POINTED if self.is_pointed_at else LINE

    @property
    def is_pointed_at(self) -> bool:
        """Whether the text has words that stand for such a value."""
        role = self.role
        as_thing = role in (Role.LOCK, Role.MONEY) and Role.THING in self.pointed
        return role in self.pointed or as_thing or not self.named.isdisjoint(self.called)


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that was said before and that the wanted slot could hold.

    holds: whether the slot's own catalogue has it; latest: whether no other was said later.
    """

    spoken: Spoken
    holds: bool = False
    latest: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic weights: `within` a skill and `across` skills; figure -> log-odds, and `bias`."""

    within: Mapping[str, float]
    across: Mapping[str, float]

    def probability(self, offer: Offer, wanted: Wanted, turn: int, alike: Alike) -> float:
        """How probably the value is meant for the slot in that turn."""
        same = offer.spoken.skill == wanted.skill
        weights = self.within if same else self.across
        found = figures(offer, wanted, turn, alike)
        total = weights.get("bias", 0.0) + sum(weights.get(x, 0.0) * y for x, y in found.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def to_json(self) -> dict[str, Any]:
        """As it is shipped."""
        return {"within": dict(self.within), "across": dict(self.across)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Weights:
        """What `to_json` gave; how it was made is beside it."""
        return cls(raw["within"], raw["across"])


def figures(offer: Offer, wanted: Wanted, turn: int, alike: Alike) -> dict[str, float]:
    """What is known of a candidate, by `FIGURES`; the same for fitting and for serving."""
    spoken, value = offer.spoken, offer.spoken.value
    mine, theirs = wanted.role, role_of(value.name, value.type)
    # What a catalogue of places has is a place, whatever it was said for.
    theirs = mine if offer.holds else theirs
    known = VAGUE.isdisjoint((mine, theirs))
    way = way_of(value.name), way_of(wanted.name)
    return {
        "same_name": float(value.name == wanted.name),
        # Nor does it matter then what the two slots are called.
        "alike": 1.0 if offer.holds and known else alike(value.name, wanted.name),
        "same_type": float(value.type == wanted.type or offer.holds),
        "holds": float(offer.holds and not known),
        "same_role": float(known and mine is theirs),
        "other_role": float(known and mine is not theirs),
        "same_intent": float((spoken.skill, spoken.intent) == (wanted.skill, wanted.intent)),
        "near": 1.0 / max(turn - spoken.turn, 1),
        "latest": float(offer.latest),
        "aimed": float(way[0] is Way.GOAL and way[1] is not Way.START),
        "turned": float((way[0] is Way.START) is not (way[1] is Way.START)),
        "pointed": float(wanted.is_pointed_at),
        "elsewhere": float(bool(wanted.pointed - {Role.THING}) and not wanted.is_pointed_at),
        "elliptical": float(wanted.elliptical),
        "required": float(wanted.required),
        "changes": float(wanted.changes),
        "told": float(mine not in VAGUE and mine in wanted.told),
    }


def warrant(spoken: Spoken, wanted: Wanted) -> str:
    """What asks for a value from before, in plain words; empty if nothing does."""
    if wanted.is_pointed_at:
        return "words point back to it"
    if spoken.skill != wanted.skill or wanted.guarded or spoken.mode is Carry.ONCE:
        return ""
    if wanted.elliptical:
        return "the sentence goes on from the one before"
    stepping_on = wanted.required and wanted.agreed and spoken.intent != wanted.intent
    return "it cannot be done without it" if stepping_on else ""


def share_of_words(one: str, other: str) -> float:
    """How alike two names are by their words alone, in [0, 1]."""
    mine, theirs = {*parts(one)}, {*parts(other)}
    return len(mine & theirs) / max(len(mine | theirs), 1)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that the package holds."""
    text = files("sayso.dialogue.carrying").joinpath(SHIPPED).read_text("utf-8")
    return Weights.from_json(json.loads(text))


def best(
    offers: Sequence[Offer], wanted: Wanted, turn: int, alike: Alike, weights: Weights
) -> tuple[Offer, float] | None:
    """The likeliest of the candidates with its probability; of two that are as likely the first.

    offers: the latest first.
    """
    rated = [(weights.probability(each, wanted, turn, alike), each) for each in offers]
    if not rated:
        return None
    probability, offer = max(rated, key=lambda pair: pair[0])
    return offer, probability
