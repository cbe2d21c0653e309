"""Was something else meant? Requests that went well before, of everyone and of who speaks.

entries.py      what is kept of a request, and what was just heard
sounds.py       a text -> the runs of sounds in it
projection.py   sentence vectors -> those that requests are looked up by
index.py        a tongue's requests on disk, a million of them
habits.py       one person's, a few hundred; past.py makes them of what is logged
longer.py       what a person habitually means by less
figures.py      what speaks for a request, in figures; fitting uses the same
ranker.py       figures -> probabilities; the thresholds
differences.py  what may not change, whatever is probable
guard.py        all that stands against one request, whatever is probable
choose.py       whether to read it instead, to ask, or to go on
layers.py       which layers serve
suggest.py      all of it: `Online.suggest`
"""

from sayso.understanding.online.differences import Crossing, Difference, difference
from sayso.understanding.online.entries import Asked, Entry, Undone, asked
from sayso.understanding.online.habits import NOBODY, Habits, habits
from sayso.understanding.online.index import Index
from sayso.understanding.online.past import own_requests, undone
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.ranker import Ranker, Thresholds, ranker_of, shipped_ranker
from sayso.understanding.online.suggest import Layer, Online, Suggestion

__all__ = [
    "NOBODY",
    "Asked",
    "Crossing",
    "Difference",
    "Entry",
    "Habits",
    "Index",
    "Layer",
    "Online",
    "Projection",
    "Ranker",
    "Suggestion",
    "Thresholds",
    "Undone",
    "asked",
    "difference",
    "habits",
    "own_requests",
    "ranker_of",
    "shipped_ranker",
    "undone",
]
