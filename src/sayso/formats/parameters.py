"""JSON Schema -> slots: the properties of an object, in so far as a person can say them.

Used for the arguments of MCP tools and of OpenAPI operations. Nested objects are followed to a
depth, cycles end where they close, and a slot keeps in its `extra` where its value belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sayso.formats.foreign import Node
from sayso.formats.names import slot_name
from sayso.formats.questions import question
from sayso.formats.refs import Refs
from sayso.formats.titles import words
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Check, Rule, Slot, SlotType, TypeValue

MOST_SLOTS = 40
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
_NAMED = {"city": "AMAZON.City", "country": "AMAZON.Country", "artist": "AMAZON.Musician"}
_YES_NO = SlotType(
    "yes_no",
    (TypeValue("true", None, ("yes", "on")), TypeValue("false", None, ("no", "off"))),
)
_WHICH = ("AMAZON.DATE", *_NAMED.values())  # what has a name or a place: which one?
_CHECKED = "a limit that the service checks itself"


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
class Types:
    """Catalogues of a skill, one for each set of values."""

    found: dict[str, SlotType] = field(default_factory=dict)
    _names: dict[tuple[tuple[str, ...], ...], str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def name_for(self, wish: str, values: Sequence[TypeValue]) -> str:
        """The type that has these values, made if it is new. wish: how to call it."""
        kind = SlotType(slot_name(wish), tuple(values))
        ways = tuple((value.value, *value.synonyms) for value in values)
        if ways not in self._names:
            # Counted on from the last of its kind: thousands of "status" may differ.
            name, number = kind.name, self._numbers.get(kind.name, 1)
            while name in self.found:
                number += 1
                name = f"{kind.name}_{number}"
            self._numbers[kind.name] = number
            self._names[ways] = name
            self.found[name] = replace(kind, name=name)
        return self._names[ways]


@dataclass
class Parameters:
    """The slots of one intent, as its schemas are read into them."""

    refs: Refs
    types: Types
    slots: list[Slot] = field(default_factory=list)
    looks: int = 0

    def add_object(
        self, schema: Node, place: str, path: tuple[str, ...] = (), *, required: bool = True
    ) -> None:
        """Slots of the properties of a schema. place: `query`, `body`; kept with each slot."""
        self._object(schema, place, path, required, ())

    def add(
        self, name: str, schema: Node, place: str, path: tuple[str, ...], *, required: bool,
        about: Node | None = None,
    ) -> None:  # fmt: skip
        """A slot for one value, or slots for the properties of an object."""
        self._value(name, schema, place, path, required, about, ())

    def _spent(self, schema: Node) -> bool:
        self.looks += 1
        if self.looks > MOST_LOOKS:
            schema.skip(f"more than {MOST_LOOKS} parts of one intent's schemas")
        return self.looks > MOST_LOOKS

    def _object(
        self, schema: Node, place: str, path: tuple[str, ...], required: bool,
        above: tuple[Any, ...],
    ) -> None:  # fmt: skip
        found = None if self._spent(schema) else self.refs.follow(schema)
        if found is None:
            return
        if found.path in above:
            schema.skip("refers to itself; followed no further")
            return
        if len(path) > DEEPEST:
            found.skip(f"an object deeper than {DEEPEST} others: nobody says it")
            return
        above = (*above, found.path)
        for part in found.at("allOf").items():
            self._object(part, place, path, required, above)
        needed = {node.value for node in found.at("required").items() if node.text()}
        found.at("required").read("required slots")
        found.at("type").read("types")
        properties = found.at("properties").entries()
        # What must be said comes first: there may be too many.
        for name, node in sorted(properties, key=lambda each: each[0] not in needed):
            self._value(name, node, place, (*path, name), required and name in needed, None, above)

    def _value(
        self, name: str, schema: Node, place: str, path: tuple[str, ...], required: bool,
        about: Node | None, above: tuple[Any, ...],
    ) -> None:  # fmt: skip
        if len(self.slots) >= MOST_SLOTS:
            schema.skip(f"more than {MOST_SLOTS} slots of one intent")
            return
        found = None if self._spent(schema) else self.refs.follow(schema)
        if found is None:
            return
        if _is_object(found):
            told = schema.at("description")
            told.skip("describes an object, whose parts are the slots")
            if not found.at("properties").entries() and not found.at("allOf").items():
                found.skip("an object of any shape: nobody says it")
            self._object(schema, place, path, required, above)
            return
        shape = self._shape(found, name, above)
        if shape.unsayable:
            found.skip(shape.unsayable)
            return
        self.slots.append(self._slot(name, found, about or found, shape, place, path, required))

    def _slot(
        self, name: str, schema: Node, about: Node, shape: Shape, place: str,
        path: tuple[str, ...], required: bool,
    ) -> Slot:  # fmt: skip
        taken = {slot.name for slot in self.slots}
        wish = "_".join(path[-2:]) or name if slot_name(name) in taken else name
        for key in ("minimum", "maximum", "minLength", "maxLength", "pattern", "format"):
            schema.at(key).skip(_CHECKED)
        told = next(
            (x for x in (about.at("description"), schema.at("description")) if x.text()), None
        )
        needed = required and not schema.at("default").there
        meant = told.text(note="the question for a slot") if told else ""
        ask = question(words(name), meant, self._choices(shape), named=shape.type in _WHICH)
        examples = [schema.at("default"), schema.at("example"), *schema.at("examples").items()]
        examples += [about.at("example")]
        examples += [each.at("value") for _, each in about.at("examples").entries()]
        heard = [said(x.text("values said in examples")) for x in examples if x.text()]
        schema.at("title").skip("the name of a property says it")
        ours: dict[str, Any] = {
            "argument": list(path),
            "place": place,
            "kind": shape.kind,
            "said": list(dict.fromkeys(heard)),
        }
        return Slot(
            slot_name(wish, taken),
            shape.type,
            required=needed,
            ask=(ask,) if ask and needed else (),
            multiple=shape.multiple,
            extra={OURS: {key: value for key, value in ours.items() if value}},
            valid=(Rule(Check.KNOWN),) if shape.closed else (),
            description=_about(told.text()) if told else "",
        )

    def _choices(self, shape: Shape) -> tuple[str, ...]:
        """What may be said of a type with values, each in one way."""
        values = self.types.found[shape.type].values if shape.type in self.types.found else ()
        said = [(*each.synonyms, each.value)[0] for each in values]
        return tuple(each.lower() if each.isupper() else each for each in said)

    def _shape(self, schema: Node, name: str, above: tuple[Any, ...], depth: int = 0) -> Shape:
        if depth > DEEPEST or schema.path in above:
            return Shape(unsayable="refers to itself; followed no further")
        if self._spent(schema):
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
            shape = self._shape(found, name, (*above, schema.path), depth + 1)
            if not shape.unsayable:
                return shape
        kind = _kind(schema)
        schema.at("type").read("types")
        if kind == "array":
            items = self.refs.follow(schema.at("items"))
            if items is None or _is_object(items):
                return Shape(unsayable="a list of objects: nobody says it")
            inner = self._shape(items, name, (*above, schema.path), depth + 1)
            return replace(inner, multiple=True)
        if kind == "boolean":
            return Shape(self.types.name_for(_YES_NO.name, _YES_NO.values), kind=kind)
        if kind in ("integer", "number"):
            return Shape(NUMBER, kind=kind)
        if kind == "object":
            return Shape(unsayable="an object of any shape: nobody says it")
        form = schema.at("format").text()
        if form in _FORMATS:
            schema.at("format").text(note="a built-in type")
            return Shape(_FORMATS[form], kind=form if form in _TYPED else "")
        return Shape(_NAMED.get(name.casefold(), FREE_TEXT))


def _kind(schema: Node) -> str:
    kind = schema.at("type").value
    kinds = kind if isinstance(kind, list) else [kind]
    return next((x for x in kinds if isinstance(x, str) and x != "null"), "null" if kind else "")


def _is_object(schema: Node) -> bool:
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


def _about(description: str) -> str:
    """The first sentence of a description."""
    return said(description[:1000]).split(". ")[0].rstrip(" .:;")[:200]
