"""`sayso mcp` as a process: the official client starts it, or knocks over HTTP."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from sayso.runtime.home import Home
from sayso.server.keys import new_key
from tests.cli.conftest import running, shell
from tests.cli.test_train import lines, next_of
from tests.server.mcp.conftest import PATIENCE_S, Talk, person, text_of, yes


def through_stdio(folder: Path, task: Talk, *options: str, **more: Any) -> Any:
    """What a client's task comes to, at a process that it has started itself."""
    arguments = ["-m", "sayso", "mcp", str(folder), *options]
    server = StdioServerParameters(command=sys.executable, args=arguments, env=_environment())

    async def run() -> Any:
        with anyio.fail_after(PATIENCE_S), (folder / "stderr.txt").open("w") as errors:
            async with Client(stdio_client(server, errors), **more) as client:
                return await task(client)

    return anyio.run(run)


def _environment() -> dict[str, str]:
    return {key: os.environ[key] for key in ("PYTHONPATH", "PATH") if key in os.environ}


@contextmanager
def over_http(folder: Path, *options: str) -> Iterator[str]:
    """A door over HTTP, as a process; its URL."""
    arguments = ["mcp", folder, "--http", "--port", "0", *options]
    with running(*arguments) as process:
        told = next_of(lines(process.stdout))
        yield told.rsplit(" ", 1)[-1].strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


def through_http(url: str, task: Talk, key: str | None = None, **more: Any) -> Any:
    async def run() -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        with anyio.fail_after(PATIENCE_S):
            async with (
                httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S) as knocking,
                Client(streamable_http_client(url, http_client=knocking), **more) as client,
            ):
                return await task(client)

    return anyio.run(run)


async def boil(client: Client) -> Any:
    found = await client.call_tool("find_tools", {"request": "boil my egg for four minutes"})
    tool = (found.structured_content or {})["tools"][0]
    return await client.call_tool("call_tool", {k: tool[k] for k in ("name", "arguments")})


async def unlock(client: Client) -> Any:
    return await client.call_tool("door.Unlock")


def users_of(folder: Path) -> list[str]:
    with Home.open(folder) as home:
        return [turn.user for user in ("ana", "ben") for turn in home.store.interactions(user=user)]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_that_starts_it_finds_and_calls_a_tool(folder: Path, mode: str) -> None:
    result = through_stdio(folder, boil, "--user", "ana", mode=mode)
    assert text_of(result) == "Boiling for PT4M."
    assert users_of(folder) == ["ana"]


def test_the_person_is_asked_through_the_pipe(folder: Path) -> None:
    asked: list[str] = []
    callback = person(yes(confirmed=True), asked=asked)
    result = through_stdio(folder, unlock, mode="legacy", elicitation_callback=callback)
    assert (text_of(result), len(asked)) == ("The door is open.", 1)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_clients_are_served_over_http(folder: Path, mode: str) -> None:
    with over_http(folder, "--user", "ana") as url:
        assert text_of(through_http(url, boil, mode=mode)) == "Boiling for PT4M."
        callback = person(yes(confirmed=True), asked=[])
        result = through_http(url, unlock, mode=mode, elicitation_callback=callback)
        assert text_of(result) == "The door is open."
    assert set(users_of(folder)) == {"ana"}


def test_over_http_a_key_speaks_for_its_user_and_nobody_comes_in_without(folder: Path) -> None:
    key, digest = new_key()
    settings = folder / "sayso.toml"
    keys = f'\n[[server.keys]]\nsha256 = "{digest}"\nrole = "talk"\nuser = "ben"\n'
    settings.write_text(settings.read_text() + keys)
    with over_http(folder, "--user", "ana") as url:
        assert text_of(through_http(url, boil, key)) == "Boiling for PT4M."
        for headers in ({}, {"X-API-Key": "wrong"}):
            assert httpx.post(url, json={}, headers=headers).status_code == 401
    assert users_of(folder) == ["ben"]


def test_without_keys_a_page_with_a_name_of_its_own_is_turned_away(folder: Path) -> None:
    with over_http(folder) as url:
        answer = httpx.post(url, json={}, headers={"Host": "evil.example"})
        assert answer.status_code in (403, 421)


def test_an_open_door_is_refused(folder: Path) -> None:
    result = shell("mcp", folder, "--http", "--host", "0.0.0.0")
    assert result.code == 2
    assert "sayso key" in result.err
    assert "are for --http" in shell("mcp", folder, "--port", "80").err
