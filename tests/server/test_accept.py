from __future__ import annotations

import asyncio
import socket

from sayso.server.accept import Listener


class Guest(asyncio.Protocol):
    """Counts itself among those of its worker."""

    def __init__(self, those: list[asyncio.BaseTransport]) -> None:
        self.those = those

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.those.append(transport)

    def connection_lost(self, error: Exception | None) -> None:
        pass


async def shared_out(already: tuple[int, int], callers: int) -> list[int]:
    """Connections of two workers that share a socket, after so many have called."""
    guests: list[list[asyncio.BaseTransport]] = [[], []]
    board = [0, 0]

    def listener(place: int, listening: socket.socket) -> Listener:
        return Listener(
            listening,
            lambda: Guest(guests[place]),
            connections=lambda: already[place] + len(guests[place]),
            board=board,
            place=place,
        )

    with socket.create_server(("127.0.0.1", 0)) as listening:
        # Both in one process: each has its own handle of the one socket, as workers have.
        listeners = [listener(place, listening.dup()) for place in (0, 1)]
        host, port = listening.getsockname()
        callings = [await asyncio.open_connection(host, port) for _ in range(callers)]
        while sum(map(len, guests)) < callers:
            await asyncio.sleep(0.01)
        for each in listeners:
            each.close()
    for _, writer in callings:
        writer.close()
        await writer.wait_closed()
    for guest in (*guests[0], *guests[1]):
        guest.close()
    await asyncio.sleep(0)
    return [len(each) for each in guests]


def test_connections_are_shared_out_evenly() -> None:
    assert asyncio.run(shared_out((0, 0), 10)) == [5, 5]


def test_worker_with_fewest_connections_takes_the_next() -> None:
    assert asyncio.run(shared_out((6, 0), 6)) == [0, 6]
