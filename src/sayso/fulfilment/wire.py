"""What the pool and its workers say to each other: four bytes of length, then JSON. No pickle."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

from sayso.errors import FulfilmentError

HEADER = struct.Struct(">I")
MAX_BYTES = 256 * 1024  # of one message; Alexa allows a skill 120 kB
MAX_SPEECH = 8000  # characters, as Alexa allows
LOADING_S = 10.0  # longest that importing a skill's code may take


def pack(message: object, default: Callable[[Any], Any] | None = None) -> bytes:
    """A message as it goes over the pipe. Parameters and errors as of `encode`."""
    body = encode(message, default)
    return HEADER.pack(len(body)) + body


def encode(message: object, default: Callable[[Any], Any] | None = None) -> bytes:
    """JSON as UTF-8.

    default: turns what JSON does not know into something it knows, as in `json.dumps`.
    Raises FulfilmentError for what is no JSON, or too big.
    """
    try:
        body = json.dumps(message, allow_nan=False, default=default).encode()
    except (TypeError, ValueError, RecursionError) as error:
        problem = f"not fit for JSON: {error}; use text, numbers, lists and mappings"
        raise FulfilmentError(problem) from error
    if len(body) > MAX_BYTES:
        raise FulfilmentError(f"{len(body):,} bytes of JSON; at most {MAX_BYTES:,} are allowed")
    return body


def parse_json(body: bytes) -> Any:
    """JSON from outside, read strictly. Raises FulfilmentError for anything that is not JSON."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise FulfilmentError(f"not valid JSON: {str(error)[:200]}") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")
