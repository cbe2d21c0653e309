"""Who may call a service: headers whose values are environment variables of a name we make."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sayso.formats.foreign import Node

_SCHEMES = {"bearer": "Bearer", "basic": "Basic"}


def headers_of(root: Node, title: str) -> Mapping[str, str]:
    """Headers that each request needs; no value of a secret stands in a description.

    `bearer` of the Town Library is `Authorization: Bearer ${TOWN_LIBRARY_TOKEN}`. Of several ways
    the first is taken that the document asks for, else the only one there is.
    """
    schemes = dict(root.at("components", "securitySchemes").entries())
    wanted = [name for each in root.at("security").items()[:1] for name, _ in each.entries()]
    names = [name for name in wanted if name in schemes] or (
        list(schemes) if len(schemes) == 1 else []
    )
    found: dict[str, str] = {}
    for name in names:
        found |= _header(schemes[name], title)
    return found


def _header(scheme: Node, title: str) -> dict[str, str]:
    kind = scheme.at("type").text()
    if kind == "apiKey" and scheme.at("in").text() == "header" and scheme.at("name").text():
        scheme.map("a header with an environment variable")
        return {scheme.at("name").text(): _variable(title, "KEY")}
    way = _SCHEMES.get(scheme.at("scheme").text().casefold())
    if kind == "http" and way is not None:
        scheme.map("a header with an environment variable")
        return {"Authorization": f"{way} {_variable(title, 'TOKEN')}"}
    return {}


def _variable(title: str, what: str) -> str:
    name = re.sub(r"\W+", "_", title, flags=re.ASCII).strip("_").upper()
    return f"${{{'_' if not name or name[0].isdigit() else ''}{name}_{what}}}"
