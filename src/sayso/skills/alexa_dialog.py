"""The `dialog` and `prompts` of an Alexa model: what to ask for, what to confirm, in which words.

    dialog.intents[].slots[].elicitationRequired, prompts.elicitation -> Slot.required, Slot.ask
    dialog.intents[].confirmationRequired, prompts.confirmation       -> Intent.confirm
    dialog.intents[].slots[].confirmationRequired, the same           -> Slot.confirm
    dialog.intents[].slots[].validations                              -> Slot.valid

Delegation strategies are looked up where they stand; validations that no rule says are kept, not
used. Both parts stay in `Language.extra` as they came, and are written back unless a person has
edited what was read.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.alexa_json import UNUSED, skip_others
from sayso.skills.alexa_prompts import Prompts, account_prompts, prompt_texts
from sayso.skills.alexa_validations import read_validations, write_validations
from sayso.types.skills import Intent, Language, Rule, Slot

_ELICITATION = ("elicitation", "elicit")  # the second is the early builder's


def read_dialog(
    intents: Sequence[Intent], inner: Mapping[str, Any], book: Ledger
) -> tuple[Intent, ...]:
    """The intents with what `inner["dialog"]` and `inner["prompts"]` say of them."""
    prompts = Prompts(prompt_texts(inner.get("prompts")))
    rules = _read_rules(inner.get("dialog", {}), intents, prompts, book)
    if "prompts" in inner:
        account_prompts(inner["prompts"], prompts.used, book)
    return tuple(rules.get(intent.name, intent) for intent in intents)


def write_dialog(language: Language) -> dict[str, Any]:
    """`dialog` and `prompts` of the model: as they came, save for edited intents."""
    came = {key: language.extra[key] for key in ("dialog", "prompts") if key in language.extra}
    silent = [_silent(intent) for intent in language.intents]
    as_read = read_dialog(silent, came, Ledger())
    if [_rule(intent) for intent in as_read] == [_rule(intent) for intent in language.intents]:
        return copy.deepcopy(came)
    return _rewritten(came, as_read, language.intents)


def _read_rules(
    dialog: Any, intents: Sequence[Intent], prompts: Prompts, book: Ledger
) -> dict[str, Intent]:
    if not isinstance(dialog, Mapping):
        book.skip("dialog", dialog, "not an object")
        return {}
    known = {intent.name: intent for intent in intents}
    found: dict[str, Intent] = {}
    for key, node in dialog.items():
        if key == "delegationStrategy":
            _who_leads(node, f"dialog.{key}", book)
            continue
        if key != "intents" or not isinstance(node, list):
            book.skip(f"dialog.{key}", node, UNUSED)
            continue
        for index, rule in enumerate(node):
            where = f"dialog.intents[{index}]"
            name = rule.get("name") if isinstance(rule, Mapping) else None
            if not isinstance(name, str) or name not in known or name in found:
                book.skip(where, rule, "a rule for an intent that is not there, or has one already")
            else:
                found[name] = _read_intent_rule(known[name], rule, where, prompts, book)
    return found


def _read_intent_rule(
    intent: Intent, rule: Mapping[str, Any], where: str, prompts: Prompts, book: Ledger
) -> Intent:
    book.read("dialog rules")
    asks = _flag(rule, "confirmationRequired", where, "the intent's question", book)
    words = _words(rule, ("confirmation",), where, prompts, book)
    slots = _read_slot_rules(intent, rule.get("slots", []), f"{where}.slots", prompts, book)
    if "delegationStrategy" in rule:
        _who_leads(rule["delegationStrategy"], f"{where}.delegationStrategy", book)
    used = ("name", "confirmationRequired", "prompts", "slots", "delegationStrategy")
    skip_others(rule, used, where, book)
    return replace(intent, confirm=words if asks else (), slots=slots)


def _who_leads(node: Any, where: str, book: Ledger) -> None:
    """Stays in `Language.extra`, where the dialogue looks it up (`dialogue/delegation.py`)."""
    if node in ("ALWAYS", "SKILL_RESPONSE"):
        book.map(where, node, "who asks: Sayso, or the back-end")
    else:
        book.skip(where, node, "neither ALWAYS nor SKILL_RESPONSE")


def _read_slot_rules(
    intent: Intent, raw: Any, where: str, prompts: Prompts, book: Ledger
) -> tuple[Slot, ...]:
    slots = {slot.name: slot for slot in intent.slots}
    done: set[str] = set()
    if not isinstance(raw, list):
        book.skip(where, raw, "not a list")
        return tuple(intent.slots)
    for index, rule in enumerate(raw):
        path = f"{where}[{index}]"
        name = rule.get("name") if isinstance(rule, Mapping) else None
        if not isinstance(name, str) or name not in slots or name in done:
            book.skip(path, rule, "a rule for a slot that is not there, or has one already")
            continue
        done.add(name)
        slots[name] = _read_slot_rule(slots[name], rule, path, prompts, book)
    return tuple(slots.values())


def _read_slot_rule(
    slot: Slot, rule: Mapping[str, Any], where: str, prompts: Prompts, book: Ledger
) -> Slot:
    book.read("dialog rules")
    if "type" in rule:
        _say_again(rule["type"], f"{where}.type", book)
    required = _flag(rule, "elicitationRequired", where, "the slot is required", book)
    confirms = _flag(rule, "confirmationRequired", where, "the slot's question", book)
    named = rule.get("prompts", {})
    confirm: tuple[str, ...] = ()
    if confirms and isinstance(named, Mapping) and "confirmation" in named:
        only = {"prompts": {"confirmation": named["confirmation"]}}
        confirm = _words(only, ("confirmation",), where, prompts, book)
        named = {key: id for key, id in named.items() if key != "confirmation"}
    ask = _words({"prompts": named}, _ELICITATION, where, prompts, book)
    valid: tuple[Rule, ...] = ()
    if "validations" in rule:
        valid = read_validations(rule["validations"], f"{where}.validations", prompts, book)
    used = ("name", "type", "elicitationRequired", "confirmationRequired", "prompts", "validations")
    skip_others(rule, used, where, book)
    return replace(slot, required=required, ask=ask, confirm=confirm, valid=valid)


def _say_again(kind: Any, where: str, book: Ledger) -> None:
    """The slot's type stands in the language model too; that one counts."""
    if isinstance(kind, str):
        book.read("dialog rules")
    else:
        book.skip(where, kind, UNUSED)


