"""What programs are called, as ids and as words."""

from __future__ import annotations

import re

from sayso.formats.names import identifier

LONGEST = 60
MOST_LETTERS = 200


def skill_id(title: str) -> str:
    """An id for a skill of that title: `Corner Bakery` is corner-bakery."""
    plain = re.sub(r"[\s_]+", "-", title.strip().lower())
    return identifier(plain)[:LONGEST].rstrip("-._:")


def words(name: str) -> str:
    """A name of a program's as words: `get_currentWeather` is "get current weather"."""
    cut = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name[:MOST_LETTERS])
    parts = re.findall(r"[^\W_]+", cut)
    return " ".join(x if x.isupper() and len(x) > 1 else x.lower() for x in parts)
