"""What a ThingTalk program calls, and the values that stand in it; no program is ever run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sayso.formats.thingpedia.tokens import Token, tokens_of

_EQUAL = ("=", "==", "=~", "~=")
_STREAMS = frozenset({"monitor", "edge", "timer", "attimer", "ontimer", "opt_timer"})
_DIALOGUE = "org.thingpedia.dialogue."


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a parameter. kind: `String`, `Number`, `Enum`, `Location`, or an entity's name."""

    parameter: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Program:
    """functions: as `class.function`, in order. stream: whether it waits for something.

    fills: a parameter of the program itself -> the one that it stands for (`id=p_station`).
    """

    functions: Sequence[str]
    stream: bool = False
    values: Sequence[Value] = ()
    fills: Mapping[str, str] = field(default_factory=dict)


def read_program(source: str) -> Program:
    """Raises ValueError for a text that never ends."""
    tokens = tokens_of(source)
    functions = list(dict.fromkeys(_functions(tokens)))
    words = {token.text for token in tokens if token.kind == "word"}
    return Program(functions, bool(words & _STREAMS), list(_values(tokens)), _fills(tokens))


def _functions(tokens: Sequence[Token]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if token.kind != "call" or token.text[1:].startswith(_DIALOGUE):
            continue
        name, place = token.text[1:], place + 1
        if place < len(tokens) and tokens[place].text == "(":
            after = _behind(
                tokens, place
            )  # @lamp(name="hall").dim(): the device, then what it does
            following = tokens[after : after + 2]
            if len(following) == 2 and following[0].text == "." and following[1].kind == "word":
                name = f"{name}.{following[1].text}"
        yield name


def _fills(tokens: Sequence[Token]) -> dict[str, str]:
    """Only where it is clear: a parameter that several stand for is told apart by their names."""
    found: dict[str, str] = {}
    for place, token in enumerate(tokens[:-2]):
        given = tokens[place + 2]
        if token.kind == "word" and tokens[place + 1].text in _EQUAL and given.kind == "word":
            found.setdefault(given.text, token.text)
    times = Counter(found.values())
    return {own: filled for own, filled in found.items() if times[filled] == 1}


def _behind(tokens: Sequence[Token], place: int) -> int:
    """The place behind the bracket that closes the one there."""
    depth = 0
    for at in range(place, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[at].text, 0) if tokens[at].kind == "mark" else 0
        if depth == 0:
            return at + 1
    return len(tokens)


def _values(tokens: Sequence[Token]) -> Iterator[Value]:
    for place, token in enumerate(tokens[:-2]):
        if token.kind == "word" and tokens[place + 1].text in _EQUAL:
            value = _value(token.text, tokens[place + 2 : place + 12])
            if value and value.text.strip():
                yield value


def _value(parameter: str, tokens: Sequence[Token]) -> Value | None:
    """The literal that some tokens begin with."""
    first, texts = tokens[0], [token.text for token in tokens]
    if first.text == "[" and len(tokens) > 1:
        return _value(parameter, tokens[1:])
    if first.kind == "text" or first.text == "null":
        said, kind = (first.said if first.kind == "text" else ""), "String"
        if texts[1:2] == ["^^"]:
            end = next((n for n in range(2, len(texts)) if tokens[n].text in "(),;&]|"), len(texts))
            kind = "".join(texts[2:end])
            if texts[end : end + 1] == ["("]:
                shown = (token.said for token in tokens[end + 1 : end + 2] if token.kind == "text")
                said = next(shown, said)
        return Value(parameter, kind, said)
    if first.text == "enum":
        named = next((token for token in tokens[1:3] if token.kind == "word"), None)
        return Value(parameter, "Enum", named.text.replace("_", " ")) if named else None
    if first.kind == "number":
        return Value(parameter, "Number", first.text)
    if texts[:2] == ["new", "Location"]:
        said = next((token.said for token in tokens if token.kind == "text"), "")
        return Value(parameter, "Location", said)
    return None
