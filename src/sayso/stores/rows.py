"""Nouns to JSON and back, and an `Interaction` to its row and back, without loss.

Works on any frozen dataclass from its own type hints: a field added to a noun needs no change
here and no migration; a field that an old row lacks gets its default. What comes back equals what
went in, given that sequences are tuples and that values of type `Any` are JSON values.
"""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sayso.errors import StoreError
from sayso.types.turns import Decision, Interaction

T = TypeVar("T")

# Column -> where its value lies in an Interaction. A value lies in its column or in `rest`.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "at": ("at",),
    "user_id": ("user",),
    "conversation": ("conversation",),
    "turn": ("turn",),
    "locale": ("locale",),
    "time_zone": ("time_zone",),
    "device": ("request", "device"),
    "idempotency_key": ("request", "idempotency_key"),
    "heard_raw": ("utterance", "raw"),
    "heard_text": ("utterance", "text"),
    "heard_alternatives": ("utterance", "alternatives"),
    "outcome": ("decision", "outcome"),
    "propensity": ("decision", "propensity"),
    "threshold": ("decision", "threshold"),
    "reason": ("decision", "reason"),
    "shortlist": ("decision", "shortlist"),
    "hypotheses": ("decision", "hypotheses"),
    "basis": ("decision", "basis"),
    "speech": ("reply", "speech"),
    "ssml": ("reply", "ssml"),
    "reprompt": ("reply", "reprompt"),
    "ended": ("reply", "ended"),
    "card": ("reply", "card"),
    "timings": ("reply", "trace", "timings"),
    "failure": ("reply", "trace", "failure"),
}
_READING = ("skill", "intent", "slots", "confidence")  # columns copied from a reading


def to_row(interaction: Interaction) -> dict[str, Any]:
    """The row of `tables.interactions`, ready to insert."""
    tree = _fields(interaction)
    for noun in ("request", "utterance", "decision", "reply"):
        tree[noun] = _fields(tree[noun])
    tree["reply"]["trace"] = _fields(tree["reply"]["trace"])
    if interaction.reply.decision == interaction.decision:
        del tree["reply"]["decision"]  # the usual case: one decision, stored once
    row: dict[str, Any] = {}
    for column, path in _COLUMNS.items():
        row[column] = _parent(tree, path).pop(path[-1])
    chosen = interaction.decision.chosen
    for column in (*_READING, "side_effects"):
        row[column] = getattr(chosen, column, None)
    rewriting = interaction.utterance.rewriting
    row["asked"] = interaction.reply.trace.asked is not None
    row["rewrite"] = getattr(rewriting, "id", None)
    for column in ("said", "arm"):
        row[column] = getattr(rewriting, column, None)
    versions = interaction.reply.trace.versions
    return row | {
        "bundle_version": versions.get("bundle"),
        "skill_version": versions.get("skill"),
        "device_id": interaction.request.device.id,
        "device_type": interaction.request.device.type,
        "offered": _offered(interaction.decision),
        "rest": tree,
    }


def _offered(decision: Decision) -> dict[str, Any] | None:
    """The first reading that was offered, short; None where there was nothing to choose."""
    if decision.chosen is not None or not decision.options:
        return None
    return {name: getattr(decision.options[0], name) for name in (*_READING, "side_effects")}


def from_row(row: Any) -> Interaction:
    """The Interaction that `to_row` was given; `at` in UTC. Raises StoreError if damaged.

    row: a mapping from every column to its value, as the database gives it.
    """
    tree = row["rest"]
    try:
        for column, path in _COLUMNS.items():
            _parent(tree, path)[path[-1]] = row[column]
        once = "decision" not in tree["reply"]
    except (KeyError, TypeError) as error:
        raise _damaged(Interaction, error) from error
    interaction = read(Interaction, tree)
    if not once:
        return interaction
    return replace(interaction, reply=replace(interaction.reply, decision=interaction.decision))


