"""Lex V1: one JSON file with the bot, its intents and its slot types.

{"metadata": {"importType": "LEX"}, "resource": {"name": ..., "locale": "en-US", "intents": [...],
 "slotTypes": [...]}}
"""

from __future__ import annotations

from collections.abc import Collection

from sayso.formats.foreign import Marks, Node, peek
from sayso.formats.lex.intents import samples_in
from sayso.formats.lex.messages import questions, replies
from sayso.formats.lex.types import type_of
from sayso.formats.names import identifier, locale, slot_name, unlike
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id, words
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

_SETTINGS = "settings of the bot at Amazon"
_NOT_OURS = {
    "fulfillmentActivity": "a Lambda function of Lex's protocol",
    "dialogCodeHook": "a Lambda function of Lex's protocol",
    "rejectionStatement": "what Lex says after a no",
    "followUpPrompt": "what Lex asks afterwards",
    "inputContexts": "a context: Sayso's dialogue keeps its own",
    "outputContexts": "a context: Sayso's dialogue keeps its own",
}


def is_v1(tree: Tree, name: str) -> bool:
    """Whether a file is a bot of Lex V1, by what lies in it."""
    data = peek(tree, name, b'"resource"', b'"intents"') if name.endswith(".json") else None
    bot = data.get("resource") if isinstance(data, dict) else None
    return isinstance(bot, dict) and isinstance(bot.get("intents"), list)


def read_bot(marks: Marks, name: str, taken: Collection[str]) -> Skill | None:
    """The skill of a file; None where none of its intents has samples."""
    bot = marks.root.at("resource")
    title = said(bot.at("name").text("names")) or name
    told = said(bot.at("description").text("descriptions"))
    for key, node in bot.entries():
        if key not in ("intents", "slotTypes", "locale"):
            node.skip(_SETTINGS)
    marks.root.at("metadata").skip("the version of the export")
    tag = bot.at("locale")
    place = locale(tag.text("languages")) or DEFAULT_LOCALE
    types: dict[str, SlotType] = {}
    for node in bot.at("slotTypes").items():
        kind = _type(node)
        types |= {kind.name: kind} if kind else {}
    intents: dict[str, Intent] = {}
    answers: dict[str, list[str]] = {}
    for node in bot.at("intents").items():
        intent, texts = _intent(node, types, intents)
        if not intent.samples:
            node.skip("an intent that nobody says: it has no samples")
            continue
        intents[intent.name] = intent
        answers |= {intent.name: texts} if texts else {}
    if not intents:
        return None
    used = {slot.type for intent in intents.values() for slot in intent.slots}
    kinds = tuple(kind for kind in types.values() if kind.name in used)
    spoken = words(title).lower() or title.lower()
    language = Language(place, spoken, told, intents=tuple(intents.values()), types=kinds)
    id = unlike(skill_id(words(title) or title), taken)
    return Skill(id, title, told, (language,), fulfilment([language], {place: answers}))


def _intent(
    node: Node, types: dict[str, SlotType], taken: Collection[str]
) -> tuple[Intent, list[str]]:
    own = node.at("name").text("intents")
    for key, reason in _NOT_OURS.items():
        node.at(key).skip(reason)
    parent = node.at("parentIntentSignature").text()
    standard = parent if parent.startswith("AMAZON.") and parent not in taken else ""
    if standard:
        node.at("parentIntentSignature").map("the standard intent that it is")
    slots = sorted(node.at("slots").items(), key=_rank)
    ours: dict[str, str] = {}
    for slot in slots:
        name = slot.at("name").text()
        if name:
            ours[name] = slot_name(name, ours.values())
    names = list(ours.values())
    confirm = questions(node.at("confirmationPrompt"), names)
    intent = Intent(
        standard or identifier(own, taken),
        samples_in(node.at("sampleUtterances").items(), ours),
        tuple(_slot(slot, ours, types) for slot in slots if slot.at("name").text()),
        confirm=confirm,
    )
    return intent, replies(node.at("conclusionStatement"), names)


def _slot(node: Node, ours: dict[str, str], types: dict[str, SlotType]) -> Slot:
    own = node.at("name").text("slots")
    node.at("description").skip("a remark of the developer")
    node.at("priority").map("the order of the slots")
    constraint = node.at("slotConstraint")
    constraint.map("whether a slot is required")
    return Slot(
        ours[own],
        type_of(node.at("slotType"), types),
        samples=samples_in(node.at("sampleUtterances").items(), ours),
        required=constraint.value == "Required",
        ask=questions(node.at("valueElicitationPrompt"), list(ours.values())),
    )


def _rank(slot: Node) -> float:
    rank = slot.at("priority").value
    return rank if isinstance(rank, int | float) and not isinstance(rank, bool) else 1000.0


def _type(node: Node) -> SlotType | None:
    name = node.at("name").text()
    values: dict[str, TypeValue] = {}
    for each in node.at("enumerationValues").items():
        text = each.at("value").text()
        if not said(text) or text in values:
            each.skip("a value given twice" if text else "a value without text")
            continue
        each.at("value").read("values")
        ways = dict.fromkeys(x.text("synonyms") for x in each.at("synonyms").items())
        values[text] = TypeValue(text, None, tuple(x for x in ways if x and x != text))
    if not name or not values:
        node.skip("a slot type without values of its own: free text here")
        return None
    node.at("name").read("slot types")
    return SlotType(name, tuple(values.values()))
