"""hassil's slot lists -> slot types of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sayso.formats.grammar import Rules, sample
from sayso.formats.home_assistant.gather import Block, Gathered
from sayso.formats.home_assistant.templates import RANGE, read_template
from sayso.formats.names import unlike
from sayso.formats.sayings import seed_of
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.types.skills import SlotType, TypeValue

NUMBER = "AMAZON.NUMBER"
# Lists that Home Assistant fills from the home; without its names these are said in their place.
_FROM_HOME = {"name": "AMAZON.Device", "area": "AMAZON.Room"}
_FRACTIONS = {"halves": "/2", "tenths": "/10"}
_MOST_FORMS = 12  # of one value


class Types:
    """The slot types of one language, made as slots ask for them."""

    def __init__(self, gathered: Gathered) -> None:
        self.made: dict[str, SlotType] = {}
        self._gathered = gathered
        self._names: dict[int, str] = {}  # id of a raw list -> name of its type

    def of(self, name: str, block: Block, rules: Rules) -> str:
        """The type of a slot that draws from a list, in a block.

        Raises ValueError for values that cannot be read.
        """
        if RANGE.match(name):
            return NUMBER
        raw = self._raw(name, block)
        if raw is None and self._gathered.names.get(name):
            raw = self._gathered.names[name]
            facts = self._gathered.facts if name == "name" else {}
            values: Sequence[Any] = [
                {"in": each, "context": fact}
                for each in dict.fromkeys(raw)
                for fact in facts.get(each.casefold(), [None])
            ]
        elif not isinstance(raw, Mapping):
            return _FROM_HOME.get(name, FREE_TEXT)
        elif "range" in raw:
            return NUMBER
        elif not isinstance(raw.get("values"), list):
            return FREE_TEXT
        else:
            values = raw["values"]
        if id(raw) not in self._names:
            self._names[id(raw)] = self._make(name, values, rules)
        return self._names[id(raw)]

    def span(self, name: str, block: Block) -> str:
        """The range of a list of numbers as grammars write it, `0..100/2`; empty for any other."""
        if RANGE.match(name):
            return name
        raw = self._raw(name, block)
        limits = raw.get("range") if isinstance(raw, Mapping) else None
        if not isinstance(limits, Mapping):
            return ""
        low, high = limits.get("from"), limits.get("to")
        if not isinstance(low, int) or not isinstance(high, int):
            return ""
        parts = _FRACTIONS.get(str(limits.get("fractions")), "")
        return f"{low}..{high}{parts}"

    def _raw(self, name: str, block: Block) -> Any:
        """A list by its name: of the block, else of the layout it is of, else of all."""
        first = self._gathered.first_lists if block.new else {}
        rest = self._gathered.lists, self._gathered.first_lists
        return next((x[name] for x in (block.lists, first, *rest) if name in x), None)

    def _make(self, name: str, values: Sequence[Any], rules: Rules) -> str:
        made = tuple(read_values(values, rules))
        same = next((x.name for x in self.made.values() if x.values == made), None)
        if same is not None and same.startswith(name):
            return same
        free = unlike(name, self.made)
        self.made[free] = SlotType(free, made)
        return free


def read_values(values: Sequence[Any], rules: Rules) -> list[TypeValue]:
    """Values of a list: a text, or `in` (a template: what is said) and `out` (what it means).

    What is said is the value, `out` its id; what means the same is one value with synonyms. Its
    `context` is what the value is: a note that grammars read.
    """
    forms: dict[str, dict[str, None]] = {}
    facts: dict[str, list[Mapping[str, Any]]] = {}
    taken: set[str] = set()
    for value in values:
        said = value.get("in") if isinstance(value, Mapping) else value
        means = value.get("out", said) if isinstance(value, Mapping) else value
        if said is None or isinstance(said, Mapping | list):
            continue
        node = read_template(str(said))
        texts = [x for x in sample(node, rules, seed_of(str(said)), _MOST_FORMS) if "{" not in x]
        new = [text for text in texts if text.casefold() not in taken]
        taken |= {text.casefold() for text in new}
        key = next(iter(texts), "") if means == said else str(means)
        if new:
            forms.setdefault(key, {}).update(dict.fromkeys(new))
        context = value.get("context") if isinstance(value, Mapping) else None
        if isinstance(context, Mapping):  # of one more thing of that name, it may be
            facts.setdefault(key, []).append(context)
    return [_value(means, list(texts), facts.get(means, ())) for means, texts in forms.items()]


def _value(means: str, texts: Sequence[str], facts: Sequence[Mapping[str, Any]]) -> TypeValue:
    id = None if means.casefold() == texts[0].casefold() else means
    return TypeValue(texts[0], id or None, tuple(texts[1:]), _kept(facts))


def _kept(facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """As a grammar looks for it; each once."""
    plain = [{str(k): str(v) for k, v in each.items()} for each in facts]
    distinct = [each for at, each in enumerate(plain) if each not in plain[:at]]
    return {OURS: {"of": distinct}} if distinct else {}
