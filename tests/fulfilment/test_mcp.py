"""Tools of a real MCP server as a back-end: started as a program, or reached over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.fulfilment import Backends
from sayso.types.calls import Answer, Call
from sayso.types.context import Context
from sayso.types.readings import SlotValue
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Service, Skill, Slot
from tests.fulfilment.skills import ENDED, LAUNCH, asking, context

DESK = Path(__file__).with_name("servers") / "desk.py"
OLD = DESK.with_name("old.py")
TEXT = "AMAZON.SearchQuery"


def noted(name: str, kind: str = "", type: str = TEXT) -> Slot:
    ours = {"argument": [name], **({"kind": kind} if kind else {})}
    return Slot(name, type, extra={"$": ours})


INTENTS = (
    Intent(
        "find",
        slots=(
            noted("topic"),
            noted("most", "integer", "AMAZON.NUMBER"),
            noted("folder"),
            noted("pinned", "boolean", "yes_no"),
        ),
        extra={"$": {"tool": "find_notes"}},
    ),
    Intent("get_weather", slots=(Slot("city", TEXT),)),
    Intent("sleep", slots=(Slot("seconds", "AMAZON.NUMBER"),)),
    Intent("shred", slots=(Slot("title", TEXT),)),
    Intent("order", slots=(Slot("item", TEXT), Slot("size", TEXT))),
    *map(Intent, ("fail", "die", "picture", "secret", "interrupt", "babble", "unheard_of")),
)


class Desk:
    """A skill whose tools are the desk's, and what they did so far."""

    def __init__(self, backends: Backends, log: Path, service: Service, timeout_s: float) -> None:
        self.backends, self.log = backends, log
        fulfilment = Fulfilment(FulfilmentKind.MCP, service=service, timeout_s=timeout_s)
        language = Language("en-US", "desk", intents=INTENTS)
        self.before = len(log.read_text().splitlines())
        self.skill = Skill("weather", "Desk", languages=(language,), fulfilment=fulfilment)

    def ask(self, intent: str, *, at: Context | None = None, **said: str) -> Answer:
        slots = [SlotValue(name, "", value) for name, value in said.items()]
        return self.answer(asking(*slots, intent=intent), at)

    def answer(self, call: Call, at: Context | None = None) -> Answer:
        return self.backends.answer(self.skill, call, at or context())

    @property
    def done(self) -> list[str]:
        return [tool for tool, _ in self._lines]

    @property
    def processes(self) -> Counter[int]:
        return Counter(int(process) for _, process in self._lines)

    @property
    def _lines(self) -> list[tuple[str, str]]:
        """Since this desk was set."""
        lines = self.log.read_text().splitlines()[self.before :]
        return [(line.split()[0], line.split()[1]) for line in lines]


Setting = Callable[..., Desk]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    """Sets a desk; its program is started once, unless a test ends it."""
    folder = tmp_path_factory.mktemp("desk")
    log = folder / "log"
    log.touch()
    environment = {
        "DESK_LOG": str(log),
        "DESK_TOKEN": "s3cret",
        "PYTHONPATH": os.environ.get("PYTHONPATH", "."),
        "OTHER": "not asked for",
    }
    program = Service(sys.executable, (str(DESK),), env=("DESK_LOG", "DESK_TOKEN", "PYTHONPATH"))
    with Backends(
        home=folder, private_addresses=True, environment=environment, timeout_s=30.0
    ) as backends:

        def set_up(timeout_s: float = 10.0, **changes: Any) -> Desk:
            return Desk(backends, log, replace(program, **changes), timeout_s)

        yield set_up


def test_slots_become_arguments_of_the_schemas_types(desk: Setting) -> None:
    found = desk().ask("find", topic="rent", most="7", folder="HOME_OFFICE", pinned="true")
    assert (found.speech, found.ended, found.failure) == (
        "7 about rent in HOME_OFFICE, pinned True",
        True,
        None,
    )
    assert desk().ask("find", topic="rent").speech == "3 about rent in inbox, pinned False"


def test_the_program_stays_warm_between_calls(desk: Setting) -> None:
    set_up = desk()
    for _ in range(3):
        set_up.ask("find", topic="rent")
    assert list(set_up.processes.values()) == [3]


def test_what_is_structured_is_kept_for_programs_and_said_in_words(desk: Setting) -> None:
    told = desk().ask("get_weather", city="Porto")
    assert told.data == {"temperature": 21.5, "skies": ["clear", "calm"]}
    assert told.speech == "temperature: 21.5, skies: clear, calm"
    drawn = desk().ask("picture")
    assert (drawn.speech, drawn.data) == ("drawn: yes", {"drawn": True})


def test_a_program_is_given_the_variables_that_the_skill_names_and_no_others(desk: Setting) -> None:
    assert desk().ask("secret").speech == "s3cret and nothing"


def test_a_tool_that_fails_is_an_apology_with_its_words_in_the_trace(desk: Setting) -> None:
    answer = desk().ask("fail")
    assert answer.speech == "Sorry, Desk isn't answering right now."
    assert "there is no paper" in (answer.failure or "")


def test_a_server_that_dies_is_told_and_not_asked_again_until_the_next_call(desk: Setting) -> None:
    set_up = desk()
    set_up.ask("secret")
    answer = set_up.ask("die")
    assert "the server ended in the middle of a call" in (answer.failure or "")
    assert "the desk is burning" in (answer.failure or "")
    assert set_up.done == ["die"]
    assert set_up.ask("find", topic="rent").failure is None
    assert len(set_up.processes) == 2


