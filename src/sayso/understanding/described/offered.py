"""Values that nobody has just said: offered by the system, known from elsewhere, or none at all."""

from __future__ import annotations

import numpy as np

from sayso.understanding.described.figures import SLOT, TURN, Pair, Rows
from sayso.understanding.described.looked import Looked, rivals
from sayso.understanding.described.past import DONT_CARE, Named, Offer, Past
from sayso.understanding.fold import fold

OFFERED = (
    "confirmed", "was_offered", "informed", "suggested", "age", "beside", "mentioned",
    "other_mentioned", "same",
    "said_fit", "latest", *SLOT, *TURN,
)  # fmt: skip
KNOWN = (
    "names_near", "told_near_other", "same_name", "same_kind", "words_shared", "like_kinds",
    "kinds_lead", "age", "offered",
    "mentioned", "same_values", "better", "there", "that", "latest", "said_fit", *SLOT, *TURN,
)  # fmt: skip
CARELESS = ("said_fit", "others_asked", "any", *SLOT, *TURN)
INTENTS = (
    "none", "before", "none_before", "proposed", "title_near", "told_near", "title_lead",
    "told_lead", "common_words", "words_lead", "goal", "goal_sharp", "goal_lead", "missing",
    "complete", "side_effects", "intents",
    "first", *TURN,
)  # fmt: skip
_THERE = frozenset({"there", "here", "nearby", "near", "around", "area"})
_ANY = frozenset(
    {"any", "anything", "whatever", "whichever", "matter", "preference", "care", "mind"}
)
_THAT = frozenset({"that", "this", "it", "same", "those", "them", "then"})


def offered(one: Looked) -> Rows:
    """Values that the system named, with their own slots."""
    past, text = one.past, f" {' '.join(one.seen.plain)} "
    best = one.best
    inside = [f" {fold(offer.value)} " in text for offer in past.offers]
    youngest = min((offer.age for offer in past.offers), default=0)
    pairs, figures = [], []
    for at, offer in enumerate(past.offers):
        place = one.skill.places.get(offer.slot)
        if place is None:
            continue
        rest = [
            inside[other]
            for other, x in enumerate(past.offers)
            if x.slot == offer.slot and other != at
        ]
        pairs.append(Pair("offered", place, offer.value))
        figures.append(
            [
                float(offer.named is Named.CONFIRM),
                float(offer.named is Named.OFFER),
                float(offer.named is Named.INFORM),
                float(offer.named is Named.ASK),
                float(offer.age),
                float(offer.beside),
                float(inside[at]),
                float(any(rest)),
                float(_same(past, offer)),
                float(best[place]),
                float(offer.age == youngest),
            ]
        )
    return pairs, figures


def _same(past: Past, offer: Offer) -> bool:
    return fold(past.filled.get(offer.slot, "")) == fold(offer.value)


def known(one: Looked) -> Rows:
    """Values of other skills, with slots that have none yet."""
    skill, past = one.skill, one.past
    text, words = f" {' '.join(one.seen.plain)} ", set(one.seen.plain)
    best = one.best
    youngest = min((each.age for each in past.known), default=0)
    pairs: list[Pair] = []
    figures: list[list[float]] = []
    if not past.known:
        return pairs, figures
    names = np.stack([each.slot.name for each in past.known]) @ skill.names.T
    told = np.stack([each.slot.told for each in past.known]) @ skill.told.T
    near = 0.5 * (names + told)
    other_kinds = rivals(one.others.T)
    for place, slot in enumerate(skill.slots):
        if slot.slot.name in past.filled:
            continue
        ways = {way for each in slot.values for way in each.ways}
        exact = {each.value for each in slot.values}
        for at, each in enumerate(past.known):
            if slot.values and fold(each.value) not in ways:
                continue
            value = each.value
            if slot.values and value not in exact:
                value = next(x.value for x in slot.values if fold(value) in x.ways)
            pairs.append(Pair("known", place, value))
            figures.append(
                [
                    float(names[at, place]),
                    float(told[at, place]),
                    float(each.slot.slot.name == slot.slot.name),
                    float(each.slot.kind == slot.kind),
                    float(len(each.slot.words & slot.words)),
                    float(one.others[at, place]),
                    float(one.others[at, place] - other_kinds[place, at]),
                    float(each.age),
                    float(each.offered),
                    float(f" {fold(each.value)} " in text),
                    float(sum(x.value == each.value for x in past.known)),
                    float((near[:, place] > near[at, place]).sum()),
                    float(bool(words & _THERE)),
                    float(bool(words & _THAT)),
                    float(each.age == youngest),
                    float(best[place]),
                ]
            )
    return pairs, figures


def careless(one: Looked) -> Rows:
    """That anything will do, of each slot."""
    best, asked = one.best, one.past.asked
    any_ = float(bool(_ANY & set(one.seen.plain)))
    pairs, figures = [], []
    for place, slot in enumerate(one.skill.slots):
        pairs.append(Pair("careless", place, DONT_CARE))
        others = bool(asked) and slot.slot.name not in asked
        figures.append([float(best[place]), float(others), any_])
    return pairs, figures
