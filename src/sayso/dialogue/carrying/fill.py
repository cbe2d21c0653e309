"""Readings of a turn + what was said before -> the readings with what they lack.

A value from before has no place in the text: `start` and `end` of its SlotValue are None, and
`Hypothesis.carried` says where it was said and why it was taken. Words that only point back (`a
hotel there`) are never a value themselves, whether anything was said before or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.dialogue.carrying.anaphors import anaphors, is_anaphor, is_elliptical, without_anaphor
from sayso.dialogue.carrying.roles import Role, is_guarded, mode_of, role_of
from sayso.dialogue.carrying.spoken import lately
from sayso.dialogue.carrying.weigh import (
    LINE,
    Alike,
    Offer,
    Wanted,
    Weights,
    best,
    shipped_weights,
    warrant,
)
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import Carry, Intent, Slot
from sayso.types.turns import Context, Hypothesis, ResolutionStatus, SlotValue, Spoken
from sayso.understanding import builtin
from sayso.understanding.builtin import Reading, reading
from sayso.understanding.contract import Heard
from sayso.understanding.filled import filled
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed


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


def fitting(spoken: Spoken, slot: Slot, skill: str, held: Installed) -> tuple[SlotValue, bool] | None:
    """A value that was said before as one of the slot, and whether the slot's catalogue has it.

    None where it cannot be one: it is none of the catalogue's, or the grammars differ.
    """
    value = replace(spoken.value, name=slot.name, start=None, end=None)
    same = spoken.skill == skill and spoken.value.name == slot.name and value.type == slot.type
    own = held.language.type(slot.type)
    if own is not None and own.values:
        words = value.normalised or value.value
        if not held.resolver.names(words, slot):
            # Words that the same catalogue did not know when they were said are what they were.
            return (value, False) if same else None
        found = held.resolver.resolve(words, slot, now=spoken.at)
        return replace(found, value=value.value), True
    if same:
        return value, False
    if FREE_TEXT in (slot.type, value.type):
        return None
    read = [builtin.is_builtin(kind) and _by_grammar(kind, held) for kind in (slot.type, value.type)]
    if any(read) and slot.type != value.type:
        return None
    return replace(value, type=slot.type, status=ResolutionStatus.MATCHED), False


def _by_grammar(kind: str, held: Installed) -> bool:
    return reading(kind, held.locale) is Reading.GRAMMAR


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
    return not known and value.type != FREE_TEXT and bool(is_anaphor(fold(value.value), tongue))


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
    for slot in intent.slots:
        if any(x.name == slot.name for x in each.slots) or mode_of(slot, intent) is Carry.NEVER:
            continue
        wanted = replace(
            around,
            name=slot.name,
            type=slot.type,
            required=slot.required,
            changes=intent.side_effects,
            guarded=is_guarded(slot),
        )
        pairs = _offers(wanted, slot, held, spoken, context.turn)
        values = {id(offer): value for offer, value in pairs}
        allowed = [offer for offer, _ in pairs if warrant(offer, wanted)]
        found = best(allowed, wanted, context.turn, alike, weights)
        if found is not None and found[1] >= LINE:
            taken.append((found[1], wanted, found[0], values[id(found[0])]))
    for probability, wanted, offer, value in sorted(taken, key=lambda one: -one[0]):
        each = _with(each, value, wanted, offer, probability, context)
    return _trimmed(each, intent, held, context)


def _around(each: Hypothesis, heard: Heard, context: Context) -> Wanted:
    """What the turn says around whatever slot it lacks."""
    tongue, text = context.locale.split("-")[0], heard.utterance.text
    spans = [(x.start, x.end) for x in each.slots if x.start is not None and x.end is not None]
    others = [
        part
        for word in heard.words
        if not any(start <= word.start and word.end <= end for start, end in spans)
        for part in fold(word.text).split()
    ]
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
        told=frozenset(role_of(x.name, x.type) for x in each.slots),
        elliptical=is_elliptical(folded, others, tongue),
    )


def _offers(
    wanted: Wanted, slot: Slot, held: Installed, spoken: Sequence[Spoken], turn: int
) -> list[tuple[Offer, SlotValue]]:
    """What the slot could hold, the latest first."""
    found: list[tuple[Offer, SlotValue]] = []
    for each in reversed(spoken):
        if wanted.guarded and turn - each.turn > 1:
            continue
        fits = fitting(each, slot, wanted.skill, held)
        if fits is not None:
            found.append((Offer(each, holds=fits[1], latest=not found), fits[0]))
    return found


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
    why = f"{whence(offer.spoken, context)}; {warrant(offer, wanted)}; {probability:.0%} likely"
    matched = each.features.get("matched", 0.0) + float(wanted.is_pointed_at and offer.holds)
    return replace(
        each,
        slots=(*each.slots, replace(value, confidence=round(probability, 4))),
        features={**each.features, "matched": matched} if each.features else each.features,
        carried={**each.carried, value.name: why},
    )


def whence(spoken: Spoken, context: Context) -> str:
    """Where a value comes from, in plain words."""
    ago = context.turn - spoken.turn
    turns = "turn" if ago == 1 else "turns"
    return f"{spoken.value.name} of {spoken.skill}.{spoken.intent}, {ago} {turns} ago"


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
