"""A sample utterance of Leon's: `[Add|Append] @todos to [the|my] @list list`.

`[a|b]` is one of several, `@name` the place of an entity.
"""

from __future__ import annotations

import re

from sayso.formats.grammar import DEEPEST, Choice, Mark, Node, Row, Words
from sayso.formats.names import slot_name

_PART = re.compile(r"[\[\]|]|(?<!\w)@\w+(?:[-.]\w+)*|[^\[\]|@]+|.", re.DOTALL)
_BRACES = str.maketrans("{}", "  ")  # they mark slots in ours
LONGEST = 10_000  # characters


def read_template(text: str) -> Node:
    """The tree of an utterance. Raises ValueError saying what is wrong with it."""
    if len(text) > LONGEST:
        raise ValueError(f"more than {LONGEST} characters; split it")
    parts = _PART.findall(text)
    stack: list[list[list[Node]]] = [[[]]]
    for part in parts:
        if part == "[":
            stack.append([[]])
            if len(stack) > DEEPEST // 2:
                raise ValueError("brackets nested too deep; make it simpler")
        elif part == "]":
            if len(stack) == 1:
                raise ValueError('a "]" that closes nothing; delete it')
            closed = _choice(stack.pop())
            stack[-1][-1].append(closed)
        elif part == "|" and len(stack) > 1:
            stack[-1].append([])
        elif part[0] == "@" and len(part) > 1:
            stack[-1][-1].append(Mark(slot_name(part[1:]), part[1:]))
        else:
            stack[-1][-1].append(Words(part.translate(_BRACES)))
    if len(stack) > 1:
        raise ValueError('a "[" that nothing closes; add a "]"')
    return _choice(stack[0])


def _choice(options: list[list[Node]]) -> Node:
    rows = [items[0] if len(items) == 1 else Row(items) for items in options]
    return rows[0] if len(rows) == 1 else Choice(rows)
