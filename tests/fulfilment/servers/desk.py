"""An MCP server for tests: a desk with notes. It can be slow, die, fail and ask.

Each call of a tool is written to the file that DESK_LOG names, so that a test can count them.
"""

import os
import sys
import time
from typing import Annotated, Literal

from mcp.server.mcpserver import Elicit, MCPServer, Resolve
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import BaseModel, Field

server = MCPServer("desk", instructions="A desk with notes.")


def noted(tool: str) -> None:
    with open(os.environ["DESK_LOG"], "a") as log:
        log.write(f"{tool} {os.getpid()}\n")


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def find_notes(
    topic: Annotated[str, Field(description="What the notes are about")],
    most: int = 3,
    folder: Literal["inbox", "HOME_OFFICE"] = "inbox",
    pinned: bool = False,
) -> str:
    """Finds all notes about a topic. Newest first."""
    noted("find_notes")
    return f"{most!r} about {topic} in {folder}, pinned {pinned!r}"


@server.tool(annotations=ToolAnnotations(destructive_hint=True))
def delete_note(title: str) -> str:
    """Deletes a note."""
    noted("delete_note")
    return f"{title} is gone"


class Weather(BaseModel):
    temperature: float
    skies: list[str]


@server.tool()
def get_weather(city: str) -> Weather:
    """Tells the weather."""
    noted("get_weather")
    return Weather(temperature=21.5, skies=["clear", "calm"])


@server.tool()
def fail() -> str:
    """Fails."""
    noted("fail")
    raise ToolError("there is no paper")


@server.tool()
def die() -> str:
    """Dies in the middle of a call."""
    noted("die")
    print("the desk is burning", file=sys.stderr, flush=True)
    os._exit(3)


@server.tool()
def sleep(seconds: float) -> str:
    """Takes its time."""
    noted("sleep")
    time.sleep(seconds)
    return "rested"


@server.tool()
def picture() -> CallToolResult:
    """Draws."""
    noted("picture")
    return CallToolResult(content=[], structured_content={"drawn": True})


@server.tool()
def secret() -> str:
    """Tells what it was given."""
    return os.environ.get("DESK_TOKEN", "nothing") + " and " + os.environ.get("OTHER", "nothing")


class Sure(BaseModel):
    sure: bool


class Size(BaseModel):
    size: str


def really(title: str) -> Elicit[Sure]:
    return Elicit(f"Shred {title} for good?", Sure)


@server.tool()
def shred(title: str, sure: Annotated[Sure, Resolve(really)]) -> str:
    """Shreds a note, after a question."""
    noted("shred")
    return f"{title} is shredded" if sure.sure else f"{title} is kept"


def which_size(item: str) -> Elicit[Size]:
    return Elicit(f"What size of {item}?", Size)


@server.tool()
def order(item: str, wanted: Annotated[Size, Resolve(which_size)]) -> str:
    """Orders something, after a question."""
    noted("order")
    return f"one {wanted.size} {item}"


if __name__ == "__main__":
    if sys.argv[1:] == ["broken"]:
        sys.exit("no desk today")
    if sys.argv[1:2] == ["http"]:
        server.run("streamable-http", port=int(sys.argv[2]))
    else:
        server.run("stdio")
