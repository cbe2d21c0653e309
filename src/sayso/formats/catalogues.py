"""Catalogues of a skill in the making: a slot type for each set of values, whoever names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sayso.formats.names import slot_name
from sayso.types.skills import SlotType, TypeValue

YES_NO = (TypeValue("true", None, ("yes", "on")), TypeValue("false", None, ("no", "off")))


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
