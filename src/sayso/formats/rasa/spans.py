"""One example of Rasa: words, and entities as `[Rome](city)` or `[Rome]{"entity": "city"}`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

# As Rasa's own reader looks for them: no nesting, the text without "]".
_ENTITY = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<one>[^}]+?)\}|\[(?P<many>.*?)\])"
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
    parts: list[Part] = []
    end = 0
    for match in _ENTITY.finditer(example):
        parts += [example[end : match.start()], _span(match)]
        end = match.end()
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


def _span(match: re.Match[str]) -> Span:
    text = match["text"]
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
