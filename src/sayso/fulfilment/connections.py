"""Connections to web services: judged, bounded, ended in time, kept for a while.

A connection is made to the very address that was judged, with the name kept for TLS and `Host`, so
that a name server cannot answer twice. `http.client` over a socket of our own makes that plain;
one clock ends the whole exchange, however slowly the other side trickles.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sayso.errors import FulfilmentError
from sayso.fulfilment.addresses import Endpoint, read_url, resolve

MOST_AT_ONCE = 16  # calls of one host: a slow one must not take every thread of the server
_IDLE_S = 3.0  # a connection is reused within this time; servers close theirs from 5 s on
_PAUSES_S = (0.05, 0.15)  # before a connection that was refused is tried again
_MOST_IDLE = 4  # connections kept for one host
_FAILING = (OSError, http.client.HTTPException, ValueError)
T = TypeVar("T")
# What is done over a connection; with it, whether the connection can be used again.
Exchange = Callable[[http.client.HTTPConnection, Endpoint], tuple[T, bool]]


@dataclass(frozen=True, slots=True)
class _Line:
    """An open connection and its socket; unused: when the last call over it ended."""

    connection: http.client.HTTPConnection
    socket: socket.socket
    unused: float = 0.0


class Connections:
    """Connections to any number of hosts. Thread-safe.

    private_addresses: allow addresses inside the house, and `http` with them.
    ca_file: certificate authorities to trust instead of the system's.
    """

    def __init__(self, *, private_addresses: bool, ca_file: Path | None = None) -> None:
        self._private, self._ca_file = private_addresses, ca_file
        self._tls: ssl.SSLContext | None = None
        self._idle: dict[tuple[str, str, int], list[_Line]] = defaultdict(list)
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    def over(self, url: str, exchange: Exchange[T], *, timeout_s: float, lasting: bool) -> T:
        """What an exchange with the host of a URL comes to.

        exchange: sends one request and reads the answer. timeout_s: of all of it.
        lasting: whether the connection may be one of before, and stays for the next; a host that
        refuses a new one is then tried again for a moment.
        Raises FulfilmentError, which names the host, for whatever goes wrong.
        """
        deadline = time.monotonic() + timeout_s
        endpoint = read_url(url, private_addresses=self._private)
        with self._turn(endpoint.host):
            try:
                return self._exchanged(endpoint, exchange, deadline, lasting)
            except TimeoutError as error:
                late = f"{endpoint.host} gave no answer within {timeout_s:g} s"
                raise FulfilmentError(late) from error
            except _FAILING as error:
                what = str(error) or type(error).__name__
                raise FulfilmentError(f"{endpoint.host}: {what[:200]}") from error

    def close(self) -> None:
        """Close the connections that are kept for later."""
        with self._lock:
            lines = [line for kept in self._idle.values() for line in kept]
            self._idle.clear()
        for line in lines:
            line.connection.close()

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        with self._lock:
            if self._running[host] >= MOST_AT_ONCE:
                raise FulfilmentError(f"{host} has {MOST_AT_ONCE} calls to answer already")
            self._running[host] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[host] -= 1
                self._running += Counter()  # forgets hosts without calls

    def _exchanged(
        self, endpoint: Endpoint, exchange: Exchange[T], deadline: float, lasting: bool
    ) -> T:
        line = self._kept(endpoint) if lasting else None
        if line is None:
            connect = self._connect_again if lasting else self._connect
            line = connect(endpoint, deadline)
        whole = False
        try:
            with _ended_at(deadline, line.socket):
                answer, whole = exchange(line.connection, endpoint)
            return answer
        finally:
            if whole and lasting:
                self._keep(endpoint, line)
            else:
                line.connection.close()

    def _connect_again(self, endpoint: Endpoint, deadline: float) -> _Line:
        """A new connection, tried more than once where a service is just starting anew.

        Nobody has heard of the request so far; once it is sent it is never sent again.
        """
        for pause_s in _PAUSES_S:
            with suppress(ConnectionRefusedError):
                return self._connect(endpoint, deadline)
            time.sleep(min(pause_s, _left_s(deadline)))
        return self._connect(endpoint, deadline)

    def _connect(self, endpoint: Endpoint, deadline: float) -> _Line:
        """A new connection, to the address that was found to be allowed and no other."""
        address = resolve(endpoint, private_addresses=self._private, timeout_s=_left_s(deadline))
        raw = socket.create_connection((address, endpoint.port), timeout=_left_s(deadline))
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.settimeout(_left_s(deadline))
            tls = endpoint.scheme == "https"
            sock = self._context().wrap_socket(raw, server_hostname=endpoint.host) if tls else raw
        except BaseException:
            raw.close()
            raise
        connection = http.client.HTTPConnection(endpoint.host, endpoint.port)
        connection.auto_open = 0  # it must never connect by itself
        connection.sock = sock
        return _Line(connection, sock)

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = ssl.create_default_context(cafile=self._ca_file)
            return self._tls

    def _kept(self, endpoint: Endpoint) -> _Line | None:
        """A connection that is open still; the others are closed."""
        while True:
            with self._lock:
                kept = self._idle[_door(endpoint)]
                line = kept.pop() if kept else None
            if line is None or _usable(line):
                return line
            line.connection.close()

    def _keep(self, endpoint: Endpoint, line: _Line) -> None:
        with self._lock:
            kept = self._idle[_door(endpoint)]
            kept.append(_Line(line.connection, line.socket, time.monotonic()))
            spare = kept.pop(0) if len(kept) > _MOST_IDLE else None
        if spare is not None:
            spare.connection.close()


def _door(endpoint: Endpoint) -> tuple[str, str, int]:
    return endpoint.scheme, endpoint.host, endpoint.port


def _left_s(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("out of time")
    return left


def _usable(line: _Line) -> bool:
    """Whether the other side has neither closed it nor said something nobody asked for."""
    if time.monotonic() - line.unused > _IDLE_S:
        return False
    poller = select.poll()
    poller.register(line.socket, select.POLLIN)
    return not poller.poll(0)


@contextmanager
def _ended_at(deadline: float, sock: socket.socket) -> Iterator[None]:
    """Cut the connection when time is up: a limit on each read would let a trickle go on.

    Raises TimeoutError then, whatever came of it inside: a cut answer may look like a whole one.
    """
    late = threading.Event()
    sock.settimeout(_left_s(deadline))
    timer = threading.Timer(_left_s(deadline), _cut, [sock, late])
    timer.daemon = True
    timer.start()
    try:
        yield
    except (*_FAILING, FulfilmentError):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError("out of time")


def _cut(sock: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # closed meanwhile
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which takes its time
