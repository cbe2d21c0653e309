"""JSON Schema -> the slot type that takes its values, or why nobody can say one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sayso.formats.catalogues import YES_NO, Types
from sayso.formats.foreign import Node
from sayso.formats.refs import Refs
from sayso.formats.titles import words
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import TypeValue

MOST_VALUES = 2000
DEEPEST = 3  # objects in objects
MOST_LOOKS = 1000  # at parts of the schemas of one intent: they may multiply by references
NUMBER = "AMAZON.NUMBER"
_FORMATS = {
    "date": "AMAZON.DATE",
    "date-time": "AMAZON.DATE",
    "time": "AMAZON.TIME",
    "duration": "AMAZON.DURATION",
    "phone": "AMAZON.PhoneNumber",
}
_TYPED = ("date", "date-time", "time")
# Free text of these names is nearly always what they say; the lists are open, so nothing is lost.
NAMED = {"city": "AMAZON.City", "country": "AMAZON.Country", "artist": "AMAZON.Musician"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a schema takes: the name of a slot type, or why nobody can say it.

    kind: the JSON type that is wanted (`integer`, `boolean`, `date-time`), empty for a text.
    closed: whether its values are all that there are.
    """

    type: str = FREE_TEXT
    multiple: bool = False
    unsayable: str = ""
    kind: str = ""
    closed: bool = False


@dataclass
class Shapes:
    """What the schemas of one intent take. looks: parts looked at so far, at most `MOST_LOOKS`."""

    refs: Refs
    types: Types
    looks: int = 0

    def spent(self, schema: Node) -> bool:
        """Count a look at a part; whether there were too many, which the part is told of."""
        self.looks += 1
        if self.looks > MOST_LOOKS:
            schema.skip(f"more than {MOST_LOOKS} parts of one intent's schemas")
        return self.looks > MOST_LOOKS

    def of(self, schema: Node, name: str, above: tuple[Any, ...], depth: int = 0) -> Shape:
        """What a schema takes. name: its property; above: paths of the schemas it is part of."""
        if depth > DEEPEST or schema.path in above:
            return Shape(unsayable="refers to itself; followed no further")
        if self.spent(schema):
            return Shape(unsayable="a schema too large to be said")
        if schema.at("const").there:
            return Shape(unsayable="a constant: nobody needs to say it")
        choices = _choices(schema)
        if choices:
            kind = _kind(schema) if _kind(schema) in ("integer", "number") else ""
            # Numbers are said in words, which no catalogue of figures holds.
            return Shape(self.types.name_for(name, choices), kind=kind, closed=not kind)
        several = [*schema.at("oneOf").items(), *schema.at("anyOf").items()]
        several += schema.at("allOf").items()
        for node in several:
            found = self.refs.follow(node)
            kind = _kind(found) if found else "null"
            if found is None or kind == "null":
                continue
            shape = self.of(found, name, (*above, schema.path), depth + 1)
            if not shape.unsayable:
                return shape
        kind = _kind(schema)
        schema.at("type").read("types")
        if kind == "array":
            items = self.refs.follow(schema.at("items"))
            if items is None or is_object(items):
                return Shape(unsayable="a list of objects: nobody says it")
            inner = self.of(items, name, (*above, schema.path), depth + 1)
            return replace(inner, multiple=True)
        if kind == "boolean":
            return Shape(self.types.name_for("yes_no", YES_NO), kind=kind)
        if kind in ("integer", "number"):
            return Shape(NUMBER, kind=kind)
        if kind == "object":
            return Shape(unsayable="an object of any shape: nobody says it")
        form = schema.at("format").text()
        if form in _FORMATS:
            schema.at("format").text(note="a built-in type")
            return Shape(_FORMATS[form], kind=form if form in _TYPED else "")
        return Shape(NAMED.get(name.casefold(), FREE_TEXT))


def _kind(schema: Node) -> str:
    kind = schema.at("type").value
    kinds = kind if isinstance(kind, list) else [kind]
    return next((x for x in kinds if isinstance(x, str) and x != "null"), "null" if kind else "")


def is_object(schema: Node) -> bool:
    """Whether a schema takes objects, whose properties are to be said one by one."""
    if _kind(schema) not in ("object", ""):
        return False
    parts = [schema, *schema.at("allOf").items()]
    return _kind(schema) == "object" or any(x.at("properties").entries() for x in parts)


def _choices(schema: Node) -> tuple[TypeValue, ...]:
    """The values of an enumeration; `oneOf` of constants is one, too."""
    nodes = schema.at("enum").items()
    if not nodes:
        consts = [part.at("const") for part in schema.at("oneOf").items()]
        nodes = consts if consts and all(const.there for const in consts) else []
    found: dict[str, TypeValue] = {}
    for node in nodes:
        text = str(node.value).lower() if isinstance(node.value, bool) else node.text()
        if not text or text in found or len(found) >= MOST_VALUES:
            node.skip("no value that can be said" if not text else "one value too many")
            continue
        node.read("values")
        way = words(text.lower() if text.isupper() else text)
        other = way and way.casefold() != text.casefold()
        found[text] = TypeValue(text, None, (way,) if other else ())
    return tuple(found.values())
