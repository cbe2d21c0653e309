"""The templates of a foreign skill as text, with their rules beside: the grammar that it keeps.

An intent keeps `grammar`, a list of `{say: [templates]}`, in the notes of its extra; its language
keeps `grammar: {rules: {name: template}, skip: [words]}`. `sayso.understanding.grammars` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sayso.formats.grammar import Mark, Node, Rule
from sayso.skills.grammar import spelled


class Spelling:
    """The rules that a language's templates use, each of their texts under a name of its own."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}

    def spelled(self, node: Node, rules: Mapping[str, Node], slot: Callable[[Mark], str]) -> str:
        """A template as text. slot: what stands for a mark. The template went through `marks`."""
        known: dict[str, str] = {}  # a rule that stands in twenty places is spelled once

        def name(part: Mark | Rule) -> str:
            if isinstance(part, Mark):
                return slot(part)
            if part.name not in known:
                known[part.name] = self._name(part.name, text(rules[part.name]))
            return known[part.name]

        def text(node: Node) -> str:
            return re.sub(" +", " ", spelled(node, name)).strip()

        return text(node)

    def _name(self, rule: str, text: str) -> str:
        """What a rule of that text is called here: blocks have rules of their own."""
        if (rule, text) not in self._names:
            taken = sum(1 for other, _ in self._names if other == rule)
            name = f"{rule}.{taken + 1}" if taken else rule
            self._names[rule, text] = name
            self.texts[name] = text
        return self._names[rule, text]
