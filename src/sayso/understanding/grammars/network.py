"""Templates -> one network: states, arcs of words and of slots, and where a sentence may end.

All templates of a skill are in it, and those that begin alike share their first states, so that a
sentence is read once for all of them. Rules are spelled out, never enumerated: `[a] [b] [c]` takes
six states, not eight sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sayso.skills.grammar import DEEPEST, Mark, Node, Row, Rule, Words
from sayso.understanding.grammars.tokens import joins, tokens

MOST_STATES = 200_000  # of all templates of a skill together
_MOST_STEPS = 50_000  # of one template, with those of its rules
_MOST_ENDS = 200  # half words that one template may stand at: `(a|b)(a|b)(a|b)...`

Ends = dict[str, int]  # what is said of the next word so far -> the state it leads on from


Facts = tuple[tuple[str, frozenset[str]], ...]  # what is asked of a value: (("domain", {"light"}),)


@dataclass(frozen=True, slots=True)
class SlotArc:
    """A slot's place.

    kind: its type; span: of a range such as `0..100`, else empty; open: whether any words may fill
    it. of, not_of: what its value has to be, and may not be.
    """

    slot: str
    kind: str
    span: str = ""
    open: bool = False
    of: Facts = ()
    not_of: Facts = ()


@dataclass(slots=True)
class Network:
    """By state: word -> the state behind it, slot likewise, and states that need no word.

    valued, opened: of the few states with slots, those of known values and those of any words.
    ends: state -> the entries (numbers of templates' groups) that a sentence may end as.
    """

    words: list[dict[str, int]] = field(default_factory=lambda: [{}])
    valued: dict[int, dict[SlotArc, int]] = field(default_factory=dict)
    opened: dict[int, dict[SlotArc, int]] = field(default_factory=dict)
    free: list[list[int]] = field(default_factory=lambda: [[]])
    ends: dict[int, list[int]] = field(default_factory=dict)
    _closed: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def closure(self, state: int) -> tuple[int, ...]:
        """Of a state and those that it reaches without a word: where a sentence goes on, or ends.

        Asked once all templates are in, as what was found is kept.
        """
        found = self._closed.get(state)
        if found is None:
            reached = {state: None}
            waiting = [state]
            while waiting:
                for behind in self.free[waiting.pop()]:
                    if behind not in reached:
                        reached[behind] = None
                        waiting.append(behind)
            found = self._closed[state] = tuple(filter(self._leads_on, reached))
        return found

    def _leads_on(self, state: int) -> bool:
        here = self.words[state] or state in self.valued or state in self.opened
        return bool(here) or state in self.ends

    def add(
        self, node: Node, rules: Mapping[str, Node], arc: Callable[[Mark], SlotArc], entry: int
    ) -> None:
        """One template more, which ends as `entry`. Raises ValueError for one that it cannot take.

        arc: what stands for a mark. A template that was not taken leaves states that lead nowhere.
        """
        walk = _Walk(self, rules, arc)
        for said, state in walk.through(node, {"": 0}, 0).items():
            last = walk.word(state, said)
            if last != 0:
                self.ends.setdefault(last, []).append(entry)

    def state(self) -> int:
        """A new state."""
        if len(self.words) >= MOST_STATES:
            raise ValueError(f"templates of more than {MOST_STATES} states; make them simpler")
        self.words.append({})
        self.free.append([])
        return len(self.words) - 1


@dataclass(slots=True)
class _Walk:
    """Lays one template into the network."""

    network: Network
    rules: Mapping[str, Node]
    arc: Callable[[Mark], SlotArc]
    steps: int = 0

    def through(self, node: Node, starts: Ends, depth: int) -> Ends:
        """Where one stands behind a node. starts: before it."""
        self.steps += 1
        if depth > DEEPEST or self.steps > _MOST_STEPS:
            raise ValueError("a template too deep or too long; make it simpler")
        if len(starts) > _MOST_ENDS:
            raise ValueError("too many half words; write whole words into the brackets")
        if isinstance(node, Words):
            return self._joined(
                self._text(state, said + node.text) for said, state in starts.items()
            )
        if isinstance(node, Mark):
            ends = {self.word(state, said) for said, state in starts.items()}
            arc = self.arc(node)
            return self._joined(("", self._slot(state, arc)) for state in ends)
        if isinstance(node, Rule):
            if node.name not in self.rules:
                raise ValueError(f"no rule <{node.name}>; define it, or write its words here")
            return self.through(self.rules[node.name], starts, depth + 1)
        if isinstance(node, Row):
            for item in node.items:
                starts = self.through(item, starts, depth + 1)
            return starts
        ways = [self.through(option, starts, depth + 1) for option in node.options]
        return self._joined(end for way in ways for end in way.items())

    def word(self, state: int, said: str) -> int:
        """The state behind the words that were said in full."""
        for word in tokens(said):
            behind = self.network.words[state].get(word.text)
            if behind is None:
                behind = self.network.words[state][word.text] = self.network.state()
            state = behind
        return state

    def _text(self, state: int, said: str) -> tuple[str, int]:
        """What is left of a text that may go on, and the state that the rest leads to."""
        found = tokens(said)
        if not found or not joins(said, "x"):
            return "", self.word(state, said)
        last = found[-1].start
        return said[last:], self.word(state, said[:last])

    def _slot(self, state: int, arc: SlotArc) -> int:
        arcs = (self.network.opened if arc.open else self.network.valued).setdefault(state, {})
        behind = arcs.get(arc)
        if behind is None:
            behind = arcs[arc] = self.network.state()
        return behind

    def _joined(self, ends: Iterable[tuple[str, int]]) -> Ends:
        """One state for each half word: where several meet, a new one behind them."""
        states: dict[str, dict[int, None]] = {}
        for said, state in ends:
            states.setdefault(said, {})[state] = None
        joined: Ends = {}
        for said, met in states.items():
            at, *more = met
            if more:
                at = self.network.state()
                for state in met:
                    self.network.free[state].append(at)
            joined[said] = at
        return joined
