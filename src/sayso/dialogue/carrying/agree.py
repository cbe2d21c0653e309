"""A value that nobody said in this turn, and an intent that is costly by mistake: is it right?"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.dialogue.phrases import phrase
from sayso.types.readings import Hypothesis
from sayso.types.skills import Intent, Slot


def agreement(intent: Intent, slot: Slot, chosen: Hypothesis, locale: str) -> Sequence[str]:
    """The questions to which a yes is wanted for a slot's value: the skill's own, or ours.

    An intent that says the value when it asks for a yes needs none besides: `shall I unlock it?`
    does not tell which door.
    """
    if slot.confirm or is_told(intent, slot) or not intent.side_effects:
        return slot.confirm
    carried = [x for x in chosen.slots if x.name == slot.name and x.name in chosen.carried]
    unsaid = [x.normalised or x.value for x in carried if x.start is None]
    return tuple(phrase("whether", locale, options=value) for value in unsaid[:1])


def is_told(intent: Intent, slot: Slot) -> bool:
    """Whether the intent says the slot's value when it asks for a yes."""
    return bool(intent.confirm) and "{" + slot.name + "}" in intent.confirm[0]
