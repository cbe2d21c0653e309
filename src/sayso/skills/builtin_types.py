"""What people say for Alexa's built-in slot types: lists of our own, in builtin_types.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

PREFIX = "AMAZON."
FREE_TEXT = "AMAZON.SearchQuery"
_FALLBACK_TONGUE = "en"
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def builtin_name(name: str) -> str | None:
    """The name of a built-in type as Alexa spells it; None if it is none.

    Early models leave the prefix out (`NUMBER`) or use another case (`AMAZON.Number`). A name with
    the prefix that is unknown here is taken at its word: Alexa has more types than we have lists.
    """
    bare = name.removeprefix(PREFIX)
    spelled = {key.casefold(): key for key in (*_same(), *_lists(_FALLBACK_TONGUE))}
    if name.startswith(PREFIX):
        return PREFIX + spelled.get(bare.casefold(), bare)
    return (
        PREFIX + spelled[bare.casefold()] if bare.isupper() and bare.casefold() in spelled else None
    )


def values(name: str, locale: str) -> Sequence[str]:
    """Things a person may say for a built-in type, in the tongue of `locale` or else in English.

    An unknown type gets the list of one whose name ends alike (`AMAZON.AT_CITY`: cities), else
    free text; never empty.
    """
    key = list_name(name)
    return _lists(locale.split("-")[0]).get(key) or _lists(_FALLBACK_TONGUE)[key]


@cache
def list_name(name: str) -> str:
    """The key in builtin_types.yaml that serves a type name."""
    bare = name.removeprefix(PREFIX)
    words = _WORD.findall(bare)
    endings = (words[start:] for start in range(1, len(words)))
    for ending in (bare, *(form for some in endings for form in ("_".join(some), "".join(some)))):
        if ending.casefold() in _list_names():
            return _list_names()[ending.casefold()]
    return FREE_TEXT.removeprefix(PREFIX)


@cache
def _list_names() -> Mapping[str, str]:
    """Names in lower case -> keys of the English lists."""
    aliases = {alias.casefold(): key for alias, key in _same().items()}
    return aliases | {key.casefold(): key for key in _lists(_FALLBACK_TONGUE)}


@cache
def _lists(tongue: str) -> Mapping[str, Sequence[str]]:
    found = _data().get(tongue, {})
    return {name: tuple(texts) for name, texts in found.items()}


@cache
def _same() -> Mapping[str, str]:
    return dict(_data()["same"])


@cache
def _data() -> Mapping[str, Any]:
    # Every scalar as text: `no`, `on` and `12:30` are things people say.
    text = files(__package__).joinpath("builtin_types.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 - makes nothing but texts
