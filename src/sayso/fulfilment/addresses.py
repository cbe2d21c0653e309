"""Where an HTTPS skill may live: addresses are judged after the name is resolved, once."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sayso.errors import FulfilmentError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(r"[a-z0-9._:-]+")
_LOOKUPS = 32  # at once: a name server that hangs must not fill the process with threads
_looking = threading.BoundedSemaphore(_LOOKUPS)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A skill's URL, taken apart. target: path and query."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the header `Host` says: the host, with the port if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = {"http": 80, "https": 443}[self.scheme] == self.port
        return host if standard else f"{host}:{self.port}"


def read_url(url: str, *, private_addresses: bool) -> Endpoint:
    """An endpoint from a URL. Raises FulfilmentError saying what is wrong with it.

    `http` is for machines at home only; nothing is looked up here.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:  # UnicodeError included
        raise FulfilmentError(f'url "{url[:200]}": {error}') from error
    scheme = parts.scheme
    if scheme != "https" and not (scheme == "http" and private_addresses):
        raise FulfilmentError(f'url "{url[:200]}": only https is allowed')
    if not _HOST.fullmatch(host) or parts.username is not None or parts.password is not None:
        raise FulfilmentError(f'url "{url[:200]}": write it as https://host/path')
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (target.isascii() and target.isprintable()) or " " in target:
        raise FulfilmentError(f'url "{url[:200]}": escape blanks and foreign letters with %')
    if scheme == "http":
        return Endpoint("http", host, port or 80, target)
    return Endpoint("https", host, port or 443, target)


def resolve(endpoint: Endpoint, *, private_addresses: bool, timeout_s: float) -> str:
    """The address to connect to. All of a name's addresses have to be allowed.

    Raises FulfilmentError for a name that does not resolve in time, or that leads inside.
    """
    found = _look_up(endpoint, timeout_s)
    if not private_addresses:
        inside = [address for address in found if not is_public(ipaddress.ip_address(address))]
        if inside:
            raise FulfilmentError(
                f"{endpoint.host} is at {inside[0]}, a private address; an administrator may "
                "allow those with fulfilment.private_addresses"
            )
    return found[0]


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet, an IPv4 address hidden inside it included."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None or address.teredo is not None:
            return False  # tunnels of old, good for nothing but getting inside
    return address.is_global and not address.is_multicast and not address.is_reserved


def _look_up(endpoint: Endpoint, timeout_s: float) -> list[str]:
    """A host's addresses. The resolver cannot be interrupted, so it is left behind when late."""
    results: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    if not _looking.acquire(timeout=timeout_s):
        raise FulfilmentError("too many names are being looked up")
    threading.Thread(target=_ask_resolver, args=(endpoint, results), daemon=True).start()
    try:
        found = results.get(timeout=timeout_s)
    except queue.Empty:
        raise FulfilmentError(f"{endpoint.host} was not found within {timeout_s:.1f} s") from None
    if isinstance(found, OSError) or not found:
        raise FulfilmentError(f"{endpoint.host} was not found: {found or 'no address'}")
    return found


def _ask_resolver(endpoint: Endpoint, results: queue.SimpleQueue[list[str] | OSError]) -> None:
    try:
        answers = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
        results.put([str(answer[4][0]).partition("%")[0] for answer in answers])
    except OSError as error:
        results.put(error)
    except UnicodeError as error:
        results.put(OSError(str(error)))
    finally:
        _looking.release()
