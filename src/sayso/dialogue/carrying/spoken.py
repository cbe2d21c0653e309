"""What is kept of a turn: the values that were spoken of, of the last few turns and minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sayso.dialogue.carrying.roles import mode_of
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Context, Spoken
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Carry, Language

MOST = 24  # values; nobody keeps more in mind
TURNS = 10  # after which a value is no longer spoken of
LIKE = 3  # candidates of each: what else a name may be, as people have the same name
LASTS = timedelta(minutes=15)


def lately(context: Context) -> Sequence[Spoken]:
    """What this person spoke of and may still mean now, the latest last."""
    if not context.spoken:
        return ()
    return [each for each in context.spoken if _counts(each, context)]


def remembered(
    context: Context, reading: Hypothesis | None, language: Language | None, text: str
) -> Context:
    """The context with the values of the reading that was settled on, as spoken of in this turn.

    language: in which the reading's skill has its intent. text: what was said; a value of a reading
    that goes on was said in an earlier turn, and counts from then.
    """
    intent = language.intent(reading.intent) if language is not None and reading else None
    if reading is None or intent is None:
        kept = tuple(lately(context))
        return context if len(kept) == len(context.spoken) else replace(context, spoken=kept)
    fresh: list[Spoken] = []
    for value in reading.slots:
        slot = intent.slot(value.name)
        if slot is None or (mode := mode_of(slot, intent)) is Carry.NEVER:
            continue
        if slot.type == FREE_TEXT and (slot.required or intent.side_effects):
            continue  # a message, a note: words that are for nobody else
        before = _before(value, reading, context, text)
        # What must not go far counts from when it was said, however often it is carried.
        again = before is not None and (mode is Carry.ONCE or before.mode is Carry.ONCE)
        if before is not None and before.mode is Carry.ONCE:
            mode = Carry.ONCE
        turn, at = (before.turn, before.at) if before is not None and again else _now(context)
        plain = replace(value, start=None, end=None, candidates=value.candidates[:LIKE])
        fresh.append(Spoken(reading.skill, reading.intent, plain, mode, context.user, turn, at))
    names = {each.value.name for each in fresh}
    others = [x for x in lately(context) if not (_same_place(x, reading) and x.value.name in names)]
    return replace(context, spoken=(*others, *fresh)[-MOST:])


def _counts(spoken: Spoken, context: Context) -> bool:
    ago = context.turn - spoken.turn
    recent = ago <= (1 if spoken.mode is Carry.ONCE else TURNS)
    return recent and context.now - spoken.at <= LASTS and spoken.user == context.user


def _now(context: Context) -> tuple[int, datetime]:
    return context.turn, context.now


def _before(value: SlotValue, reading: Hypothesis, context: Context, text: str) -> Spoken | None:
    """When a value was said, if that was not in this turn."""
    start, end = value.start, value.end
    if start is not None and end is not None and text[start:end] == value.value:
        return None
    same = [x for x in context.spoken if _key(x.value) == _key(value) and x.user == context.user]
    return same[-1] if same else None


def _same_place(spoken: Spoken, reading: Hypothesis) -> bool:
    return (spoken.skill, spoken.intent) == (reading.skill, reading.intent)


def _key(value: SlotValue) -> str:
    return (value.normalised or value.value).casefold()
