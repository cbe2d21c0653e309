"""A sentence that a skill's own grammar accepts -> its intent and its slots.

Of several ways to read it the best has the fewest slots of any words, then most words that are
values the skill has (a thing's own name says more than its kind), then fewest words that slots of
any words took; between equals the template that stands first in the skill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sayso.understanding.contract import Heard, Tagged, Word
from sayso.understanding.grammars.network import Facts, Network, SlotArc
from sayso.understanding.grammars.tokens import tokens
from sayso.understanding.grammars.values import NUMBER, Lexicon, Run

LONGEST = 40  # words; nobody says a longer sentence of a grammar
# What a way through costs: a slot of any words, a word that it takes, a known value's word, a word
# that is passed, a place that is not known; a little less where a place is filled.
_OPEN, _TAKEN, _KNOWN, _SKIPPED, _UNPLACED, _PLACED = 10**8, 100, -(10**4), 10, 10**7, -1


@dataclass(frozen=True, slots=True)
class Accepted:
    """How a sentence was read.

    free: share of the sentence's letters that slots of any words have taken.
    place: slot that the place of the device fills, as the sentence says none; else None.
    """

    intent: str
    tags: Sequence[Tagged]
    free: float
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Templates that share an intent and what is asked of a sentence beside its words.

    of, not_of: what a value has to be, and may not be; words: one of these has to be said;
    place: slot that the place of the device fills.
    """

    intent: str
    of: Facts = ()
    not_of: Facts = ()
    words: frozenset[str] = frozenset()
    place: str | None = None


class _Step(NamedTuple):
    """One slot on the way: the words [first, last)."""

    before: _Step | None
    arc: SlotArc
    first: int
    last: int


_Way = tuple[int, _Step | None]  # the cost so far, and the last slot
_Ways = dict[int, _Way]  # by state
_Within = dict[int, tuple[int, _Step]]  # state behind a slot of any words -> the same, up to here


@dataclass(frozen=True, slots=True)
class Grammar:
    """All templates of a skill in one language. Immutable, safe to share among threads.

    skip: words that may stand anywhere and say nothing.
    """

    network: Network
    entries: Sequence[Entry]
    lexicon: Lexicon
    skip: Sequence[tuple[str, ...]] = ()

    def accept(self, heard: Heard, place: str = "") -> Accepted | None:
        """The best reading of a sentence, None where no template has it.

        place: where the device is; without it a template that leaves a slot to it comes last.
        """
        said = tokens(heard.utterance.text)
        if not said or len(said) > LONGEST:
            return None
        forms = tuple(word.text for word in said)
        found = []
        for number, cost, step in _Walk(self, heard, said, forms).ends():
            entry = self.entries[number]
            if not (entry.words and entry.words.isdisjoint(forms)):
                if entry.place is not None:
                    cost += _PLACED if place else _UNPLACED
                found.append((cost, number, step))
        if not found:
            return None
        _, number, step = min(found, key=lambda each: each[:2])
        return self._accepted(self.entries[number], step, said, heard.utterance.text, place)

    def _accepted(
        self, entry: Entry, last: _Step | None, said: Sequence[Word], text: str, place: str
    ) -> Accepted:
        tags, free = [], 0
        for step in reversed(list(_back(last))):
            start, end = said[step.first].start, said[step.last - 1].end
            tags.append(Tagged(step.arc.slot, start, end, 1.0))
            free += (end - start) * step.arc.open
        filled = entry.place if place else None
        return Accepted(entry.intent, tags, free / max(len(text), 1), filled)


@dataclass
class _Walk:
    """One sentence on its way through the network."""

    grammar: Grammar
    heard: Heard
    said: Sequence[Word]
    forms: tuple[str, ...]
    _runs: dict[tuple[str, str], Mapping[int, list[Run]]] = field(default_factory=dict)

    def ends(self) -> Iterator[tuple[int, int, _Step | None]]:
        """Number of each entry that has the whole sentence, the cost and the last slot."""
        network, count = self.grammar.network, len(self.said)
        ways: list[_Ways] = [{} for _ in range(count + 1)]
        self._reach(ways[0], 0, 0, None)
        within: _Within = {}
        for at in range(count):
            self._pass(ways, at)
            within = self._further(ways, at, within)
            self._onward(ways, at)
        for state, (cost, step) in ways[count].items():
            for number in network.ends.get(state, ()):
                yield number, cost, step

    def _onward(self, ways: list[_Ways], at: int) -> None:
        """From all states before a word to those behind what may be said there."""
        network, word = self.grammar.network, self.forms[at]
        words, valued = network.words, network.valued
        for state, (cost, step) in ways[at].items():
            behind = words[state].get(word)
            if behind is not None:
                self._reach(ways[at + 1], behind, cost, step)
            if state not in valued:
                continue
            for arc, target in valued[state].items():
                for last, facts in self._values(arc).get(at, ()):
                    if _suits(arc, facts):
                        more = cost if arc.kind == NUMBER else cost + _KNOWN * (last - at)
                        self._reach(ways[last], target, more, _Step(step, arc, at, last))

    def _further(self, ways: list[_Ways], at: int, within: _Within) -> _Within:
        """One word on within slots of any words: of two that began apart the cheaper goes on.

        within: those that the word before was in. Returns those that this word is in.
        """
        opened = self.grammar.network.opened
        for state, (cost, step) in ways[at].items():
            if state not in opened:
                continue
            for arc, target in opened[state].items():
                there = within.get(target)
                if there is None or cost + _OPEN < there[0]:
                    within[target] = (cost + _OPEN, _Step(step, arc, at, at))
        further: _Within = {}
        for target, (cost, step) in within.items():
            step = _Step(step.before, step.arc, step.first, at + 1)
            further[target] = (cost + _TAKEN, step)
            self._reach(ways[at + 1], target, cost + _TAKEN, step)
        return further

    def _pass(self, ways: list[_Ways], at: int) -> None:
        """Words that say nothing are passed."""
        for skipped in self.grammar.skip:
            last = at + len(skipped)
            if self.forms[at:last] == skipped:
                for state, (cost, step) in ways[at].items():
                    _put(ways[last], state, (cost + _SKIPPED, step))

    def _reach(self, ways: _Ways, state: int, cost: int, step: _Step | None) -> None:
        way = (cost, step)
        for reached in self.grammar.network.closure(state):
            _put(ways, reached, way)

    def _values(self, arc: SlotArc) -> Mapping[int, list[Run]]:
        key = arc.kind, arc.span
        found = self._runs.get(key)
        if found is None:
            lexicon, text = self.grammar.lexicon, self.heard.utterance.text
            found = (
                lexicon.numbers(arc.span, text, self.said)
                if arc.span
                else lexicon.runs(arc.kind, text, self.said, self.heard.entities)
            )
            self._runs[key] = found
        return found


def _put(ways: _Ways, state: int, way: _Way) -> None:
    there = ways.get(state)
    if there is None or way[0] < there[0]:
        ways[state] = way


def _suits(arc: SlotArc, facts: Sequence[Mapping[str, str]]) -> bool:
    """Whether a value is what is asked of it, by one of the things of that name."""
    if not facts or not (arc.of or arc.not_of):
        return True
    return any(
        all(one.get(key) in wanted for key, wanted in arc.of)
        and not any(one.get(key) in unwanted for key, unwanted in arc.not_of)
        for one in facts
    )


def _back(step: _Step | None) -> Iterator[_Step]:
    while step is not None:
        yield step
        step = step.before
