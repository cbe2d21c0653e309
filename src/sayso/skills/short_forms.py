"""Short forms of a skill file, each widened to the long one; what is neither stays as it is.

A text for a list of one, a type's name for a slot, a list of samples for an intent, a list of
values for a type, a list of named things for a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_list(node: Any) -> Any:
    """A single text is a list of one."""
    return [node] if isinstance(node, str) else node


def as_slot(node: Any) -> Any:
    """A slot may be the name of its type alone."""
    return {"type": node} if isinstance(node, str) else node


def as_value(node: Any) -> Any:
    """A value may be its text alone."""
    return {"value": node} if isinstance(node, str) else node


def as_intent(node: Any) -> Any:
    """An intent may be its samples alone, or nothing (`AMAZON.StopIntent:`)."""
    if isinstance(node, list | str):
        return {"samples": as_list(node)}
    return {} if node is None else node


def as_type(node: Any) -> Any:
    """A type may be its values alone."""
    return {"values": as_list(node)} if isinstance(node, list | str) else node


def as_rules(node: Any) -> Any:
    """One rule is a list of one; a rule may be its name alone (`known`)."""
    rules = node if isinstance(node, list) else [node]
    return [{rule: True} if isinstance(rule, str) else rule for rule in rules]


def as_carry(node: Any) -> Any:
    """`true` and `false` in words; a text that YAML left as it stood counts as well."""
    plain = {True: "always", False: "never", "true": "always", "false": "never"}
    return plain.get(node, node) if isinstance(node, bool | str) else node


def as_undo(node: Any) -> Any:
    """`false` is no name; a text that YAML left as it stood counts as well."""
    return "" if node is False or node == "false" else node


def by_name(node: Any) -> Any:
    """A list of things with names is a mapping; the first of a name counts."""
    if node is None:
        return {}
    if not isinstance(node, list) or not all(isinstance(item, Mapping) for item in node):
        return node
    found: dict[str, Any] = {}
    for place, item in enumerate(node):
        name = item.get("name")
        rest = {key: value for key, value in item.items() if key != "name"}
        # Without a name it stays under its place, where `missing_names` reports it.
        found.setdefault(str(name) if isinstance(name, str) else f"[{place}]", rest)
    return found