def test_a_server_that_died_between_two_calls_is_started_anew(desk: Setting) -> None:
    set_up = desk()
    set_up.ask("find", topic="rent")
    (process,) = set_up.processes
    os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _lives(process) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)  # its end has to be seen on this side as well
    assert set_up.ask("find", topic="rent").failure is None
    assert set_up.done == ["find_notes", "find_notes"]


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_slow_tool_is_cut_off_at_its_limit_and_called_once(desk: Setting) -> None:
    desk().ask("find", topic="warm")
    slow = desk(timeout_s=0.3)
    began = time.monotonic()
    answer = slow.ask("sleep", seconds="20")
    assert "no answer within 0.3 s" in (answer.failure or "")
    assert time.monotonic() - began < 10
    assert slow.ask("find", topic="rent").failure is None
    assert slow.done.count("sleep") == 1


def test_a_program_that_does_not_start_says_why(desk: Setting) -> None:
    broken = desk(args=(str(DESK), "broken")).ask("find", topic="rent")
    assert "no desk today" in (broken.failure or "")
    missing = desk(command="no-such-program").ask("find", topic="rent")
    assert "cannot be reached" in (missing.failure or "")
    unset = desk(env=("DESK_LOG", "NOT_SET")).ask("find", topic="rent")
    assert "the environment variable NOT_SET is not set" in (unset.failure or "")


def test_a_value_of_another_type_never_leaves_the_house(desk: Setting) -> None:
    answer = desk().ask("find", topic="rent", most="many")
    assert 'most: "many" is no integer' in (answer.failure or "")
    assert desk().done == []


def test_a_tool_that_the_server_lacks_is_named(desk: Setting) -> None:
    assert "unheard_of" in (desk().ask("unheard_of").failure or "")


def test_a_servers_question_is_put_to_the_person_who_says_yes(desk: Setting) -> None:
    set_up = desk()
    first = set_up.ask("shred", title="the will")
    assert (first.speech, first.confirm, first.ended) == ("Shred the will for good?", True, False)
    assert set_up.done == []
    agreed = replace(
        asking(SlotValue("title", "", "the will"), intent="shred", confirmed=True),
        new_session=False,
    )
    second = set_up.answer(agreed, context(first.attributes))
    assert (second.speech, second.failure) == ("the will is shredded", None)
    assert set_up.done == ["shred"]


def test_a_servers_question_for_a_slot_is_put_to_the_person_too(desk: Setting) -> None:
    set_up = desk()
    first = set_up.ask("order", item="lamp")
    assert (first.speech, first.ask_slot) == ("What size of lamp?", "size")
    slots = (SlotValue("item", "", "lamp"), SlotValue("size", "", "small"))
    call = replace(asking(*slots, intent="order"), new_session=False)
    assert set_up.answer(call, context(first.attributes)).speech == "one small lamp"


def test_who_changes_their_mind_meanwhile_begins_anew(desk: Setting) -> None:
    set_up = desk()
    first = set_up.ask("shred", title="the will")
    other = asking(SlotValue("title", "", "the bill"), intent="shred", confirmed=True)
    again = set_up.answer(replace(other, new_session=False), context(first.attributes))
    assert again.speech == "Shred the bill for good?"


def test_a_question_in_the_middle_of_a_call_is_declined_and_told(desk: Setting) -> None:
    answer = desk(args=(str(OLD),)).ask("interrupt")
    assert "the answer was decline" in (answer.failure or "")
    assert 'it asked "May I go on?" in the middle of the call' in (answer.failure or "")


def test_a_server_that_babbles_is_told(desk: Setting) -> None:
    answer = desk(args=(str(OLD),)).ask("babble")
    assert "the server: ValidationError" in (answer.failure or "")


def test_a_skill_that_is_opened_or_closed_calls_no_tool(desk: Setting) -> None:
    opened = desk().answer(LAUNCH)
    assert (opened.ended, opened.failure) == (False, None)
    assert desk().answer(ENDED).speech == ""
    assert desk().done == []


@pytest.fixture(scope="module")
def url(desk: Setting) -> Iterator[str]:
    """The desk over HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DESK_LOG": str(desk().log)}
    command = [sys.executable, str(DESK), "http", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
        process.kill()


def test_a_server_is_called_over_http(desk: Setting, url: str) -> None:
    set_up = desk(command=None, args=(), env=(), url=url)
    assert set_up.ask("find", topic="rent").speech == "3 about rent in inbox, pinned False"
    assert set_up.ask("get_weather", city="Porto").data["temperature"] == 21.5


def test_private_addresses_and_plain_http_are_for_those_who_allow_them(
    tmp_path: Path,
) -> None:
    (tmp_path / "log").touch()
    with Backends(home=tmp_path) as strict:
        set_up = Desk(strict, tmp_path / "log", Service(url="http://127.0.0.1:9/mcp"), 5.0)
        assert "only https is allowed" in (set_up.ask("find", topic="rent").failure or "")
        tls = Desk(strict, tmp_path / "log", Service(url="https://127.0.0.1:9/mcp"), 5.0)
        assert "a private address" in (tls.ask("find", topic="rent").failure or "")


def test_a_server_over_http_that_dies_in_a_call_is_told_once(desk: Setting, url: str) -> None:
    set_up = desk(command=None, args=(), env=(), url=url)
    answer = set_up.ask("die")
    assert answer.failure is not None
    assert set_up.done == ["die"]
    assert set_up.ask("find", topic="rent").failure is not None
