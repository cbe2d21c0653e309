"""Readings of a turn + what was said before -> the readings with what they lack.

A value from before has no place in the text: `start` and `end` of its SlotValue are None, and
`Hypothesis.carried` says where it was said and why it was taken. Words that only point back (`a
hotel there`) are never a value themselves, whether anything was said before or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.dialogue.carrying.anaphors import (
    anaphors,
    is_anaphor,
    is_elliptical,
    named,
    without_anaphor,
)
from sayso.dialogue.carrying.candidates import lacking, offers, whence
from sayso.dialogue.carrying.roles import Role, mode_of, role_of
from sayso.dialogue.carrying.spoken import lately
from sayso.dialogue.carrying.weigh import (
    Alike,
    Offer,
    Wanted,
    Weights,
    best,
    shipped_weights,
    warrant,
)
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Context, Spoken
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Carry, Intent
from sayso.understanding.contract import Heard
from sayso.understanding.filled import filled
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed

NAMED_IN = 3  # words of `the same town`: a longer value says more than which one


def carried_over(
    readings: Sequence[Hypothesis],
    heard: Heard,
    context: Context,
    installed: Mapping[str, Installed],
    alike: Alike,
    weights: Weights | None = None,
) -> list[Hypothesis]:
    """The readings, without values that only point back and with what was said before instead."""
    spoken = lately(context)
    found = []
    for each in readings:
        held = installed.get(each.skill)
        intent = held.language.intent(each.intent) if held is not None else None
        if held is None or intent is None or not intent.slots:
            found.append(each)
            continue
        plain = _without_pointers(each, heard, context)
        chosen = weights or (shipped_weights() if spoken else None)
        if chosen is not None:
            plain = _filled(plain, intent, held, heard, context, spoken, alike, chosen)
        found.append(plain)
    return found


def _without_pointers(each: Hypothesis, heard: Heard, context: Context) -> Hypothesis:
    """The reading without values whose words do nothing but point back."""
    tongue = context.locale.split("-")[0]
    kept = tuple(x for x in each.slots if not _points(x, tongue))
    if len(kept) == len(each.slots):
        return each
    gone = [x for x in each.slots if x not in kept]
    unknown = sum(x.status is ResolutionStatus.NOT_MATCHED for x in gone)
    unresolved = max(0.0, each.features.get("unresolved", 0.0) - unknown)
    features = {
        **each.features,
        "unresolved": unresolved,
        **filled(heard.utterance.text, kept),
    }
    return replace(each, slots=kept, features=features)


def _points(value: SlotValue, tongue: str) -> bool:
    known = value.status is ResolutionStatus.MATCHED and value.candidates
    if known or value.type == FREE_TEXT:
        return False
    folded = fold(value.value)
    by_name = Wanted("", "", value.name, value.type, named=named(folded, tongue)).is_pointed_at
    return bool(is_anaphor(folded, tongue)) or (by_name and len(folded.split()) <= NAMED_IN)


def _filled(
    each: Hypothesis,
    intent: Intent,
    held: Installed,
    heard: Heard,
    context: Context,
    spoken: Sequence[Spoken],
    alike: Alike,
    weights: Weights,
) -> Hypothesis:
    """The reading with all that is carried over to it, the likeliest first."""
    taken: list[tuple[float, Wanted, Offer, SlotValue]] = []
    around = _around(each, heard, context)
    asking = around.pointed or around.named or around.elliptical
    if not (asking or any(x.skill == each.skill for x in spoken)):
        return each  # nothing could ask for a value from before
    for slot in intent.slots:
        if any(x.name == slot.name for x in each.slots) or mode_of(slot, intent) is Carry.NEVER:
            continue
        wanted = lacking(around, slot, intent)
        if not any(warrant(one, wanted) for one in spoken):
            continue
        pairs = offers(wanted, slot, held, spoken, context.turn)
        values = {id(offer): value for offer, value in pairs}
        allowed = [offer for offer, _ in pairs if warrant(offer.spoken, wanted)]
        found = best(allowed, wanted, context.turn, alike, weights)
        if found is not None and found[1] >= wanted.line:
            taken.append((found[1], wanted, found[0], values[id(found[0])]))
    for probability, wanted, offer, value in sorted(taken, key=lambda one: -one[0]):
        each = _with(each, value, wanted, offer, probability, context)
    return _trimmed(each, intent, held, context)


def _around(each: Hypothesis, heard: Heard, context: Context) -> Wanted:
    """What the turn says around whatever slot it lacks."""
    tongue, text = context.locale.split("-")[0], heard.utterance.text
    for x in each.slots:
        if x.type == FREE_TEXT and x.start is not None and x.end is not None:
            text = text[: x.start] + " " * (x.end - x.start) + text[x.end :]  # it is not for us
    folded = fold(text)
    return Wanted(
        each.skill,
        each.intent,
        "",
        "",
        pointed=frozenset(role for role, _ in anaphors(folded, tongue)),
        named=named(folded, tongue),
        told=frozenset(role_of(x.name, x.type) for x in each.slots),
        # Most sentences do not even begin so, which is told without a look at each word.
        elliptical=is_elliptical(folded, (), tongue)
        and is_elliptical(folded, _others(each, heard), tongue),
    )


def _others(each: Hypothesis, heard: Heard) -> list[str]:
    """The folded words that are no part of a value."""
    spans = [(x.start, x.end) for x in each.slots if x.start is not None and x.end is not None]
    return [
        part
        for word in heard.words
        if not any(start <= word.start and word.end <= end for start, end in spans)
        for part in fold(word.text).split()
    ]


def _with(
    each: Hypothesis,
    value: SlotValue,
    wanted: Wanted,
    offer: Offer,
    probability: float,
    context: Context,
) -> Hypothesis:
    """The reading with one value more, unless another of its slots has that already."""
    same = [x for x in each.slots if x.type == value.type and _key(x) == _key(value)]
    if same:
        return each
    asked_for = warrant(offer.spoken, wanted)
    why = f"{whence(offer.spoken, context)}; {asked_for}; {probability:.0%} likely"
    matched = each.features.get("matched", 0.0) + float(wanted.is_pointed_at and offer.holds)
    return replace(
        each,
        slots=(*each.slots, replace(value, confidence=round(probability, 4))),
        features={**each.features, "matched": matched} if each.features else each.features,
        carried={**each.carried, value.name: why},
    )


def _trimmed(each: Hypothesis, intent: Intent, held: Installed, context: Context) -> Hypothesis:
    """The reading without `that day` at the end of a value, where it was a slot of its own."""
    roles = {role_of(x.name, x.type) for x in each.slots if x.name in each.carried}
    if not roles:
        return each
    tongue = context.locale.split("-")[0]
    slots = tuple(_cut(x, roles, intent, held, context, tongue) for x in each.slots)
    return replace(each, slots=slots)


def _cut(
    value: SlotValue,
    roles: set[Role],
    intent: Intent,
    held: Installed,
    context: Context,
    tongue: str,
) -> SlotValue:
    slot = intent.slot(value.name)
    known = value.status is ResolutionStatus.MATCHED
    if slot is None or value.start is None or slot.type == FREE_TEXT or known:
        return value
    left, pointed = without_anaphor(fold(value.value), tongue)
    if not roles & {*pointed} or not left:
        return value
    words = value.value.split()
    kept = " ".join(words[: len(left.split())])
    return held.resolver.resolve(
        kept,
        slot,
        now=context.now,
        locale=context.locale,
        start=value.start,
        end=value.start + len(kept),
        confidence=value.confidence,
    )


def _key(value: SlotValue) -> str:
    return (value.normalised or value.value).casefold()
