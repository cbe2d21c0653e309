"""A scripted conversation with expected decisions: what `sayso demo` plays and a test checks.

start: "2026-11-20T17:40:00"
time_zone: Europe/Berlin
turns:
  - say: wake me at six     # user: ana; now: +10s, how much the clock advances before
    enables: alarm          # skill or skills that the user enables first
    expect: {outcome: act, skill: alarm, intent: SetAlarm, slots: {time: "06:00"}}
  - say: hello
    now: +1d
    expect: {reply_contains: Hello, rings: alarm}   # rings: what spoke up by itself before
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from sayso.errors import EvaluationError, RequestError
from sayso.runtime.home import Event, Home
from sayso.runtime.requests import zone
from sayso.types.turns import Reply

_SAID = {"say", "user", "now", "enables", "expect"}
_EXPECTED = {"outcome", "skill", "intent", "slots", "reply_contains", "rings"}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, and what should come of it.

    later: how much the clock advances before; enables: skills that the user enables before.
    """

    say: str
    user: str
    expect: Mapping[str, Any] = field(default_factory=dict)
    later: timedelta = timedelta()
    enables: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """Lines said from `start` on, ten seconds apart."""

    start: datetime
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a line: what rang before it, the reply, and where it was not as expected."""

    line: Line
    reply: Reply
    rang: Sequence[Event]
    problems: Sequence[str]


def read_script(path: Path) -> Script:
    """A script file. Raises EvaluationError for one that cannot be read."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        start = datetime.fromisoformat(str(raw["start"])).replace(tzinfo=zone(raw["time_zone"]))
        return Script(start, [_line(each) for each in raw["turns"]])
    except (OSError, ValueError, KeyError, TypeError, RequestError, yaml.YAMLError) as error:
        raise EvaluationError(f"{path}: cannot be read as a script: {error}") from error


def _line(raw: Any) -> Line:
    if not isinstance(raw, Mapping):
        raise ValueError(f'"{raw}" is no turn; write: say: {raw}')
    # What is misspelt would otherwise never be checked.
    for unknown in {*raw} - _SAID | {*raw.get("expect", {})} - _EXPECTED:
        raise ValueError(f'"{unknown}" in "{raw["say"]}" means nothing')
    return Line(
        say=str(raw["say"]),
        user=str(raw.get("user", "ana")),
        expect=raw.get("expect", {}),
        later=_duration(str(raw.get("now", "+10s"))),
        enables=_names(raw.get("enables", ())),
    )


def _names(raw: Any) -> Sequence[str]:
    return (raw,) if isinstance(raw, str) else tuple(map(str, raw))


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"\+(\d+)([smhd])", text)
    if found is None:
        raise ValueError(f'"{text}" is no time to wait; write +5m')
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def play(home: Home, script: Script) -> Iterator[Step]:
    """Say each line on the script's own clock; yields what came of it."""
    now = script.start
    last = dict.fromkeys((line.user for line in script.lines), home.last_event())
    for line in script.lines:
        now += line.later
        home.ring(now)
        rang = home.events(user=line.user, after=last[line.user])
        last[line.user] = max((event.id for event in rang), default=last[line.user])
        if line.enables:
            home.enable(line.user, *line.enables)
        reply = home.turn(line.say, user=line.user, now=now)
        yield Step(line, reply, rang, _problems(line, reply, rang))


def _problems(line: Line, reply: Reply, rang: Sequence[Event]) -> list[str]:
    """Where a reply differs from what the line expects, in words."""
    decision, expect = reply.decision, line.expect
    chosen = decision.chosen
    found: dict[str, Any] = {
        "outcome": str(decision.outcome),
        "skill": chosen.skill if chosen else None,
        "intent": chosen.intent if chosen else None,
    }
    problems = [
        f"{name}: {found[name]}, expected {expect[name]}"
        for name in found
        if name in expect and found[name] != expect[name]
    ]
    slots = {slot.name: slot for slot in (chosen.slots if chosen else ())}
    for name, value in (expect.get("slots") or {}).items():
        said = {slots[name].value, slots[name].normalised} if name in slots else set()
        if str(value).casefold() not in {str(each).casefold() for each in said}:
            problems.append(f"slot {name}: {said or 'missing'}, expected {value}")
    if str(expect.get("reply_contains", "")).casefold() not in reply.speech.casefold():
        problems.append(f'reply: "{reply.speech}", expected "{expect["reply_contains"]}" in it')
    if "rings" in expect and not any(expect["rings"] in event.speech for event in rang):
        problems.append(f"nothing rang with {expect['rings']!r}")
    if reply.trace.failure:
        problems.append(f"failure: {reply.trace.failure}")
    return problems
