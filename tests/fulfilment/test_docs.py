"""docs/back-ends.md does what it says."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from sayso.fulfilment import Backends, addresses, connections, handler, python, templates, worker
from sayso.fulfilment import backends as backends_module
from sayso.fulfilment.template_syntax import MAX_TEMPLATE, VARIABLES
from sayso.fulfilment.wire import LOADING_S, MAX_BYTES, MAX_SPEECH
from sayso.types.readings import Candidate, SlotValue
from sayso.types.skills import Intent, Language, Slot
from tests.fulfilment.skills import NOW, asking, city, context, python_skill, replies

PAGE = (Path(__file__).parents[2] / "docs" / "back-ends.md").read_text()
ROWS = re.findall(r"^\| `(.*[{][{%].*)` \| (.*) \|$", PAGE, re.MULTILINE)
BERLIN = city("the capital", Candidate("Berlin", "city-1"), normalised="Berlin")


def block(language: str) -> str:
    """The page's one block of code in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


@pytest.mark.parametrize(("template", "says"), ROWS)
def test_a_template_of_the_page_says_what_stands_beside_it(
    backends: Backends, template: str, says: str
) -> None:
    made = replies(template.replace(r"\|", "|"))
    assert templates.check_templates(made) == []
    assert backends.answer(made, asking(BERLIN), context()).speech == says


def test_the_handler_of_the_page_works_as_told(backends: Backends, tmp_path: Path) -> None:
    skill = python_skill(tmp_path, block("python"), id="timer")
    intents = (Intent("SetTimer", slots=(Slot("minutes", "AMAZON.NUMBER"),)), Intent("Count"))
    skill = type(skill)(
        skill.id,
        "Timer",
        languages=(Language("en-US", intents=intents),),
        fulfilment=skill.fulfilment,
        folder=skill.folder,
    )
    ten = SlotValue("minutes", "AMAZON.NUMBER", "ten", normalised="10")
    calls = [
        asking(intent="SetTimer", id="timer"),
        asking(ten, intent="SetTimer", id="timer"),
        asking(intent="Count", id="timer"),
    ]
    answers = [backends.answer(skill, call, context()) for call in calls]
    assert "\n".join(answer.speech for answer in answers) == block("text").strip()
    assert answers[0].ask_slot == "minutes"
    (rings,) = answers[1].announcements
    assert (rings.key, (rings.due - NOW).total_seconds()) == ("timer", 600)
    stopped = backends.answer(skill, asking(intent="StopTimer", id="timer"), context())
    assert stopped.cancelled == ("timer",)


def test_every_part_of_request_and_response_is_told() -> None:
    told = set(re.findall(r"`([a-z_]+)(?:\(.*?\))?`", PAGE))
    parts = {field.name for field in fields(handler.Request)} - {"seed"}
    parts |= {"slots", "slot", "every", "random"}
    assert parts | {field.name for field in fields(handler.Response)} | VARIABLES <= told


@pytest.mark.parametrize(
    "limit",
    [
        f"| {LOADING_S:g} s |",
        f"| {backends_module.TEMPLATE_S:g} s, {templates.MEMORY_BYTES >> 20} MiB, "
        f"{MAX_TEMPLATE:,} characters of source |",
        f"| {MAX_SPEECH:,} characters |",
        f"| {MAX_BYTES >> 10} KiB of JSON |",
        f"| {python.MAX_LATER} |",
        f"| {worker.MEMORY_BYTES >> 30} GiB of address space |",
        f"| {connections.MOST_AT_ONCE} |",
    ],
)
def test_limits_are_those_of_the_code(limit: str) -> None:
    assert limit in PAGE


def test_private_addresses_need_the_setting_that_the_error_names() -> None:
    endpoint = addresses.read_url("https://127.0.0.1/", private_addresses=False)
    with pytest.raises(Exception, match=r"fulfilment\.private_addresses"):
        addresses.resolve(endpoint, private_addresses=False, timeout_s=5.0)
    assert "`fulfilment.private_addresses`" in PAGE
