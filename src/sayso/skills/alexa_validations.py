"""`validations` of a slot in an Alexa dialog model <-> `valid`, where they say the same.

hasEntityResolutionMatch                            known
isInSet, isNotInSet                                 one_of, none_of
isGreaterThan(OrEqualTo), isLessThan(OrEqualTo)     more_than (at_least), less_than (at_most)
isInDuration, isNotInDuration                       within, not_within
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.alexa_json import UNUSED, skip_others
from sayso.skills.alexa_prompts import Prompts
from sayso.skills.rules import LISTS, RANGE, length
from sayso.types.skills import Check, Rule

CHECKS: Mapping[str, Check] = {
    "hasEntityResolutionMatch": Check.KNOWN,
    "isInSet": Check.ONE_OF,
    "isNotInSet": Check.NONE_OF,
    "isGreaterThanOrEqualTo": Check.AT_LEAST,
    "isLessThanOrEqualTo": Check.AT_MOST,
    "isGreaterThan": Check.MORE_THAN,
    "isLessThan": Check.LESS_THAN,
    "isInDuration": Check.WITHIN,
    "isNotInDuration": Check.NOT_WITHIN,
}
_NAMES = {check: name for name, check in CHECKS.items()}
MOST_RULES = 16  # of a slot


def read_validations(raw: Any, where: str, prompts: Prompts, book: Ledger) -> tuple[Rule, ...]:
    """The rules of a slot; what says something else is skipped with its reason."""
    if not isinstance(raw, list):
        book.skip(where, raw, "not a list")
        return ()
    rules: list[Rule] = []
    for index, node in enumerate(raw):
        path = f"{where}[{index}]"
        rule = _rule(node) if len(rules) < MOST_RULES else None
        id = node.get("prompt") if isinstance(node, Mapping) else None
        if rule is None or (id is not None and not isinstance(id, str)):
            book.skip(path, node, UNUSED)
            continue
        words = prompts.texts.get(id, ()) if id is not None else ()
        used = ("type", *_value_keys(rule.check))
        book.map(f"{path}.type", node["type"], f"rule {rule.check}")
        for _ in rule.values:
            book.read("dialog rules")
        if id is not None and words:
            book.read("dialog rules")
            prompts.used.add(id)
            used = (*used, "prompt")
        skip_others(node, used, path, book)
        rules.append(Rule(rule.check, rule.values, words))
    return tuple(rules)


def write_validations(
    rules: Sequence[Rule], ask: Sequence[str], prompt: Callable[[int, Sequence[str]], str | None]
) -> list[dict[str, Any]]:
    """The validations of a slot. prompt: gives the id of the n-th prompt with these texts."""
    written = []
    for place, rule in enumerate(rules, 1):
        node: dict[str, Any] = {"type": _NAMES[rule.check]}
        id = prompt(place, rule.say or ask)
        if id is not None:
            node["prompt"] = id
        if rule.check in RANGE:
            node |= {"start": rule.values[0], "end": rule.values[1]}
        elif rule.check in LISTS:
            node["values"] = list(rule.values)
        elif rule.values:
            node["value"] = rule.values[0]
        written.append(node)
    return written


def _value_keys(check: Check) -> tuple[str, ...]:
    if check is Check.KNOWN:
        return ()
    if check in RANGE:
        return ("start", "end")
    return ("values",) if check in LISTS else ("value",)


def _rule(node: Any) -> Rule | None:
    """The rule without its prompt, None for what no rule of ours says."""
    kind = node.get("type") if isinstance(node, Mapping) else None
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        return None
    found: list[Any] = []
    for key in _value_keys(check):
        given = node.get(key)
        found += given if check in LISTS and isinstance(given, list) else [given]
    if not all(isinstance(each, str) and each for each in found) or (
        check is not Check.KNOWN and not found
    ):
        return None
    if check in RANGE and any(length(each) is None for each in found):
        return None
    return Rule(check, tuple(found))
