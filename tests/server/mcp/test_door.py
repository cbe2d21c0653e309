"""The official client at the door: tools are found, called, asked about and never done unasked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp_types import CallToolResult, ElicitResult

from sayso.runtime.home import Home
from sayso.server.mcp import listing
from sayso.server.mcp.tools import splits
from tests.server.mcp.conftest import person, talk, text_of, yes

BOTH = ("legacy", "auto")


def called(home: Home, name: str, arguments: dict[str, Any], **more: Any) -> CallToolResult:
    result = talk(home, lambda client: client.call_tool(name, arguments), **more)
    assert isinstance(result, CallToolResult)
    return result


@pytest.mark.parametrize("mode", BOTH)
def test_two_tools_are_listed_however_many_there_are(home: Home, mode: str) -> None:
    listed = talk(home, lambda client: client.list_tools(), mode=mode)
    assert [tool.name for tool in listed.tools] == ["find_tools", "call_tool"]
    assert listed.next_cursor is None


@pytest.mark.parametrize("mode", BOTH)
def test_tools_are_found_with_what_was_understood(home: Home, mode: str) -> None:
    request = {"request": "please boil my egg for four minutes", "k": 2}
    result = called(home, "find_tools", request, mode=mode)
    assert not result.is_error
    assert result.structured_content == json.loads(text_of(result))
    first, second = result.structured_content["tools"]
    assert first["name"] == "eggs.Boil"
    assert first["arguments"] == {"length": "PT4M"}
    assert (first["missing"], first["needs_confirmation"]) == ([], False)
    assert first["confidence"] > second["confidence"]
    assert first["inputSchema"] == {
        "type": "object",
        "properties": {
            "length": {"type": "string", "format": "duration", "description": "For how long?"}
        },
        "required": ["length"],
        "additionalProperties": False,
    }


def test_what_was_found_can_be_called_as_it_came(home: Home) -> None:
    async def use(client: Client) -> CallToolResult:
        said = "i want my egg done in five minutes"
        found = await client.call_tool("find_tools", {"request": said})
        assert found.structured_content is not None
        tool = found.structured_content["tools"][0]
        arguments = {"name": tool["name"], "arguments": tool["arguments"], "request": said}
        return await client.call_tool("call_tool", arguments)

    result = talk(home, use)
    assert (text_of(result), result.is_error) == ("Boiling for PT5M.", False)
    assert result.structured_content == {"status": "done", "speech": "Boiling for PT5M."}
    (logged,) = home.store.interactions(user="ana")
    assert logged.utterance.text == "i want my egg done in five minutes"


def test_a_tool_answers_to_its_own_name_too(home: Home) -> None:
    result = called(home, "eggs.Boil", {"length": "PT4M"})
    assert text_of(result) == "Boiling for PT4M."


def test_what_is_missing_is_said_and_nothing_is_done(home: Home) -> None:
    result = called(home, "call_tool", {"name": "eggs.Boil"})
    assert result.is_error
    assert text_of(result) == "Not done: length wanted. Ask the person: For how long?"
    assert result.structured_content == {
        "status": "missing",
        "speech": "For how long?",
        "missing": ["length"],
    }


def test_without_a_yes_nothing_costly_is_done(home: Home) -> None:
    result = called(home, "call_tool", {"name": "door.Unlock"})
    assert "needs confirmation" in text_of(result)
    assert "Shall I really unlock the door?" in text_of(result)
    assert result.structured_content is not None
    assert result.structured_content["status"] == "needs_confirmation"
    agreed = called(home, "call_tool", {"name": "door.Unlock", "confirmed": True})
    assert text_of(agreed) == "The door is open."


@pytest.mark.parametrize("mode", BOTH)
def test_a_client_that_can_ask_its_person_is_asked_for_the_yes(home: Home, mode: str) -> None:
    asked: list[str] = []
    answers = person(yes(confirmed=True), asked=asked)
    arguments = {"name": "door.Unlock", "confirmed": True}
    result = called(home, "call_tool", arguments, elicitation_callback=answers, mode=mode)
    assert asked == ["Shall I really unlock the door?"]
    assert text_of(result) == "The door is open."


@pytest.mark.parametrize("mode", BOTH)
@pytest.mark.parametrize(
    "answer", [ElicitResult(action="decline"), ElicitResult(action="cancel"), yes(confirmed=False)]
)
def test_a_person_who_declines_is_obeyed(home: Home, answer: ElicitResult, mode: str) -> None:
    answers = person(answer, asked=[])
    arguments = {"name": "door.Unlock", "confirmed": True}
    result = called(home, "call_tool", arguments, elicitation_callback=answers, mode=mode)
    assert text_of(result) == "Not done: the person declined"
    said = [turn.reply.speech for turn in home.store.interactions(user="ana")]
    assert said == ["Shall I really unlock the door?"]


@pytest.mark.parametrize("mode", BOTH)
def test_a_client_that_can_ask_its_person_is_asked_for_what_is_missing(
    home: Home, mode: str
) -> None:
    asked: list[str] = []
    answers = person(yes(length="three minutes"), asked=asked)
    result = called(
        home, "call_tool", {"name": "eggs.Boil"}, elicitation_callback=answers, mode=mode
    )
    assert asked == ["For how long?"]
    assert text_of(result) == "Boiling for PT3M."


@pytest.mark.parametrize("mode", BOTH)
def test_first_what_is_missing_is_asked_for_and_then_the_yes(home: Home, mode: str) -> None:
    skill = home.engine.skills["eggs"]
    language = skill.languages[0]
    costly = tuple(replace(intent, confirm=("Really {length}?",)) for intent in language.intents)
    home.learn(replace(skill, languages=(replace(language, intents=costly),)))
    asked: list[str] = []
    answers = person(yes(length="PT3M"), yes(confirmed=True), asked=asked)
    result = called(
        home, "call_tool", {"name": "eggs.Boil"}, elicitation_callback=answers, mode=mode
    )
    assert asked == ["For how long?", "Really PT3M?"]
    assert text_of(result) == "Boiling for PT3M."


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("find_tools", {}, "request: is wanted"),
        ("find_tools", {"request": "boil", "k": 0}, "k: must be 1 to 50"),
        ("find_tools", {"request": "boil", "k": "3"}, "k: must be 1 to 50"),
        ("find_tools", {"request": " "}, "text: holds no words"),
        ("call_tool", {"name": "eggs.Fry"}, 'no tool is called "eggs.Fry"; look for it with'),
        ("call_tool", {}, "name: no tool is called"),
        ("call_tool", {"name": "eggs.Boil", "arguments": "PT4M"}, "arguments: must be an object"),
        ("call_tool", {"name": "eggs.Boil", "arguments": {"x": 1}}, "arguments.x: no argument"),
        ("guide.AMAZON.YesIntent", {}, "no tool is called"),
        ("", {}, "no tool is called"),
    ],
)
def test_what_is_wrong_is_told_as_a_result_that_an_agent_can_mend(
    home: Home, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = called(home, name, arguments)
    assert result.is_error
    assert told in text_of(result)
    assert list(home.store.interactions(user="ana")) == []


def test_a_back_end_that_fails_is_told_with_its_cause(home: Home) -> None:
    handler = home.folder / "skills" / "eggs" / "handler.py"
    handler.write_text("def handle(request):\n    raise ValueError('no pot')\n")
    result = called(home, "eggs.Boil", {"length": "PT4M"})
    assert result.is_error
    assert "no pot" in text_of(result)
    assert "do not simply call it again" in text_of(result)


def test_a_session_that_stays_open_can_be_gone_on_with(home: Home) -> None:
    first = called(home, "guide.Story", {"town": "Brook End"})
    assert first.structured_content is not None
    assert first.structured_content["status"] == "asks"
    conversation = first.structured_content["conversation"]
    assert home.turn("yes", user="ana", conversation=conversation).speech == "More of brook."


def test_every_tool_is_listed_page_by_page_if_that_is_wanted(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)

    async def names(client: Client) -> list[list[str]]:
        pages, cursor = [], None
        while True:
            page = await client.list_tools(cursor=cursor)
            pages.append([tool.name for tool in page.tools])
            cursor = page.next_cursor
            if cursor is None:
                return pages

    assert talk(home, names, all_tools=True) == [
        ["find_tools", "call_tool", "door.Lock", "door.Unlock"],
        ["eggs.Boil", "eggs.Left"],
        ["guide.Story"],
    ]


@pytest.mark.parametrize("all_tools", [False, True])
def test_a_cursor_that_was_never_given_is_refused(home: Home, all_tools: bool) -> None:
    async def ask(client: Client) -> None:
        with pytest.raises(MCPError, match="no cursor that was given here"):
            await client.list_tools(cursor="2")

    talk(home, ask, all_tools=all_tools)


def test_names_are_taken_apart_at_any_dot_the_longest_skill_first() -> None:
    assert list(splits("a.b.c")) == [("a.b", "c"), ("a", "b.c")]
    assert list(splits("abc")) == []
