"""The service: it listens, answers each client in turn, and many clients at once.

Nothing that a client does takes it down or makes it grow: what is read and written is bounded, so
are the clients, and an error of ours is an `error` to the one who asked and a line in the log.
"""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from wyoming.event import Event

from sayso.errors import HomeError, RequestError, SaysoError
from sayso.protocols.addresses import loopback
from sayso.protocols.stopping import told_to_stop
from sayso.protocols.turns import Busy, Turns
from sayso.protocols.wyoming.answers import answer, error
from sayso.protocols.wyoming.wire import MOST_HEADER, BadMessage, read_event, write_event
from sayso.runtime.home import Home
from sayso.runtime.requests import check_user

log = logging.getLogger("sayso.wyoming")

URI = "tcp://127.0.0.1:10400"
MOST_CLIENTS = 100
GRACE_S = 30.0  # for turns that have begun, when the service is stopped


class Service:
    """Answers the clients of one home. user: who speaks, for all of them."""

    def __init__(self, home: Home, user: str) -> None:
        self._home, self._user = home, user
        self._turns = Turns()
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client until it leaves."""
        task = asyncio.current_task()
        assert task is not None
        full = len(self._clients) >= MOST_CLIENTS
        self._clients[task] = writer
        try:
            if full:
                await write_event(error("too many clients; try again", "busy"), writer)
            else:
                await self._converse(reader, writer, task)
        except OSError:
            pass  # the client has gone
        finally:
            del self._clients[task]
            writer.close()

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        task: asyncio.Task[None],
    ) -> None:
        while not self._stopping:
            try:
                event = await read_event(reader)
            except BadMessage as reason:
                await write_event(error(f"{reason}; goodbye", "request"), writer)
                return
            if event is None:
                return
            self._working.add(task)
            try:
                for reply in await self._answer(event):
                    if not await write_event(reply, writer):
                        return
            finally:
                self._working.discard(task)

    async def _answer(self, event: Event) -> list[Event]:
        try:
            return await self._turns.run(answer, event, self._home, self._user)
        except Busy as busy:
            return [error(str(busy), "busy")]
        except RequestError as wrong:
            field = f"{wrong.field}: " if wrong.field else ""
            return [error(f"{field}{wrong}", "request")]
        except SaysoError as failure:  # a message of ours may hold paths of this machine
            log.error("%s: %s", event.type, failure)
        except Exception:  # whatever it is, the others are served on
            log.exception("%s could not be answered", event.type)
        return [error("something went wrong here; the service's log tells more", "internal")]

    async def stop(self) -> None:
        """Let turns that have begun be answered, and say goodbye to the others."""
        self._stopping = True
        for task, writer in list(self._clients.items()):
            if task not in self._working:
                writer.transport.abort()
        if self._clients:
            await asyncio.wait(list(self._clients), timeout=GRACE_S)


async def serve(
    home: Home, uri: str, user: str, *, network: bool, on_ready: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or SIGINT. uri: `tcp://host:port` or `unix:///path`.

    network: whether others than this machine may come in. on_ready: told the address once it
    listens; port 0 takes any free one. Raises HomeError for an address that cannot be had, and
    RequestError for what is no name of a user.
    """
    check_user(user)
    service = Service(home, user)
    with told_to_stop() as told:
        try:
            server = await _listen(service, urlsplit(uri), uri, network=network)
        except (OSError, OverflowError, ValueError) as why:
            raise HomeError(f"cannot listen on {uri}: {why}; choose another with --uri") from why
        try:
            on_ready(_address(server, uri))
            await told.wait()
        finally:
            server.close()
            await service.stop()


async def _listen(
    service: Service, where: SplitResult, uri: str, *, network: bool
) -> asyncio.Server:
    if where.scheme == "unix" and where.path and not where.netloc:
        path = Path(where.path)
        if path.exists():
            if not stat.S_ISSOCK(path.stat().st_mode):
                raise HomeError(f"{path}: is there and no socket; choose another path with --uri")
            path.unlink()  # left by a service that was killed
        server = await asyncio.start_unix_server(service.met, path, limit=MOST_HEADER)
        path.chmod(0o600)
        return server
    if where.scheme != "tcp" or where.hostname is None or where.port is None:
        raise HomeError(f"{uri}: no address; write {URI} or unix:///run/sayso.sock")
    if not network and not loopback(where.hostname):
        raise HomeError(
            f"{uri}: Wyoming has no keys, so everybody who reaches it could speak as the user; "
            "say --network if that is meant, and keep the port behind a firewall"
        )
    return await asyncio.start_server(
        service.met, where.hostname, where.port, limit=MOST_HEADER, backlog=MOST_CLIENTS
    )


def _address(server: asyncio.Server, uri: str) -> str:
    name = server.sockets[0].getsockname()
    if not isinstance(name, tuple):
        return uri
    host, port = name[:2]
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
