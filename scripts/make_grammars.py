"""Write the tables of each tongue's grammars, which Lark makes of its grammar files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from lark import Lark
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

from sayso.bundle import Packed, pack_tensors
from sayso.understanding.builtin.english import GRAMMARS
from sayso.understanding.builtin.grammar import TABLES

FOLDER = Path(__file__).parents[1] / "src/sayso/understanding/builtin/english"


class NoLexer(Lexer):
    """Sayso makes words into terminals itself."""

    def __init__(self, conf: Any) -> None:
        """Lark passes its settings; there is nothing to set."""

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        """Never called: only the tables are wanted."""
        raise NotImplementedError


def tables() -> bytes:
    made = {kind: _tables(*of) for kind, of in GRAMMARS.items()}
    return pack_tensors(
        Packed(
            {f"{kind}.actions": actions for kind, (actions, _) in made.items()},
            {kind: said for kind, (_, said) in made.items()},
        )
    )


def _tables(start: str, names: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    text = "\n".join((FOLDER / f"{name}.lark").read_text(encoding="utf-8") for name in names)
    lark: Any = Lark(text, start=start, parser="lalr", lexer=NoLexer)
    table: Any = lark.parser.parser._parse_table
    rules = sorted(lark.rules, key=str)
    numbers = {rule: -at - 1 for at, rule in enumerate(rules)}
    # Lark numbers its states as they come, which differs from run to run.
    order = _in_order(table.states, table.start_states[start])
    symbols = sorted({str(symbol) for actions in table.states.values() for symbol in actions})
    actions = np.zeros((len(order), len(symbols)), np.int16)
    for state, at in order.items():
        for symbol, (what, to) in table.states[state].items():
            column = symbols.index(str(symbol))
            actions[at, column] = order[to] + 1 if what is Shift else numbers[to]
    return actions, {
        "symbols": symbols,
        "start": order[table.start_states[start]],
        "done": order[table.end_states[start]],
        "rules": [_rule(rule, symbols) for rule in rules],
    }


def _in_order(states: dict[int, Any], start: int) -> dict[int, int]:
    """State -> its number, in the order in which sorted symbols lead to them."""
    order, waiting = {start: 0}, [start]
    while waiting:
        actions = states[waiting.pop(0)]
        for symbol in sorted(actions, key=str):
            what, to = actions[symbol]
            if what is Shift and to not in order:
                order[to] = len(order)
                waiting.append(to)
    return order


def _rule(rule: Any, symbols: list[str]) -> list[Any]:
    takes = [
        [at, not symbol.is_term and symbol.name.startswith("_")]
        for at, symbol in enumerate(rule.expansion)
        if not getattr(symbol, "filter_out", False)
    ]
    repeats = rule.origin.name.startswith("_")
    handed_on = rule.options.expand1 and not rule.alias and len(takes) == 1
    name = None if handed_on else "" if repeats else str(rule.alias or rule.origin.name)
    return [symbols.index(str(rule.origin.name)), len(rule.expansion), takes, name]


if __name__ == "__main__":
    (FOLDER / TABLES).write_bytes(tables())
