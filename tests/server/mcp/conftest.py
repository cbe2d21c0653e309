"""A small trained home, and the official client at its door, in this process."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult

from sayso.encoders import Encoder
from sayso.runtime.home import Home
from sayso.server.mcp.door import McpDoor
from tests.runtime.homes import make_home

PATIENCE_S = 60.0
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="session")
def tools_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("tools") / "home", Encoder.load())


@pytest.fixture
def folder(tools_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tools_home, tmp_path / "home"))


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    with Home.open(folder) as opened:
        yield opened


@asynccontextmanager
async def at_door(home: Home, **more: Any) -> AsyncIterator[Client]:
    """A client at the door of a home. more: of the door (`all_tools`), and of the client."""
    door = McpDoor(home, lambda _: "ana", all_tools=more.pop("all_tools", False))
    async with Client(door.server(), **more) as client:
        yield client


def talk(home: Home, task: Talk, **more: Any) -> Any:
    """What a client's task comes to."""

    async def run() -> Any:
        with anyio.fail_after(PATIENCE_S):
            async with at_door(home, **more) as client:
                return await task(client)

    return anyio.run(run)


def text_of(result: CallToolResult) -> str:
    return " ".join(each.text for each in result.content if each.type == "text")


def person(*answers: ElicitResult, asked: list[str]) -> Any:
    """One who is asked by the client, and answers in turn."""
    left = list(answers)

    async def answer(_: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        asked.append(params.message)
        return left.pop(0)

    return answer


def yes(**content: Any) -> ElicitResult:
    return ElicitResult(action="accept", content=content)
