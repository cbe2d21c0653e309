"""Tools of an MCP server as a skill's back-end: slots become arguments, what comes back is said.

A server that wants to know more (`input_required`) has the person asked: for a yes, or for a slot;
its state goes along in the session's attributes until the answer is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sayso.dialogue.phrases import phrase
from sayso.errors import FulfilmentError
from sayso.fulfilment.arguments import arguments_of, intent_of, nested
from sayso.fulfilment.spoken import in_words, shortened, spoken
from sayso.fulfilment.wire import MAX_BYTES
from sayso.skills.restore import notes
from sayso.types.calls import Answer, Call
from sayso.types.context import Context
from sayso.types.skills import Intent, Skill

if TYPE_CHECKING:
    from mcp_types import CallToolResult, InputRequiredResult

    from sayso.fulfilment.mcp_line import Order
    from sayso.fulfilment.mcp_servers import Servers

ASKED = "mcp"  # attribute under which a question of the server's is kept
MOST_STATE = 16_384  # characters of a server's state that are kept between two turns
_TOLD = 300  # characters of a tool's error


def answer(
    servers: Servers, skill: Skill, call: Call, context: Context, *, timeout_s: float
) -> Answer:
    """What the tool's server says to the call of an intent. Raises FulfilmentError."""
    service = skill.fulfilment.service
    if service is None:
        raise FulfilmentError("the skill names no server")
    intent = intent_of(skill, call, context)
    order = _order(intent, call, context)
    result = servers.call(service, order, folder=skill.folder, timeout_s=timeout_s)
    if result.result_type == "input_required":
        return _asked(result, order, intent)  # type: ignore[arg-type]
    return _said(result, context)  # type: ignore[arg-type]


def _order(intent: Intent, call: Call, context: Context) -> Order:
    from mcp_types import ElicitResult

    from sayso.fulfilment.mcp_line import Order

    tool = str(notes(intent.extra).get("tool") or intent.name)
    arguments = nested(arguments_of(intent, call, context))
    asked = context.attributes.get(ASKED)
    if not isinstance(asked, Mapping) or asked.get("tool") != tool or call.new_session:
        return Order(tool, arguments)
    before, name = dict(asked.get("arguments", {})), str(asked.get("name"))
    value = arguments.get(name) if asked.get("slot") is not None else call.confirmed or None
    if value is None or {**arguments, name: None} != {**before, name: None}:
        return Order(tool, arguments)  # they want something else now: it begins anew
    agreed = ElicitResult(action="accept", content={name: value})
    # As it was sent before: the server's state may be bound to it.
    return Order(tool, before, {str(asked.get("key")): agreed}, asked.get("state"))


def _asked(result: InputRequiredResult, order: Order, intent: Intent) -> Answer:
    """A question of the server's, put to the person."""
    requests = list((result.input_requests or {}).items())
    if len(requests) != 1 or len(result.request_state or "") > MOST_STATE:
        raise FulfilmentError("the server asks for several things at once, which is not done")
    key, request = requests[0]
    params = request.params
    if request.method != "elicitation/create" or getattr(params, "mode", "form") != "form":
        raise FulfilmentError(f"the server wants {request.method}, which is not done; declined")
    message = " ".join(params.message.split())  # type: ignore[union-attr]
    schema: Mapping[str, Any] = params.requested_schema  # type: ignore[union-attr]
    properties = dict(schema.get("properties", {}))
    kept: dict[str, Any] = {
        "tool": order.tool,
        "arguments": dict(order.arguments),
        "key": key,
        "state": result.request_state,
    }
    for name, wanted in properties.items():
        if len(properties) == 1 and wanted.get("type") == "boolean":
            attributes = {ASKED: {**kept, "name": name}}
            return Answer(message, ended=False, confirm=True, attributes=attributes)
        slot = next((x.name for x in intent.slots if _is_of(name, x.extra, x.name)), None)
        if len(properties) == 1 and slot is not None:
            attributes = {ASKED: {**kept, "name": name, "slot": slot}}
            return Answer(message, ended=False, ask_slot=slot, attributes=attributes)
    names = ", ".join(properties) or "nothing"
    raise FulfilmentError(f'the server asks "{message[:200]}" for {names}: no slot of the skill')


def _is_of(name: str, extra: Mapping[str, Any], slot: str) -> bool:
    return list(notes(extra).get("argument") or (slot,)) == [name]


def _said(result: CallToolResult, context: Context) -> Answer:
    texts = [
        text
        for block in result.content
        if (text := getattr(block, "text", None) or _of_resource(block))
    ]
    if result.is_error:
        told = " ".join(" ".join(texts).split())[:_TOLD]
        raise FulfilmentError(f"the tool says: {told or 'it failed'}")
    data = _kept(result.structured_content)
    speech = shortened(" ".join(map(spoken, texts)))
    if not speech and data is not None:
        speech = in_words(data)
    return Answer(speech=speech or phrase("cancelled", context.locale), data=data)


def _kept(data: Any) -> Any:
    """What is kept for programs; nothing of what is too large for the log."""
    return data if len(json.dumps(data)) <= MAX_BYTES else None


def _of_resource(block: Any) -> str:
    """The text of a resource that lies in the answer; pictures and sounds say nothing."""
    text = getattr(getattr(block, "resource", None), "text", None)
    return text if isinstance(text, str) else ""
