"""Frequency-only rewriting: a request becomes what most people say right after it.

The plainest baseline: nothing is asked of how a turn went. Of every text that so many people
followed up within 45 seconds, the text that came next most often, one vote a person, if it came
next for a good part of those who said the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sayso.types.lessons import LoggedTurn
from sayso.understanding.fold import fold

WITHIN_S = 45.0
PEOPLE = 5  # who went from the one text to the other
SHARE = 0.25  # of those who said the first text


def learn(rows: Sequence[LoggedTurn], day: int) -> Mapping[str, str]:
    """Folded text -> what it is rewritten to."""
    del day
    moves: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    people: dict[str, set[str]] = defaultdict(set)
    before: dict[str, LoggedTurn] = {}
    for row in sorted(rows, key=lambda row: row.at):
        said = fold(row.said)
        people[said].add(row.user)
        last = before.get(row.conversation)
        if last is not None and (row.at - last.at).total_seconds() <= WITHIN_S:
            moves[fold(last.said)][said].add(row.user)
        before[row.conversation] = row
    table: dict[str, str] = {}
    for said, following in moves.items():
        meant, voters = max(following.items(), key=lambda pair: (len(pair[1]), pair[0]))
        enough = len(voters) >= PEOPLE and len(voters) >= SHARE * len(people[said])
        if meant != said and enough:
            table[said] = meant
    return table
