"""Templates as a skill keeps its grammar: in our spelling, with what Home Assistant asks beside.

What a block's `requires_context` asks of a thing (`domain: cover`), or forbids, is asked of the
values of the sentence: the home's names know what they are. An area that the block takes from the
device that heard the sentence is left to the device's place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sayso.formats.grammar import Mark, Node, Rule
from sayso.formats.home_assistant.gather import Block
from sayso.skills.grammar import spelled


class Rules:
    """The rules that a language's templates use, each of its spellings under a name of its own."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}

    def spelled(self, node: Node, rules: Mapping[str, Node], slot: Callable[[Mark], str]) -> str:
        """A template as text. slot: what stands for a mark. The template went through `marks`."""

        def name(part: Mark | Rule) -> str:
            if isinstance(part, Mark):
                return slot(part)
            return self._name(part.name, self.spelled(rules[part.name], rules, slot))

        return re.sub(" +", " ", spelled(node, name)).strip()

    def _name(self, rule: str, text: str) -> str:
        """What a rule of that text is called here: blocks have rules of their own."""
        if (rule, text) not in self._names:
            taken = sum(1 for other, _ in self._names if other == rule)
            name = f"{rule}.{taken + 1}" if taken else rule
            self._names[rule, text] = name
            self.texts[name] = text
        return self._names[rule, text]


def asked(block: Block) -> dict[str, Any]:
    """What a block asks beside its words, as a grammar's entry has it."""
    required = _mapping(block.raw.get("requires_context"))
    wanted = {key: _texts(value) for key, value in required.items()}
    domains = _texts(block.raw.get("name_domains"))
    if domains:
        wanted["domain"] = domains
    unwanted = {k: _texts(v) for k, v in _mapping(block.raw.get("excludes_context")).items()}
    from_device = [key for key, value in required.items() if _mapping(value).get("slot")]
    told: dict[str, Any] = {
        "of": {key: values for key, values in wanted.items() if values},
        "not_of": {key: values for key, values in unwanted.items() if values},
        "words": _texts(block.raw.get("required_keywords")),
        "place": "area" if "area" in from_device else None,
    }
    return {key: value for key, value in told.items() if value}


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _texts(node: Any) -> list[str]:
    """One text or several, of what YAML may hold there."""
    listed: Sequence[Any] = node if isinstance(node, list) else [node]
    return [str(each) for each in listed if isinstance(each, str | int | float)]
