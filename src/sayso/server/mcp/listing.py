"""The lists of tools: the two that are always there, and all the others, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, Tool, ToolAnnotations

from sayso.runtime.home import Home
from sayso.server.mcp.calls import MOST_FOUND
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

PAGE = 100  # tools of one page of the list
USUAL = 5  # tools that are found, if a client does not say


def page(
    home: Home, locale: str | None, cursor: str | None, *, all_tools: bool
) -> tuple[list[Tool], str | None]:
    """A page of the tools, and what to ask the next one with: the last tool of this one.

    Raises MCPError for a cursor that was never given.
    """
    if cursor is None:
        tools = own_tools()
    elif all_tools and cursor.count(" ") == 1:
        tools = []
    else:
        raise MCPError(INVALID_PARAMS, "no cursor that was given here; begin without one")
    if not all_tools:
        return tools, None
    skill, _, intent = (cursor or " ").partition(" ")
    found = list(islice(_tools_after(home, locale, (skill, intent)), PAGE + 1))
    tools += [tool for _, tool in found[:PAGE]]
    return tools, " ".join(found[PAGE - 1][0]) if len(found) > PAGE else None


def _tools_after(
    home: Home, locale: str | None, last: tuple[str, str]
) -> Iterator[tuple[tuple[str, str], Tool]]:
    """Tools by skill and intent, from the one after `last` on; no skill's models are opened."""
    skills, spoken = home.engine.skills, locale or home.settings.locales[0]
    for id in sorted(each for each in skills if each >= last[0]):
        skill = skills[id]
        language = skill.language(spoken)
        if language is None:
            continue
        for intent in sorted(callable_intents(language), key=lambda each: each.name):
            if (id, intent.name) > last:
                yield (id, intent.name), tool_of(skill, language, intent)


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


def tool_of(skill: Skill, language: Language, intent: Intent) -> Tool:
    """An intent, for a list of tools."""
    return Tool(
        name=name_of(skill.id, intent.name),
        description=description_of(skill, language, intent),
        input_schema=input_schema(language, intent),
        annotations=ToolAnnotations(destructive_hint=needs_yes(skill, intent)),
    )
