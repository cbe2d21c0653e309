"""The form of 2015: an intent schema, a text of sample utterances, lists of slot values.

    IntentSchema.json     {"intents": [{"intent": "Wake", "slots": [{"name", "type"}]}]}
    SampleUtterances.txt  a line each: `Wake wake me at {time}`
    customSlotTypes/NAME  a value a line

They are put together as one early interaction model, which the reader of models understands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from sayso.errors import SkillError
from sayso.skills.tree import Tree, read_json

_SCHEMA = re.compile(r"intent_?-?schema\.json", re.IGNORECASE)
_SAMPLES = re.compile(r"(sample)?_?-?utterances(\.txt)?", re.IGNORECASE)
_TYPES = re.compile(r"custom_?-?slot_?-?types?", re.IGNORECASE)


def is_schema(file_names: Iterable[str]) -> bool:
    """Whether a legacy intent schema is among the files."""
    return any(_SCHEMA.fullmatch(name) for name in file_names)


def legacy_files(tree: Tree) -> list[str]:
    """Files of a legacy skill, the schema first; none where there is no schema."""
    schemas = [name for name in tree.names if _SCHEMA.fullmatch(_base(name))][:1]
    beside = [name for name in tree.names if _SAMPLES.fullmatch(_base(name)) or _of_type(name)]
    return [*schemas, *beside] if schemas else []


def read_legacy(tree: Tree) -> dict[str, Any]:
    """The early interaction model that the files make up. Raises SkillError."""
    schema_file = next(name for name in tree.names if _SCHEMA.fullmatch(_base(name)))
    where = tree.label(schema_file)
    schema = read_json(tree, schema_file)
    intents = schema.get("intents") if isinstance(schema, dict) else None
    if not isinstance(intents, list):
        raise SkillError(f'{where}:1: no list "intents" in it; is it an intent schema?')
    samples = _samples(tree)
    known = [x.get("intent", x.get("name")) for x in intents if isinstance(x, dict)]
    strays = {name: texts for name, texts in samples.items() if name not in known}
    return {
        **schema,
        "intents": [_with_samples(intent, samples) for intent in intents],
        "types": [*_list(schema.get("types")), *_types(tree)],
        **({"samplesOfNoIntent": strays} if strays else {}),
    }


def _samples(tree: Tree) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in tree.names:
        if not _SAMPLES.fullmatch(_base(name)):
            continue
        for line in tree.text(name).splitlines():
            intent, _, text = line.strip().partition(" ")
            if intent:
                found.setdefault(intent, []).append(text.strip())
    return found


def _with_samples(intent: Any, samples: dict[str, list[str]]) -> Any:
    if not isinstance(intent, dict):
        return intent
    own = samples.get(str(intent.get("intent", intent.get("name"))), [])
    return {**intent, "samples": [*_list(intent.get("samples")), *own]}


def _types(tree: Tree) -> list[dict[str, Any]]:
    found = []
    for name in tree.names:
        if _of_type(name):
            lines = (line.strip() for line in tree.text(name).splitlines())
            values = [{"name": {"value": line}} for line in lines if line]
            found.append({"name": PurePosixPath(name).stem, "values": values})
    return found


def _of_type(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(_TYPES.fullmatch(path.parent.name)) and path.suffix in ("", ".txt")


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _base(name: str) -> str:
    return PurePosixPath(name).name
