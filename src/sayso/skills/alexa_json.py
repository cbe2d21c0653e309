"""Reading foreign JSON bit by bit: each takes what it can and writes the rest into the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.templates import SLOT_NAME, said

UNUSED = "not used by Sayso; kept for export"


def name_of(
    raw: Any, key: str, where: str, kind: str, taken: Collection[str], book: Ledger
) -> str | None:
    """The name of an object; None, and all of it skipped, if it has none that will do."""
    name = text_of(raw.get(key)) if isinstance(raw, Mapping) else None
    if name is None:
        book.skip(where, raw, f"{kind} without a name")
    elif kind == "slot" and not SLOT_NAME.fullmatch(name):
        book.skip(where, raw, "a slot's name is made of letters, digits and _")
    elif name in taken:
        book.skip(where, raw, f"a second {kind} of the same name")
    else:
        return name
    return None


def text_of(node: Any) -> str | None:
    """The node if it is a text that says something."""
    return node if isinstance(node, str) and said(node) else None


def items(raw: Any, where: str, book: Ledger) -> list[Any]:
    """The items of a list; none, and all of it skipped, if it is no list."""
    if isinstance(raw, list):
        return raw
    book.skip(where, raw, "not a list")
    return []


def skip_others(raw: Mapping[str, Any], used: Collection[str], where: str, book: Ledger) -> None:
    """Skip the keys of an object that its reader does not know."""
    for key, node in raw.items():
        if key not in used:
            book.skip(f"{where}.{key}", node, UNUSED)
