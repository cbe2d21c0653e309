"""What was said before and a slot could hold, as values of that slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.dialogue.carrying.agree import is_told
from sayso.dialogue.carrying.roles import Role, is_guarded, mode_of
from sayso.dialogue.carrying.weigh import Alike, Offer, Wanted, best, shipped_weights
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Context, Spoken
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Carry, Intent, Slot
from sayso.understanding import builtin
from sayso.understanding.builtin import Reading, reading
from sayso.understanding.installed import Installed


def offers(
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


def fitting(
    spoken: Spoken, slot: Slot, skill: str, held: Installed
) -> tuple[SlotValue, bool] | None:
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
    read = [
        builtin.is_builtin(kind) and _by_grammar(kind, held) for kind in (slot.type, value.type)
    ]
    if any(read) and slot.type != value.type:
        return None
    return replace(value, type=slot.type, status=ResolutionStatus.MATCHED), False


def lacking(around: Wanted, slot: Slot, intent: Intent) -> Wanted:
    """The slot as one that lacks a value. around: what the turn says, whatever it lacks."""
    return replace(
        around,
        name=slot.name,
        type=slot.type,
        required=slot.required,
        changes=intent.side_effects,
        agreed=intent.side_effects or is_told(intent, slot) or bool(slot.confirm),
        guarded=is_guarded(slot),
    )


def is_meant(
    spoken: Spoken,
    reading: Hypothesis,
    name: str,
    role: Role,
    context: Context,
    installed: Mapping[str, Installed],
    alike: Alike,
) -> bool:
    """Whether a value that words point back to is one for that slot of the reading.

    role: of the words.
    """
    held = installed.get(reading.skill)
    intent = held.language.intent(reading.intent) if held is not None else None
    slot = intent.slot(name) if intent is not None else None
    if held is None or intent is None or slot is None or mode_of(slot, intent) is Carry.NEVER:
        return False
    around = Wanted(reading.skill, reading.intent, "", "", pointed=frozenset({role}))
    wanted = lacking(around, slot, intent)
    if not wanted.is_pointed_at:
        return False
    pairs = offers(wanted, slot, held, [spoken], context.turn)
    found = best([offer for offer, _ in pairs], wanted, context.turn, alike, shipped_weights())
    return found is not None and found[1] >= wanted.line


def whence(spoken: Spoken, context: Context) -> str:
    """Where a value comes from, in plain words."""
    ago = context.turn - spoken.turn
    turns = "turn" if ago == 1 else "turns"
    return f"{spoken.value.name} of {spoken.skill}.{spoken.intent}, {ago} {turns} ago"


def _by_grammar(kind: str, held: Installed) -> bool:
    return reading(kind, held.locale) is Reading.GRAMMAR
