"""What all pairs of a value and a slot have in common: figures of the turn and of the slot.

None of them knows a skill or a slot by name: they say how a span fits what the slot is described
like, whether the slot was asked for, what the person does, what else would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sayso.understanding.described.acts import ACTS
from sayso.understanding.described.looked import Floats, Looked
from sayso.understanding.described.past import Named
from sayso.understanding.described.slots import KINDS

TURN = (
    *(f"does_{act.lower()}" for act in ACTS),
    "words",
    "fresh",
    "asked_slots",
    "confirms",
    "offers",
    "proposes",
    "intent_changes",
)
SLOT = (
    "asked",
    "asked_alone",
    "filled",
    "required",
    "optional",
    "required_before",
    "somewhere_required",
    *(f"is_{kind}" for kind in KINDS),
    "told_near",
    "name_near",
    "name_words",
    "like",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A value that may fill a slot. place: of the slot; first, last: its words, if it was said."""

    source: str
    place: int
    value: str
    first: int | None = None
    last: int | None = None


Rows = tuple[list[Pair], list[list[float]]]  # the figures of each pair that are its source's own


def turn_figures(one: Looked) -> Floats:
    """(len(TURN),)."""
    past = one.past
    lately = [offer for offer in past.offers if offer.age == 0]
    rest = [
        float(len(one.seen.plain)),
        float(past.fresh),
        float(len(past.asked)),
        float(sum(offer.named is Named.CONFIRM for offer in lately)),
        float(sum(offer.named is Named.OFFER for offer in lately)),
        float(past.proposed is not None),
        float(one.intent != past.intent),
    ]
    return np.concatenate([one.sensed.acts, np.array(rest, np.float32)])


def slot_figures(one: Looked) -> Floats:
    """(slots, len(SLOT))."""
    skill, past = one.skill, one.past
    now, before = skill.intent(one.intent), skill.intent(past.intent)
    rows = []
    for place, slot in enumerate(skill.slots):
        name = slot.slot.name
        rows.append(
            [
                name in past.asked,
                name in past.asked and len(past.asked) == 1,
                name in past.filled,
                now is not None and place in now.required,
                now is not None and place in now.optional,
                before is not None and place in before.required,
                any(place in intent.required for intent in skill.intents),
                *(slot.kind == kind for kind in KINDS),
                one.near[0, :, place].max(),
                one.near[1, :, place].max(),
                len(slot.words & one.sensed.stems),
                one.likeness[place].max(initial=0.0),
            ]
        )
    return np.array(rows, np.float32).reshape(len(skill.slots), len(SLOT))


def joined(
    rows: Rows, slots: Floats, turn: Floats, names: Sequence[str]
) -> tuple[list[Pair], Floats]:
    """The pairs, and (pairs, names): their own figures, those of the slot, those of the turn."""
    pairs, figures = rows
    if not pairs:
        return [], np.zeros((0, len(names)), np.float32)
    own = slots[[pair.place for pair in pairs]]
    all_of = np.repeat(turn[None], len(pairs), axis=0)
    return pairs, np.concatenate([np.array(figures, np.float32), own, all_of], axis=1)
