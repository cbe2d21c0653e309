"""What Leon's file of one language comes to: `Language`, and the replies of its actions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sayso.formats.foreign import Node
from sayso.formats.grammar import Mark, count, marks, sample
from sayso.formats.leon.templates import read_template
from sayso.formats.leon.values import YES_NO, Values, own_entities, resolved
from sayso.formats.made import MADE, samples
from sayso.formats.names import identifier, slot_name, unlike
from sayso.formats.replies import template
from sayso.formats.sayings import says_something, seed_of
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Intent, Language, Slot

_MOST = 24  # sentences of an utterance, where an action has few
_ENOUGH = 600  # sentences of an action, about
_LATER = "what a running action waits for; Sayso asks for slots"
_PLACES = re.compile(r"\{\{\s*([\w.]+)\s*\}\}|%([\w.]+)%")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
Replies = dict[str, Sequence[str]]


def make_language(
    doc: Node, types: Values, locale: str, title: str, told: Node | None = None
) -> tuple[Language, Replies]:
    """The language of a file, and replies by intent. told: the actions of a later skill.json."""
    variables = {name: said(node.text()) for name, node in doc.at("variables").entries()}
    intents: dict[str, Intent] = {}
    replies: Replies = {}
    named = [name for name, _ in doc.at("actions").entries()]
    further = [name for name, _ in told.entries()] if told else []
    for name in dict.fromkeys([*named, *further]):
        action = doc.at("actions", name)
        made = _intent(name, action, doc, types)
        if made is None and told is not None:
            made = _described(name, told.at(name), types)
        if made is None:
            action.skip(_LATER)
            continue
        intent = Intent(unlike(made.name, intents), made.samples, made.slots, extra=made.extra)
        intents[intent.name] = intent
        spoken = list(dict.fromkeys(_replies(action, intent, variables)))
        replies |= {intent.name: spoken} if spoken else {}
    doc.at("answers").skip("answers that the skill's code chooses among")
    doc.at("resolvers").skip(_LATER)
    about = Language(
        locale=locale,
        invocation_name=said(title).lower(),
        intents=tuple(intents.values()),
        types=tuple(types.types.found.values()),
    )
    return about, replies


def _intent(name: str, action: Node, doc: Node, types: Values) -> Intent | None:
    """The intent of an action; None where it has no utterances: it follows another one."""
    given = action.at("utterance_samples").items()
    texts: dict[str, None] = {}
    kinds: dict[str, str] = {}
    own = own_entities(action, types)
    most = max(2, min(_MOST, _ENOUGH // max(1, len(given))))
    for node in given:
        found, named = _said(node, most, own, types)
        texts |= dict.fromkeys(found)
        kinds = {**named, **kinds}
    if not texts:
        return None
    asked = {slot.name: slot for slot in _asked(action, doc, own, types)}
    slots = [Slot(x, kind) for x, kind in kinds.items() if x not in asked]
    extra = {OURS: {"leon": {"utterance_samples": [x.value for x in given]}}}
    return Intent(identifier(name), tuple(texts), (*slots, *asked.values()), extra=extra)


def _said(
    node: Node, most: int, own: Mapping[str, str], types: Values
) -> tuple[Sequence[str], dict[str, str]]:
    """The sentences of an utterance, and its slots with their types."""
    text = node.text()
    try:
        tree = read_template(text)
        found = marks(tree, {})
        slots = {mark.slot: types.of(mark.values, own) for mark in found if isinstance(mark, Mark)}
        sentences = sample(tree, {}, seed_of(text), most, min(6, most))
        many = count(tree, {}) > 1
    except ValueError as error:
        node.skip(f"cannot be read: {error}")
        return (), {}
    usable = [x for x in sentences if says_something(x, slots)]
    if not usable:
        node.skip("only free text: it would fit whatever is said")
        return (), {}
    if many or usable[0] != text:
        node.map("templates, sampled" if many else "utterances in our spelling")
    else:
        node.read("utterances")
    return usable, slots


def _asked(action: Node, doc: Node, own: Mapping[str, str], types: Values) -> Iterator[Slot]:
    """The slots that an action asks for where they are missing."""
    for slot in action.at("slots").items():
        name = slot.at("name").text("slots")
        item = slot.at("item") if slot.at("item").there else slot.at("source")
        kind, entity = item.at("type").text("slots"), item.at("name").text("slots")
        if not name:
            continue
        if kind == "entity":
            type = types.of(entity, own)
        elif doc.at("resolvers", entity).there:
            type = resolved(doc, entity, types)
        else:
            yes_no = entity == "affirmation_denial"
            type = types.add("yes_no", YES_NO) if yes_no else FREE_TEXT
        questions = [said(x.text("slots")) for x in slot.at("questions").items()]
        yield Slot(slot_name(name), type, required=True, ask=tuple(x for x in questions if x))


def _described(name: str, about: Node, types: Values) -> Intent | None:
    """The intent of an action that has a description and no utterances."""
    told = about.at("description").text("", MADE)
    if not told:
        return None
    slots = []
    for key, parameter in about.at("parameters").entries():
        kind = parameter.at("type").text("parameters")
        type = "AMAZON.NUMBER" if kind in ("number", "integer") else FREE_TEXT
        type = types.add("yes_no", YES_NO) if kind == "boolean" else type
        optional = parameter.at("optional").flag("parameters")
        slots.append(Slot(slot_name(key), type, required=not optional))
    # "Leon tells about colors." is said of Leon: what is asked for is "tells about colors".
    request = re.sub(r"^(?:Leon|The skill|It)\s+(?:can\s+|will\s+)?", "", told)
    return Intent(identifier(name), samples(name, [request], slots), tuple(slots))


def _replies(action: Node, intent: Intent, variables: Mapping[str, str]) -> Iterator[str]:
    """What an action answers by itself."""
    slots = {slot.name for slot in intent.slots}
    answers = action.at("answers")
    grouped = [x for _, group in answers.entries() for x in group.items()]
    for node in [*answers.items(), *grouped]:
        spoken = node.at("speech") if isinstance(node.value, Mapping) else node
        text = spoken.text()
        for name, value in variables.items():
            text = re.sub(rf"%{re.escape(name)}%|\{{\{{\s*{re.escape(name)}\s*\}}\}}", value, text)
        plain = _MARKUP.sub("", text)
        made = template(plain, _PLACES, lambda hole: _slot(hole, slots)) if plain else None
        if made is None:
            node.skip("an answer with words that the skill's code computes")
            continue
        spoken.map("replies") if made != spoken.value else spoken.read("replies")
        yield made


def _slot(hole: re.Match[str], slots: set[str]) -> str | None:
    name = slot_name(hole[1] or hole[2])
    return name if name in slots else None
