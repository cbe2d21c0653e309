"""Training phrases -> samples, and the slots that they mark."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from sayso.formats.dialogflow.system_types import IGNORED, built_in, entity_name
from sayso.formats.foreign import Node
from sayso.formats.names import slot_name
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Slot

MOST_SLOTS = 100
TOO_MANY = f"more than {MOST_SLOTS} slots of one intent"


@dataclass
class Slots:
    """The slots of an intent in one language, as parameters declare them and phrases mark them.

    types: names of the agent's entities that have values in this language.
    """

    types: Collection[str]
    known: dict[str, Slot] = field(default_factory=dict)  # by the name in the agent
    values: dict[str, dict[str, None]] = field(default_factory=dict)

    def declare(self, name: str, entity: str) -> Slot:
        """The slot of a parameter, made when it is new."""
        if name not in self.known:
            taken = {slot.name for slot in self.known.values()}
            self.known[name] = Slot(slot_name(name, taken), self.type_of(entity))
        return self.known[name]

    def full(self, name: str) -> bool:
        """Whether there are too many slots for another one of that name."""
        return name not in self.known and len(self.known) >= MOST_SLOTS

    def several(self, name: str) -> None:
        """Several values of a slot may be given at once."""
        self.known[name] = replace(self.known[name], multiple=True)

    def type_of(self, entity: str) -> str:
        """The slot type that stands for an entity: free text where nobody has its values."""
        name = entity_name(entity)
        return built_in(name) or (name if name in self.types else FREE_TEXT)

    def note(self, entity: Node) -> str:
        """The entity that a node names; taken, with what has become of it."""
        text = entity.text()
        kind = self.type_of(text) if text else ""
        if kind and kind == entity_name(text):
            entity.read("slots' types")
        elif kind:
            entity.map(f"type {kind}" if kind != FREE_TEXT else "free text")
        return text

    def heard(self, name: str, words: str) -> None:
        """Words that stood in a phrase for a slot."""
        if said(words):
            self.values.setdefault(name, {})[said(words)] = None

    def all(self) -> tuple[Slot, ...]:
        """In the order of declaration, each with the values that stood in the phrases."""
        found = []
        for name, slot in self.known.items():
            values = list(self.values.get(name, ()))
            extra = {**slot.extra, OURS: {"said": values}} if values else slot.extra
            found.append(replace(slot, extra=extra))
        return tuple(found)


def read_es(phrases: Iterable[Node], slots: Slots) -> list[str]:
    """Samples of the `data` lists of an ES agent (`text`, `meta`, `alias`)."""
    found: dict[str, None] = {}
    for phrase in phrases:
        for key in ("id", "count", "updated", "isTemplate", "isAuto", "lang"):
            phrase.at(key).skip("bookkeeping of Dialogflow")
        text = ""
        for part in phrase.at("data").items():
            part.at("userDefined").skip("bookkeeping of Dialogflow")
            words = _words(part.at("text"))
            name = part.at("alias").text()
            entity = slots.note(part.at("meta"))
            if entity_name(entity) == IGNORED or not name:
                part.at("meta").map("words that mean nothing to the agent")
                text += _literal(words)
                continue
            if slots.full(name):
                part.skip(TOO_MANY)
                text += _literal(words)
                continue
            part.at("alias").read("slots marked in samples")
            slot = slots.declare(name, entity)
            slots.heard(name, words)
            text += "{" + slot.name + "}"
        _add(text, phrase, found)
    return list(found)


def read_cx(phrases: Iterable[Node], slots: Slots) -> list[str]:
    """Samples of the `trainingPhrases` of a CX agent (`parts`: `text`, `parameterId`)."""
    found: dict[str, None] = {}
    for phrase in phrases:
        for key in ("id", "repeatCount", "languageCode"):
            phrase.at(key).skip("bookkeeping of Dialogflow")
        text = ""
        for part in phrase.at("parts").items():
            part.at("auto").skip("bookkeeping of Dialogflow")
            words = _words(part.at("text"))
            name = part.at("parameterId").text()
            if name in slots.known:
                part.at("parameterId").read("slots marked in samples")
                slots.heard(name, words)
                text += "{" + slots.known[name].name + "}"
            else:
                part.at("parameterId").skip("names a parameter that the intent does not declare")
                text += _literal(words)
        _add(text, phrase, found)
    return list(found)


def _words(node: Node) -> str:
    """The words of a part, spaces included."""
    if not isinstance(node.value, str):
        node.skip("not a text")
        return ""
    node.read("words of samples")
    return node.value


def _literal(words: str) -> str:
    return words.replace("{", " ").replace("}", " ")


def _add(text: str, phrase: Node, found: dict[str, None]) -> None:
    text = " ".join(text.split())
    if not text:
        phrase.skip("a phrase without words")
    else:
        found[text] = None
