"""What a service answers -> something to say: text as it stands, JSON in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.fulfilment.wire import MAX_SPEECH

MOST_ITEMS = 10  # of a list or an object; nobody listens to more
DEEPEST = 3
_LONGEST = 2000  # characters of what is said; a person listens for two minutes then


def spoken(text: str) -> str:
    """A text to say: JSON in words, anything else without its blanks, cut where it is too long."""
    data = _json(text)
    plain = " ".join(text.split()) if data is None else in_words(data)
    return shortened(plain)


def in_words(data: Any) -> str:
    """JSON in words: `{"high": 21, "skies": ["clear"]}` is "high: 21, skies: clear"."""
    return shortened(_said(data, 0))


def shortened(text: str) -> str:
    """A text that somebody listens to: cut behind a sentence, else behind a word."""
    limit = min(_LONGEST, MAX_SPEECH)
    if len(text) <= limit:
        return text
    cut = text[:limit]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > limit // 2 else cut.rsplit(" ", 1)[0] + " …"


def _json(text: str) -> Any:
    """An object or a list, if the text is one; None for anything else."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict | list) else None


def _said(data: Any, depth: int) -> str:
    if isinstance(data, Mapping):
        parts = list(_members(data, depth))
        return ", ".join(parts)
    if isinstance(data, list):
        told = [text for each in data[:MOST_ITEMS] if (text := _inner(each, depth))]
        more = [f"and {len(data) - MOST_ITEMS} more"] if len(data) > MOST_ITEMS else []
        deep = any(isinstance(each, Mapping) for each in data)
        return ("; " if deep else ", ").join([*told, *more])
    if isinstance(data, bool):
        return "yes" if data else "no"
    return "" if data is None else " ".join(str(data).split())


def _members(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    # FastMCP wraps what is no object as `{"result": …}`.
    if data.keys() == {"result"}:
        yield _said(data["result"], depth)
        return
    for name, value in list(data.items())[:MOST_ITEMS]:
        told = _inner(value, depth)
        if told:
            yield f"{_words(str(name)) or name}: {told}"


def _inner(data: Any, depth: int) -> str:
    return _said(data, depth + 1) if depth < DEEPEST else ""


def _words(name: str) -> str:
    """A name of a program's as words: `windSpeed_max` is "wind speed max"."""
    return " ".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+", " ", name).lower().split())
