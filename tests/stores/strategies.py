"""Hypothesis strategies for any noun, made from the types themselves."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, cast
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

# Any character there is, NUL and lone surrogates among them.
texts = st.text(st.characters(), max_size=8) | st.sampled_from(["\x00", "\x1a0000", "\ud800", "🦜"])
floats = st.floats(allow_nan=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
_zones = st.sampled_from(
    [UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), timezone(timedelta(hours=-9.5))]
)
moments = st.datetimes(datetime(1900, 1, 2), datetime(2999, 1, 1), timezones=_zones)


def nouns(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the nouns, of every shape that its hints allow."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    simple = {str: texts, float: floats, bool: st.booleans(), datetime: moments, Any: json_values}
    if kind in simple:
        return simple[kind]
    if kind is int:
        return st.integers(-(2**31), 2**31 - 1)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.none() if one is type(None) else nouns(one) for one in arguments])
    if origin is tuple:
        return st.tuples(*map(nouns, arguments))
    if origin is Sequence:
        return st.lists(nouns(arguments[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(nouns(arguments[0]), nouns(arguments[1]), max_size=2)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    assert isinstance(kind, type), kind
    assert is_dataclass(kind), kind
    hints = typing.get_type_hints(kind)
    parts = {each.name: nouns(hints[each.name]) for each in fields(kind)}
    return st.builds(cast(Any, kind), **parts)
