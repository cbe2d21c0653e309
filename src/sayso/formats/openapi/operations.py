"""An operation of an OpenAPI description -> an intent."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from sayso.formats import made
from sayso.formats.catalogues import Types
from sayso.formats.foreign import Node
from sayso.formats.names import identifier, unlike
from sayso.formats.parameters import Parameters
from sayso.formats.refs import Refs
from sayso.formats.titles import words
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Intent

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_TOLD = 500  # characters of a description
_HARMLESS = ("get", "query")
_UNSPOKEN = ("options", "head", "trace")
_SAID = ("path", "query")
_BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
_NOT_OURS = {
    "tags": "a group of operations",
    "externalDocs": "further reading",
    "responses": "what comes back",
    "callbacks": "what the service calls, not what it is asked",
    "security": "who may call it: set where the skill is installed",
    "servers": "another address for this operation alone",
    "deprecated": "a mark that it will go",
}


def read_operation(
    path: str, method: str, item: Node, refs: Refs, types: Types, taken: Collection[str]
) -> Intent | None:
    """The intent of `item`'s operation; None, and the operation skipped, for a technical one."""
    node = item.at(method)
    if method in _UNSPOKEN:
        node.skip("a method for clients, nothing that a person asks for")
        return None
    own = node.at("operationId").text(note=made.MADE)
    called = words(_without_path(own, method, path)) or _called(method, path)
    for key, reason in _NOT_OURS.items():
        node.at(key).skip(reason)
    parameters = Parameters(refs, types)
    for each in _declared(item, node, refs):
        _add(each, parameters, refs)
    _add_body(node.at("requestBody"), parameters, refs)
    # What the path needs comes first, then what else is required, then the rest.
    slots = tuple(sorted(parameters.slots, key=lambda slot: not slot.required))
    told = [node.at(key).text(note=made.MADE) for key in ("summary", "description")]
    texts = [text for text in told if text]
    grave = method == "delete"
    return Intent(
        unlike(identifier(own or f"{method} {words(path)}"), taken),
        made.samples(called, texts, slots),
        slots,
        confirm=(made.shall_i(called, texts),) if grave else (),
        side_effects=method not in _HARMLESS,
        extra={OURS: {"method": method, "path": path, **_body_of(node, refs)}},
        description=" ".join(said(texts[0][:_TOLD]).split()) if texts else "",
    )


def _without_path(own: str, method: str, path: str) -> str:
    """The name of an operation as its author wrote it: FastAPI adds path and method."""
    return own.removesuffix(re.sub(r"\W", "_", f"{path}_{method}"))


def _called(method: str, path: str) -> str:
    """Words for an operation without a name: `POST /pets/{id}/photos` is "add pets photos"."""
    verb = {"post": "add", "put": "change", "patch": "change", "query": "search"}
    steps = [step for step in path.split("/") if step and not step.startswith("{")]
    return " ".join([verb.get(method, method), *map(words, steps)]).strip()


def _declared(item: Node, operation: Node, refs: Refs) -> list[Node]:
    """Parameters of the path and of the operation; the operation's own count."""
    found: dict[tuple[Any, Any], Node] = {}
    for each in [*item.at("parameters").items(), *operation.at("parameters").items()]:
        node = refs.follow(each)
        if node is not None:
            found[(str(node.at("name").value), str(node.at("in").value))] = node
    return list(found.values())


def _add(node: Node, parameters: Parameters, refs: Refs) -> None:
    name, place = node.at("name").text(), node.at("in").text()
    if not name or place not in _SAID:
        unsaid = place in ("header", "cookie")
        reason = "set by the client, not said" if unsaid else "a parameter without name or place"
        node.skip(reason)
        return
    node.at("name").read("slots")
    node.at("in").read("slots")
    schema = node.at("schema")
    for kind, content in node.at("content").entries()[:1]:
        schema = content.at("schema") if not schema.there else schema
        content.skip(f"a value written as {kind}")
    required = node.at("required").flag("slots' flags") or place == "path"
    parameters.add(name, schema, place, (name,), required=required, about=node)


def _add_body(body: Node, parameters: Parameters, refs: Refs) -> None:
    node = refs.follow(body) if body.there else None
    if node is None:
        return
    node.at("description").skip("describes the body, whose parts are the slots")
    kind = _kind(node)
    for other, content in node.at("content").entries():
        if other != kind:
            content.skip("the body in another form")
    if not kind:
        node.skip("a body that nobody can say")
        return
    schema = node.at("content", kind, "schema")
    node.at("content", kind).skip("examples of whole bodies")
    required = node.at("required").flag("slots' flags")
    parameters.add("body", schema, "body", (), required=required)


def _kind(body: Node) -> str:
    kinds = [kind for kind, _ in body.at("content").entries()]
    plain = {kind.split(";")[0].strip(): kind for kind in reversed(kinds)}
    known: Sequence[str] = [plain[kind] for kind in _BODIES if kind in plain]
    return next(iter([*known, *(x for x in kinds if "json" in x)]), "")


def _body_of(node: Node, refs: Refs) -> dict[str, str]:
    body = refs.follow(node.at("requestBody")) if node.at("requestBody").there else None
    kind = _kind(body) if body else ""
    return {"body": kind} if kind else {}
