"""Sentence templates as trees: alternatives, options, slots, rules; sampled, never enumerated.

What Home Assistant (hassil) and OVOS or Mycroft write differs in spelling, not in meaning: each
reads its own text into these nodes. A template of twenty alternatives in a row stands for a million
sentences, so only some are taken: all where they are few, else as many as it needs for every
alternative to occur once, up to a bound.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, permutations

from sayso.skills.grammar import DEEPEST as DEEPEST
from sayso.skills.grammar import Choice as Choice
from sayso.skills.grammar import Mark as Mark
from sayso.skills.grammar import Node as Node
from sayso.skills.grammar import Row as Row
from sayso.skills.grammar import Rule as Rule
from sayso.skills.grammar import Words as Words

MANY = 10**12  # where counting stops
MOST = 24  # sentences taken of one template
LEAST = 6  # taken of a template that has as many, though fewer would show every alternative
LONGEST = 400  # characters of a sentence
_STEPS = 5_000  # nodes that one sentence may take
_ORDERS = 24  # of a permutation


Rules = Mapping[str, Node]


def any_order(items: Sequence[Node]) -> Choice:
    """All items, each once, in any order; of very many orders the first some."""
    return Choice([Row(order) for order in islice(permutations(items), _ORDERS)])


def marks(node: Node, rules: Rules) -> list[Mark]:
    """The slots of a template, those of its rules included; each pair of slot and list once.

    Raises ValueError for a rule that is unknown or uses itself, saying what to do.
    """
    found: dict[tuple[str, str], Mark] = {}
    done: set[int] = set()

    def look(node: Node, within: tuple[str, ...], depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST}; make it simpler")
        if isinstance(node, Mark):
            found.setdefault((node.slot, node.values), node)
        elif isinstance(node, Rule):
            if node.name in within:
                chain = " -> ".join(f"<{name}>" for name in (*within, node.name))
                raise ValueError(f"a rule uses itself ({chain}); break the circle")
            if node.name not in rules:
                raise ValueError(f"no rule <{node.name}>; define it, or write its words here")
        if id(node) in done:
            return
        for child in _below(node, rules):
            look(child, (*within, node.name) if isinstance(node, Rule) else within, depth + 1)
        done.add(id(node))

    look(node, (), 0)
    return list(found.values())


def count(node: Node, rules: Rules) -> int:
    """How many sentences a template stands for, repetitions counted; at most `MANY`.

    The template went through `marks`: it has no circle.
    """
    known: dict[int, int] = {}

    def of(node: Node) -> int:
        if id(node) not in known:
            below = [of(child) for child in _below(node, rules)]
            total = sum(below) if isinstance(node, Choice) else 1
            for number in () if isinstance(node, Choice) else below:
                total = min(total * number, MANY)
            known[id(node)] = min(total, MANY)
        return known[id(node)]

    return of(node)


def sample(
    node: Node, rules: Rules, seed: int = 0, most: int = MOST, least: int = LEAST
) -> tuple[str, ...]:
    """Sentences of a template, with `{slot}` for its slots, always the same for a seed.

    All of them where there are at most `least`; else as many as it takes for every alternative to
    occur, between `least` and `most`. Raises ValueError for a template without bounds: a circle, a
    sentence of more than `LONGEST` characters.
    """
    marks(node, rules)
    total = count(node, rules)
    if total <= least:
        return _distinct(_nth(node, rules, place) for place in range(total))
    walk = _Walk(rules, random.Random(seed))
    found: dict[str, None] = {}
    for _ in range(2 * most):
        if len(found) >= most or (len(found) >= least and not walk.waiting(node)):
            break
        found[walk.sentence(node)] = None
    found.pop("", None)
    return tuple(found)


class _Walk:
    """Sentence after sentence, those alternatives first that were not yet taken."""

    def __init__(self, rules: Rules, random: random.Random) -> None:
        self.rules = rules
        self.random = random
        self.taken: set[tuple[int, int]] = set()

    def sentence(self, node: Node) -> str:
        """One more sentence."""
        self._waiting: dict[int, bool] = {}
        self._steps = 0
        text: list[str] = []
        self._spell(node, text)
        return _tidy(text)

    def waiting(self, node: Node) -> bool:
        """Whether an alternative at or below a node was never taken."""
        self._waiting = {}
        return self._waits(node)

    def _spell(self, node: Node, text: list[str]) -> None:
        self._steps += 1
        _check(self._steps)
        if isinstance(node, Words):
            text.append(node.text)
        elif isinstance(node, Mark):
            text.append(f"{{{node.slot}}}")
        elif isinstance(node, Choice):
            place = self._choose(node)
            self.taken.add((id(node), place))
            self._spell(node.options[place], text)
        else:
            for child in _below(node, self.rules):
                self._spell(child, text)

    def _choose(self, node: Choice) -> int:
        places = range(len(node.options))
        new = [place for place in places if (id(node), place) not in self.taken]
        new = new or [place for place in places if self._waits(node.options[place])]
        return new[0] if new else self.random.choice(places)

    def _waits(self, node: Node) -> bool:
        if id(node) not in self._waiting:
            own = isinstance(node, Choice) and any(
                (id(node), place) not in self.taken for place in range(len(node.options))
            )
            below = (self._waits(child) for child in _below(node, self.rules))
            self._waiting[id(node)] = own or any(below)
        return self._waiting[id(node)]


def _nth(node: Node, rules: Rules, place: int) -> str:
    """The sentence of that number, of a template that stands for few."""
    text: list[str] = []
    steps = 0

    def spell(node: Node, place: int) -> None:
        nonlocal steps
        steps += 1
        _check(steps)
        if isinstance(node, Words):
            text.append(node.text)
        elif isinstance(node, Mark):
            text.append(f"{{{node.slot}}}")
        elif isinstance(node, Choice):
            for option in node.options:
                if place < (size := count(option, rules)):
                    spell(option, place)
                    return
                place -= size
        else:
            below = _below(node, rules)
            sizes = [count(child, rules) for child in below]
            for number, child in enumerate(below):
                place, own = divmod(place, sizes[number])
                spell(child, own)

    spell(node, place)
    return _tidy(text)


def _below(node: Node, rules: Rules) -> Sequence[Node]:
    if isinstance(node, Choice):
        return node.options
    if isinstance(node, Row):
        return node.items
    return (rules[node.name],) if isinstance(node, Rule) else ()


def _check(steps: int) -> None:
    if steps > _STEPS:
        raise ValueError(f"a sentence of more than {_STEPS} parts; make it simpler")


def _tidy(text: Sequence[str]) -> str:
    if sum(map(len, text)) > LONGEST * 4:
        raise ValueError(f"a sentence of more than {LONGEST} characters; make it simpler")
    tidy = " ".join("".join(text).split())
    if len(tidy) > LONGEST:
        raise ValueError(f"a sentence of more than {LONGEST} characters; make it simpler")
    return tidy


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
