"""hassil's templates -> trees of our grammar; hassil's own parser reads them.

`(a|b)`, `[a]`, `(a;b)` in any order, `{list}`, `{list:slot}`, `{0..100,5:slot}`, `<rule>`, and `\\`
before what is meant as it stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hassil.errors import HassilError
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from sayso.formats.grammar import DEEPEST, Choice, Mark, Node, Row, Rule, Words, any_order
from sayso.formats.names import slot_name

RANGE = re.compile(r"-?\d+\.\.-?\d+$")  # an inline range, as the name of a list
_LONGEST = 10_000  # characters of a template


@lru_cache(maxsize=20_000)
def read_template(text: str) -> Node:
    """The tree of a template. Raises ValueError saying what is wrong with it."""
    if len(text) > _LONGEST:
        raise ValueError(f"a template of more than {_LONGEST} characters; split it")
    if not text.strip():
        raise ValueError("an empty template; write a sentence or delete it")
    try:
        return _node(parse_sentence(text).expression, 0)
    except (ParseError, HassilError, AssertionError, RecursionError, IndexError):
        raise ValueError(
            f'"{text[:60]}" cannot be read; check its brackets, braces and < >'
        ) from None


def _node(part: Expression, depth: int) -> Node:
    if depth > DEEPEST:
        raise ValueError("brackets nested too deep; make it simpler")
    if isinstance(part, TextChunk):
        return Words(part.original_text)
    if isinstance(part, RuleReference):
        return Rule(part.rule_name.strip())
    if isinstance(part, ListReference):
        inline = part.get_inline_range()
        values = f"{inline[0]}..{inline[1]}" if inline else part.list_name.strip()
        # The list goes into the sentence too: one slot may draw from several.
        return Mark(f"{values}:{slot_name(part.slot_name)}", values)
    assert isinstance(part, Group)
    items = [_node(item, depth + 1) for item in part.items]
    if isinstance(part, Permutation):
        return any_order(items)
    if isinstance(part, Alternative):
        return Choice(items)
    return items[0] if len(items) == 1 else Row(items)
