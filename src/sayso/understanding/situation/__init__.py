"""What goes on around a turn, and which readings it speaks for.

state.py      what devices report -> facts; bounded, for nobody is trusted here
facts.py      all that a context holds -> facts: short texts
relate.py     facts x readings -> how near, in words and by vector, the same skill, the habit
weights.py    these relations -> log-odds; `situation.json` has the weights
"""

from sayso.understanding.situation.facts import (
    LATELY,
    NOTHING,
    Around,
    Fact,
    look_around,
)
from sayso.understanding.situation.relate import Reading, Relations, relations
from sayso.understanding.situation.state import bounded
from sayso.understanding.situation.weights import Situational, shipped_situational

__all__ = [
    "LATELY",
    "NOTHING",
    "Around",
    "Fact",
    "Reading",
    "Relations",
    "Situational",
    "bounded",
    "look_around",
    "relations",
    "shipped_situational",
]
