"""Turns that can be understood by themselves: all that a lesson may be made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sayso.types.turns import Interaction, Outcome


def alone(turns: Iterable[Interaction]) -> list[Interaction]:
    """Turns that were acted upon and continue nothing, in the order of each conversation.

    What is said while a skill holds the conversation open, or answers a question, means something
    else there than it would in the hall.
    """
    conversations: dict[tuple[str, str], list[Interaction]] = defaultdict(list)
    for turn in turns:
        conversations[turn.user, turn.conversation].append(turn)
    found: list[Interaction] = []
    for mine in conversations.values():
        held = False
        for turn in sorted(mine, key=lambda turn: (turn.turn, turn.at)):
            if not held and turn.decision.outcome is Outcome.ACT:
                found.append(turn)
            held = not turn.reply.ended
    return found
