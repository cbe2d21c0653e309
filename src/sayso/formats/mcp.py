"""MCP servers -> skills, by their answers to `tools/list`: a tool is an intent.

Read are the answer itself (`{"tools": [...]}`, with or without its JSON-RPC envelope, or several
pages in a list) and client configurations (`mcpServers`, `servers`). A configuration says how to
reach a server and not what it can do: it needs the server's list of tools in the same entry, or
beside it in a file of the server's name. No server is started.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from sayso.errors import SkillError
from sayso.formats import made
from sayso.formats.catalogues import Types
from sayso.formats.foreign import UNUSED, Marks, Node, load, peek
from sayso.formats.format import Format, Imported
from sayso.formats.harm import harm
from sayso.formats.mcp_connections import MAY_BE_SECRET, found_as, service_of
from sayso.formats.names import identifier, unlike
from sayso.formats.parameters import Parameters
from sayso.formats.refs import Refs
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id, words
from sayso.skills.restore import OURS
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import (
    Fulfilment,
    FulfilmentKind,
    Intent,
    Language,
    Service,
    Skill,
)

MOST_TOOLS = 5000
_ANY = ("tools", "tools-list", "tools_list", "mcp", "list", "index")  # names of no server
_TOLD = 500  # characters of a description
_SERVERS = (("mcpServers",), ("servers",), ("mcp", "servers"), ("context_servers",))


@dataclass
class _Server:
    name: str
    tools: list[Node] = field(default_factory=list)
    about: list[Node] = field(default_factory=list)  # answers that may say what it is
    entry: Node | None = None  # of a client's configuration


def claims(tree: Tree) -> Sequence[str]:
    """Lists of tools, and configurations of clients."""
    return [name for name in tree.names if name.endswith(".json") and _is_one(tree, name)]


def read(tree: Tree, name: str) -> Imported:
    """A skill a server. Raises SkillError for servers without any list of tools."""
    claimed = claims(tree) or [file for file in tree.names if file.endswith(".json")]
    files = {file: load(tree, file) for file in claimed}
    servers = _gather(files, name)
    if not any(server.tools for server in servers):
        names = ", ".join(server.name for server in servers) or "none"
        raise SkillError(
            f"{tree.source}: a configuration of MCP servers ({names}) names no tools; save each "
            "server's answer to tools/list beside it as <server>.json"
        )
    skills: list[Skill] = []
    for server in servers:
        if server.tools:
            skills.append(_skill(server, [skill.id for skill in skills]))
        elif server.entry:
            server.entry.skip("a server without its tools; save its answer to tools/list beside")
    accounts = {file: marks.close() for file, marks in files.items()}
    unused = {file: "no tools of a server" for file in tree.names if file not in accounts}
    return Imported(sorted(skills, key=lambda skill: skill.id), accounts, unused)


def _is_one(tree: Tree, name: str) -> bool:
    for words_in in ((b"inputSchema",), (b"ervers", b"{")):
        data = peek(tree, name, *words_in)
        if data is not None and (_pages(Marks(data).root) or _entries(Marks(data).root)):
            return True
    return False


def _pages(root: Node) -> list[Node]:
    """Parts of a file that hold a list `tools`; a bare list of tools is one itself."""
    if any(_is_tool(node) for node in root.items()):
        return [root]
    nodes = [root, *root.items()]
    inner = [each for node in nodes for each in (node, node.at("result"))]
    return [node for node in inner if any(map(_is_tool, node.at("tools").items()))]


def _is_tool(node: Node) -> bool:
    return bool(node.at("name").text()) and isinstance(node.at("inputSchema").value, dict)


def _entries(root: Node) -> list[tuple[str, Node]]:
    """Servers of a client's configuration."""
    found = [entry for keys in _SERVERS for entry in root.at(*keys).entries()]
    return [(name, node) for name, node in found if _reaches(node)]


def _reaches(node: Node) -> bool:
    return any(node.at(key).text() for key in ("command", "url", "serverUrl", "httpUrl"))


