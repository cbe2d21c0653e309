"""One conversation on one site: say, listen, take the turn, say again, until it is over.

A session is ours as long as Sayso's skills answer. Where a handler out there takes it on, by
continuing it or by having started it for its own intents, the handler is told what was understood
and says what comes next.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sayso.errors import RequestError, SaysoError
from sayso.protocols.hermes import said
from sayso.protocols.hermes.messages import (
    AsrFailed,
    Captured,
    Continue,
    End,
    Message,
    SayFinished,
    Start,
)
from sayso.protocols.hermes.nlu import meant
from sayso.protocols.hermes.said import Said
from sayso.protocols.names import for_clients, left_to_do
from sayso.protocols.turns import Turns
from sayso.runtime.home import Home
from sayso.types.context import Device
from sayso.types.readings import Alternative, Hypothesis, Outcome
from sayso.types.turns import Reply, TurnRequest

log = logging.getLogger("sayso.hermes")

MOST_WAITING = 16  # messages to a session that it has not looked at


class Reason(StrEnum):
    """Why a session ended, in Hermes' words."""

    NOMINAL = "nominal"
    ABORTED = "abortedByUser"
    UNKNOWN = "intentNotRecognized"
    TIMEOUT = "timeout"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Times:
    """How long others are waited for, in seconds.

    listen_s: until nobody says anything; handler_s: for a handler to go on; say_s and say_each_s:
    for the voice to be done, and as much more for each character.
    """

    listen_s: float = 20.0
    handler_s: float = 10.0
    say_s: float = 5.0
    say_each_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Wires:
    """What a session needs of the service. user: who speaks, on every site."""

    home: Home
    user: str
    turns: Turns
    publish: Callable[[Said], None]
    times: Times = Times()


@dataclass(frozen=True, slots=True)
class Leave:
    """The session is to end, whatever it is doing."""

    reason: Reason


