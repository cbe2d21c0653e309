"""Nouns to JSON and back, without loss.

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
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sayso.errors import StoreError

T = TypeVar("T")


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
        raise damaged(kind, error) from error


def damaged(kind: type, error: Exception) -> StoreError:
    """What to say of a row that cannot be read as the noun that it was."""
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


def fields_of(noun: Any) -> dict[str, Any]:
    """Field -> value of a noun, in their order; one step deep, unlike `dataclasses.asdict`."""
    return {name: getattr(noun, name) for name in _names(noun.__class__)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _plain(value: object) -> object:
    """One step from a noun to JSON; the encoder takes the next ones."""
    if is_dataclass(value):
        return fields_of(value)
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
    raise TypeError(f"{kind} is not a type of the nouns; teach stores/codec.py to read it")


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
