r"""Sentence templates in one spelling, whatever system they came from: trees to text and back.

    turn off [all] [the] (light|lights) in [the] {area}

`(a|b)` one of several, `[a]` or not, `{slot}`, `{0..100:slot}` a whole number from 0 to 100 and
`{0..100/2:slot}` halves, too, `<rule>` another template, `\` before a sign that is meant as it
stands. So grammars are kept in a skill beside the samples that were made of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST = 20_000  # characters
DEEPEST = 60  # nodes within nodes, rules counted
_SIGNS = re.compile(r"([\\()\[\]{}<>|])")
_TOKEN = re.compile(r"\\(.)|\{([^{}]*)\}|<([^<>]*)>|([()\[\]|])|([^\\()\[\]{}<>|]+)", re.DOTALL)
_CLOSES = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Literal text, spaces included."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """The place of a slot. values: name of the list that its values are in."""

    slot: str
    values: str


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """The place of another template, by its name."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of several; `Words("")` among them makes it optional."""

    options: Sequence[Node]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One after the other."""

    items: Sequence[Node]


Node = Words | Mark | Rule | Choice | Row


def spelled(node: Node, name: Callable[[Mark | Rule], str]) -> str:
    """A tree as text. name: what stands within the braces of a slot, or the < > of a rule."""
    if isinstance(node, Words):
        return _SIGNS.sub(r"\\\1", node.text)
    if isinstance(node, Mark):
        return f"{{{name(node)}}}"
    if isinstance(node, Rule):
        return f"<{name(node)}>"
    if isinstance(node, Row):
        return "".join(spelled(item, name) for item in node.items)
    options = list(dict.fromkeys(spelled(option, name) for option in node.options))
    optional = "" in options
    inside = "|".join(option for option in options if option)
    return f"[{inside}]" if optional else f"({inside})"


def read(text: str) -> Node:
    """The tree of a text. The mark of a range has the range as its `values`, else the slot's name.

    Raises ValueError saying what is wrong with it.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a template of more than {LONGEST} characters; split it")
    tokens: list[str | Node] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() != at:
            break
        at = match.end()
        literal, slot, rule, sign, plain = match.groups()
        if sign is not None:
            tokens.append(sign)
        elif slot is not None:
            values, colon, named = slot.rpartition(":")
            tokens.append(Mark(named.strip(), values.strip() if colon else named.strip()))
        elif rule is not None:
            tokens.append(Rule(rule.strip()))
        else:
            tokens.append(Words(literal if plain is None else plain))
    if at != len(text):
        raise ValueError(f'"{text[at : at + 20]}" cannot be read; check its braces and < >')
    return _read(tokens, 0, "", 0)[0]


def _read(parts: list[str | Node], at: int, closing: str, depth: int) -> tuple[Node, int]:
    """What lies between brackets, and the place behind it."""
    if depth > DEEPEST:
        raise ValueError("brackets nested too deep; make it simpler")
    options: list[list[Node]] = [[]]
    while at < len(parts):
        part = parts[at]
        at += 1
        if part == "|":
            options.append([])
        elif isinstance(part, str) and part in _CLOSES:
            inside, at = _read(parts, at, _CLOSES[part], depth + 1)
            options[-1].append(Choice([inside, Words("")]) if part == "[" else inside)
        elif isinstance(part, str):
            if part != closing:
                raise ValueError(f"a bracket is closed that was not opened: {part}")
            return _choice(options), at
        else:
            options[-1].append(part)
    if closing:
        raise ValueError(f"a bracket is not closed; add {closing}")
    return _choice(options), at


def _choice(options: list[list[Node]]) -> Node:
    rows: list[Node] = [option[0] if len(option) == 1 else Row(option) for option in options]
    return rows[0] if len(rows) == 1 else Choice(rows)
