"""The protocol: which tools there are, what calls come to, and questions back to the person.

A client that can ask its person (`elicitation`) is asked for what is missing and for the yes that
some tools need: by a request of its own in the older protocol, by an `input_required` result, which
is sent again with the answers, in that of 2026. Every other client is told in words.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

import anyio
from anyio.to_thread import run_sync
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from sayso import __version__
from sayso.errors import RequestError, SaysoError, SkillError
from sayso.runtime.calling import NamedCall
from sayso.runtime.home import Home
from sayso.server.mcp.calls import MOST_FOUND, Outcome, Status, call_tool, find_tools, tool_named
from sayso.server.mcp.tools import (
    CALL,
    FIND,
    callable_intents,
    description_of,
    input_schema,
    name_of,
    needs_yes,
)
from sayso.types.skills import Intent, Language, Skill

log = logging.getLogger("sayso.server")

PAGE = 100  # tools of one page of the list
THREADS = 16  # calls at once; a slow back-end holds one
USUAL = 5  # tools that are found, if a client does not say
_ROUNDS = 3  # questions of one call: what is missing, what was wrong with it, and the yes
_VALUES, _YES = "missing", "confirmed"
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
        """A page of the tools, and what to ask the next one with: the last tool of this one."""
        if cursor is None:
            tools = own_tools()
        elif self.all_tools and cursor.count(" ") == 1:
            tools = []
        else:
            raise MCPError(INVALID_PARAMS, "no cursor that was given here; begin without one")
        if not self.all_tools:
            return tools, None
        skill, _, intent = (cursor or " ").partition(" ")
        page = list(islice(self._tools_after((skill, intent)), PAGE + 1))
        tools += [tool for _, tool in page[:PAGE]]
        return tools, " ".join(page[PAGE - 1][0]) if len(page) > PAGE else None

    def _tools_after(self, last: tuple[str, str]) -> Iterator[tuple[tuple[str, str], Tool]]:
        """Tools by skill and intent, from the one after `last` on; no skill's models are opened."""
        skills, locale = self.home.engine.skills, self.locale or self.home.settings.locales[0]
        for id in sorted(each for each in skills if each >= last[0]):
            skill = skills[id]
            language = skill.language(locale)
            if language is None:
                continue
            for intent in sorted(callable_intents(language), key=lambda each: each.name):
                if (id, intent.name) > last:
                    yield (id, intent.name), _tool(skill, language, intent)

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
        asking = _can_ask(context)
        if asking:  # the word of a model is no yes where the person can be asked
            asked = replace(asked, confirmed=False)
        modern = context.protocol_version in MODERN_PROTOCOL_VERSIONS
        if asking and modern:
            resumed = _resumed(asked, params)
            if resumed is None:
                return _declined()
            asked = resumed
        for _ in range(_ROUNDS):
            outcome: Outcome = await run(partial(call_tool, self.home, asked))
            question = _question(outcome) if asking else None
            if question is None:
                return _result(outcome)
            if modern:
                return InputRequiredResult(
                    input_requests={_key(outcome): ElicitRequest(params=question)},
                    request_state=_json(dict(asked.arguments)),
                )
            answer = await context.session.elicit_form(
                question.message, question.requested_schema, context.request_id
            )
            again = _answered(asked, _key(outcome), answer)
            if again is None:
                return _declined()
            asked = again
        return _result(outcome)


def own_tools() -> list[Tool]:
    """The two that are always there."""
    found = {
        "type": "object",
        "properties": {
            "request": {"type": "string", "description": "What the person wants, in their words."},
            "k": {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": USUAL},
        },
        "required": ["request"],
    }
    called = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": f"As {FIND} gave it."},
            "arguments": {"type": "object", "description": "By the tool's inputSchema."},
            "request": {"type": "string", "description": "What the person wanted, in their words."},
            "confirmed": {
                "type": "boolean",
                "description": "The person was asked whether it shall be done, and said yes.",
            },
            "conversation": {"type": "string", "description": "Of a result, to go on with it."},
        },
        "required": ["name"],
    }
    return [
        Tool(
            name=FIND,
            title="Find tools",
            description="Finds the likeliest tools for what a person wants, best first, with "
            "their schemas and the arguments that were understood. Does nothing else.",
            input_schema=found,
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        ),
        Tool(
            name=CALL,
            title="Call a tool",
            description=f"Runs a tool that {FIND} found. Says what is missing, and what needs a "
            "person's yes, before anything is done.",
            input_schema=called,
            annotations=ToolAnnotations(read_only_hint=False, destructive_hint=True),
        ),
    ]


def _tool(skill: Skill, language: Language, intent: Intent) -> Tool:
    return Tool(
        name=name_of(skill.id, intent.name),
        description=description_of(skill, language, intent),
        input_schema=input_schema(language, intent),
        annotations=ToolAnnotations(destructive_hint=needs_yes(skill, intent)),
    )


def _can_ask(context: Context) -> bool:
    capabilities = context.session.client_capabilities
    return capabilities is not None and capabilities.elicitation is not None


def _question(outcome: Outcome) -> ElicitRequestFormParams | None:
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


def _resumed(asked: NamedCall, params: CallToolRequestParams) -> NamedCall | None:
    """The call with what its person has answered meanwhile; None where they declined."""
    if params.request_state:
        try:
            known = json.loads(params.request_state)
        except ValueError as error:
            raise RequestError("is none that was given here", field="requestState") from error
        if isinstance(known, dict):
            asked = replace(asked, arguments={**asked.arguments, **known})
    for key, answer in (params.input_responses or {}).items():
        again = _answered(asked, key, answer) if isinstance(answer, ElicitResult) else None
        if again is None:
            return None
        asked = again
    return asked


def _key(outcome: Outcome) -> str:
    """What is asked for."""
    return _YES if outcome.status is Status.NEEDS_CONFIRMATION else _VALUES


def _answered(asked: NamedCall, key: str, answer: ElicitResult) -> NamedCall | None:
    """The call with a form's answers; None where the person did not say yes."""
    content = dict(answer.content or {})
    if answer.action != "accept":
        return None
    if key == _YES:
        return replace(asked, confirmed=True) if content.get(_YES) is True else None
    return replace(asked, arguments={**asked.arguments, **content})


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
