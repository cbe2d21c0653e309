"""Skills that may be meant are asked whether they are: all at once, and not for long."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping

from sayso.fulfilment import Backends
from sayso.routing.opinions import Key, contenders
from sayso.types.calls import Opinion
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis
from sayso.types.skills import FulfilmentKind, Skill

_SPEAKS = (FulfilmentKind.ALEXA, FulfilmentKind.HTTPS)
Ask = Callable[[Decision], Mapping[Key, Opinion]]


def asked(
    decision: Decision,
    context: Context,
    skills: Mapping[str, Skill],
    backends: Backends,
    limit_s: float,
) -> Mapping[Key, Opinion]:
    """The opinions on a decision, of those skills that offer one and gave it in time.

    Whoever is late is not waited for: the answer is thrown away when it comes.
    """
    likely = [x for x in contenders(decision) if x.skill in skills and offers(skills[x.skill])]
    if not likely or limit_s <= 0:
        return {}
    heard: queue.SimpleQueue[tuple[Key, Opinion | None]] = queue.SimpleQueue()

    def ask(reading: Hypothesis) -> None:
        opinion = backends.opinion(skills[reading.skill], reading, context, limit_s)
        heard.put(((reading.skill, reading.intent), opinion))

    for reading in likely:
        threading.Thread(target=ask, args=(reading,), daemon=True).start()
    return _gathered(heard, len(likely), time.monotonic() + limit_s)


def offers(skill: Skill) -> bool:
    """Whether a skill may be asked for its opinion."""
    return skill.fulfilment.can_fulfill and skill.fulfilment.kind in _SPEAKS


def _gathered(
    heard: queue.SimpleQueue[tuple[Key, Opinion | None]], count: int, deadline: float
) -> dict[Key, Opinion]:
    found: dict[Key, Opinion] = {}
    for _ in range(count):
        try:
            key, opinion = heard.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if opinion is not None:
            found[key] = opinion
    return found
