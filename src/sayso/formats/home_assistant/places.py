"""Where a text of a file stands, and what the file of the home's own names says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sayso.formats.home_assistant.files import Part
from sayso.skills.accounting import leaves
from sayso.skills.yaml_lines import Path

KEPT = "Home Assistant's own; kept"
FACTS = "what a value is, which the grammar asks"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a file, with its place."""

    text: str
    part: Part
    path: Path

    @property
    def where(self) -> str:
        """As the ledger calls it."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps)

    def read(self, kind: str) -> None:
        """It was taken as it stands."""
        self.part.book.read(kind)

    def map(self, note: str) -> None:
        """It was taken in another form."""
        self.part.book.map(self.where, self.text, note)

    def skip(self, reason: str) -> None:
        """It is not used, only kept."""
        self.part.book.skip(self.where, self.text, reason)


def map_all(at: Text, node: Any, note: str) -> None:
    """All that lies at a place was taken in another form."""
    for path, leaf in leaves(node):
        at.part.book.map(at.where + path, leaf, note)


def read_names(
    part: Part, names: dict[str, list[str]], facts: dict[str, list[dict[str, str]]]
) -> None:
    """A file of fixtures: its names go into `names`, what the things are into `facts`."""
    for key, node in part.data.items():
        slot = {"areas": "area", "floors": "floor", "entities": "name"}.get(key)
        for number, item in enumerate(node if slot and isinstance(node, list) else ()):
            name = item.get("name") if isinstance(item, Mapping) else None
            if not isinstance(item, Mapping):
                part.book.skip(f"{key}[{number}]", item, KEPT)
                continue
            for field_, value in item.items():
                if field_ == "name" and isinstance(value, str):
                    part.book.read("names")
                elif slot == "name" and field_ in ("id", "domain", "attributes"):
                    map_all(Text("", part, (key, number, field_)), value, FACTS)
                else:
                    part.book.skip(f"{key}[{number}].{field_}", value, KEPT)
            if isinstance(name, str) and slot:
                names.setdefault(slot, []).append(name)
                if slot == "name" and (told := _facts(item)):
                    facts.setdefault(name.casefold(), []).append(told)
        if not slot or not isinstance(node, list):
            part.book.skip(key, node, KEPT)


def _facts(entity: Mapping[str, Any]) -> dict[str, str]:
    """What the context of a template may ask of a thing: its domain and its attributes."""
    domain = str(entity.get("id", "")).partition(".")
    found = {"domain": str(entity.get("domain", domain[0] if domain[1] else ""))}
    attributes = entity.get("attributes")
    for key, value in attributes.items() if isinstance(attributes, Mapping) else ():
        if isinstance(value, str):
            found.setdefault(str(key), value)
    return {key: value for key, value in found.items() if value}
