"""Rasa's intents with their slots: examples -> samples, forms -> slots that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.names import identifier, slot_name, unlike
from sayso.formats.rasa.domain import REQUESTED, Domain, DomainSlot
from sayso.formats.rasa.entities import NOTE, Entities
from sayso.formats.rasa.items import Item, Text
from sayso.formats.rasa.links import Links
from sayso.formats.rasa.spans import Part, Span, parse, plain, template
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Intent, Slot, SlotType, TypeValue

Key = tuple[str, str | None, str | None]
_MOST_SAID = 50  # values of a built-in type, or texts of an intent, that are taken from examples
_UNLISTED: Mapping[str, Any] = {"lookup": [], "synonyms": []}  # of values that no list gave


@dataclass(frozen=True, slots=True)
class Example:
    """An example and its parts."""

    text: Text
    parts: Sequence[Part]

    @property
    def spans(self) -> Iterator[Span]:
        """Its annotated entities."""
        return (part for part in self.parts if isinstance(part, Span))


@dataclass
class Asked:
    """What of the domain the intents took: slots, and the responses that became prompts.

    types: of slots that are filled by what is said as a whole, by slot.
    """

    slots: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    types: dict[str, SlotType] = field(default_factory=dict)


def gather(items: Iterable[Item]) -> dict[str, list[Example]]:
    """Examples by the name of their intent; what cannot be read is written down as skipped."""
    found: dict[str, list[Example]] = {}
    for item in items:
        if item.kind != "intent":
            continue
        examples = found.setdefault(item.name, [])
        for text in item.texts:
            try:
                parts = parse(text.text)
            except ValueError as error:
                text.book.skip(text.where, text.text, str(error))
                continue
            examples.append(Example(text, parts))
    return found


def build_intents(
    found: Mapping[str, Sequence[Example]],
    entities: Entities,
    domain: Domain,
    links: Links,
) -> tuple[tuple[Intent, ...], dict[str, str], Asked]:
    """The intents; the name of each by its name in Rasa; and what of the domain they took."""
    asked = Asked(types=_answers(found, domain, {kind.name for kind in entities.types}))
    names: dict[str, str] = {}
    taken: set[str] = set()
    intents = []
    for name, examples in found.items():
        names[name] = identifier(name, taken)
        taken.add(names[name])
        form = links.forms.get(name, "")
        wanted = [slot for slot in domain.forms.get(form, ()) if slot != REQUESTED]
        keys = _keys(examples, wanted, name, domain)
        slots = tuple(_slots(keys, wanted, form, examples, entities, domain, asked))
        intents.append(_intent(name, names[name], examples, slots, keys))
    return tuple(x for x in intents if x.samples), names, asked


def slot_of(keys: Mapping[Key, str], span: Span) -> str:
    """The slot that an entity of an example fills."""
    return keys[span.key]


def _intent(
    name: str,
    id: str,
    examples: Sequence[Example],
    slots: Sequence[Slot],
    keys: Mapping[Key, str],
) -> Intent:
    samples: dict[str, None] = {}
    raws: list[str] = []
    for example in examples:
        sample = template(example.parts, lambda span: slot_of(keys, span))
        text = example.text
        raws.append(text.text)
        if not said(sample):
            text.book.skip(text.where, text.text, "an empty example")
        elif sample in samples:
            text.book.map(text.where, text.text, "an example that reads as another one does")
        elif any(isinstance(part, str) and ("{" in part or "}" in part) for part in example.parts):
            text.book.map(text.where, text.text, "example without its braces")
        else:
            text.book.read("examples")
        if said(sample):
            samples[sample] = None
    note: dict[str, Any] = {"name": name} if id != name else {}
    if raws != list(samples):
        note["examples"] = raws
    extra = {OURS: {NOTE: note}} if note else {}
    return Intent(id, tuple(samples), tuple(slots), extra=extra)


def _keys(
    examples: Sequence[Example], wanted: Sequence[str], intent: str, domain: Domain
) -> dict[Key, str]:
    """Entity, role and group -> slot: the form's, where it is the only one that they fill."""
    claims: dict[Key, list[str]] = {}
    for name in wanted:
        for way in domain.slots.get(name, DomainSlot(name)).mappings:
            fits = not way.intents or intent in way.intents
            if way.kind == "from_entity" and way.entity and fits:
                claims.setdefault((way.entity, way.role, way.group), []).append(name)
    keys: dict[Key, str] = {}
    free = {slot_name(name) for name in wanted}  # the form's, which no entity fills yet
    taken = set(free)
    for key, names in claims.items():
        if len(set(names)) == 1 and slot_name(names[0]) in free:
            keys[key] = slot_name(names[0])
            free.remove(keys[key])
    for span in (span for example in examples for span in example.spans):
        if span.key not in keys:
            plain = slot_name("_".join(part for part in span.key if part))
            # A form's slot of the entity's own name is this one, however the form is filled.
            keys[span.key] = plain if plain in free else unlike(plain, taken)
            free.discard(plain)
            taken.add(keys[span.key])
    return keys


