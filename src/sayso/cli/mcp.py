"""`sayso mcp`: the home as an MCP server."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, Locale, print_line


def mcp(
    home: HomeFolder,
    user: Annotated[
        str, typer.Option(help="For whom tools are found and called; a talk key's own user counts.")
    ] = "anonymous",
    all_tools: Annotated[
        bool, typer.Option(help="List every tool beside find_tools and call_tool, in pages.")
    ] = False,
    http: Annotated[
        bool, typer.Option(help="Serve many clients over HTTP, not one on standard input.")
    ] = False,
    host: Annotated[
        str | None, typer.Option(help="Address, with --http; [server] host if not given.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port, with --http; [server] port if not given, 0 for any."
        ),
    ] = None,
    locale: Locale = None,
    as_json: AsJson = False,
) -> None:
    """Serve the home's skills as tools to agents, over MCP: find_tools and call_tool."""
    from sayso.errors import HomeError, MissingExtraError

    if find_spec("mcp") is None:
        raise MissingExtraError("mcp", "mcp")
    if not http and (host is not None or port is not None):
        raise HomeError("--host and --port are for --http; without it, one client is served here")
    from sayso.runtime.home import Home
    from sayso.runtime.requests import check_user
    from sayso.server.mcp.serve import serve_http, serve_stdio

    check_user(user)
    if http:
        serve_http(
            home,
            user=user,
            locale=locale,
            all_tools=all_tools,
            host=host,
            port=port,
            on_ready=_print_url if as_json else _say_url,
        )
        return
    with Home.open(home) as opened:
        serve_stdio(opened, user=user, locale=locale, all_tools=all_tools)


def _print_url(url: str) -> None:
    print_line({"url": url})


def _say_url(url: str) -> None:
    print(f"Sayso's tools are at {url}", flush=True)
