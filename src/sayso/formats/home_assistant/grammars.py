"""What Home Assistant asks of a sentence beside its words, as a skill keeps it with its grammar.

What a block's `requires_context` asks of a thing (`domain: cover`), or forbids, is asked of the
values of the sentence: the home's names know what they are. An area that the block takes from the
device that heard the sentence is left to the device's place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sayso.formats.home_assistant.gather import Block


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
