"""JSON Schema -> slots: the properties of an object, in so far as a person can say them.

Used for the arguments of MCP tools and of OpenAPI operations. Nested objects are followed to a
depth, cycles end where they close, and a slot keeps in its `extra` where its value belongs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sayso.formats.catalogues import Types
from sayso.formats.foreign import Node
from sayso.formats.names import slot_name
from sayso.formats.questions import question
from sayso.formats.refs import Refs
from sayso.formats.shapes import DEEPEST, NAMED, Shape, Shapes, is_object
from sayso.formats.titles import words
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Check, Rule, Slot

MOST_SLOTS = 40
# What has a name, or a place in time: which one?
_WHICH = ("AMAZON.DATE", *NAMED.values())
_CHECKED = "a limit that the service checks itself"


@dataclass
class Parameters:
    """The slots of one intent, as its schemas are read into them."""

    refs: Refs
    types: Types
    slots: list[Slot] = field(default_factory=list)
    shapes: Shapes = field(init=False)

    def __post_init__(self) -> None:
        self.shapes = Shapes(self.refs, self.types)

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

    def _object(
        self, schema: Node, place: str, path: tuple[str, ...], required: bool,
        above: tuple[Any, ...],
    ) -> None:  # fmt: skip
        found = None if self.shapes.spent(schema) else self.refs.follow(schema)
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
        found = None if self.shapes.spent(schema) else self.refs.follow(schema)
        if found is None:
            return
        if is_object(found):
            told = schema.at("description")
            told.skip("describes an object, whose parts are the slots")
            if not found.at("properties").entries() and not found.at("allOf").items():
                found.skip("an object of any shape: nobody says it")
            self._object(schema, place, path, required, above)
            return
        shape = self.shapes.of(found, name, above)
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
        ways = [(*each.synonyms, each.value)[0] for each in values]
        return tuple(each.lower() if each.isupper() else each for each in ways)


def _about(description: str) -> str:
    """The first sentence of a description."""
    return said(description[:1000]).split(". ")[0].rstrip(" .:;")[:200]
