"""Scripted conversations with what is expected of each turn: `sayso demo`, `sayso test`, tests.

One conversation, as `sayso demo` plays it:

    start: "2026-11-20T17:40:00"
    time_zone: Europe/Berlin
    turns:
      - say: wake me at six     # user: ana; device: kitchen; now: +10s, how much time passes before
        enables: alarm          # skill or skills that the user enables first
        expect: {outcome: act, skill: alarm, intent: SetAlarm, slots: {time: "06:00"}}
      - silence: true           # nothing is said
        now: +1m
        expect: {rings: alarm}  # what spoke up by itself before

Many, each with people of its own, as `sayso test` plays them:

    phenomenon: eliciting
    about: What is missing is asked for.
    dialogues:
      - name: an alarm without a time is asked for one
        turns: [...]            # start, time_zone: of this one; START and ZONE, if not given

What may be expected stands in `expected.py` and in docs/dialogues.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from sayso.errors import EvaluationError, RequestError
from sayso.evaluation.expected import EXPECTED, RUN, Seen, problems
from sayso.evaluation.overheard import overheard
from sayso.runtime.home import Event, Home
from sayso.runtime.requests import zone
from sayso.types.context import Device
from sayso.types.turns import Reply

START, ZONE = "2026-11-20T17:40:00", "Europe/Berlin"
_SAID = {"say", "silence", "user", "device", "now", "enables", "expect"}
_SCRIPT = {"name", "start", "time_zone", "turns"}
_DEVICE = {"id", "type", "place", "state", "capabilities"}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, RequestError, yaml.YAMLError)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, and what should come of it.

    say: empty where nothing is said. later: how much the clock advances before; enables: skills
    that the user enables before.
    """

    say: str
    user: str
    expect: Mapping[str, Any] = field(default_factory=dict)
    later: timedelta = timedelta()
    enables: Sequence[str] = ()
    device: Device = field(default_factory=Device)


@dataclass(frozen=True, slots=True)
class Script:
    """Lines said from `start` on, ten seconds apart.

    people: put after each user's name, so that nobody is known from another script.
    """

    start: datetime
    lines: Sequence[Line]
    name: str = ""
    people: str = ""


@dataclass(frozen=True, slots=True)
class Scripts:
    """Scripts about one phenomenon of conversation."""

    phenomenon: str
    about: str
    scripts: Sequence[Script]


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a line: what rang before it, the reply, and where it was not as expected."""

    line: Line
    reply: Reply
    rang: Sequence[Event]
    problems: Sequence[str]


def read_script(path: Path) -> Script:
    """A file with one conversation. Raises EvaluationError for one that cannot be read."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _script({"start": raw["start"], "time_zone": raw["time_zone"], **raw}, "")
    except _UNREADABLE as error:
        raise EvaluationError(f"{path}: cannot be read as a script: {error}") from error


def read_scripts(path: Path) -> Scripts:
    """A file with one conversation or many. Raises EvaluationError for one that cannot be read."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "turns" in raw:
            return Scripts(path.stem, "", (_script(raw, path.stem, path.stem),))
        _known(raw, {"phenomenon", "about", "dialogues"}, str(path.name))
        scripts = [_script(each, str(each["name"]), path.stem) for each in raw["dialogues"]]
        _different([script.name for script in scripts])
        return Scripts(str(raw["phenomenon"]), str(raw.get("about", "")), scripts)
    except _UNREADABLE as error:
        raise EvaluationError(f"{path}: cannot be read as a script: {error}") from error


def _script(raw: Mapping[str, Any], name: str, file: str = "") -> Script:
    _known(raw, _SCRIPT, name)
    start = datetime.fromisoformat(str(raw.get("start", START)))
    lines = []
    for place, turn in enumerate(raw["turns"], 1):
        try:
            lines.append(_line(turn))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{name}, turn {place}: {error}".lstrip(", ")) from error
    start = start.replace(tzinfo=zone(str(raw.get("time_zone", ZONE))))
    # By name and not by number: what chance decides stays so when dialogues are added.
    people = f"-{sha256(f'{file}::{name}'.encode()).hexdigest()[:8]}" if file else ""
    return Script(start, lines, name, people)


def _line(raw: Any) -> Line:
    if not isinstance(raw, Mapping):
        raise ValueError(f'"{raw}" is no turn; write: say: {raw}')
    if ("say" in raw) is (raw.get("silence") is True):
        raise ValueError("write either what somebody says (say:) or silence: true")
    said = str(raw.get("say", ""))
    expect = raw.get("expect", {})
    if not isinstance(expect, Mapping):
        raise ValueError(f'"{expect}" is no expectation; write: {{outcome: {expect}}}')
    _known(raw, _SAID, said)
    _known(expect, EXPECTED, said)
    for run in expect.get("runs", ()):
        _known(run, RUN, said)
        if not {"skill", "intent"} <= {*run}:
            raise ValueError(f'"{run}" in "{said}" lacks its skill or intent')
    return Line(
        say=said,
        user=str(raw.get("user", "ana")),
        expect=expect,
        later=_duration(str(raw.get("now", "+10s"))),
        enables=_names(raw.get("enables", ())),
        device=_device(raw.get("device", {}), said),
    )


def _known(raw: Mapping[str, Any], keys: set[str] | frozenset[str], where: str) -> None:
    """Raises ValueError for a key that is misspelt: it would otherwise never be checked."""
    if not isinstance(raw, Mapping):
        raise ValueError(f'"{raw}" in "{where}" should have keys: {", ".join(sorted(keys))}')
    for unknown in {*raw} - keys:
        raise ValueError(f'"{unknown}" in "{where}" means nothing')


def _different(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f'"{name}" is the name of two dialogues')


def _device(raw: Any, said: str) -> Device:
    """A device by its id alone, or by what is known of it."""
    about = {"id": raw} if isinstance(raw, str) else raw
    _known(about, _DEVICE, said)
    return Device(**about)


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
    last = dict.fromkeys((line.user + script.people for line in script.lines), home.last_event())
    with overheard(home) as calls:
        for line in script.lines:
            now, user = now + line.later, line.user + script.people
            home.ring(now)
            rang = home.events(user=user, after=last[user])
            last[user] = max((event.id for event in rang), default=last[user])
            if line.enables:
                home.enable(user, *line.enables)
            calls.clear()
            try:
                reply = home.turn(
                    line.say, user=user, device=line.device, now=now, silence=not line.say
                )
            except RequestError as error:
                yield Step(line, Reply(""), rang, [f"refused: {error}"])
                continue
            context = home.store.context(user, reply.conversation)
            awaiting = context.awaiting if context is not None else None
            seen = Seen(reply, tuple(calls), awaiting, rang)
            yield Step(line, reply, rang, problems(seen, line.expect))
