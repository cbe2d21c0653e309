"""One example of Rasa: words, and entities as `[Rome](city)` or `[Rome]{"entity": "city"}`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 5000  # characters of an example; nobody says more at once
# What follows the closing bracket, as Rasa's own reader has it.
_TAIL = re.compile(
    r"\((?P<entity>[^:)]{1,1000}?)(?::(?P<value>[^)]{1,1000}))?\)"
    r"|\{(?P<one>[^}]{1,1000}?)\}|\[(?P<many>.{0,1000}?)\]"
)
_BRACES = str.maketrans("{}", "  ")


@dataclass(frozen=True, slots=True)
class Span:
    """An annotated stretch. value: what it stands for, where that is not the text itself."""

    text: str
    entity: str
    role: str | None = None
    group: str | None = None
    value: str | None = None

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What tells the slots of an intent apart."""
        return self.entity, self.role, self.group


Part = str | Span


def parse(example: str) -> tuple[Part, ...]:
    """The words and spans of an example, in order.

    Raises ValueError, saying what is wrong, for an annotation that cannot be read. Of several
    entities over the same words the first counts.
    """
    if len(example) > LONGEST:
        raise ValueError(f"an example of more than {LONGEST} characters")
    parts: list[Part] = []
    end = 0  # of what is in the parts
    start = example.find("[")
    while start >= 0:
        close = example.find("]", start)
        tail = _TAIL.match(example, close + 1) if close > start + 1 else None
        if tail:
            parts += [example[end:start], _span(example[start + 1 : close], tail)]
            end = tail.end()
        if close < 0:
            break
        # No annotation begins inside one that did not end: the same bracket would close it.
        start = example.find("[", end if tail else close)
    parts.append(example[end:])
    return tuple(part for part in parts if part)


def write(parts: Sequence[Part]) -> str:
    """The example that reads as these parts."""
    return "".join(part if isinstance(part, str) else _annotated(part) for part in parts)


def plain(parts: Sequence[Part]) -> str:
    """What a person says."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def template(parts: Sequence[Part], slot_of: Callable[[Span], str]) -> str:
    """The sample of ours: each span a slot in braces. Braces among the words become spaces."""
    cut = (
        part.translate(_BRACES) if isinstance(part, str) else "{" + slot_of(part) + "}"
        for part in parts
    )
    return " ".join("".join(cut).split())


def _span(text: str, match: re.Match[str]) -> Span:
    if match["entity"]:
        return Span(text, match["entity"].strip(), value=_other(match["value"], text))
    about: Any
    try:
        about = json.loads("{" + match["one"] + "}" if match["one"] else f"[{match['many']}]")
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("an annotation that is no JSON") from None
    about = about[0] if isinstance(about, list) and about else about
    entity = about.get("entity") if isinstance(about, dict) else None
    if not isinstance(entity, str) or not entity.strip():
        raise ValueError("an annotation that names no entity")
    role, group, value = (_text(about.get(key)) for key in ("role", "group", "value"))
    return Span(text, entity.strip(), role, group, _other(value, text))


def _text(node: Any) -> str | None:
    if node is None or isinstance(node, dict | list):
        return None
    return node if isinstance(node, str) else json.dumps(node)


def _other(value: str | None, text: str) -> str | None:
    return None if value == text else value


def _annotated(span: Span) -> str:
    about = {"entity": span.entity, "role": span.role, "group": span.group, "value": span.value}
    said = {key: text for key, text in about.items() if text is not None}
    brief = said.keys() == {"entity"} and not re.search(r"[:)]", span.entity)
    tail = f"({span.entity})" if brief else json.dumps(said, ensure_ascii=False)
    return f"[{span.text}]{tail}"
