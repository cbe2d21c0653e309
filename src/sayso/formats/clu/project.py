"""The JSON that exports a CLU project -> a skill."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sayso.errors import SkillError
from sayso.formats.clu.entities import Entity, read_entities
from sayso.formats.clu.spans import CODE_POINTS, ELEMENTS, UTF16, Span, apart, boundaries
from sayso.formats.foreign import Marks, Node, load, peek
from sayso.formats.format import Format, Imported
from sayso.formats.names import identifier, locale, slot_name, unlike
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id, words
from sayso.skills.restore import OURS
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType

_WORD = re.compile(r"\w+")
_LONGEST = 8  # words of a value that nobody labels
MOST_INTENTS = 5000
MOST_LANGUAGES = 60
MOST_SLOTS = 100
_NEGATIVE = "none"  # the intent for what the project does not do


@dataclass
class _Intent:
    """An intent of a language on its way. slots: (entity, which one of it) -> slot."""

    samples: dict[str, None] = field(default_factory=dict)
    slots: dict[tuple[str, int], Slot] = field(default_factory=dict)
    said: dict[str, dict[str, None]] = field(default_factory=dict)


def claims(tree: Tree) -> Sequence[str]:
    """Exported projects."""
    names = [name for name in tree.names if name.endswith(".json")]
    return [x for x in names if _is_one(peek(tree, x, b"projectFileVersion", b"assets"))]


def read(tree: Tree, name: str) -> Imported:
    """A skill a project. Raises SkillError for a project of another kind."""
    skills: list[Skill] = []
    accounts = {}
    for file in claims(tree) or [x for x in tree.names if x.endswith(".json")]:
        marks = load(tree, file)
        skill = _skill(marks, name, [skill.id for skill in skills])
        accounts[file] = marks.close()
        skills += [skill] if skill.languages else []
    unused = {file: "no CLU project" for file in tree.names if file not in accounts}
    return Imported(sorted(skills, key=lambda skill: skill.id), accounts, unused)


def _is_one(data: object) -> bool:
    return isinstance(data, dict) and "projectFileVersion" in data and "assets" in data


def _skill(marks: Marks, name: str, taken: Sequence[str]) -> Skill:
    root, about, assets = marks.root, marks.root.at("metadata"), marks.root.at("assets")
    kind = about.at("projectKind").text() or assets.at("projectKind").text() or "Conversation"
    if kind != "Conversation" or not isinstance(assets.value, dict):
        what = f"a project of the kind {kind}; Sayso reads those of the kind Conversation"
        raise SkillError(f"{marks.file}:1: {what}")
    unit = root.at("stringIndexType").text("units of offsets") or UTF16
    if unit not in (UTF16, CODE_POINTS, ELEMENTS):
        raise SkillError(f'{marks.file}:1: stringIndexType "{unit}"; use {UTF16} when exporting')
    title = said(about.at("projectName").text("names")) or name
    description = said(about.at("description").text("descriptions"))
    for node in (about, root.at("projectFileVersion"), root.at("api-version")):
        node.skip("settings of the project at Azure")
    entities = read_entities(assets.at("entities"))
    names = _names(assets)
    languages: list[Language] = []
    for place, utterances in _by_locale(root, names).items():
        types = {x.name: made for x in entities.values() if (made := x.catalogue(place))}
        intents = _intents(utterances, names, entities, types, unit)
        used = {slot.type for intent in intents for slot in intent.slots}
        kinds = tuple(kind for kind in types.values() if kind.name in used)
        spoken = words(title).lower() or title.lower()
        languages.append(Language(place, spoken, description, intents=tuple(intents), types=kinds))
    id = unlike(skill_id(words(title) or title), taken)
    return Skill(id, title, description, tuple(languages), fulfilment(languages, {}))


def _names(assets: Node) -> dict[str, str]:
    """Category of an intent -> its name in the skill."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for node in assets.at("intents").items():
        own = node.at("category").text()
        if not own or own in found:
            node.skip("a second intent of the same name" if own else "an intent without a name")
            continue
        if own.casefold() == _NEGATIVE:
            node.skip("the intent for what the project does not do")
            continue
        if len(found) >= MOST_INTENTS:
            node.skip(f"more than {MOST_INTENTS} intents")
            continue
        found[own] = identifier(own, taken)
        taken.add(found[own])
        node.at("description").skip("a remark of the developer")
        same = found[own] == own
        node.at("category").read("intents") if same else node.at("category").map(
            f"intent's name as Sayso has it ({found[own]})"
        )
    return found


