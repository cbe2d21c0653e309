"""Entities of a CLU project -> slot types."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.formats.foreign import Node
from sayso.formats.names import locale
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.templates import said
from sayso.types.skills import SlotType, TypeValue

_PREBUILT = {
    "DateTime": "AMAZON.DATE",
    "General.Event": "AMAZON.Event",
    "General.Organization": "AMAZON.Corporation",
    "Geography.Location": "AMAZON.City",
    "Person.Name": "AMAZON.Person",
    "PhoneNumber": "AMAZON.PhoneNumber",
    "Quantity.Age": "AMAZON.NUMBER",
    "Quantity.Currency": "AMAZON.NUMBER",
    "Quantity.Dimension": "AMAZON.NUMBER",
    "Quantity.Number": "AMAZON.NUMBER",
    "Quantity.NumberRange": "AMAZON.NUMBER",
    "Quantity.Ordinal": "AMAZON.Ordinal",
    "Quantity.Percentage": "AMAZON.NUMBER",
    "Quantity.Temperature": "AMAZON.NUMBER",
}


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity: its list of values, if it has one, and else the type that stands for it."""

    name: str
    node: Node
    type: str

    def catalogue(self, place: str) -> SlotType | None:
        """The values as they are said in a locale; None if there are none."""
        values: dict[str, TypeValue] = {}
        for sublist in self.node.at("list", "sublists").items():
            key = sublist.at("listKey").text("values")
            if not said(key) or key in values:
                sublist.skip("a value given twice" if key else "a value without text")
                continue
            values[key] = TypeValue(key, None, _synonyms(sublist, key, place))
        return SlotType(self.name, tuple(values.values())) if values else None


def read_entities(entities: Node) -> dict[str, Entity]:
    """The entities by their names."""
    found: dict[str, Entity] = {}
    for node in entities.items():
        name = node.at("category").text()
        if not name or name in found:
            node.skip("a second entity of the same name" if name else "an entity without a name")
            continue
        node.at("category").read("entities")
        for key in ("compositionSetting", "requiredComponents", "description"):
            node.at(key).skip("how the recogniser puts it together")
        node.at("regex").skip("a pattern: its values are free text here")
        found[name] = Entity(name, node, _built_in(node))
    return found


def _built_in(node: Node) -> str:
    """The built-in type of a prebuilt component; free text for an entity that is learned."""
    kind = FREE_TEXT
    for each in node.at("prebuilts").items():
        known = _PREBUILT.get(each.at("category").text())
        if known is None:
            each.skip("a prebuilt entity without a counterpart: free text here")
        else:
            each.at("category").map(f"type {known}")
            kind = known if kind == FREE_TEXT else kind
    return kind


def _synonyms(sublist: Node, key: str, place: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in sublist.at("synonyms").items():
        each.at("language").read("languages of values")
        own = each.at("language").text()
        for node in each.at("values").items():
            if own and locale(own) not in (None, place):
                continue  # another language takes it, if the project speaks it
            text = node.text("synonyms")
            if said(text) and text != key:
                found[text] = None
    return tuple(found)
