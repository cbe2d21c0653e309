"""Which skills could be meant: a file a step, from words and vectors to the k likeliest.

words.py      words and pairs as numbers, and how rare they are
rows.py       what skills say for themselves, as rows; a skill's rows as a record
evidence.py   rows beside an utterance: what speaks for a skill, and its score
codes.py      vectors as bits in cells: what may be near among a million
register.py   a tongue's skills on disk; registering.py writes one
index.py      all installed skills of a locale: the register, and what was added since
"""

from sayso.understanding.shortlist.evidence import NO_MATCH, Evidence, Match
from sayso.understanding.shortlist.index import Index, Registered, Shortlist
from sayso.understanding.shortlist.register import Register
from sayso.understanding.shortlist.rows import Examples

__all__ = [
    "NO_MATCH",
    "Evidence",
    "Examples",
    "Index",
    "Match",
    "Register",
    "Registered",
    "Shortlist",
]
