"""Whatever a client sends, it gets a result or an error, and the door stays open."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp_types import CallToolResult

from sayso.runtime.home import Home
from tests.server.mcp.conftest import talk, text_of

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["eggs.Boil", "PT4M", "eggs", "..", "10" * 3000])
)
VALUES = st.recursive(
    ATOMS, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3)
)
NAMES = st.sampled_from(["find_tools", "call_tool", "eggs.Boil", "guide.Story", "x"])
KEYS = st.sampled_from(
    ["request", "k", "name", "arguments", "confirmed", "conversation", "length", "town"]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=NAMES, arguments=st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_arguments_have_a_result(home: Home, name: str, arguments: dict[str, Any]) -> None:
    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool(name, arguments)

    result = talk(home, ask)
    assert text_of(result)


def test_a_number_of_thousands_of_digits_is_no_value(home: Home) -> None:
    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool("guide.Story", {"town": 10**5000})

    result = talk(home, ask)
    assert result.is_error
    assert "arguments.town" in text_of(result)
