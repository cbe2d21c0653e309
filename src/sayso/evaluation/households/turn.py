"""One turn of one person: what is said, what is heard of it, what comes back, and was it right?"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sayso.evaluation.households.assistant import Assistant, Response
from sayso.evaluation.households.goals import Goal, World
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.mishearing import Recogniser
from sayso.evaluation.households.people import Person, Tastes
from sayso.evaluation.households.truth import Cause, Kind, Truth
from sayso.types.context import Device
from sayso.types.lessons import LoggedTurn
from sayso.types.readings import Hypothesis

_WORDS_A_SECOND = 2.5


@dataclass(slots=True)
class Scene:
    """What a person is in: the world, what hears them, what answers, and what is said of it."""

    world: World
    assistant: Assistant
    recogniser: Recogniser
    tastes: Tastes
    manners: Manners
    little: Mapping[str, Sequence[str]]  # yes, no, thanks, stops, complaints


@dataclass(slots=True)
class Said:
    """A turn before it is numbered: the row and its truth."""

    row: LoggedTurn
    truth: Truth


class Speaker:
    """A person with one goal at one device; `end` is the time, and moves on with every turn."""

    def __init__(
        self, scene: Scene, person: Person, device: Device, goal: Goal, name: str, at: datetime
    ) -> None:
        self.scene, self.person, self.device, self.goal = scene, person, device, goal
        self.name, self.end = name, at
        self.chance = Random(f"{name}/talk")
        self._count = 0

    def recite(self, words: str, kind: Kind) -> Said:
        """One turn in given words, wanted or not."""
        return self.say(words, kind)[0]

    def say(
        self,
        spoken: str,
        kind: Kind,
        *,
        again: bool = False,
        before: Response | None = None,
        meant: bool | None = None,
    ) -> tuple[Said, Response]:
        """One turn. before: whose question is answered. meant: whether it is right, if known."""
        scene, chance = self.scene, self.chance
        heard = scene.recogniser.hear(spoken, self.person.voice, chance, again=again)
        response = scene.assistant.answer(
            heard,
            user=self.person.account,
            conversation=f"{self.person.account}@{self.device.id}",
            device=self.device,
            at=self.end,
            awaiting=before.awaiting if before else None,
            speech=before.speech if before else "",
            failed=chance.random() < scene.manners.fails,
        )
        right, plain = self._judged(response, kind) if meant is None else (meant, meant)
        cause = self._cause(spoken, heard, right, kind)
        turn = f"{self.name}.{self._count}"
        self._count += 1
        truth = Truth(
            id=turn,
            at_day=0,
            person=self.person.number,
            user=self.person.account,
            goal=self.name,
            skill=self.goal.skill,
            intent=self.goal.intent,
            slots=self.goal.key,
            words=json.dumps(dict(self.goal.said)),
            kind=kind,
            spoken=spoken,
            heard=heard,
            right=right,
            plain_right=plain,
            cause=cause,
            rewritten=response.utterance.text != heard,
        )
        said = Said(self._row(turn, heard, response), truth)
        words = len(heard.split()) + len(response.speech.split())
        self.end += timedelta(seconds=1.0 + words / _WORDS_A_SECOND)
        return said, response

    def _judged(self, response: Response, kind: Kind) -> tuple[bool | None, bool | None]:
        if kind not in (Kind.REQUEST, Kind.ANSWER):
            return None, None
        serves = self.scene.world.serves
        spoiled = response.failed or response.refused
        right = serves(response.decision, self.goal) and not spoiled
        if response.plain is response.decision:
            return right, right
        plain = response.plain
        refused = self.scene.assistant.turns_down(plain)
        return right, serves(plain, self.goal) and not refused

    def _cause(self, spoken: str, heard: str, right: bool | None, kind: Kind) -> Cause:
        if right is not False or kind is not Kind.REQUEST:
            return Cause.NONE
        if self.goal.skill is None:
            return Cause.BEYOND
        if spoken != heard:
            decision = self.scene.assistant.decide(spoken, self.end)
            if self.scene.world.serves(decision, self.goal):
                return Cause.RECOGNISER
        if not self._meant(spoken):
            return Cause.PERSON
        return Cause.UNDERSTANDING

    def _meant(self, spoken: str) -> bool:
        """Whether the words say the goal at all."""
        ways, _ = self.scene.world.ways(self.goal)
        return any(self.scene.world.put(self.goal, way) == spoken for way in ways)

    def wait(self, median_s: float, spread: float) -> None:
        """Time passes; spread: standard deviation of the logarithm."""
        seconds = self.chance.lognormvariate(math.log(median_s), spread)
        self.end += timedelta(seconds=seconds)

    def _row(self, turn: str, heard: str, response: Response) -> LoggedTurn:
        decision = response.decision
        reading = decision.chosen or next(iter(decision.options), None)
        rewriting = response.rewriting
        return LoggedTurn(
            id=turn,
            at=self.end,
            user=self.person.account,
            device=self.device.id,
            device_type=self.device.type,
            conversation=f"{self.person.account}@{self.device.id}",
            turn=0,
            locale=self.scene.world.locale,
            said=heard,
            text=response.utterance.text,
            outcome=str(decision.outcome),
            skill=reading.skill if reading else None,
            intent=reading.intent if reading else None,
            slots=slots_of(reading),
            confidence=round(reading.confidence, 4) if reading else None,
            basis=str(decision.basis),
            side_effects=bool(reading and reading.side_effects),
            speech=response.speech,
            failed=response.failed,
            ended=response.ended,
            rewrite=rewriting.id if rewriting else None,
            arm=rewriting.arm if rewriting else None,
            barge_in_ms=None,
            played_s=None,
            helpful=None,
            undone=None,
        )


def slots_of(reading: Hypothesis | None) -> str:
    """A reading's slots as a log writes them."""
    slots = reading.slots if reading else ()
    return json.dumps(
        {s.name: s.normalised or s.value for s in sorted(slots, key=lambda s: s.name)}
    )
