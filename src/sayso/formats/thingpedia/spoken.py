"""Utterances of datasets and turns of users -> samples with slots, rows of a test set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.formats.names import slot_name
from sayso.formats.thingpedia.programs import Value
from sayso.skills.templates import said

_PLACE = re.compile(r"\$\{\s*(\w+)\s*(?::[\w-]*)?\}|\$(\w+)")
_BRACES = str.maketrans("{}", "  ")  # they mark slots in ours
_QUESTION = re.compile(
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|has|have|if|whether)\b"
    r"|.*\?$",
    re.IGNORECASE | re.DOTALL,
)
PLACEHOLDER = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")  # QUOTED_STRING, LOCATION_0


@dataclass(frozen=True, slots=True)
class Said:
    """A sample, and of what its slots stand for: slot -> the text that stood there."""

    sample: str
    values: Mapping[str, str]


def slot_of(parameter: str, fills: Mapping[str, str] | None = None) -> str:
    """The slot of a parameter. fills: of the program's own, by what they stand for.

    By convention a program's own parameters begin with `p_`, so as to tell them from others.
    """
    return slot_name((fills or {}).get(parameter, parameter.removeprefix("p_")))


def phrases(text: str, kind: str, english: bool, fills: Mapping[str, str]) -> list[str]:
    """The samples of a dataset's utterance; the first one is its own words. fills: see `slot_of`.

    kind: a query's utterance is what is asked for ("my latest emails"), unless it begins with a
    comma; a stream's tells when ("when it rains"). What one says to get them goes before it.
    """
    end, made = 0, ""
    for match in _PLACE.finditer(text):
        made += text[end : match.start()].translate(_BRACES)
        made += f"{{{slot_of(match[1] or match[2], fills)}}}"
        end = match.end()
    made = " ".join((made + text[end:].translate(_BRACES)).split())
    sentence = made.startswith(",")
    plain = made.lstrip(", ")
    if not english or sentence or not plain:
        return [plain] if plain else []
    if kind == "query" and not _QUESTION.match(plain):
        return [plain, f"get {plain}"]
    return [plain, f"notify me {plain}"] if kind == "stream" else [plain]


def places(text: str) -> list[str]:
    """The parameters that stand in a dataset's utterance."""
    return [match[1] or match[2] for match in _PLACE.finditer(text)]


def turn(text: str, values: Sequence[Value]) -> Said:
    """A user's words with slots where the values of their program stand, the longest first."""
    rest, found = text.translate(_BRACES), dict[str, str]()
    marks: list[str] = []
    for value in sorted(values, key=lambda x: -len(x.text)):
        slot = slot_of(value.parameter)
        words = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", value.text))
        if not words or slot in found:
            continue
        match = re.search(rf'"?(?<!\w){words}(?!\w)"?', rest, re.IGNORECASE)
        if match:
            found[slot] = match[0].strip('"')
            rest = f"{rest[: match.start()]}\0{len(marks)}\0{rest[match.end() :]}"
            marks.append(slot)
    sample = re.sub(r"\0(\d+)\0", lambda x: f"{{{marks[int(x[1])]}}}", rest)
    return Said(" ".join(said_with_slots(sample).split()), found)


def said_with_slots(sample: str) -> str:
    """The sample in the form of `Utterance.text`, its slots left alone."""
    parts = re.split(r"(\{[^{}]*\})", sample)
    return "".join(x if n % 2 else _spaced(x) for n, x in enumerate(parts))


def _spaced(text: str) -> str:
    head = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and text.strip() else ""
    return f"{head}{said(text)}{tail}"
