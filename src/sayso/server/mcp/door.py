"""The protocol: which tools there are, what calls come to, and questions back to the person.

A client that can ask its person (`elicitation`) is asked for what is missing and for the yes that
some tools need: by a request of its own in the older protocol, by an `input_required` result, which
is sent again with the answers, in that of 2026. Every other client is told in words.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import anyio
from anyio.to_thread import run_sync
from mcp.server import Server, ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from sayso import __version__
from sayso.errors import RequestError, SaysoError, SkillError
from sayso.runtime.calling import NamedCall
from sayso.runtime.home import Home
from sayso.server.mcp.asking import answered, can_ask, key_of, question_of, resumed
from sayso.server.mcp.calls import MOST_FOUND, Outcome, call_tool, find_tools, tool_named
from sayso.server.mcp.listing import USUAL, page
from sayso.server.mcp.tools import CALL, FIND

log = logging.getLogger("sayso.server")

THREADS = 16  # calls at once; a slow back-end holds one
_ROUNDS = 3  # questions of one call: what is missing, what was wrong with it, and the yes
Context = ServerRequestContext[Any, Any]
WhoCalls = Callable[[Context], str]
INSTRUCTIONS = (
    f"Sayso knows many tools. Say with {FIND} what the person wants, in their own words; it gives "
    f"the likeliest tools with their schemas and the arguments that it understood. Then run one "
    f"with {CALL}."
)


@dataclass(frozen=True, slots=True)
class McpDoor:
    """A home behind the protocol.

    who: the user that a request is for. locale: that requests are in; None for the home's first.
    all_tools: whether the list holds every tool of the home beside the two, page by page.
    """

    home: Home
    who: WhoCalls
    locale: str | None = None
    all_tools: bool = False

    def server(self) -> Server[Any]:
        """The server, for any transport."""
        limiter: list[anyio.CapacityLimiter] = []

        async def run(task: Callable[[], Any]) -> Any:
            if not limiter:
                limiter.append(anyio.CapacityLimiter(THREADS))
            return await run_sync(task, limiter=limiter[0])

        async def list_tools(_: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
            cursor = params.cursor if params is not None else None
            tools, following = await run(partial(self.listed, cursor))
            return ListToolsResult(tools=tools, next_cursor=following)

        async def call(
            context: Context, params: CallToolRequestParams
        ) -> CallToolResult | InputRequiredResult:
            try:
                return await self._call(context, params, run)
            except (RequestError, SkillError) as error:
                return _told(f"{_field(error)}{error}", is_error=True)
            except SaysoError as error:
                log.error("mcp: %s: %s", params.name, error)
                return _told("Not done: Sayso cannot serve right now; try again", is_error=True)

        return Server(
            "sayso",
            version=__version__,
            title="Sayso",
            instructions=INSTRUCTIONS,
            on_list_tools=list_tools,
            on_call_tool=call,
        )

    def listed(self, cursor: str | None) -> tuple[list[Tool], str | None]:
        """A page of the tools, and what to ask the next one with."""
        return page(self.home, self.locale, cursor, all_tools=self.all_tools)

    async def _call(
        self, context: Context, params: CallToolRequestParams, run: Callable[..., Awaitable[Any]]
    ) -> CallToolResult | InputRequiredResult:
        arguments, user = dict(params.arguments or {}), self.who(context)
        if params.name == FIND:
            request, k = arguments.get("request"), arguments.get("k", USUAL)
            if not isinstance(request, str):
                raise RequestError("is wanted: what the person asked for", field="request")
            if not isinstance(k, int) or isinstance(k, bool):
                raise RequestError(f"must be 1 to {MOST_FOUND}", field="k")
            find = partial(find_tools, self.home, request, k, user=user, locale=self.locale)
            found = await run(find)
            return CallToolResult(content=[_text(_json(found))], structured_content=found)
        asked = self._asked(params.name, arguments, user)
        return await self._done(context, params, asked, run)

    def _asked(self, name: str, arguments: dict[str, Any], user: str) -> NamedCall:
        """The call that is meant: of `call_tool`, or of a tool by its own name."""
        if name != CALL:
            skill, intent = tool_named(self.home, name, self.locale)
            return NamedCall(skill, intent, arguments, user=user, locale=self.locale)
        for key, kind in (("name", str), ("arguments", dict), ("request", str)):
            if not isinstance(arguments.get(key, kind()), kind):
                raise RequestError(f"must be {_KINDS[kind]}", field=key)
        skill, intent = tool_named(self.home, arguments.get("name", ""), self.locale)
        conversation = arguments.get("conversation")
        return NamedCall(
            skill,
            intent,
            arguments.get("arguments", {}),
            text=arguments.get("request", ""),
            confirmed=arguments.get("confirmed") is True,
            conversation=conversation if isinstance(conversation, str) else None,
            user=user,
            locale=self.locale,
        )

    async def _done(
        self,
        context: Context,
        params: CallToolRequestParams,
        asked: NamedCall,
        run: Callable[..., Awaitable[Any]],
    ) -> CallToolResult | InputRequiredResult:
        """What the call came to; the person is asked where the client can do that."""
        asking = can_ask(context)
        if asking:  # the word of a model is no yes where the person can be asked
            asked = replace(asked, confirmed=False)
        modern = context.protocol_version in MODERN_PROTOCOL_VERSIONS
        if asking and modern:
            gone_on = resumed(asked, params)
            if gone_on is None:
                return _declined()
            asked = gone_on
        for _ in range(_ROUNDS):
            outcome: Outcome = await run(partial(call_tool, self.home, asked))
            question = question_of(outcome) if asking else None
            if question is None:
                return _result(outcome)
            if modern:
                return InputRequiredResult(
                    input_requests={key_of(outcome): ElicitRequest(params=question)},
                    request_state=_json(dict(asked.arguments)),
                )
            answer = await context.session.elicit_form(
                question.message, question.requested_schema, context.request_id
            )
            again = answered(asked, key_of(outcome), answer)
            if again is None:
                return _declined()
            asked = again
        return _result(outcome)


def _result(outcome: Outcome) -> CallToolResult:
    return CallToolResult(
        content=[_text(outcome.told)],
        structured_content=outcome.to_json(),
        is_error=outcome.is_error,
    )


def _told(text: str, *, is_error: bool) -> CallToolResult:
    return CallToolResult(content=[_text(text)], is_error=is_error)


def _declined() -> CallToolResult:
    return _told("Not done: the person declined", is_error=False)


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _field(error: Exception) -> str:
    field = getattr(error, "field", "")
    return f"{field}: " if field else ""


_KINDS: Mapping[type, str] = {str: "a text", dict: "an object"}
