"""How an MCP server is reached, from a client's configuration: without what may be a secret."""

from __future__ import annotations

import re
from typing import Any

from sayso.formats.foreign import Node
from sayso.skills.fulfilment_schema import VARIABLE
from sayso.types.skills import Service

MAY_BE_SECRET = "may hold a secret: set it again where the server is run"  # noqa: S105
_SECRET = re.compile(r"key|token|secret|passw|auth|bearer|credential|://[^/]*@", re.IGNORECASE)


def found_as(service: Service | None) -> dict[str, Any]:
    """How the server is reached, as the configuration has it."""
    if service is None:
        return {}
    found = {"url": service.url, "command": service.command, "args": list(service.args)}
    return {key: value for key, value in found.items() if value}


def service_of(server: str, entry: Node | None) -> Service | None:
    """How to reach a server: secrets are left out, and named as environment variables.

    entry: the server's, of a client's configuration.
    """
    if entry is None:
        return None
    url = _url(entry)
    if url is not None:
        headers = {
            name: _variable(server, name, value.value)
            for name, value in entry.at("headers").entries()
        }
        return Service(url=url, headers=headers)
    command = entry.at("command").text("commands")
    arguments = entry.at("args").items()
    if any(_SECRET.search(str(node.value)) for node in arguments):
        entry.at("args").hide(MAY_BE_SECRET)
        return None
    args = tuple(str(node.read("commands")) for node in arguments)
    env = tuple(name for name, _ in entry.at("env").entries() if re.fullmatch(VARIABLE, name))
    return Service(command, args, env=env) if command else None


def _url(entry: Node) -> str | None:
    """The server's address without its query, which may be a secret; None if it has none."""
    for key in ("url", "serverUrl", "httpUrl"):
        url = entry.at(key)
        if not url.text():
            continue
        bare = url.text().partition("?")[0]
        if _SECRET.search(bare) or not re.match(r"https?://[^\s/]", bare):
            url.hide(MAY_BE_SECRET)
            continue
        if bare == url.text():
            url.read("addresses")
            return bare
        url.hide("its query may be a secret")
    return None


def _variable(server: str, header: str, value: Any) -> str:
    """`${NAME}` in the place of a header's value: the variable that a client names, or a new one.

    `Bearer s3cret` of the server `notes` is `${NOTES_AUTHORIZATION}`.
    """
    named = re.search(r"\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}", str(value))
    if named:
        scheme = re.match(r"(Bearer|Basic|Token) ", str(value))
        return (scheme[0] if scheme else "") + f"${{{named[1]}}}"
    made = re.sub(r"\W+", "_", f"{server}_{header}", flags=re.ASCII).strip("_").upper()
    return f"${{{made if not made[:1].isdigit() else '_' + made}}}"
