"""One person after one goal: says it, answers what is asked, tries again, gives up or goes on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sayso.evaluation.households.assistant import Assistant, Response, asked_slot
from sayso.evaluation.households.goals import Goal, World
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.mishearing import Recogniser
from sayso.evaluation.households.people import Person, Tastes
from sayso.evaluation.households.phrasings import Phrasing
from sayso.evaluation.households.truth import Cause, Kind, Truth
from sayso.types.lessons import LoggedTurn
from sayso.types.turns import Asked, Device, Hypothesis, Outcome

_MOST_ASKED = 4  # questions that a person answers for one goal
_WORDS_A_SECOND = 2.5
_PLAYS = ("PlayMusic", "play_music")


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


class Talk:
    """A person's pursuit of one goal on one device; `turns` tells it, `end` is when it is over."""

    def __init__(
        self, scene: Scene, person: Person, device: Device, goal: Goal, name: str, at: datetime
    ) -> None:
        self.scene, self.person, self.device, self.goal = scene, person, device, goal
        self.name, self.end = name, at
        self.chance = Random(f"{name}/talk")
        self.count = 0
        self.done = False

    def turns(self) -> list[Said]:
        """All turns of the pursuit, in order."""
        made: list[Said] = []
        for said in self._pursue():
            if said.truth.kind is Kind.REQUEST and made:
                _link(made, said.truth)
            made.append(said)
        return made

    def recite(self, words: str, kind: Kind) -> Said:
        """One turn in given words, wanted or not."""
        return self._say(words, kind)[0]

    def _pursue(self) -> Iterator[Said]:
        manners, chance = self.scene.manners, self.chance
        tried: list[Phrasing] = []
        patience = manners.retries * self.person.patience
        spoken, phrasing = self._first()
        again = False
        while True:
            said, response = self._say(spoken, Kind.REQUEST, again=again)
            right = bool(said.truth.right)
            noticed = not right and chance.random() < manners.notices
            self._react(said, response, right=right, noticed=noticed)
            yield said
            if response.awaiting is not None:
                settled = True
                for step in self._answers(response, right=right):
                    settled = bool(step.truth.right)
                    yield step
                right = right and settled
                noticed = not right
            if phrasing is not None:
                self.person.remember(phrasing, right=right, manners=manners)
            if right or not noticed:
                yield from self._after(right)
                self.done = right
                return
            if response.ended and response.decision.outcome is Outcome.ACT:
                yield from self._grumble()
            # Who asks for what no skill does is told so, and seldom says it again.
            hope = patience / 3 if self.goal.skill is None else patience
            if chance.random() >= min(hope, 0.95):
                return
            patience *= manners.tires
            self._wait(manners.retry_s, manners.retry_spread)
            again = chance.random() < manners.repeats / (1 if not again else 2)
            if not again and phrasing is not None:
                tried.append(phrasing)
                spoken, phrasing = self._otherwise(tried)

    def _first(self) -> tuple[str, Phrasing | None]:
        """What is said at first; now and then something else than is meant."""
        if self.goal.skill is None:
            return self.goal.beyond, None
        ways, ranks = self.scene.world.ways(self.goal)
        phrasing = self.scene.tastes.wording(ways, ranks, self.person, self.chance)
        goal = self.goal
        if phrasing.slots and self.chance.random() < self.scene.manners.misspeaks:
            goal = self._slip(phrasing)
        return self.scene.world.put(goal, phrasing), phrasing

    def _slip(self, phrasing: Phrasing) -> Goal:
        slot = self.chance.choice(sorted(phrasing.slots))
        key = (phrasing.skill, phrasing.intent, slot)
        other = self.chance.choice(self.scene.world.speech.words[key]).said[0]
        return replace(self.goal, said={**self.goal.said, slot: other})

    def _otherwise(self, tried: Sequence[Phrasing]) -> tuple[str, Phrasing | None]:
        ways, ranks = self.scene.world.ways(self.goal)
        phrasing = self.scene.tastes.wording(
            ways, ranks, self.person, self.chance, without=frozenset(tried)
        )
        return self.scene.world.put(self.goal, phrasing), phrasing

    def _say(
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
        turn = f"{self.name}.{self.count}"
        self.count += 1
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
        return right, serves(response.plain, self.goal)

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

    def _react(self, said: Said, response: Response, *, right: bool, noticed: bool) -> None:
        """What a client sees of how it was taken."""
        manners, chance, row = self.scene.manners, self.chance, said.row
        acted = response.decision.outcome is Outcome.ACT and response.ended
        barge = manners.barges * self.person.barges if noticed and acted else manners.fidgets
        if chance.random() < min(barge, 0.9) and response.speech:
            row = replace(row, barge_in_ms=round(1000 * chance.lognormvariate(0.4, 0.5), 0))
        if acted and row.intent in _PLAYS:
            median = manners.played_s if right or not noticed else manners.cut_s
            row = replace(row, played_s=round(chance.lognormvariate(math.log(median), 0.8), 1))
        if noticed and acted and chance.random() < manners.undoes:
            row = replace(row, undone=True)
        if chance.random() < manners.asked:
            row = replace(row, helpful=right == (chance.random() < manners.honest))
        said.row = row

    def _answers(self, response: Response, *, right: bool) -> Iterator[Said]:
        """Answers to what is asked, until nothing is or the person has had enough of it."""
        for _ in range(_MOST_ASKED):
            if response.awaiting is None:
                return
            words = self._reply_to(response, right=right)
            if words is None:
                return
            self._wait(1.5, 0.4)
            meant = None if right else False
            said, response = self._say(words, Kind.ANSWER, before=response, meant=meant)
            right = bool(said.truth.right)
            self._react(said, response, right=right, noticed=not right)
            yield said
            if not right:
                return

    def _reply_to(self, response: Response, *, right: bool) -> str | None:
        """What answers the question; None for somebody who turns away."""
        chance, little = self.chance, self.scene.little
        assert response.awaiting is not None
        if not right:
            return chance.choice(little["no"]) if chance.random() < 0.5 else None
        slot = asked_slot(response.awaiting)
        if slot is not None:
            return self.goal.said.get(slot)
        if response.awaiting.asked is Asked.CONFIRM or len(response.awaiting.options) == 1:
            return chance.choice(little["yes"])
        for option in response.awaiting.options:
            if self.scene.world.fits(option, self.goal):
                return self.scene.world.skills[option.skill].name.lower()
        return None

    def _grumble(self) -> Iterator[Said]:
        manners, chance, little = self.scene.manners, self.chance, self.scene.little
        for share, kind, words in (
            (manners.stops, Kind.STOP, little["stops"]),
            (manners.complains, Kind.COMPLAINT, little["complaints"]),
        ):
            if chance.random() < share:
                self._wait(2.0, 0.4)
                yield self._say(chance.choice(words), kind)[0]

    def _after(self, right: bool) -> Iterator[Said]:
        manners, chance = self.scene.manners, self.chance
        if right and chance.random() < manners.thanks:
            self._wait(2.0, 0.5)
            yield self._say(chance.choice(self.scene.little["thanks"]), Kind.THANKS)[0]

    def _wait(self, median_s: float, spread: float) -> None:
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


def _link(made: Sequence[Said], later: Truth) -> None:
    """The failed request before this one is said again by it."""
    for said in reversed(made):
        if said.truth.kind is Kind.REQUEST:
            said.truth = replace(said.truth, rephrased_by=later.id)
            return
