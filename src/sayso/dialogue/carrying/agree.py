"""A value that nobody has said in this turn, and an intent that is costly by mistake: is it right?"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.dialogue.phrases import phrase
from sayso.types.skills import Intent, Slot
from sayso.types.turns import Hypothesis


def agreement(intent: Intent, slot: Slot, chosen: Hypothesis, locale: str) -> Sequence[str]:
    """The questions to which a yes is wanted for a slot's value: the skill's own, or ours.

    An intent that asks for a yes itself says the value then.
    """
    if slot.confirm or intent.confirm or not intent.side_effects:
        return slot.confirm
    carried = [x for x in chosen.slots if x.name == slot.name and x.name in chosen.carried]
    unsaid = [x.normalised or x.value for x in carried if x.start is None]
    return tuple(phrase("whether", locale, options=value) for value in unsaid[:1])
