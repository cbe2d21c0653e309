"""Messages on a socket, read and written within bounds of size and time.

The library reads whatever length a client announces, and takes any JSON; a service that stays up
for months has to be pickier. A message is a JSON line, then `data_length` bytes of JSON, then
`payload_length` bytes (audio), which mean nothing here and are read over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json
from wyoming.event import Event, async_write_event

MOST_HEADER = 65_536  # bytes of the line
MOST_DATA = 262_144  # bytes of the JSON after it
MOST_PAYLOAD = 1_048_576
IDLE_S = 300.0  # between messages; a client that comes back later connects anew
READ_S = 10.0  # for the rest of a message, once its line is there
WRITE_S = 10.0  # for a client to take an answer
_CHUNK = 65_536


class BadMessage(Exception):
    """What came is no message, and where the next one begins nobody can tell."""


async def read_event(reader: asyncio.StreamReader) -> Event | None:
    """The next message; None where the client has gone, or has long been silent.

    reader: with the limit MOST_HEADER. Raises BadMessage.
    """
    try:
        async with asyncio.timeout(IDLE_S):
            line = await reader.readline()
    except TimeoutError:
        return None
    except ValueError:  # asyncio's word for a line over the limit
        raise BadMessage(f"a line is longer than {MOST_HEADER} bytes") from None
    if not line.endswith(b"\n"):
        return None
    header = _object(line, "a line")
    data = _object_or_none(header.get("data"), "data")
    try:
        async with asyncio.timeout(READ_S):
            more = await reader.readexactly(_length(header, "data_length", MOST_DATA))
            await _skip(reader, _length(header, "payload_length", MOST_PAYLOAD))
    except asyncio.IncompleteReadError:
        return None
    except TimeoutError:
        raise BadMessage(f"the rest of a message did not come within {READ_S:g} s") from None
    if more:
        data = {**data, **_object(more, "the data")}
    kind = header.get("type")
    if not isinstance(kind, str):
        raise BadMessage('a message has no type; send a line such as {"type": "describe"}')
    return Event(kind, data)


async def write_event(event: Event, writer: asyncio.StreamWriter) -> bool:
    """Send an answer; False, and the connection is cut, where the client does not take it."""
    try:
        async with asyncio.timeout(WRITE_S):
            await async_write_event(event, writer)
    except (TimeoutError, OSError):
        writer.transport.abort()
        return False
    return True


def _object(text: bytes, what: str) -> Mapping[str, Any]:
    try:
        found = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise BadMessage(f"{what} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadMessage(f"{what} is no JSON object")
    return found


def _object_or_none(node: Any, what: str) -> dict[str, Any]:
    if node is not None and not isinstance(node, dict):
        raise BadMessage(f"{what} is no JSON object")
    return dict(node or {})


def _length(header: Mapping[str, Any], name: str, most: int) -> int:
    """A length that the line announces; 0 if it announces none."""
    length = header.get(name)
    if length is None:
        return 0
    if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length <= most:
        raise BadMessage(f"{name} is {length!r}; it has to be a number from 0 to {most}")
    return length


async def _skip(reader: asyncio.StreamReader, length: int) -> None:
    while length > 0:
        chunk = await reader.readexactly(min(length, _CHUNK))
        length -= len(chunk)
