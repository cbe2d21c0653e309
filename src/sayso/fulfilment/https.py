"""Skills behind a web service: POST Alexa's request JSON, read the response JSON."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sayso.errors import FulfilmentError
from sayso.fulfilment.addresses import Endpoint
from sayso.fulfilment.connections import Connections
from sayso.fulfilment.signing import Sign
from sayso.fulfilment.wire import MAX_BYTES, encode, parse_json


class Https:
    """Posts to web services. Thread-safe.

    private_addresses, ca_file: see `Connections`.
    sign: headers that go with a body, see `signing`; None sends it unsigned.
    """

    def __init__(
        self,
        *,
        private_addresses: bool,
        ca_file: Path | None = None,
        sign: Sign | None = None,
    ) -> None:
        self._connections = Connections(private_addresses=private_addresses, ca_file=ca_file)
        self._sign = sign

    def post(self, url: str, event: Mapping[str, Any], *, timeout_s: float) -> Any:
        """The parsed JSON of the answer. Raises FulfilmentError for whatever else happens."""
        body = encode(event)
        signed = self._sign(body) if self._sign is not None else {}

        def exchange(
            connection: http.client.HTTPConnection, endpoint: Endpoint
        ) -> tuple[bytes, bool]:
            return _exchange(connection, endpoint, body, signed)

        return parse_json(self._connections.over(url, exchange, timeout_s=timeout_s, lasting=True))

    def close(self) -> None:
        """Close the connections that are kept for later."""
        self._connections.close()


def _exchange(
    connection: http.client.HTTPConnection,
    endpoint: Endpoint,
    body: bytes,
    signed: Mapping[str, str],
) -> tuple[bytes, bool]:
    """Body of the answer, and whether the connection can be used again."""
    headers = {
        "Host": endpoint.authority,
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "sayso",
        **signed,
    }
    connection.request("POST", endpoint.target, body, headers)
    response = connection.getresponse()
    _check(response, endpoint.host)
    answer = response.read(MAX_BYTES + 1)
    if len(answer) > MAX_BYTES:
        raise FulfilmentError(f"{endpoint.host} answers with more than {MAX_BYTES:,} bytes")
    return answer, response.isclosed() and not response.will_close


def _check(response: http.client.HTTPResponse, host: str) -> None:
    if 300 <= response.status < 400:
        raise FulfilmentError(f"{host} answers {response.status}; redirects are not followed")
    if response.status != 200:
        raise FulfilmentError(f"{host} answers {response.status} {response.reason}"[:200])
    kind = response.headers.get_content_type()
    if kind != "application/json":
        raise FulfilmentError(f"{host} answers with {kind[:100]}; application/json is needed")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise FulfilmentError(f"{host} answers compressed, which was not asked for")
