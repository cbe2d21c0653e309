"""Turns that can be understood by themselves: all that a lesson may be made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sayso.types.readings import Basis, Outcome
from sayso.types.turns import Interaction


def alone(turns: Iterable[Interaction]) -> list[Interaction]:
    """Turns that were acted upon and continue nothing, in the order of each conversation.

    What is said while a skill holds the conversation open, or answers a question, means something
    else there than it would in the hall. "Did I get that right?" holds nothing open.
    """
    conversations: dict[tuple[str, str], list[Interaction]] = defaultdict(list)
    for turn in turns:
        conversations[turn.user, turn.conversation].append(turn)
    found: list[Interaction] = []
    for mine in conversations.values():
        held = False
        for turn in sorted(mine, key=lambda turn: (turn.turn, turn.at)):
            opinion = turn.decision.basis is Basis.OPINION
            if not held and not opinion and turn.decision.outcome is Outcome.ACT:
                found.append(turn)
            held = not turn.reply.ended and turn.reply.trace.asked is None
    return found
