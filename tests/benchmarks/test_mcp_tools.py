"""The benchmark of MCP tools: what a tool says of itself, and the baseline by words."""

from __future__ import annotations

from benchmarks.mcp_tools import Tool, bm25, words


def tool(server: str, name: str, description: str, **slots: str) -> Tool:
    properties = {slot: {"type": "string", "description": told} for slot, told in slots.items()}
    schema = {"type": "object", "properties": properties}
    told = {"name": name, "description": description, "inputSchema": schema}
    return Tool(server, told, ())


TOOLS = [
    tool("sky", "forecast", "Forecast. For example: what is the weather.", city="The city"),
    tool("notes", "add_note", "Add note. For example: write down a note.", text="The text"),
    tool("notes", "find_note", "Find note. For example: search a note."),
]


def test_a_tool_says_its_server_its_description_and_its_slots() -> None:
    assert TOOLS[0].name == "sky.forecast"
    assert TOOLS[0].text.endswith("what is the weather.. city The city")
    assert words("getWeather_now") == "get weather now"


def test_bm25_prefers_rare_words_that_are_in_the_text() -> None:
    search = bm25(TOOLS)
    assert search("the weather please")[0] == "sky.forecast"
    assert search("search my note")[0] == "notes.find_note"
