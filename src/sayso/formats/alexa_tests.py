"""Alexa's NLU evaluation sets (annotation sets) in a package -> rows of a test set.

{"data": [{"inputs": {"utterance": "wake me at seven"}, "expected": [{"intent": {"name": "Wake",
 "slots": {"time": {"slotValue": {"type": "Simple", "value": "seven"}}}}}]}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from sayso.formats.foreign import Marks, Node, load, peek
from sayso.formats.format import TestRow
from sayso.skills.layout import locale_of
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import Skill

ROW = "rows of a test set"
_LOCALE = re.compile(r"(?<![A-Za-z])([a-z]{2}-[A-Z]{2})(?![A-Za-z])")


def evaluation_sets(tree: Tree, names: Sequence[str]) -> dict[str, Marks]:
    """The files that are evaluation sets, by what lies in them."""
    found = {}
    for name in names:
        data = peek(tree, name, b'"inputs"', b'"expected"') if name.endswith(".json") else None
        if isinstance(data, dict) and isinstance(data.get("data"), list):
            found[name] = load(tree, name)
    return found


def rows_of(marks: Marks, file: str, skill: Skill) -> list[TestRow]:
    """The rows of a set, in the locale that the file's path names, else the skill's first."""
    named = [x for x in _LOCALE.findall(file) if locale_of(f"{x}.json") in skill.locales]
    locale = named[-1] if named else skill.locales[0]
    language = next(x for x in skill.languages if x.locale == locale)
    known = {intent.name for intent in language.intents}
    rows: list[TestRow] = []
    for item in marks.root.at("data").items():
        intent = item.at("expected", 0, "intent")
        text, name = item.at("inputs", "utterance").text(), intent.at("name").text()
        if not text or name not in known:
            item.skip(
                "a test without words" if not text else "a test of an intent that is not here"
            )
            continue
        slots = dict(_values(intent))
        item.at("inputs", "utterance").map(ROW)
        intent.at("name").map(ROW)
        row = {"text": said(text), "intent": name, "slots": slots}
        rows.append({**row, "skill": skill.id, "locale": locale})
    return rows


def set_name(file: str) -> str:
    """What the test set is called."""
    return PurePosixPath(file).stem


def _values(intent: Node) -> Iterator[tuple[str, Any]]:
    """Slot and value; of several values, which one row cannot hold, the first."""
    for name, slot in intent.at("slots").entries():
        told = slot.at("slotValue") if slot.at("slotValue").there else slot
        values = told.at("values").items()
        value = values[0].at("value") if values else told.at("value")
        text = value.text()
        if text:
            slot.map(ROW)
            yield name, said(text)
