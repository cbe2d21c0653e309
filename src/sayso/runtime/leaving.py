"""Skills are told that their sessions are over: dropped for something else, or out of silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sayso.dialogue.aside import as_it_was
from sayso.dialogue.moves import TOO_OFTEN, Move, end
from sayso.fulfilment import Backends
from sayso.types.context import Context
from sayso.types.skills import Skill


def take_leave(
    move: Move, before: Context, skills: Mapping[str, Skill], backends: Backends
) -> None:
    """Tell the skills whose sessions a move ends: the open one, and those that waited behind it."""
    if move.ending is not None and move.ending.skill in skills:
        backends.answer(skills[move.ending.skill], move.ending, before)
    for each in move.dropped:
        if each.active is not None and each.active in skills:
            backends.answer(skills[each.active], end(each.active), as_it_was(each, before))


def tell_those_that_ran_out(
    contexts: Iterable[Context], skills: Mapping[str, Skill], backends: Backends
) -> None:
    """Tell the skills to whose sessions nobody has said anything for too long.

    contexts: as `dialogue.expiry.ran_out` gives them.
    """
    for each in contexts:
        if each.active is not None and each.active in skills:
            backends.answer(skills[each.active], end(each.active, TOO_OFTEN), each)
