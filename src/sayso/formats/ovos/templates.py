"""A line of an .intent, .entity or .voc file: `(please|) set [the] {thing} to #`, `<colours>`.

`(a|b)` alternatives, `(a|)` and `[a]` optional parts, `{name}` a slot (its values in name.entity),
`<name>` the words of name.voc, `#` digits, `:0` any word.
"""

from __future__ import annotations

import re

from sayso.formats.grammar import DEEPEST, Choice, Mark, Node, Row, Rule, Words
from sayso.formats.names import slot_name
from sayso.skills.builtin_types import FREE_TEXT

NUMBER = "AMAZON.NUMBER"
_PART = re.compile(r"[()\[\]|]|\{[^{}]*\}|<[^<>]*>|[^()\[\]|{}<>]+|.", re.DOTALL)
_WILD = re.compile(r"#+|(?<!\S):0(?!\S)")
_CLOSING = {"(": ")", "[": "]"}
_LONGEST = 10_000  # characters of a line


def read_template(line: str) -> Node:
    """The tree of a line. Raises ValueError saying what is wrong with it."""
    if len(line) > _LONGEST:
        raise ValueError(f"a line of more than {_LONGEST} characters; split it")
    return _Reader(line).read()


class _Reader:
    def __init__(self, line: str) -> None:
        self.parts = _PART.findall(line)
        self.place = 0
        self.marked: dict[str, int] = {}

    def read(self) -> Node:
        node = self._alternatives(0)
        if self.place < len(self.parts):
            raise ValueError(f'a "{self.parts[self.place]}" that closes nothing; delete it')
        return node

    def _alternatives(self, depth: int) -> Node:
        """Up to the bracket that closes, or the end."""
        if depth > DEEPEST // 2:
            raise ValueError("brackets nested too deep; make it simpler")
        options: list[list[Node]] = [[]]
        while self.place < len(self.parts) and self.parts[self.place] not in ")]":
            part = self.parts[self.place]
            self.place += 1
            if part == "|":
                options.append([])
            elif part in _CLOSING:
                options[-1].append(self._bracket(part, depth))
            else:
                options[-1].extend(self._plain(part))
        rows = [items[0] if len(items) == 1 else Row(items) for items in options]
        return rows[0] if len(rows) == 1 else Choice(rows)

    def _bracket(self, opening: str, depth: int) -> Node:
        inner = self._alternatives(depth + 1)
        if self.place >= len(self.parts) or self.parts[self.place] != _CLOSING[opening]:
            raise ValueError(f'a "{opening}" that nothing closes; add a "{_CLOSING[opening]}"')
        self.place += 1
        return Choice([inner, Words("")]) if opening == "[" else inner

    def _plain(self, part: str) -> list[Node]:
        if part[0] == "{" and len(part) > 1:
            if not re.search(r"\w", part):
                raise ValueError("a slot without a name; write {name}")
            name = slot_name(part[1:-1])
            return [Mark(name, name)]
        if part[0] == "<" and len(part) > 1:
            return [Rule(part[1:-1].strip())]
        if part in "{}":
            raise ValueError("a brace that marks no slot; write {name}")
        nodes: list[Node] = []
        end = 0
        for wild in _WILD.finditer(part):
            nodes += [Words(part[end : wild.start()]), self._wild(wild[0])]
            end = wild.end()
        return [*nodes, Words(part[end:])] if part[end:] or not nodes else nodes

    def _wild(self, text: str) -> Mark:
        """A slot for digits or any word; a second one of a line is `number2`."""
        name, kind = ("number", NUMBER) if text[0] == "#" else ("word", FREE_TEXT)
        self.marked[name] = self.marked.get(name, 0) + 1
        again = self.marked[name]
        return Mark(name if again == 1 else f"{name}{again}", kind)
