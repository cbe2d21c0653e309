"""The k likeliest readings of a request, whether or not any of them would be acted upon.

A turn looks at the few readings that may win. Whoever chooses for themselves, such as an agent that
looks for a tool, wants as many as they asked for, in the same order and by the same figures.
"""

from __future__ import annotations

import math

from sayso.runtime.engine import Engine
from sayso.types.context import Context
from sayso.types.readings import Hypothesis, Utterance
from sayso.understanding.contenders import CONTENDERS, READINGS, Breadth
from sayso.understanding.heard import clean, encoder_of, hear


def find(engine: Engine, text: str, context: Context, k: int) -> list[Hypothesis]:
    """At most k readings of a typed request, best first, with their slots; nothing is decided.

    k: at least 1. Fewer come back only where fewer intents are installed in the skills that are
    near. Confidences are those of the list: they sum to less than 1.
    """
    view = engine.view(context.locale)
    utterance = engine.rewrites.apply(Utterance(text, clean(text)), context)
    heard = hear(utterance, encoder_of(engine.encoder, context.locale))
    breadth = Breadth(max(READINGS, k), max(CONTENDERS, k), math.inf)
    skills = engine.near(heard, context, view, k)
    return engine.ranked(heard, skills, context, view, breadth)[:k]
