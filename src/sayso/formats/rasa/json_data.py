"""Training data of Rasa 1 and before, written in JSON.

{"rasa_nlu_data": {"common_examples": [{"text": "to Rome", "intent": "go", "entities":
 [{"start": 3, "end": 7, "value": "Rome", "entity": "city"}]}], "entity_synonyms": [...],
 "lookup_tables": [...], "regex_features": [...]}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sayso.errors import SkillError
from sayso.formats.rasa.items import Item, Text
from sayso.formats.rasa.spans import LONGEST, Part, Span, parse, plain, write
from sayso.skills.accounting import Ledger, leaves

ROOT = "rasa_nlu_data"
_EXAMPLES = ("common_examples", "intent_examples", "entity_examples")


def read_json_items(data: Any, file: str, label: str, book: Ledger) -> list[Item]:
    """The blocks of a file. Raises SkillError for a file whose data is no object."""
    root = data.get(ROOT) if isinstance(data, Mapping) else None
    if not isinstance(root, Mapping):
        raise SkillError(f'{label}:1: "{ROOT}" is no object; is it training data of Rasa?')
    for key, node in data.items():
        if key != ROOT:
            book.skip(f"{file}: {key}", node, f"{key}: not used")
    found: list[Item] = []
    for key, node in root.items():
        rows = node if isinstance(node, list) else []
        if not isinstance(node, list):
            book.skip(f"{file}: {key}", node, "not a list")
        for number, row in enumerate(rows):
            where = f"{file}: {key}[{number}]"
            if key in _EXAMPLES:
                found += _example(row, where, book)
            else:
                found += _listed(key, row, where, book)
    return found


def _example(row: Any, where: str, book: Ledger) -> Iterator[Item]:
    text = row.get("text") if isinstance(row, Mapping) else None
    intent = row.get("intent") if isinstance(row, Mapping) else None
    if not isinstance(text, str) or not text.strip() or not isinstance(intent, str) or not intent:
        book.skip(where, row, "an example without text or intent")
        return
    try:
        spelled = _annotated(text, row.get("entities"))
    except ValueError as error:
        book.skip(where, row, str(error))
        return
    book.read("intents")
    for key, node in row.items():
        if key == "entities":
            for _ in leaves(node):
                book.read("annotations of examples")
        elif key not in ("text", "intent"):
            book.skip(f"{where}.{key}", node, "metadata of an example")
    yield Item("intent", intent.strip(), (Text(spelled, where, book),))


def _annotated(text: str, entities: Any) -> str:
    """The example as later versions write it. Raises ValueError where that is impossible."""
    spans: list[tuple[int, int, Span]] = []
    for entity in entities if isinstance(entities, list) else ():
        about = entity if isinstance(entity, Mapping) else {}
        start, end, name = about.get("start"), about.get("end"), about.get("entity")
        if not isinstance(start, int) or not isinstance(end, int) or not isinstance(name, str):
            raise ValueError("an entity without start, end or name")
        if not 0 <= start < end <= len(text) or not name.strip():
            raise ValueError("an entity that does not lie in the text")
        said, value = text[start:end], about.get("value")
        other = value if isinstance(value, str) and value != said else None
        role, group = (
            x if isinstance(x, str) else None for x in (about.get("role"), about.get("group"))
        )
        spans.append((start, end, Span(said, name.strip(), role, group, other)))
    parts: list[Part] = []
    place = 0
    for start, end, span in sorted(spans, key=lambda x: x[:2]):
        if start >= place:  # of several over the same words the first counts
            parts += [text[place:start], span]
            place = end
    parts.append(text[place:])
    spelled = write(parts)
    if len(spelled) > LONGEST or plain(parse(spelled)) != text:
        raise ValueError("brackets that cannot be told from annotations, or too long")
    return " ".join(spelled.split())


def _listed(key: str, row: Any, where: str, book: Ledger) -> Iterator[Item]:
    """A synonym, lookup or regex."""
    kinds = {
        "entity_synonyms": ("synonym", "value", "synonyms"),
        "lookup_tables": ("lookup", "name", "elements"),
        "regex_features": ("regex", "name", "pattern"),
    }
    kind, named, below = kinds.get(key, ("", "", ""))
    name = row.get(named) if isinstance(row, Mapping) and kind else None
    if not isinstance(name, str) or not name.strip():
        book.skip(where, row, f"no {kind} with a name" if kind else f"{key}: not used")
        return
    book.read({"regex": "regexes"}.get(kind, f"{kind}s"))
    texts: list[Text] = []
    for part, node in row.items():
        given = [node] if part == below and kind == "regex" else node
        if part == below and isinstance(given, list):
            for number, text in enumerate(given):
                place = f"{where}.{below}[{number}]"
                if isinstance(text, str) and text.strip():
                    texts.append(Text(text.strip(), place, book))
                else:
                    book.skip(place, text, "no text")
        elif part != named:
            book.skip(f"{where}.{part}", node, "a file, or not used")
    yield Item(kind, name.strip(), tuple(texts))
