"""What people say for Alexa's standard intents: phrases of our own, in builtin_intents.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

PREFIX = "AMAZON."


def phrases(intent_name: str, locale: str) -> tuple[str, ...]:
    """Ways to say a standard intent (`AMAZON.StopIntent`) in the tongue of `locale`.

    Empty for an intent or a tongue without phrases, and for `AMAZON.FallbackIntent`.
    """
    if not intent_name.startswith(PREFIX):
        return ()
    tongue: Mapping[str, Any] = _data().get(locale.split("-")[0], {})
    return tuple(tongue.get(intent_name.removeprefix(PREFIX), ()))


def names(locale: str) -> tuple[str, ...]:
    """The standard intents that have phrases in the tongue of `locale`."""
    return tuple(PREFIX + name for name in _data().get(locale.split("-")[0], {}))


def standard_phrases(tongue: str) -> tuple[str, ...]:
    """Every way to say any standard intent; empty for a tongue without phrases."""
    return tuple(phrase for some in _data().get(tongue, {}).values() for phrase in some)


@cache
def _data() -> Mapping[str, Mapping[str, Any]]:
    # Every scalar as text: `no`, `on` and `12:30` are things people say.
    text = files(__package__).joinpath("builtin_intents.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 - makes nothing but texts
