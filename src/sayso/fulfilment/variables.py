"""Secrets stay in the environment: skill files name its variables, and get their values here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sayso.errors import FulfilmentError
from sayso.skills.fulfilment_schema import PLACEHOLDER
from sayso.types.skills import Service

Environment = Mapping[str, str]


def given(names: Sequence[str], environment: Environment) -> dict[str, str]:
    """The variables of these names. Raises FulfilmentError naming one that is not set."""
    return {name: _value(name, environment) for name in names}


def headers_of(service: Service, environment: Environment) -> dict[str, str]:
    """The headers of each request, with their values. Raises FulfilmentError."""
    return {name: filled(text, environment) for name, text in service.headers.items()}


def filled(text: str, environment: Environment) -> str:
    """A text with `${NAME}` replaced. Raises FulfilmentError for a variable that is not set."""
    return re.sub(PLACEHOLDER, lambda found: _value(found[1], environment), text)


def _value(name: str, environment: Environment) -> str:
    value = environment.get(name)
    if not value:
        raise FulfilmentError(
            f"the environment variable {name} is not set; set it where Sayso is started"
        )
    if "\n" in value or "\r" in value:
        raise FulfilmentError(f"the environment variable {name} has several lines; give it one")
    return value
