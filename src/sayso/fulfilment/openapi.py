"""Operations of a web service as a skill's back-end: slots go into path, query and body.

An imported intent notes its method and path, a slot where its value belongs. A request is sent
once, whatever comes of it.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sayso.dialogue.phrases import phrase
from sayso.errors import FulfilmentError
from sayso.fulfilment.addresses import Endpoint
from sayso.fulfilment.arguments import Argument, arguments_of, intent_of, nested
from sayso.fulfilment.connections import Connections
from sayso.fulfilment.spoken import in_words, spoken
from sayso.fulfilment.variables import Environment, headers_of
from sayso.fulfilment.wire import MAX_BYTES, encode, parse_json
from sayso.skills.restore import notes
from sayso.types.calls import Answer, Call
from sayso.types.context import Context
from sayso.types.skills import Intent, Skill

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_IN_QUERY = ("get", "delete", "head", "query")  # where a slot's value goes that notes no place
_TOLD = 200  # characters of an error's body


def answer(
    rest: Rest,
    skill: Skill,
    call: Call,
    context: Context,
    *,
    environment: Environment,
    timeout_s: float,
) -> Answer:
    """What the service says to the call of an intent. Raises FulfilmentError."""
    service = skill.fulfilment.service
    if service is None or service.url is None:
        raise FulfilmentError("the skill names no service")
    intent = intent_of(skill, call, context)
    arguments = arguments_of(intent, call, context)
    method, target, body, kind = _request(intent, arguments)
    headers = headers_of(service, environment) | ({"Content-Type": kind} if body else {})
    url = service.url.rstrip("/") + target
    told = rest.send(method, url, body, headers, timeout_s=timeout_s)
    return _said(*told, context)


def _request(intent: Intent, arguments: Sequence[Argument]) -> tuple[str, str, bytes | None, str]:
    """Method, path with query, body and its type."""
    noted = notes(intent.extra)
    method, path = str(noted.get("method", "get")), str(noted.get("path", "/" + intent.name))
    query: list[tuple[str, str]] = []
    inside: list[Argument] = []
    for argument in arguments:
        name = argument.path[-1]
        place = argument.place or _place(name, method, path)
        if place == "path":
            path = path.replace("{" + name + "}", quote(_text(argument.value), safe=""))
        elif place == "query":
            values = argument.value if isinstance(argument.value, list) else [argument.value]
            query += [(name, _text(value)) for value in values]
        else:
            inside.append(argument)
    if "{" in path:
        raise FulfilmentError(f"{path}: a value of the path was not said")
    target = path + (f"?{urlencode(query)}" if query else "")
    kind = str(noted.get("body", JSON if inside else ""))
    return method.upper(), target, _body(inside, kind) if kind else None, kind


def _place(name: str, method: str, path: str) -> str:
    if "{" + name + "}" in path:
        return "path"
    return "query" if method in _IN_QUERY else "body"


def _body(arguments: Sequence[Argument], kind: str) -> bytes:
    whole = nested(arguments)
    bare = kind.split(";")[0].strip()
    if bare == FORM:
        pairs = [(name, _text(value)) for name, value in whole.items()]
        return urlencode(pairs).encode()
    if "json" not in bare:
        raise FulfilmentError(f"a body in {bare} is not sent; JSON and forms are")
    return encode(whole)


def _text(value: Any) -> str:
    """A value as it stands in an address: JSON for what is no text."""
    return value if isinstance(value, str) else json.dumps(value)


class Rest:
    """Sends requests of any method, over connections that are made anew for each. Thread-safe."""

    def __init__(self, *, private_addresses: bool, ca_file: Path | None = None) -> None:
        self._connections = Connections(private_addresses=private_addresses, ca_file=ca_file)

    def send(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        timeout_s: float,
    ) -> tuple[str, bytes]:
        """Type and body of a success. Raises FulfilmentError for whatever else happens."""

        def exchange(
            connection: http.client.HTTPConnection, endpoint: Endpoint
        ) -> tuple[tuple[str, bytes], bool]:
            return _exchanged(connection, endpoint, method, body, headers), False

        return self._connections.over(url, exchange, timeout_s=timeout_s, lasting=False)


def _exchanged(
    connection: http.client.HTTPConnection,
    endpoint: Endpoint,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
) -> tuple[str, bytes]:
    own = {
        "Host": endpoint.authority,
        "Accept": "application/json, text/plain;q=0.5",
        "Accept-Encoding": "identity",
        "User-Agent": "sayso",
    }
    connection.request(method, endpoint.target, body, {**own, **headers})
    response = connection.getresponse()
    answer = response.read(MAX_BYTES + 1)
    if len(answer) > MAX_BYTES:
        raise FulfilmentError(f"{endpoint.host} answers with more than {MAX_BYTES:,} bytes")
    if not 200 <= response.status < 300:
        told = " ".join(answer[:1000].decode("utf-8", "replace").split())[:_TOLD]
        status = f"{response.status} {response.reason}"
        raise FulfilmentError(f"{endpoint.host} answers {status}{': ' + told if told else ''}")
    return response.headers.get_content_type(), answer


def _said(kind: str, body: bytes, context: Context) -> Answer:
    done = phrase("cancelled", context.locale)
    if not body.strip():
        return Answer(speech=done)
    if kind == JSON or kind.endswith("+json"):
        data = parse_json(body)
        return Answer(speech=in_words(data) or done, data=data)
    if kind == "text/plain":
        return Answer(speech=spoken(body.decode("utf-8", "replace")) or done)
    return Answer(speech=done)
