"""`sayso import --live`: MCP servers are asked for their tools, which become skills that act."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.cli.live import _service, _single
from sayso.formats.known import import_skills
from sayso.runtime.home import Home
from sayso.skills import read_skill
from sayso.types.skills import FulfilmentKind, Service
from tests.cli.conftest import Sayso
from tests.formats.foreign import put
from tests.fulfilment.test_mcp import DESK
from tests.runtime.homes import SETTINGS


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / "sayso.toml").write_text(SETTINGS)
    return home


def test_a_command_becomes_a_skill_that_names_variables_and_no_values(
    sayso: Sayso, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_TOKEN", "s3cret")
    command = f"{sys.executable} {DESK}"
    result = sayso("import", command, "--live", "--env", "DESK_TOKEN", "--to", empty)
    assert result.code == 0, result.err
    skill = read_skill(empty / "skills" / "desk")
    assert skill.fulfilment.kind is FulfilmentKind.MCP
    assert skill.fulfilment.service == Service(sys.executable, (str(DESK),), env=("DESK_TOKEN",))
    intents = {intent.name: intent for intent in skill.languages[0].intents}
    assert intents["delete_note"].confirm
    assert intents["find_notes"].slots[0].required
    assert "s3cret" not in (empty / "skills" / "desk" / "skill.yaml").read_text()


def test_servers_of_a_configuration_are_asked_and_those_that_fail_are_named(
    sayso: Sayso, empty: Path, tmp_path: Path
) -> None:
    servers = {
        "my desk": {
            "command": sys.executable,
            "args": [str(DESK)],
            "env": {"DESK_TOKEN": "s3cret"},
        },
        "broken": {"command": sys.executable, "args": [str(DESK), "broken"]},
    }
    config = tmp_path / "claude.json"
    config.write_text(json.dumps({"mcpServers": servers}))
    result = sayso("import", config, "--live", "--to", empty, "--json")
    assert result.code == 0, result.err
    assert list(result.json["skills"]) == ["my-desk"]
    assert "broken: the server cannot be reached" in result.err
    assert "no desk today" in result.err
    written = "".join(path.read_text() for path in (empty / "skills").rglob("*.yaml"))
    assert "s3cret" not in result.out + result.err + written


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("no-such-program --quiet", "no-such-program"),
        ("'unbalanced", "no command"),
        ("https://127.0.0.1:9/mcp", "a private address"),
    ],
)
def test_a_server_that_is_not_there_is_told(
    sayso: Sayso, empty: Path, source: str, told: str
) -> None:
    result = sayso("import", source, "--live", "--to", empty)
    assert result.code != 0
    assert told in result.err


@pytest.fixture
def desk(sayso: Sayso, empty: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home whose only skill is the desk, asked for its tools and trained."""
    monkeypatch.setenv("DESK_LOG", str(empty / "log"))
    command = f"{sys.executable} {DESK}"
    imported = sayso("import", command, "--live", "--env", "DESK_LOG", "--to", empty)
    assert imported.code == 0, imported.err
    trained = sayso("train", empty)
    assert trained.code == 0, trained.err
    with Home.open(empty) as home:
        yield home


def test_a_conversation_with_tools_acts_asks_and_survives(desk: Home) -> None:
    def say(text: str) -> str:
        return desk.turn(text, user="ana").speech

    def done() -> list[str]:
        return [line.split()[0] for line in (desk.folder / "log").read_text().splitlines()]

    assert say("find all notes about rent") == "3 about rent in inbox, pinned False"
    assert say("delete note called rent") == "Shall I do this: delete a note?"
    assert done() == ["find_notes"]
    assert say("yes") == "rent is gone"
    asked = say("get weather")
    assert "city" in asked
    assert say("Porto") == "temperature: 21.5, skies: clear, calm"
    assert "isn't answering right now" in say("ask desk to die")
    assert say("find all notes about rent") == "3 about rent in inbox, pinned False"
    assert done() == ["find_notes", "delete_note", "get_weather", "die", "find_notes"]
    assert "title" in say("ask desk to shred")
    assert say("the will") == "Shred the will for good?"
    assert "shred" not in done()
    assert say("yes") == "the will is shredded"
    assert done().count("shred") == 1


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://mcp.notes.example/mcp", "notes"),
        ("https://notes.example:8443/", "notes"),
        ("http://127.0.0.1:8090/mcp", "server"),
        ("uvx notes-server", "notes-server"),
        ("npx -y @notes/server-files", "server-files"),
        ("python -u notes.py", "notes"),
        ("./notes", "notes"),
    ],
)
def test_a_server_is_called_after_its_host_or_its_program(source: str, name: str) -> None:
    assert list(_single(source, [], [])) == [name]


def test_headers_name_variables_and_the_skill_file_keeps_them(tmp_path: Path) -> None:
    entry = _single("https://x.example/mcp", [], ["Authorization: Bearer ${TOKEN}"])["x"]
    service, secrets = _service(entry, {"TOKEN": "s3cret"})
    assert list(secrets.values()) == ["Bearer s3cret"]
    assert "s3cret" not in str(service)
    tools = [{"name": "find", "inputSchema": {"type": "object"}}]
    files = {"x.json": {"tools": tools}, "config/x.json": {"mcpServers": {"x": entry}}}
    _, found = import_skills(put(tmp_path / "servers", files))
    (skill,) = found.skills
    assert skill.fulfilment.service == Service(
        url="https://x.example/mcp", headers={"Authorization": "Bearer ${TOKEN}"}
    )
