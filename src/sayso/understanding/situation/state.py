"""What devices report of themselves -> facts. It comes from outside: any key, any value, any size.

What is kept of a state is bounded once, at the door; readings, skills and the log see the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

MOST_KEYS = 64  # of a mapping or a list, the first ones
MOST_VALUES = 256  # of a whole state
DEEPEST = 4  # mappings within each other
LONGEST = 200  # characters of a key or a text
LONGEST_NUMBER = 64  # bits
NAME_WORDS = 4  # of a thing's name, the last ones
VALUE_WORDS = 3  # a longer text is no state
# fmt: off
_ACTIVE = {
    "on", "true", "yes", "active", "running", "open", "opened", "playing", "started", "busy",
    "enabled", "working", "online",
}
_IDLE = {
    "off", "false", "no", "inactive", "idle", "closed", "stopped", "standby", "paused", "disabled",
    "unplugged", "offline", "none", "finished", "done",
}
# fmt: on
# What a device is asked about, not what it is.
_ASPECTS = {"power", "state", "status", "mode", "is", "switch", "value"}
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that a state says. active: None where it is neither on nor off.

    thing: its name in words; value: what is said of it, in words, empty for a number.
    """

    thing: str
    value: str
    active: bool | None


def bounded(state: object) -> dict[str, Any]:
    """The part of a state that is kept: plain values under short keys, neither deep nor many.

    Never raises; what is no mapping is an empty state.
    """
    return _mapping(state, DEEPEST, [MOST_VALUES]) if isinstance(state, Mapping) else {}


def _mapping(node: Mapping[Any, Any], deep: int, left: list[int]) -> dict[str, Any]:
    kept = {}
    for key, value in islice(node.items(), MOST_KEYS):
        if isinstance(key, str) and len(key) <= LONGEST:
            found = _value(value, deep - 1, left)
            if found is not None:
                kept[str(key)] = found
    return kept


def _value(value: object, deep: int, left: list[int]) -> Any:
    """The value as it is kept, None if it is not. left: values that may still come, one number."""
    if left[0] <= 0:
        return None
    if isinstance(value, Mapping):
        return _mapping(value, deep, left) if deep > 0 else None
    if isinstance(value, list | tuple):
        items = (_value(each, deep - 1, left) for each in islice(value, MOST_KEYS))
        return [each for each in items if each is not None] if deep > 0 else None
    left[0] -= 1
    return value if _is_plain(value) else None


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST
    if isinstance(value, int):
        return value.bit_length() <= LONGEST_NUMBER
    return isinstance(value, float)


def reports(state: Mapping[str, Any], within: str = "") -> Iterator[Report]:
    """What a bounded state says, thing by thing."""
    for key, value in state.items():
        thing = f"{within} {spoken(key)}".strip()
        if isinstance(value, Mapping):
            yield from reports(value, thing)
        elif thing and not isinstance(value, list):
            report = _report(thing, value)
            if report is not None:
                yield report


def _report(path: str, value: object) -> Report | None:
    words = path.split()
    named = [word for word in words if word not in _ASPECTS] or words
    thing = " ".join(dict.fromkeys(named[-NAME_WORDS:]))
    if isinstance(value, bool):
        return Report(thing, "on" if value else "off", value)
    if not isinstance(value, str):
        return Report(thing, "", None)
    said = spoken(value)
    if said in _ACTIVE or said in _IDLE:
        return Report(thing, said, said in _ACTIVE)
    return Report(thing, said, None) if 0 < len(said.split()) <= VALUE_WORDS else None


def spoken(name: str) -> str:
    """A key or an id as words: `washingMachine_1` is "washing machine"."""
    return " ".join(_JOINTS.sub(" ", name[:LONGEST]).lower().split())