def _parent(tree: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    for name in path[:-1]:
        tree = tree[name]
    return tree


def encode(value: object) -> str:
    """JSON text, ASCII only, of nouns and whatever they are made of.

    A number that JSON lacks becomes the word `nan`, `inf` or `-inf`; a field of type float reads
    it back. Raises TypeError for what has no JSON form.
    """
    try:
        return _JSON.encode(value)
    except ValueError:
        return _JSON.encode(_finite(value))


def read(kind: type[T], data: Any) -> T:
    """The noun of that type from parsed JSON. Raises StoreError if the data does not fit it."""
    try:
        return cast(T, _reader(cast(Any, kind))(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(kind, error) from error


def _damaged(kind: type, error: Exception) -> StoreError:
    return StoreError(
        f"a row of the store is damaged: {kind.__name__}: {type(error).__name__}: {error}; "
        "restore a backup: sayso restore"
    )


def write_instant(value: datetime) -> str:
    """ISO 8601 with the zone's name behind it: `2025-10-26T02:30:00+01:00[Europe/Berlin]`.

    The name (RFC 9557) matters: a datetime without it is not equal to one in the hour that a
    change of clocks repeats, and no local time can be reckoned from it.
    """
    zone = getattr(value.tzinfo, "key", None)
    return f"{value.isoformat()}[{zone}]" if zone else value.isoformat()


def read_instant(value: str | datetime) -> datetime:
    """The inverse of `write_instant`; a datetime stays as it is."""
    if isinstance(value, datetime):
        return value
    text, _, zone = value.partition("[")
    moment = datetime.fromisoformat(text)
    if not zone:
        return moment
    there = ZoneInfo(zone.rstrip("]"))
    for fold in (0, 1):
        local = moment.replace(tzinfo=there, fold=fold)
        if local.utcoffset() == moment.utcoffset():
            return local
    return moment.astimezone(there)  # the zone's rules have changed since it was written


def _fields(noun: Any) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in _names(noun.__class__)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _plain(value: object) -> object:
    """One step from a noun to JSON; the encoder takes the next ones."""
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form; store text, numbers, lists, objects")


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return _finite(_plain(value)) if is_dataclass(value) else value


_JSON = json.JSONEncoder(
    allow_nan=False, check_circular=False, separators=(",", ":"), default=_plain
)


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function from parsed JSON to a value of that type. Raises TypeError for a foreign type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in (Any, str, int, bool, object):
        return _as_it_is
    if kind is float:
        return float
    if kind is datetime:
        return read_instant
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if is_dataclass(kind):
        return _noun_reader(cast(type, kind))
    if origin in (typing.Union, types.UnionType):
        return _optional_reader(arguments)
    if origin is tuple and arguments[-1] is not ...:
        return _tuple_reader(arguments)
    if origin in (Sequence, tuple):
        return _sequence_reader(arguments[0])
    if origin is Mapping:
        return _mapping_reader(*arguments)
    raise TypeError(f"{kind} is not a type of the nouns; teach stores/rows.py to read it")


def _noun_reader(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    readers = [(each.name, _reader(hints[each.name])) for each in fields(kind)]
    required = [
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    ]

    def read_noun(data: Any) -> Any:
        if not data.keys() >= set(required):
            raise KeyError(", ".join(sorted(set(required) - data.keys())))
        return kind(**{name: reader(data[name]) for name, reader in readers if name in data})

    return read_noun


def _optional_reader(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    one, *more = [kind for kind in kinds if kind is not type(None)]
    if more:
        raise TypeError(f"{kinds} is ambiguous in JSON; give the field one type")
    reader = _reader(one)
    return lambda value: None if value is None else reader(value)


def _tuple_reader(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    readers = [_reader(kind) for kind in kinds]
    return lambda values: tuple(
        reader(value) for reader, value in zip(readers, values, strict=True)
    )


def _sequence_reader(kind: Any) -> Callable[[Any], Any]:
    reader = _reader(kind)
    return tuple if reader is _as_it_is else lambda values: tuple(map(reader, values))


def _mapping_reader(key: Any, kind: Any) -> Callable[[Any], Any]:
    reader = _reader(kind)
    if key is int:  # in JSON every key is a text
        return lambda values: {int(name): reader(value) for name, value in values.items()}
    if reader is _as_it_is:
        return dict
    return lambda values: {key: reader(value) for key, value in values.items()}
