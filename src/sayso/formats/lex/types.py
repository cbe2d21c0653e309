"""Slot types of a Lex bot, and what Lex's built-in ones are here."""

from __future__ import annotations

from sayso.formats.foreign import Node
from sayso.skills.builtin_types import FREE_TEXT, PREFIX, builtin_name
from sayso.skills.templates import said
from sayso.types.skills import SlotType, TypeValue

_BUILT_IN = {
    "AMAZON.AlphaNumeric": FREE_TEXT,
    "AMAZON.EmailAddress": FREE_TEXT,
    "AMAZON.FreeFormInput": FREE_TEXT,
    "AMAZON.Percentage": "AMAZON.NUMBER",
    "AMAZON.UKPostalCode": "AMAZON.PostalCode",
    "AMAZON.State": "AMAZON.US_STATE",
}
YES_NO = SlotType("AMAZON.Confirmation", (TypeValue("Yes"), TypeValue("No")))
ANSWERS = SlotType("yes_no", YES_NO.values)


def read_type(node: Node) -> SlotType | None:
    """A slot type with its values; None, and the type skipped, where Lex has them elsewhere."""
    name = node.at("name").text()
    values: dict[str, TypeValue] = {}
    for key in ("identifier", "description", "parentSlotTypeSignature"):
        node.at(key).skip("bookkeeping of Lex")
    node.at("valueSelectionSetting").skip("settings of Lex's recogniser")
    node.at("externalSourceSetting").skip("a grammar that lies elsewhere: free text here")
    node.at("compositeSlotTypeSetting").skip("a slot made of others: free text here")
    for each in node.at("slotTypeValues").items():
        text = each.at("sampleValue", "value").text()
        if not said(text) or text in values:
            each.skip("a value given twice" if text else "a value without text")
            continue
        each.at("sampleValue", "value").read("values")
        synonyms = [x.at("value").text("synonyms") for x in each.at("synonyms").items()]
        own = tuple(x for x in dict.fromkeys(synonyms) if x and x != text)
        values[text] = TypeValue(text, None, own)
    if not name or not values:
        node.skip("a slot type without values of its own: free text here")
        return None
    node.at("name").read("slot types")
    return SlotType(name, tuple(values.values()))


def type_of(node: Node, own: dict[str, SlotType]) -> str:
    """The type of a slot, by the name that a node has."""
    name = node.text()
    if name == YES_NO.name:
        own.setdefault(ANSWERS.name, ANSWERS)
        kind = ANSWERS.name
    elif name in own:
        kind = name
    elif name.startswith(PREFIX):
        kind = _BUILT_IN.get(name) or builtin_name(name) or FREE_TEXT
    else:
        kind = FREE_TEXT
    if kind == name:
        node.read("slots' types")
    else:
        node.map("free text" if kind == FREE_TEXT else f"type {kind}")
    return kind