def _slots(
    keys: Mapping[Key, str],
    wanted: Sequence[str],
    form: str,
    examples: Sequence[Example],
    entities: Entities,
    domain: Domain,
    asked: Asked,
) -> Iterator[Slot]:
    required = {slot_name(name): name for name in wanted}
    twice = _repeated(examples)
    entity_of: dict[str, Key] = {}
    for known, slot in keys.items():
        entity_of.setdefault(slot, known)
    for slot in dict.fromkeys((*entity_of, *required)):
        key = entity_of.get(slot)
        inside = domain.slots.get(required.get(slot, ""), DomainSlot(slot))
        note: dict[str, Any] = {}
        if key is not None and key != (slot, None, None):
            note = dict(zip(("entity", "role", "group"), key, strict=True))
            note = {what: name for what, name in note.items() if name}
        given = entities.given.get(key[0], [])[:_MOST_SAID] if key else []
        ours = {**({"said": given} if given else {}), **({NOTE: note} if note else {})}
        if slot in required:
            asked.slots.add(required[slot])
        yield Slot(
            slot,
            _type(key, inside, entities, asked),
            required=slot in required,
            ask=_ask(required[slot], form, domain, asked) if slot in required else (),
            multiple=key in twice or inside.kind == "list",
            extra={OURS: ours} if ours else {},
        )


def _answers(
    found: Mapping[str, Sequence[Example]], domain: Domain, taken: set[str]
) -> dict[str, SlotType]:
    """Types of slots that intents fill: outdoors is true if somebody says what affirms."""
    types: dict[str, SlotType] = {}
    for slot in domain.slots.values():
        ways = [way for way in slot.mappings if way.kind == "from_intent" and way.value]
        said_for: dict[str, list[str]] = {}
        for way in ways:
            examples = [example for name in way.intents for example in found.get(name, ())]
            texts = [plain(example.parts) for example in examples[:_MOST_SAID]]
            said_for.setdefault(str(way.value), []).extend(texts)
        values = tuple(
            TypeValue(value, synonyms=tuple(dict.fromkeys(texts)), extra={OURS: {NOTE: _UNLISTED}})
            for value, texts in said_for.items()
            if texts
        )
        if values and len(ways) == len(slot.mappings):
            types[slot.name] = SlotType(unlike(slot_name(slot.name), taken), values)
            taken.add(types[slot.name].name)
    return types


def _type(key: Key | None, slot: DomainSlot, entities: Entities, asked: Asked) -> str:
    if slot.name in asked.types:
        return asked.types[slot.name].name
    if key is not None and key[0] in entities.names:
        return entities.names[key[0]]
    if slot.name in entities.names:
        return entities.names[slot.name]
    return "AMAZON.NUMBER" if slot.kind == "float" else FREE_TEXT


def _ask(slot: str, form: str, domain: Domain, asked: Asked) -> tuple[str, ...]:
    """The prompts of a form's slot: the form's own, else those of the slot in any form."""
    for response in (f"utter_ask_{form}_{slot}", f"utter_ask_{slot}"):
        texts = [" ".join(text.split()) for text in domain.texts(response) if "{" not in text]
        if texts:
            asked.prompts.add(response)
            return tuple(dict.fromkeys(texts))
    return ()


def _repeated(examples: Sequence[Example]) -> set[Key]:
    """Entities that stand more than once in one example."""
    found: set[Key] = set()
    for example in examples:
        seen: set[Key] = set()
        for span in example.spans:
            found |= {span.key} & seen
            seen.add(span.key)
    return found
