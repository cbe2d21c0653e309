"""A skill's language -> Rasa's training data: examples with their entities, lookups, synonyms."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sayso.formats.rasa.entities import NOTE
from sayso.formats.rasa.spans import Span, parse, template
from sayso.formats.rasa.spans import write as write_parts
from sayso.skills.labels import slot_values
from sayso.skills.restore import notes
from sayso.skills.templates import pieces, said
from sayso.types.skills import Intent, Language, Slot, SlotType

FILLED = 3  # examples made of a sample with slots, where its values suffice
_PLAIN = re.compile(r"[A-Za-z_][\w/.+-]*")
_WORDS = frozenset("y n yes no on off true false null".split())  # YAML reads them otherwise


def rasa_name(intent: Intent) -> str:
    """What the intent is called in Rasa: as it came, else as it is."""
    return str(_note(intent.extra).get("name", intent.name))


def entity_of(slot: Slot, language: Language) -> Span:
    """The entity, role and group that fill a slot, as a span without words."""
    note = _note(slot.extra)
    if "entity" in note:
        return Span("", str(note["entity"]), note.get("role"), note.get("group"))
    kind = language.type(slot.type)
    if kind is None or slot.type.startswith("AMAZON."):
        return Span("", slot.name)
    entity = entity_of_type(kind)
    return Span("", entity, role=slot.name if slot.name != entity else None)


def entity_of_type(kind: SlotType) -> str:
    """The entity whose values a type holds."""
    return str(_note(kind.extra).get("entity", kind.name))


def exported(language: Language) -> list[Intent]:
    """The intents that have a place in training data: Rasa wants examples of each."""
    return [x for x in language.intents if x.samples and not x.builtin]


def write_nlu(language: Language, regexes: Mapping[str, Sequence[str]]) -> str:
    """The text of nlu.yml."""
    blocks = [_block("intent", rasa_name(x), examples(x, language)) for x in exported(language)]
    blocks += [_block("lookup", name, texts) for name, texts in lookups(language).items()]
    blocks += [_block("synonym", name, texts) for name, texts in synonyms(language).items()]
    blocks += [_block("regex", str(name), texts) for name, texts in regexes.items()]
    return "\n".join(['version: "3.1"\n', "nlu:", *(x for x in blocks if x)])


def examples(intent: Intent, language: Language) -> list[str]:
    """Examples of an intent: those it came with, as long as they read as one of its samples."""
    found: list[str] = []
    covered: set[str] = set()
    slots = {entity_of(slot, language).key: slot.name for slot in intent.slots}
    kept = _note(intent.extra).get("examples")
    for raw in kept if isinstance(kept, list) else ():
        try:
            sample = template(parse(str(raw)), lambda span: slots[span.key])
        except (KeyError, ValueError):
            continue
        if sample in intent.samples:
            found.append(str(raw))
            covered.add(sample)
    for sample in intent.samples:
        if sample not in covered:
            found += _filled(sample, intent, language)
    return found


def lookups(language: Language) -> dict[str, list[str]]:
    """Lists of values, by entity."""
    found = {}
    for kind in language.types:
        texts = [
            text
            for value in kind.values
            for text in _listed(_note(value.extra), "lookup", [value.value])
            if text == value.value or text in value.synonyms
        ]
        found[entity_of_type(kind)] = list(dict.fromkeys(texts))
    return {entity: texts for entity, texts in found.items() if texts}


def synonyms(language: Language) -> dict[str, list[str]]:
    """Other ways to say a value, by value; Rasa knows no types of them."""
    found: dict[str, dict[str, None]] = {}
    for value in (value for kind in language.types for value in kind.values):
        listed = _listed(_note(value.extra), "synonyms", list(value.synonyms))
        texts = [text for text in listed if text == value.value or text in value.synonyms]
        if texts:
            found.setdefault(value.value, {}).update(dict.fromkeys(texts))
    return {value: list(texts) for value, texts in found.items()}


def scalar(text: str) -> str:
    """A name as it stands in YAML."""
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _WORDS
    return text if plain else json.dumps(_one_line(text), ensure_ascii=False)


def _filled(sample: str, intent: Intent, language: Language) -> list[str]:
    """Examples of a sample, with one value after the other in the place of each slot."""
    if not any(piece.slot for piece in pieces(sample)):
        return [_alone(sample)]
    draws = {slot.name: _values(slot, language) for slot in intent.slots}
    made = []
    for number in range(FILLED):
        parts = [
            _drawn(intent, piece.slot, draws, number, language)
            if piece.slot
            else _words(piece.text)
            for piece in pieces(sample)
        ]
        made.append(write_parts(parts).strip())
    return list(dict.fromkeys(made))


def _drawn(
    intent: Intent, name: str, draws: Mapping[str, Sequence[str]], number: int, language: Language
) -> Span | str:
    slot = intent.slot(name)
    if slot is None:
        return name
    values = draws[name]
    entity = entity_of(slot, language)
    return Span(values[number % len(values)], *entity.key)


def _values(slot: Slot, language: Language) -> list[str]:
    """Values that may stand between brackets."""
    texts = (said(value.value) for value in slot_values(language, slot)[:FILLED])
    return [text.replace("]", ")").replace("[", "(") for text in texts if text] or [slot.name]


def _words(text: str) -> str:
    """Words between slots, without what Rasa would take for an annotation."""
    return text.replace("[", "(").replace("]", ")")


def _alone(sample: str) -> str:
    """A sample without slots; its brackets stay where they annotate nothing."""
    try:
        annotated = any(isinstance(part, Span) for part in parse(sample))
    except ValueError:
        annotated = True
    return _words(sample) if annotated else sample


def _block(kind: str, name: str, texts: Sequence[str]) -> str:
    lines = [f"    - {line}\n" for text in texts if (line := _one_line(text))]
    return f"- {kind}: {scalar(name)}\n  examples: |\n{''.join(lines)}" if lines else ""


def _one_line(text: str) -> str:
    """A text that stays one line of a YAML block: without control characters and line breaks."""
    return "".join(" " if c != "\t" and _breaks(c) else c for c in text).strip()


def _breaks(c: str) -> bool:
    return c in "\ufeff\ufffe\uffff" or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")


def _listed(note: Mapping[str, Any], key: str, otherwise: list[str]) -> list[str]:
    found = note.get(key)
    return [str(text) for text in found] if isinstance(found, list) else otherwise


def _note(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    found = notes(extra).get(NOTE)
    return found if isinstance(found, Mapping) else {}
