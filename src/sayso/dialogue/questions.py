"""What must be asked before a skill is called: is it right, was it said, is it agreed to?

Slot by slot in the order of the skill file. First every value is looked at, so that a mistake is
told at once; then each slot is confirmed, if its skill wants that, or asked for, if it is missing;
at last the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sayso.dialogue.carrying.agree import agreement
from sayso.dialogue.phrases import either, phrase
from sayso.dialogue.valid import broken
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent, Rule, Slot
from sayso.understanding.hints import spelled_out

MOST_QUESTIONS = 2  # for one slot: who did not say it twice will not say it


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what is awaited then; `futile` where it has been asked often enough."""

    speech: str
    awaiting: Awaiting

    @property
    def futile(self) -> bool:
        """Whether it would be the third time that this slot is asked for."""
        return self.awaiting.tried.count(self.awaiting.slot or "") > MOST_QUESTIONS

    @property
    def is_whole(self) -> bool:
        """Whether it asks for a yes to all of it, after which it is done."""
        return self.awaiting.asked is Asked.CONFIRM and self.awaiting.slot is None


def next_question(
    intent: Intent,
    chosen: Hypothesis,
    context: Context,
    *,
    confirmed: bool,
    before: Awaiting | None = None,
) -> Question | None:
    """The next question about a reading, or None if the skill has all that it needs.

    confirmed: the person has said yes to this very reading. before: the question that this reading
    answers, for what was agreed to and asked for so far.
    """
    agreed, tried = agreed_to(chosen, before), tuple(before.tried) if before else ()
    for slot in intent.slots:
        for value in _values(chosen, slot):
            rule = broken(slot, value, context.now)
            if rule is not None:
                kept = tuple(each for each in chosen.slots if each is not value)
                rest = replace(chosen, slots=kept)
                speech = _told(rule, slot, value, chosen, context)
                return _elicit(speech, slot, rest, agreed, tried)
    for slot in intent.slots:
        said = bool(_values(chosen, slot))
        confirm = agreement(intent, slot, chosen, context.locale)
        if said and confirm and slot.name not in agreed and not confirmed:
            awaiting = Awaiting(Asked.CONFIRM, chosen, slot.name, agreed=agreed, tried=tried)
            return Question(fill(confirm[0], chosen), awaiting)
        if slot.required and not said:
            speech = fill(wording(slot, context, again=slot.name in tried), chosen)
            return _elicit(speech, slot, chosen, agreed, tried)
    if intent.confirm and not confirmed:
        awaiting = Awaiting(Asked.CONFIRM, chosen, agreed=agreed, tried=tried)
        return Question(fill(intent.confirm[0], chosen), awaiting)
    return None


def wording(slot: Slot, context: Context, *, again: bool) -> str:
    """How a slot is asked for, the first time or again."""
    if again and slot.reprompt:
        return slot.reprompt[0]
    named = spelled_out(slot.name) or slot.name
    return slot.ask[0] if slot.ask else phrase("ask_slot", context.locale, slot=named)


def fill(prompt: str, chosen: Hypothesis) -> str:
    """A developer's prompt with `{slot}` replaced by what was said."""
    said: dict[str, list[str]] = {}
    for slot in chosen.slots:
        said.setdefault(slot.name, []).append(slot.value)
    for name, values in said.items():
        prompt = prompt.replace("{" + name + "}", ", ".join(values))
    return prompt


def _elicit(
    speech: str, slot: Slot, chosen: Hypothesis, agreed: Sequence[str], tried: Sequence[str]
) -> Question:
    left = tuple(name for name in agreed if name != slot.name)
    tries = (*tried, slot.name)
    return Question(speech, Awaiting(Asked.SLOT, chosen, slot.name, agreed=left, tried=tries))


def agreed_to(chosen: Hypothesis, before: Awaiting | None) -> tuple[str, ...]:
    """Slots agreed to up to now, whose values are still the same.

    before: the question that this reading answers; to go on without a word against it is to agree.
    """
    if before is None or before.pending is None:
        return ()
    names = [*before.agreed]
    if before.asked is Asked.CONFIRM and before.slot and before.slot not in names:
        names.append(before.slot)
    return tuple(name for name in names if _said(before.pending, name) == _said(chosen, name))


def _said(chosen: Hypothesis, name: str) -> list[str]:
    return [each.normalised or each.value for each in chosen.slots if each.name == name]


def _values(chosen: Hypothesis, slot: Slot) -> list[SlotValue]:
    return [each for each in chosen.slots if each.name == slot.name]


def _told(rule: Rule, slot: Slot, value: SlotValue, chosen: Hypothesis, context: Context) -> str:
    """What is said of a value that cannot be; of a name that several have, which they are."""
    if rule.say:
        return fill(rule.say[0], chosen)
    meant = [each.value for each in value.matches()]
    if len(meant) > 1:
        return phrase("which", context.locale, options=either(meant, context.locale))
    return fill(wording(slot, context, again=True), chosen)
