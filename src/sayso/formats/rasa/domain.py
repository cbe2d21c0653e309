"""Rasa's domain: the slots that forms ask for, the forms, and what is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.rasa.items import spread

REQUESTED = "requested_slot"  # Rasa's own


@dataclass(frozen=True, slots=True)
class Filled:
    """One way in which a slot is filled: kind is from_entity, from_text, from_intent, ...

    intents: of the utterance; none means any. value: of from_intent.
    """

    kind: str
    entity: str | None = None
    role: str | None = None
    group: str | None = None
    intents: Sequence[str] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True)
class DomainSlot:
    """A slot. kind: text, bool, categorical, float, list, any. values: of a categorical one."""

    name: str
    kind: str = "text"
    values: Sequence[str] = ()
    mappings: Sequence[Filled] = ()


@dataclass
class Domain:
    """What of one or several domain files counts.

    forms: name -> slots that it requires. responses: name -> its variants, None for one that has
    no text of its own (a picture, or for a channel).
    """

    slots: dict[str, DomainSlot] = field(default_factory=dict)
    forms: dict[str, Sequence[str]] = field(default_factory=dict)
    responses: dict[str, Sequence[str | None]] = field(default_factory=dict)

    def add(self, data: Mapping[str, Any]) -> None:
        """Take a further file; of two of a name the first counts."""
        for name, node in _named(data.get("slots")):
            self.slots.setdefault(name, _slot(name, node))
        for name, node in _named(data.get("forms")):
            required, mappings = _form(node)
            self.forms.setdefault(name, tuple(required))
            for slot, some in mappings.items():
                self._fill(slot, some)
        for name, node in _named(data.get("responses", data.get("templates"))):
            self.responses.setdefault(name, tuple(_variants(node)))

    def texts(self, response: str) -> list[str]:
        """The variants of a response that are texts."""
        return [text for text in self.responses.get(response, ()) if text is not None]

    def _fill(self, name: str, mappings: Sequence[Filled]) -> None:
        """Before Rasa 3 a form said how its slots are filled, and not the slot."""
        slot = self.slots.get(name, DomainSlot(name))
        if not slot.mappings:
            self.slots[name] = DomainSlot(name, slot.kind, slot.values, mappings)


def response_text(node: Any) -> str | None:
    """What a variant of a response says."""
    text = node.get("text") if isinstance(node, Mapping) else node
    plain = isinstance(text, str) and bool(text.strip())
    return str(text) if plain and not _for_a_channel(node) else None


def _variants(node: Any) -> Iterator[str | None]:
    for each in node if isinstance(node, list) else [node]:
        yield response_text(each)


def _for_a_channel(node: Any) -> bool:
    return isinstance(node, Mapping) and ("channel" in node or "condition" in node)


def _named(node: Any) -> Iterator[tuple[str, Any]]:
    """Named things: a mapping, or a list of names or of mappings with one key."""
    if isinstance(node, Mapping):
        yield from ((str(name), child) for name, child in node.items())
    for item in node if isinstance(node, list) else ():
        if isinstance(item, Mapping):
            yield from ((str(name), child) for name, child in item.items())
        elif isinstance(item, str):
            yield str(item), {}


def _slot(name: str, node: Any) -> DomainSlot:
    node = node if isinstance(node, Mapping) else {}
    kind, values = node.get("type"), node.get("values")
    texts = [str(value) for value in values if value] if isinstance(values, list) else []
    return DomainSlot(
        name, str(kind) if isinstance(kind, str) else "text", texts, _mappings(node.get("mappings"))
    )


def _form(node: Any) -> tuple[list[str], dict[str, tuple[Filled, ...]]]:
    """Required slots, and how they are filled where the form says so."""
    wanted = node.get("required_slots", node) if isinstance(node, Mapping) else node
    if isinstance(wanted, list):
        return [str(name) for name in wanted if isinstance(name, str)], {}
    if not isinstance(wanted, Mapping):
        return [], {}
    found = {str(n): _mappings(x) for n, x in wanted.items() if isinstance(x, list | Mapping)}
    found.pop("ignored_intents", None)
    return list(found), found


def _mappings(node: Any) -> tuple[Filled, ...]:
    items = node if isinstance(node, list) else [node]
    return tuple(_filled(item) for item in items if isinstance(item, Mapping))


def _filled(node: Mapping[str, Any]) -> Filled:
    intents = spread(node.get("intent"))
    wanted = intents if isinstance(intents, list) else [intents]
    return Filled(
        str(node.get("type") or "custom"),
        _text(node.get("entity")),
        _text(node.get("role")),
        _text(node.get("group")),
        tuple(str(x) for x in wanted if isinstance(x, str)),
        _text(node.get("value")),
    )


def _text(node: Any) -> str | None:
    return str(node) if isinstance(node, str) else None