def _by_locale(root: Node, names: Mapping[str, str]) -> dict[str, list[Node]]:
    """Utterances to train with, the project's main language first."""
    main = locale(root.at("metadata", "language").text(note="language")) or DEFAULT_LOCALE
    found: dict[str, list[Node]] = {main: []}
    for node in root.at("assets", "utterances").items():
        own = node.at("intent").text()
        place = locale(node.at("language").text() or main)
        if node.at("dataset").text().casefold() == "test":
            node.skip("of the test set: not to be trained with")
        elif own.casefold() == _NEGATIVE:
            node.skip("an example of what the project does not do")
        elif own not in names or not said(node.at("text").text()) or place is None:
            node.skip("an utterance without text, or of an intent or language that is not there")
        else:
            node.at("intent").read("intents of samples")
            node.at("language").read("languages of samples")
            node.at("dataset").skip("of the training set")
            if place in found or len(found) < MOST_LANGUAGES:
                found.setdefault(place, []).append(node)
            else:
                node.skip(f"more than {MOST_LANGUAGES} languages")
    return {place: nodes for place, nodes in found.items() if nodes}


def _intents(
    utterances: Sequence[Node],
    names: Mapping[str, str],
    entities: Mapping[str, Entity],
    types: Mapping[str, SlotType],
    unit: str,
) -> list[Intent]:
    found: dict[str, _Intent] = {}
    labelled = {x.at("category").text() for u in utterances for x in u.at("entities").items()}
    lists = {name: _ways(kind) for name, kind in types.items() if name not in labelled}
    for node in utterances:
        text = node.at("text").text()
        spans = apart([*_labels(node, entities, unit), *_listed(text, lists)])
        intent = found.setdefault(node.at("intent").text(), _Intent())
        sample = _sample(text, spans, intent, entities, types)
        same = sample == text
        node.at("text").read("samples") if same else node.at("text").map("sample with {slot} marks")
    intents = []
    for own, each in found.items():
        if each.samples:
            extra = {OURS: {"name": own}} if names[own] != own else {}
            intents.append(Intent(names[own], tuple(each.samples), _slots(each), extra=extra))
    return intents


def _labels(node: Node, entities: Mapping[str, Entity], unit: str) -> list[Span]:
    text = node.at("text").text()
    places = boundaries(text, unit)
    found = []
    for label in node.at("entities").items():
        name = label.at("category").text()
        start, length = label.at("offset").value, label.at("length").value
        good = name in entities and all(type(x) is int and x >= 0 for x in (start, length))
        ends = [start, start + length] if good else []
        if not ends or ends[1] >= len(places) or None in (places[ends[0]], places[ends[1]]):
            label.skip("a label of no entity, or outside of its text")
            continue
        span = Span(places[ends[0]] or 0, places[ends[1]] or 0, name)
        if not said(text[span.start : span.end]):
            label.skip("a label of no words")
            continue
        found.append((span, label))
    kept = apart([span for span, _ in found])
    known = set(kept)
    for span, label in found:
        label.read("labels") if span in known else label.skip("a label that overlaps another")
    return kept


def _ways(kind: SlotType) -> frozenset[str]:
    ways = (way for value in kind.values for way in (value.value, *value.synonyms))
    return frozenset(said(way).casefold() for way in ways)


def _listed(text: str, lists: Mapping[str, frozenset[str]]) -> list[Span]:
    """Values of lists that nobody labels: CLU finds them by itself."""
    found = []
    words_in = list(_WORD.finditer(text)) if lists else []
    for first, start in enumerate(words_in):
        for last in words_in[first : first + _LONGEST]:
            way = said(text[start.start() : last.end()]).casefold()
            names = [name for name, ways in lists.items() if way in ways]
            found += [Span(start.start(), last.end(), name) for name in names]
    return found


def _sample(
    text: str,
    spans: Sequence[Span],
    intent: _Intent,
    entities: Mapping[str, Entity],
    types: Mapping[str, SlotType],
) -> str:
    made, end = "", 0
    times: dict[str, int] = {}
    for span in spans:
        times[span.name] = times.get(span.name, 0) + 1
        if (span.name, times[span.name]) not in intent.slots and len(intent.slots) >= MOST_SLOTS:
            break  # the rest of the text stays as it is
        slot = _slot(intent, span.name, times[span.name], entities, types)
        intent.said.setdefault(slot.name, {})[said(text[span.start : span.end])] = None
        made += _plain(text[end : span.start]) + "{" + slot.name + "}"
        end = span.end
    made = " ".join((made + _plain(text[end:])).split())
    if said(made) or spans:
        intent.samples[made] = None
    return made


def _slot(
    intent: _Intent,
    name: str,
    time: int,
    entities: Mapping[str, Entity],
    types: Mapping[str, SlotType],
) -> Slot:
    """The slot of an entity; one that is said twice in a sentence has a second slot."""
    if (name, time) not in intent.slots:
        taken = [slot.name for slot in intent.slots.values()]
        kind = name if name in types else entities[name].type
        intent.slots[(name, time)] = Slot(slot_name(name, taken), kind)
    return intent.slots[(name, time)]


def _slots(intent: _Intent) -> tuple[Slot, ...]:
    return tuple(
        replace(slot, extra={OURS: {"said": list(intent.said[slot.name])}})
        for slot in intent.slots.values()
    )


def _plain(text: str) -> str:
    return text.replace("{", " ").replace("}", " ")


CLU = Format("clu", "Azure CLU project", claims, read)