def _flag(rule: Mapping[str, Any], key: str, where: str, meaning: str, book: Ledger) -> bool:
    node = rule.get(key, False)
    if key in rule and not isinstance(node, bool):
        book.skip(f"{where}.{key}", node, "neither true nor false")
    elif node is True:
        book.map(f"{where}.{key}", node, meaning)
    elif key in rule:
        book.read("dialog rules")
    return node is True


def _words(
    rule: Mapping[str, Any], keys: Sequence[str], where: str, prompts: Prompts, book: Ledger
) -> tuple[str, ...]:
    """The texts of the prompt that a rule names."""
    node = rule.get("prompts", {})
    if not isinstance(node, Mapping):
        book.skip(f"{where}.prompts", node, "not an object")
        return ()
    words: tuple[str, ...] = ()
    for key, id in node.items():
        if key not in keys or words:
            book.skip(f"{where}.prompts.{key}", id, UNUSED)
        elif isinstance(id, str) and prompts.texts.get(id):
            book.read("dialog rules")
            words = prompts.texts[id]
            prompts.used.add(id)
        else:
            book.skip(f"{where}.prompts.{key}", id, "there is no such prompt")
    return words


def _silent(intent: Intent) -> Intent:
    slots = tuple(
        replace(slot, required=False, ask=(), confirm=(), valid=()) for slot in intent.slots
    )
    return replace(intent, confirm=(), slots=slots)


def _rule(intent: Intent) -> tuple[Any, ...]:
    slots = [
        (slot.name, slot.required, tuple(slot.ask), tuple(slot.confirm), tuple(slot.valid))
        for slot in intent.slots
    ]
    return intent.name, tuple(intent.confirm), slots


def _rewritten(
    came: Mapping[str, Any], before: Sequence[Intent], now: Sequence[Intent]
) -> dict[str, Any]:
    """The parts that came, with a new rule for each intent whose rule was edited."""
    model = copy.deepcopy(dict(came))
    dialog = model["dialog"] if isinstance(model.get("dialog"), dict) else {}
    prompts = model["prompts"] if isinstance(model.get("prompts"), list) else []
    rules = dialog["intents"] if isinstance(dialog.get("intents"), list) else []
    read = {intent.name: _rule(intent) for intent in before}
    for intent in now:
        if read.get(intent.name) == _rule(intent):
            continue
        rules = [r for r in rules if not (isinstance(r, dict) and r.get("name") == intent.name)]
        rule, added = _new_rule(intent)
        rules.append(rule)
        ids = {prompt["id"] for prompt in added}
        prompts = [p for p in prompts if not (isinstance(p, dict) and p.get("id") in ids)] + added
    return {**model, "dialog": {**dialog, "intents": rules}, "prompts": prompts}


def _new_rule(intent: Intent) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A dialog rule, and the prompts that it names."""
    prompts: list[dict[str, Any]] = []

    def name(kind: str, id: str, texts: Sequence[str]) -> dict[str, str]:
        if not texts:
            return {}
        variations = [{"type": "PlainText", "value": text} for text in texts]
        prompts.append({"id": id, "variations": variations})
        return {kind: id}

    def of_slot(slot: Slot) -> dict[str, Any]:
        about = f"{intent.name}.{slot.name}"

        def told(place: int, texts: Sequence[str]) -> str | None:
            return name("prompt", f"Slot.Validation.{about}.{place}", texts).get("prompt")

        asked = name("elicitation", f"Elicit.Slot.{about}", slot.ask)
        agreed = name("confirmation", f"Confirm.Slot.{about}", slot.confirm)
        valid = write_validations(slot.valid, slot.ask, told)
        return {
            "name": slot.name,
            "type": slot.type,
            "confirmationRequired": bool(slot.confirm),
            "elicitationRequired": slot.required,
            "prompts": {**asked, **agreed},
            **({"validations": valid} if valid else {}),
        }

    slots = [of_slot(slot) for slot in intent.slots]
    confirmation = name("confirmation", f"Confirm.Intent.{intent.name}", intent.confirm)
    return {
        "name": intent.name,
        "confirmationRequired": bool(intent.confirm),
        "prompts": confirmation,
        "slots": slots,
    }, prompts
