"""A small home that answers at once, and ways to knock at its door."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from sayso.errors import RequestError, SkillError
from sayso.runtime.home import Home
from sayso.runtime.people import Found
from sayso.runtime.signalling import check
from sayso.server.app import create_app
from sayso.server.keys import new_key
from sayso.settings import ServerKey, Settings
from sayso.stores.store import Event
from sayso.types.context import Device, Happening
from sayso.types.lessons import Signal
from sayso.types.people import EnabledBy, Person
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.skills import Skill
from sayso.types.turns import Reply, Trace, TurnRequest

ALARM = Hypothesis(
    "alarms", "SetAlarm", (SlotValue("time", "AMAZON.TIME", "six", 11, 14, "06:00"),), 2.0, 0.9
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class SmallHome:
    """What the door needs of a home; keeps in memory what it was told."""

    def __init__(self, **server: Any) -> None:
        self.settings = Settings.model_validate({"server": server})
        self.taken: list[TurnRequest] = []
        self.signalled: list[Signal] = []
        self.replies: dict[tuple[str, str], Reply] = {}
        self.installed: dict[str, Skill] = {}
        self.chosen: dict[str, dict[str, EnabledBy]] = defaultdict(dict)
        self.neutrals: set[str] = set()
        self.sought: list[tuple[str, str, int, str | None]] = []
        self.approved: dict[str, str] = {}
        self.rung: list[Event] = []
        self.failure: Exception | None = None
        self.held: Callable[[], object] = lambda: None
        self.asked: list[tuple[str, str, str | None]] = []
        self.decision = Decision(Outcome.ACT, ALARM, hypotheses=(ALARM,))
        self.answer: Reply | None = None

    @property
    def engine(self) -> Any:
        return SimpleNamespace(version="000007-abc", skills=self.installed)

    def take(self, request: TurnRequest) -> Reply:
        self.held()
        if self.failure:
            raise self.failure
        if not (request.text or request.alternatives or request.silence):
            raise RequestError("say something", field="text")
        key = (request.user, request.idempotency_key or "")
        if request.idempotency_key and key in self.replies:
            return self.replies[key]
        self.taken.append(request)
        decision = Decision(Outcome.ACT, ALARM, hypotheses=(ALARM,), shortlist=(("alarms", 1.0),))
        trace = Trace({"hear": 1.5, "route": 0.5}, versions={"bundle": "000007-abc"})
        reply = Reply("Done.", decision=decision, trace=trace, conversation="c1", turn=1)
        reply = self.answer or reply
        return self.replies.setdefault(key, reply) if request.idempotency_key else reply

    def signals(self, signals: Sequence[Signal]) -> list[bool]:
        check(signals)
        self.signalled += signals
        return [signal.turn == 1 for signal in signals]

    def understand(
        self,
        text: str,
        *,
        user: str,
        locale: str | None = None,
        device: Device | None = None,
        happened: Sequence[Happening] = (),
    ) -> list[Hypothesis]:
        return [ALARM] if text else []

    def decide(self, text: str, *, user: str, locale: str | None = None) -> Decision:
        if not text.strip():
            raise RequestError("holds no words", field="text")
        self.asked.append((text, user, locale))
        return self.decision

    def skills(self) -> list[Skill]:
        return list(self.installed.values())

    def install(self, skill: Skill) -> str:
        self.installed[skill.id] = skill
        return "v1"

    def uninstall(self, skill_id: str) -> None:
        if self.installed.pop(skill_id, None) is None:
            raise SkillError(f'no skill "{skill_id}" is installed')

    def person(self, user: str) -> Person:
        return Person(tuple(sorted(self.chosen[user])), neutral=user in self.neutrals)

    def skills_of(self, user: str) -> list[Found]:
        return [self.skill_of(user, skill) for skill in sorted(self.chosen[user])]

    def skill_of(self, user: str, skill: str) -> Found:
        if skill not in self.installed:
            raise SkillError(f'no skill "{skill}" is installed; did you mean another?')
        by = self.chosen[user].get(skill)
        return Found(
            skill, self.installed[skill].name, "", by is not None, NOON if by else None, by
        )

    def find_skills(self, text: str, user: str, k: int, locale: str | None) -> list[Found]:
        if not text.strip():
            raise RequestError("holds no words", field="text")
        self.sought.append((text, user, k, locale))
        return [self.skill_of(user, skill) for skill in sorted(self.installed)[:k]]

    def enable(self, user: str, *skills: str, by: EnabledBy) -> int:
        if user == "anonymous":
            raise RequestError("name a user", field="user")
        self.chosen[user] |= dict.fromkeys(skills, by)
        return len(skills)

    def disable(self, user: str, *skills: str) -> int:
        for skill in skills:
            self.skill_of(user, skill)
            self.chosen[user].pop(skill, None)
        return len(skills)

    def neutral(self, user: str, on: bool) -> None:
        (self.neutrals.add if on else self.neutrals.discard)(user)

    def approve(self, skill_id: str, by: str) -> bool:
        return self.approved.setdefault(skill_id, by) == by

    def refresh(self) -> bool:
        return False

    def ring(self) -> int:
        return 0

    def rings(self, speech: str, *, user: str = "ana", device: str = "kitchen") -> None:
        number = len(self.rung) + 1
        self.rung.append(Event(number, user, device, "timers", "k", speech, NOON, NOON))

    def last_event(self) -> int:
        return len(self.rung)

    def events(
        self, *, user: str | None, device: str | None, after: int, limit: int = 100
    ) -> list[Event]:
        found = [
            event
            for event in self.rung[after:]
            if user in (None, event.user) and device in (None, event.device)
        ]
        return found[:limit]


def as_app(home: SmallHome | Home) -> FastAPI:
    return create_app(cast(Home, home))


class Knock:
    """Requests to an application in this process, without a network."""

    def __init__(self, home: SmallHome, **headers: str) -> None:
        self.app = as_app(home)
        self.headers = headers

    def __call__(self, method: str, path: str, **rest: Any) -> httpx.Response:
        return asyncio.run(self._send(method, path, **rest))

    async def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=self.headers
        ) as client:
            return await client.request(method, path, **rest)


@pytest.fixture
def home() -> SmallHome:
    return SmallHome()


@pytest.fixture
def knock(home: SmallHome) -> Knock:
    return Knock(home)


def keyed(*who: tuple[str, str | None], **server: Any) -> tuple[SmallHome, list[str]]:
    """A home with a key for each (role, user), and the keys."""
    made = [new_key() for _ in who]
    keys: Sequence[ServerKey] = [
        ServerKey.model_validate({"sha256": sha256, "role": role, "user": user})
        for (role, user), (_, sha256) in zip(who, made, strict=True)
    ]
    return SmallHome(keys=keys, **server), [key for key, _ in made]


@contextmanager
def running(home: SmallHome | Home) -> Iterator[str]:
    """The URL of a real server, in a thread of this process."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = as_app(home)
    config = uvicorn.Config(app, ws="none", log_config=None, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        app.state.door.bell.close()
        server.should_exit = True
        thread.join()
