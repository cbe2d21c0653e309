"""A skill's own grammar: what it accepts is understood exactly, before anything is guessed.

tokens.py    a sentence, or what stands in a template, as words that can be compared
network.py   templates -> one network of states, arcs of words and of slots
values.py    which runs of words are a value of which type
accept.py    the network and a sentence -> the best way through, its intent and its slots
kept.py      what a skill keeps in its notes -> its grammar
"""

from __future__ import annotations

from sayso.understanding.grammars.accept import Accepted as Accepted
from sayso.understanding.grammars.accept import Grammar as Grammar
from sayso.understanding.grammars.kept import grammar_of as grammar_of
