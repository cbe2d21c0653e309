"""Questions to the person behind a client that can put them: forms for values and for a yes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mcp.server import ServerRequestContext
from mcp_types import CallToolRequestParams, ElicitRequestFormParams, ElicitResult

from sayso.errors import RequestError
from sayso.runtime.calling import NamedCall
from sayso.server.mcp.calls import Outcome, Status

_VALUES, _YES = "missing", "confirmed"
Context = ServerRequestContext[Any, Any]


def can_ask(context: Context) -> bool:
    """Whether the client has said that it can."""
    capabilities = context.session.client_capabilities
    return capabilities is not None and capabilities.elicitation is not None


def question_of(outcome: Outcome) -> ElicitRequestFormParams | None:
    """The form that asks the person, None where nothing is to be asked, or nothing can be."""
    if outcome.status is Status.NEEDS_CONFIRMATION:
        yes = {"type": "boolean", "title": "Yes, do it", "default": False}
        schema: dict[str, Any] = {"properties": {_YES: yes}, "required": [_YES]}
    elif outcome.status is Status.MISSING and all(map(_is_plain, outcome.missing.values())):
        schema = {"properties": dict(outcome.missing), "required": list(outcome.missing)}
    else:
        return None
    if not schema["properties"]:
        return None
    whole = {"type": "object", **schema}
    return ElicitRequestFormParams(message=outcome.speech, requested_schema=whole)


def _is_plain(schema: Mapping[str, Any]) -> bool:
    """Whether a form may ask for it: the protocol has no lists there but of choices."""
    return schema.get("type") in ("string", "number", "integer", "boolean")


def resumed(asked: NamedCall, params: CallToolRequestParams) -> NamedCall | None:
    """The call with what its person has answered meanwhile; None where they declined."""
    if params.request_state:
        try:
            known = json.loads(params.request_state)
        except ValueError as error:
            raise RequestError("is none that was given here", field="requestState") from error
        if isinstance(known, dict):
            asked = replace(asked, arguments={**asked.arguments, **known})
    for key, answer in (params.input_responses or {}).items():
        again = answered(asked, key, answer) if isinstance(answer, ElicitResult) else None
        if again is None:
            return None
        asked = again
    return asked


def key_of(outcome: Outcome) -> str:
    """What is asked for."""
    return _YES if outcome.status is Status.NEEDS_CONFIRMATION else _VALUES


def answered(asked: NamedCall, key: str, answer: ElicitResult) -> NamedCall | None:
    """The call with a form's answers; None where the person did not say yes."""
    content = dict(answer.content or {})
    if answer.action != "accept":
        return None
    if key == _YES:
        return replace(asked, confirmed=True) if content.get(_YES) is True else None
    return replace(asked, arguments={**asked.arguments, **content})