class _Over(Exception):
    """The session ends here. text: what is said last."""

    def __init__(self, reason: Reason, text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text


class Session:
    """A conversation; `run` is all of it, `hear` hands it what comes in meanwhile.

    first: what was said already, where the session begins with it.
    """

    def __init__(self, start: Start, wires: Wires, first: Captured | None = None) -> None:
        self.id = start.session or str(uuid.uuid4())
        self.site = start.site
        self._start, self._wires, self._first = start, wires, first
        self._custom = start.custom
        self._lang = start.lang or (first.lang if first else None)
        self._likelihood = first.likelihood if first else None
        # Whoever restricts the intents, or wants to hear of failures, handles them, too.
        self._theirs = start.intents is not None or start.not_recognized
        self._intents, self._not_recognized = start.intents, start.not_recognized
        self._inbox: asyncio.Queue[Message | Leave] = asyncio.Queue(MOST_WAITING)

    def hear(self, message: Message | Leave) -> None:
        """Something for this session; what it cannot keep is lost, as nobody waits for it."""
        if isinstance(message, Leave) and self._inbox.full():
            self._inbox.get_nowait()
        if not self._inbox.full():
            self._inbox.put_nowait(message)

    async def run(self) -> None:
        """The whole session; its end is published whatever happens, unless it is cancelled."""
        self._publish(said.STARTED, lang=self._start.lang)
        last = ""
        try:
            reason = await self._converse()
        except _Over as over:
            reason, last = over.reason, over.text
        except RequestError as wrong:
            reason = Reason.ERROR
            field = f"{wrong.field}: " if wrong.field else ""
            self._publish(said.DIALOGUE_ERROR, error=f"{field}{wrong}")
        except Exception as failure:
            reason = Reason.ERROR
            if isinstance(failure, SaysoError):
                log.error("session %s: %s", self.id, failure)
            else:
                log.exception("session %s failed", self.id)
            self._publish(said.DIALOGUE_ERROR, error="something went wrong; see the service's log")
        if last:
            await self._finish(last)
        self._publish(said.ENDED, termination={"reason": reason.value})

    async def _converse(self) -> Reason:
        await self._say(self._start.text)
        if self._start.notification:
            return Reason.NOMINAL
        text = self._first.text.strip() if self._first else await self._listen()
        while True:
            reason = await (self._tell(text) if self._theirs else self._take(text))
            if reason is not None:
                return reason
            text = await self._listen()

    async def _take(self, text: str) -> Reason | None:
        """A turn of Sayso's; None to listen on."""
        wires = self._wires
        reply = await wires.turns.run(wires.home.take, self._request(text))
        left, told = await wires.turns.run(self._to_tell, reply)
        if text and told is not None:
            await self._intent(told, text)
        await self._say(reply.speech)
        for place, reading in enumerate(left, start=1):
            await self._intent(reading, text)
            if place == len(left) and reply.ended:
                return await self._handled()
            await self._done()
        return None if not reply.ended else _reason(reply, text)

    async def _tell(self, text: str) -> Reason | None:
        """What was understood goes to the handler; None to listen on."""
        if not text:
            return Reason.TIMEOUT
        reading = await self._wires.turns.run(self._understand, text)
        if reading is not None:
            await self._intent(reading, text)
        elif self._not_recognized:
            self._publish(said.UNKNOWN, input=text)
        else:
            return Reason.UNKNOWN
        return await self._handled()

    def _understand(self, text: str) -> Hypothesis | None:
        home = self._wires.home
        device = Device(self.site)
        decision = home.decide(text, user=self._wires.user, locale=self._locale, device=device)
        return meant(decision, self._intents, home.engine.skills)

    def _to_tell(self, reply: Reply) -> tuple[list[Hypothesis], Hypothesis | None]:
        """What handlers have to do, once it is whole, and what they are only told."""
        skills, chosen = self._wires.home.engine.skills, reply.decision.chosen
        left = left_to_do(reply, skills)
        if chosen is None or reply.decision.outcome is not Outcome.ACT:
            return left, None
        return left, None if for_clients(skills.get(chosen.skill)) else chosen

    async def _done(self) -> None:
        """Let a handler do what it has to, before the next one, or the question, has its turn.

        It may say something; a dialogue of its own it may not begin, as others wait.
        """
        try:
            message = await self._next(Continue, self._wires.times.handler_s)
        except _Over as over:
            if over.reason is not Reason.NOMINAL:
                raise
            await self._say(over.text)
            return
        if isinstance(message, Continue):
            log.warning("session %s: a handler goes on, but others wait", self.id)
            await self._say(message.text)

    async def _handled(self) -> Reason | None:
        """Wait for the handler to go on or to end; None to listen on."""
        message = await self._next(Continue, self._wires.times.handler_s)
        if not isinstance(message, Continue):
            return Reason.TIMEOUT
        self._theirs = True
        self._intents, self._not_recognized = message.intents, message.not_recognized
        self._custom = self._custom if message.custom is None else message.custom
        self._lang = message.lang or self._lang
        await self._say(message.text)
        return None

    async def _intent(self, reading: Hypothesis, text: str) -> None:
        """Tell handlers, and whoever looks on, what was understood."""
        topic, told = await self._wires.turns.run(self._named, reading, text)
        self._publish(topic, **told)

    def _named(self, reading: Hypothesis, text: str) -> tuple[str, dict[str, Any]]:
        skills = self._wires.home.engine.skills
        told = said.intent_message(reading, text, skills)
        return said.intent_topic(said.intent_name(reading, skills)), told

    async def _say(self, text: str) -> None:
        """Say something, and wait until it is said, or has long been."""
        if not text:
            return
        times = self._wires.times
        id = self._utter(text)
        await self._next(SayFinished, times.say_s + times.say_each_s * len(text), id=id)

    async def _finish(self, text: str) -> None:
        """The last words: nothing that comes in changes the end any more."""
        try:
            await self._say(text)
        except _Over:
            return

    def _utter(self, text: str) -> str:
        id = str(uuid.uuid4())
        self._publish(said.SAY, text=text, id=id, lang=self._lang)
        return id

    async def _listen(self) -> str:
        """What is said next; an empty text where nobody says anything."""
        self._publish(said.HOTWORD_OFF)
        self._publish(said.LISTEN, lang=self._lang)
        try:
            heard = await self._next((Captured, AsrFailed), self._wires.times.listen_s)
        finally:
            self._publish(said.STOP_LISTENING)
            self._publish(said.HOTWORD_ON)
        if isinstance(heard, AsrFailed):
            raise _Over(Reason.ERROR)
        if not isinstance(heard, Captured):
            return ""
        self._likelihood = heard.likelihood
        return heard.text.strip()

    async def _next(
        self,
        kind: type[Message] | tuple[type[Message], ...],
        patience_s: float,
        id: str | None = None,
    ) -> Message | None:
        """The next message of a kind; None if none comes. What else comes is out of place.

        id: of what was to be said; a voice that names none is believed.
        Raises _Over where somebody ends the session.
        """
        try:
            async with asyncio.timeout(patience_s):
                while True:
                    message = await self._inbox.get()
                    if isinstance(message, Leave):
                        raise _Over(message.reason)
                    if isinstance(message, End):
                        self._custom = self._custom if message.custom is None else message.custom
                        raise _Over(Reason.NOMINAL, message.text)
                    if not isinstance(message, kind):
                        continue
                    if isinstance(message, SayFinished) and message.id not in (None, id):
                        continue
                    return message
        except TimeoutError:
            return None

    @property
    def _locale(self) -> str | None:
        return self._lang.replace("_", "-") if self._lang else None

    def _request(self, text: str) -> TurnRequest:
        device = Device(self.site, "speaker")
        wires = self._wires
        heard = (Alternative(text, self._likelihood),) if text else ()
        return TurnRequest(
            text,
            user=wires.user,
            alternatives=heard,
            device=device,
            locale=self._locale,
            silence=not text,
        )

    def _publish(self, topic: str, **data: Any) -> None:
        told = {**data, "siteId": self.site, "sessionId": self.id}
        if topic not in (said.SAY, said.LISTEN, said.STOP_LISTENING):
            told["customData"] = self._custom
        self._wires.publish(Said(topic, told))


def _reason(reply: Reply, text: str) -> Reason:
    """Why a session is over after a turn."""
    if not text:
        return Reason.TIMEOUT
    if reply.trace.failure is not None:
        return Reason.ERROR
    return Reason.UNKNOWN if reply.decision.outcome is Outcome.ABSTAIN else Reason.NOMINAL
