"""What of a template's sentences may be a sample."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.templates import pieces


def says_something(text: str, types: Mapping[str, str]) -> bool:
    """Whether more than free text is in it: a word, or a slot with values of its own.

    types: slot -> its type. `{anything}` alone would fit whatever is said.
    """
    return any(
        types.get(piece.slot) != FREE_TEXT if piece.slot else re.search(r"\w", piece.text)
        for piece in pieces(text)
    )


def seed_of(text: str) -> int:
    """A seed that is the same for a text on every machine."""
    return zlib.crc32(text.encode())
