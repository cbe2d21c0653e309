"""Sessions that nobody has spoken to for too long: which of them end, as they were when left.

Alexa tells a skill of such an end as of a question that was not answered, and so does Sayso: once,
when it is noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sayso.dialogue.aside import as_it_was
from sayso.types.context import Context

IDLE = timedelta(minutes=5)  # silence after which a session and an open question are forgotten


def has_expired(stored: Context, now: datetime) -> bool:
    """Whether what a conversation left open is forgotten by now. now: aware."""
    return abs(now - stored.now) > IDLE


def ran_out(stored: Context | None, now: datetime) -> Sequence[Context]:
    """The contexts in which the sessions were open that have ended in silence, the open one first.

    stored: the conversation as its last turn left it. now: aware; it is the time of the end.
    """
    if stored is None or not has_expired(stored, now):
        return ()
    then = replace(stored, now=now.astimezone(stored.now.tzinfo))
    waiting = [as_it_was(each, then) for each in reversed(stored.aside)]
    return tuple(each for each in (then, *waiting) if each.active is not None)
