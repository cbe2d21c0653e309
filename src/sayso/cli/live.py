"""MCP servers are asked for their tools, for `sayso import --live`, which reads what is written."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.types.skills import Service

PATIENCE_S = 90.0  # a package may have to be fetched first
_NO_NAMES = ("www", "mcp", "api", "localhost")  # parts of a host that name no server
Entry = dict[str, Any]


def ask_servers(
    source: str,
    into: Path,
    *,
    env: Sequence[str],
    headers: Sequence[str],
    environment: Mapping[str, str],
    private_addresses: bool,
) -> list[str]:
    """Write a configuration and a list of tools for each server into a folder.

    source: a client's configuration (a file), the address of a server, or the command of one.
    env, headers: for an address or a command. environment: what variables stand for.
    Returns complaints, one for each of several servers that could not be asked. Raises HomeError,
    FulfilmentError.
    """
    from sayso.errors import FulfilmentError
    from sayso.fulfilment.mcp_servers import Servers

    configured = Path(source).is_file()
    entries = _configured(Path(source)) if configured else _single(source, env, headers)
    complaints = []
    for name, entry in entries.items():
        service, secrets = _service(entry, environment)
        servers = Servers(
            environment={**environment, **secrets}, private_addresses=private_addresses
        )
        try:
            pages = servers.tools(service, folder=None, timeout_s=PATIENCE_S)
        except FulfilmentError as error:
            if len(entries) == 1:
                raise FulfilmentError(f"{name}: {error}") from error
            complaints.append(f"{name}: {error}")
            continue
        finally:
            servers.close()
        _write(into / f"{name}.json", pages)
        _write(into / "config" / f"{name}.json", {"mcpServers": {name: entry}})
    if len(complaints) == len(entries):
        raise FulfilmentError("; ".join(complaints) or f"{source}: no MCP server is named there")
    return complaints


def _write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")


def _configured(path: Path) -> dict[str, Entry]:
    """Servers of a client's configuration, by names that files may have."""
    from sayso.errors import HomeError

    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise HomeError(f"{path}: no configuration that can be read: {error}") from error
    found = data.get("mcpServers") or data.get("servers") if isinstance(data, dict) else None
    if not isinstance(found, dict) or not all(isinstance(x, dict) for x in found.values()):
        raise HomeError(f'{path}: no "mcpServers" there; give a client\'s configuration')
    return {re.sub(r"[^\w.-]", "-", name): dict(entry) for name, entry in found.items()}


def _single(source: str, env: Sequence[str], headers: Sequence[str]) -> dict[str, Entry]:
    """The one server of an address or a command."""
    from sayso.errors import HomeError

    if re.match(r"https?://", source):
        given = dict(each.partition(":")[::2] for each in headers)
        told = {name.strip(): value.strip() for name, value in given.items()}
        return {_host(source): {"url": source, **({"headers": told} if told else {})}}
    try:
        command, *args = shlex.split(source)
    except ValueError as error:
        raise HomeError(f'"{source}": no command: {error}') from error
    # The skill starts it in another folder: files are named in whole.
    whole = [str(Path(each).resolve()) if Path(each).is_file() else each for each in args]
    named = [each for each in args if not each.startswith("-")] or [command]
    name = re.sub(r"[^\w.-]", "-", Path(named[-1]).stem) or "server"
    return {name: {"command": command, "args": whole, "env": dict.fromkeys(env, "")}}


def _host(url: str) -> str:
    """What a server may be called: `https://mcp.notes.example/mcp` is notes."""
    labels = re.sub(r":\d+$", "", url.split("/")[2].rpartition("@")[2]).split(".")
    parts = [label for label in labels[:-1] if label not in _NO_NAMES]
    return parts[0] if parts and not parts[0].isdigit() else "server"


def _service(entry: Entry, environment: Mapping[str, str]) -> tuple[Service, dict[str, str]]:
    """How to reach a server now, and the secrets that its entry holds: no file gets them."""
    from sayso.types.skills import Service

    secrets: dict[str, str] = {}
    for name, value in dict(entry.get("env") or {}).items():
        filled = _expanded(str(value), environment) or environment.get(name, "")
        if filled:
            secrets[str(name)] = filled
    headers = {}
    for number, (name, value) in enumerate(dict(entry.get("headers") or {}).items()):
        secrets[f"SAYSO_HEADER_{number}"] = _expanded(str(value), environment)
        headers[str(name)] = f"${{SAYSO_HEADER_{number}}}"
    url = next((entry[key] for key in ("url", "serverUrl", "httpUrl") if entry.get(key)), None)
    if url is not None:
        return Service(url=str(url), headers=headers), secrets
    names = tuple(name for name in secrets if not name.startswith("SAYSO_HEADER_"))
    args = tuple(map(str, entry.get("args") or ()))
    return Service(str(entry.get("command", "")), args, env=names), secrets


def _expanded(text: str, environment: Mapping[str, str]) -> str:
    """A value of a configuration, with the variables that it names."""
    return re.sub(r"\$\{(?:env:)?(\w+)\}", lambda found: environment.get(found[1], ""), text)