def _gather(files: dict[str, Marks], name: str) -> list[_Server]:
    servers: dict[str, _Server] = {}
    for marks in files.values():
        if _entries(marks.root) and not _pages(marks.root):
            marks.root.hide(MAY_BE_SECRET)
        for own, entry in _entries(marks.root):
            server = servers.setdefault(identifier(own.casefold()), _Server(own))
            server.entry = server.entry or entry
            entry.hide(MAY_BE_SECRET)
            entry.at("tools").skip(UNUSED)
            server.tools += entry.at("tools").items()
    configured = [*servers.values()]
    for file, marks in files.items():
        pages = _pages(marks.root)
        if not pages:
            continue
        # "notes.2.json" is a further page of "notes.json".
        stem = re.sub(r"\.\d+$", "", PurePosixPath(file).stem)
        stem = name if stem.casefold() in _ANY and len(files) == 1 else stem
        lone = len(configured) == 1 and len(files) == 2
        key = identifier(stem.casefold())
        server = configured[0] if lone else servers.setdefault(key, _Server(stem))
        server.about += pages
        for page in pages:
            server.tools += page.items() or page.at("tools").items()
    return [*servers.values()]


def _skill(server: _Server, taken: Sequence[str]) -> Skill:
    about = [node.at("serverInfo") for node in server.about]
    title = next((x.at("title").text("names") for x in about if x.at("title").text()), "")
    for node in server.about:
        node.at("nextCursor").skip("the list goes on; save the further pages as <server>.2.json, …")
        for key in ("jsonrpc", "id", "ttlMs", "cacheScope", "_meta"):
            node.at(key).skip("the envelope of the answer")
    title = said(title) or words(server.name).capitalize() or server.name
    told = [node.at("instructions") for node in server.about]
    told += [x.at("description") for x in about]
    told += [server.entry.at("description")] if server.entry else []
    description = next((x.text("descriptions")[:_TOLD] for x in told if x.text()), "")
    types = Types()
    intents: dict[str, Intent] = {}
    for tool in server.tools:
        if len(intents) >= MOST_TOOLS:
            tool.skip(f"more than {MOST_TOOLS} tools of one server")
            continue
        intent = _intent(tool, types, intents)
        if intent:
            intents[intent.name] = intent
    service = service_of(server.name, server.entry)
    language = Language(
        DEFAULT_LOCALE,
        title.lower(),
        said(description),
        intents=tuple(intents.values()),
        types=tuple(types.found.values()),
    )
    return Skill(
        unlike(skill_id(server.name), taken),
        title,
        said(description),
        (language,),
        _fulfilment(language, service),
        extra={"mcp": {"server": server.name, **found_as(service)}},
    )


def _intent(tool: Node, types: Types, taken: dict[str, Intent]) -> Intent | None:
    own = tool.at("name").text()
    if not own or not isinstance(tool.at("inputSchema").value, dict):
        tool.skip("a tool without a name" if not own else "a tool without an inputSchema")
        return None
    name = identifier(own)
    if name in taken and any(_tool_of(intent) == own for intent in taken.values()):
        tool.skip("a second tool of the same name")
        return None
    name = unlike(name, taken)
    schema = tool.at("inputSchema")
    schema.skip("a limit that the server checks itself")
    parameters = Parameters(Refs(schema), types)
    parameters.add_object(schema, "")
    slots = tuple(parameters.slots)
    tool.at("outputSchema").skip("what comes back")
    tool.at("icons").skip("a picture")
    tool.at("_meta").skip("for the server's own clients")
    told = [tool.at(key) for key in ("title", "description") if tool.at(key).text()]
    texts = [node.text(note=made.MADE) for node in told]
    texts += [x for x in [tool.at("annotations", "title").text(note=made.MADE)] if x]
    tool.at("name").map(made.MADE)
    side_effects, grave = harm(tool.at("annotations"), words(own))
    return Intent(
        name,
        made.samples(own, texts, slots),
        slots,
        confirm=(made.shall_i(own, texts),) if grave else (),
        side_effects=side_effects,
        extra={OURS: {"tool": own}},
        description=_about(tool, texts),
    )


def _about(tool: Node, texts: Sequence[str]) -> str:
    """What the tool is for, as its developer says it."""
    told = tool.at("description").text() or next(iter(texts), "")
    return " ".join(said(told[:_TOLD]).split())


def _tool_of(intent: Intent) -> Any:
    return intent.extra[OURS]["tool"]


def _fulfilment(language: Language, service: Service | None) -> Fulfilment:
    """The server itself, where it is known how it is reached; else a reply that says nothing."""
    if service is None:
        return fulfilment([language], {})
    return Fulfilment(FulfilmentKind.MCP, service=service)


MCP = Format("mcp", "MCP list of tools or client configuration", claims, read)
