"""Reply templates: sandboxed Jinja2, bounded in time, memory and output.

A template may come over HTTP from a stranger. One that only puts values, plain filters and
conditions into text cannot run away and is rendered here; any other (loops, calls, products) goes
to a worker process, which is killed when it is late.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Template, TemplateError

from sayso.errors import FulfilmentError
from sayso.fulfilment.handler import read_slots
from sayso.fulfilment.template_syntax import ENVIRONMENT, is_plain, parse, problems, spoken_slots
from sayso.fulfilment.wire import MAX_SPEECH
from sayso.types.readings import LAUNCH
from sayso.types.skills import Skill

MEMORY_BYTES = 128 << 20  # that a template may take in a worker
_FAILING = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError)


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """A template that was read.

    plain: ready to render here; None for one that must be rendered in a worker.
    slots: those that it speaks whatever happens: without them it has a hole.
    """

    source: str
    plain: Template | None
    slots: frozenset[str]


@lru_cache(maxsize=4096)
def read_template(source: str) -> ReplyTemplate:
    """A template from its source. Raises FulfilmentError saying what is wrong and where."""
    tree = parse(source)
    plain = _compile(source) if is_plain(tree) else None
    return ReplyTemplate(source, plain, frozenset(spoken_slots(tree)))


def render(template: Template, request: Mapping[str, Any]) -> str:
    """The speech of a plain template.

    request: the call as `python.describe` makes it. Raises FulfilmentError for a template that
    fails or says too much.
    """
    spoken, length = [], 0
    try:
        for piece in template.generate(_variables(request)):
            spoken.append(piece)
            length += len(piece)
            if length > MAX_SPEECH:
                raise FulfilmentError(f"the reply is longer than {MAX_SPEECH:,} characters")
    except (*_FAILING, ValueError) as error:
        raise FulfilmentError(f"the reply cannot be made: {error}") from error
    return " ".join("".join(spoken).split())


def render_confined(source: str, request: Mapping[str, Any]) -> str:
    """The speech of any template, for a process that may be killed.

    Raises FulfilmentError, or MemoryError where the template takes too much.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_allowance(soft), hard))
    try:
        return render(_compile(source), request)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def check_templates(skill: Skill) -> list[str]:
    """What is wrong with a skill's replies, each `replies.<intent>[<n>]: what`; empty if nothing.

    Nothing is run, so it is safe for a skill that came over HTTP.
    """
    found = []
    for intent, sources in skill.fulfilment.replies.items():
        slots = _slots_of(skill, intent)
        if slots is None:
            found.append(f"replies.{intent}: the skill has no such intent; add it or remove these")
        for number, source in enumerate(sources):
            place = f"replies.{intent}[{number}]"
            found += [f"{place}: {what}" for what in _problems(source, slots or frozenset())]
    return found


def _problems(source: str, slots: frozenset[str]) -> list[str]:
    try:
        return problems(parse(source), slots)
    except FulfilmentError as error:
        return [str(error)]


def _slots_of(skill: Skill, name: str) -> frozenset[str] | None:
    """Slots of an intent in any language; None where no language has the intent."""
    found = [language.intent(name) for language in skill.languages]
    intents = [intent for intent in found if intent is not None]
    if not intents and name != LAUNCH and not name.startswith("AMAZON."):
        return None
    return frozenset(slot.name for intent in intents for slot in intent.slots)


def _compile(source: str) -> Template:
    try:
        return ENVIRONMENT.from_string(source)
    except (TemplateError, SyntaxError, RecursionError) as error:
        raise FulfilmentError(f"the template cannot be read: {error}; make it simpler") from error


class Fields:
    """A mapping whose keys are read as attributes, none of its own in the way: `slots.items`."""

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def __getitem__(self, key: str) -> Any:
        value = self._data[key]
        return Fields(value) if isinstance(value, Mapping) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def _variables(request: Mapping[str, Any]) -> dict[str, Any]:
    slots = read_slots(request["said"])
    return {
        "slots": Fields({slot.name: slot for slot in reversed(slots)}),
        "user": request["user"],
        "device": Fields(request["device"]),
        "locale": request["locale"],
        "now": datetime.fromisoformat(request["now"]).astimezone(ZoneInfo(request["time_zone"])),
        "attributes": Fields(request["attributes"]),
    }


def _allowance(soft: int) -> int:
    """Bytes of address space that this process may have while a template runs."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux: the limit of the worker has to do
        return soft
    allowed = pages * resource.getpagesize() + MEMORY_BYTES
    return allowed if soft == resource.RLIM_INFINITY else min(soft, allowed)
