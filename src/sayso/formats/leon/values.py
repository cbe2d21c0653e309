"""Leon's entities and resolvers -> slot types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.catalogues import Types
from sayso.formats.foreign import Marks, Node, load
from sayso.formats.grammar import sample
from sayso.formats.leon.templates import read_template
from sayso.formats.sayings import seed_of
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import TypeValue

BUILTIN: Mapping[str, str] = {
    "age": "AMAZON.NUMBER",
    "city": "AMAZON.City",
    "country": "AMAZON.Country",
    "currency": "AMAZON.NUMBER",
    "date": "AMAZON.DATE",
    "daterange": "AMAZON.DATE",
    "datetimerange": "AMAZON.DATE",
    "dimension": "AMAZON.NUMBER",
    "duration": "AMAZON.DURATION",
    "location": "AMAZON.City",
    "number": "AMAZON.NUMBER",
    "ordinal": "AMAZON.Ordinal",
    "percentage": "AMAZON.NUMBER",
    "person": "AMAZON.Person",
    "phonenumber": "AMAZON.PhoneNumber",
    "temperature": "AMAZON.NUMBER",
    "time": "AMAZON.TIME",
    "timerange": "AMAZON.TIME",
}
_MOST_WAYS = 12  # of a sample of a resolver


YES_NO = (
    TypeValue("true", None, ("yes", "yeah", "sure")),
    TypeValue("false", None, ("no", "nope", "no thanks")),
)


@dataclass
class Values:
    """The slot types of one language in the making. shared: files of entities, by their name."""

    types: Types = field(default_factory=Types)
    shared: dict[str, Node] = field(default_factory=dict)

    def of(self, entity: str, own: Mapping[str, str]) -> str:
        """The type of an entity of that name. own: entity -> type, of the action."""
        if entity in own:
            return own[entity]
        if entity in self.shared:
            return self.add(entity, list(_options(self.shared[entity])))
        return BUILTIN.get(entity.lower(), FREE_TEXT)

    def add(self, name: str, values: Sequence[TypeValue]) -> str:
        """The name of a type of these values."""
        return self.types.name_for(name, values) if values else FREE_TEXT


def own_entities(action: Node, types: Values) -> dict[str, str]:
    """Entity -> slot type, of the entities that an action defines itself."""
    found: dict[str, str] = {}
    for entity in action.at("entities").items():
        name = entity.at("name").text("entities")
        if not name:
            continue
        if entity.at("type").text("entities") == "enum":
            found[name] = types.add(name, list(_options(entity)))
        else:
            found[name] = FREE_TEXT
            entity.skip("where in the text a value stands: Sayso learns that; kept")
    return found


def shared_entities(doc: Node, tree: Tree, read: dict[str, Marks]) -> dict[str, Node]:
    """Entity -> the file that it names, where that lies in the tree. read: files, by their name."""
    found: dict[str, Node] = {}
    for name, place in doc.at("entities").entries():
        path = place.text()
        files = [x for x in tree.names if path and (x == path or x.endswith(f"/{path}"))]
        if not files:
            place.skip("an entity whose file is not here: its slot takes free text")
            continue
        place.read("entities")
        if files[0] not in read:
            read[files[0]] = load(tree, files[0])
        found[name] = read[files[0]].root
    return found


def resolved(doc: Node, name: str, types: Values) -> str:
    """The slot type of a resolver: a value for each of its intents, said in any of its samples."""
    values: list[TypeValue] = []
    for intent, about in doc.at("resolvers", name, "intents").entries():
        value = about.at("value")
        text = value.text("values") or intent
        ways: dict[str, None] = {}
        for place in about.at("utterance_samples").items():
            spoken = place.text("", "values, alternatives as synonyms")
            ways |= dict.fromkeys(_ways(spoken))
        if ways or said(text):
            first, *rest = [*ways] or [said(text)]
            values.append(TypeValue(first, id=text if text != first else None, synonyms=(*rest,)))
    return types.add(name, values)


def _ways(text: str) -> tuple[str, ...]:
    try:
        found = sample(read_template(text), {}, seed_of(text), _MOST_WAYS)
    except ValueError:
        return ()
    return tuple(said(x) for x in found if said(x))


def _options(entity: Node) -> Iterator[TypeValue]:
    for key, about in entity.at("options").entries():
        ways: dict[str, None] = {}
        for place in about.at("synonyms").items():
            way = said(place.text("values"))
            ways |= {way: None} if way else {}
        value: Any = said(key) or next(iter(ways), "")
        if value:
            yield TypeValue(value, synonyms=tuple(way for way in ways if way != value))
