"""One person after one goal: says it, answers what is asked, tries again, gives up or goes on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sayso.evaluation.households.assistant import Response, asked_slot
from sayso.evaluation.households.goals import Goal
from sayso.evaluation.households.phrasings import Phrasing
from sayso.evaluation.households.truth import Kind, Truth
from sayso.evaluation.households.turn import Said, Speaker
from sayso.types.context import Asked
from sayso.types.readings import Outcome

_MOST_ASKED = 4  # questions that a person answers for one goal
_PLAYS = ("PlayMusic", "play_music")


class Talk(Speaker):
    """A person's pursuit of one goal; `turns` tells it, `done` is whether it came to a good end."""

    done = False

    def turns(self) -> list[Said]:
        """All turns of the pursuit, in order."""
        made: list[Said] = []
        for said in self._pursue():
            if said.truth.kind is Kind.REQUEST and made:
                _link(made, said.truth)
            made.append(said)
        return made

    def _pursue(self) -> Iterator[Said]:
        manners, chance = self.scene.manners, self.chance
        tried: list[Phrasing] = []
        patience = manners.retries * self.person.patience
        spoken, phrasing = self._first()
        again = False
        while True:
            said, response = self.say(spoken, Kind.REQUEST, again=again)
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
            self.wait(manners.retry_s, manners.retry_spread)
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
            self.wait(1.5, 0.4)
            meant = None if right else False
            said, response = self.say(words, Kind.ANSWER, before=response, meant=meant)
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
        options = response.awaiting.options
        for option, place in zip(options, ("the first one", "the second one"), strict=False):
            if self.scene.world.fits(option, self.goal):
                if sum(other.skill == option.skill for other in options) > 1:
                    return place  # its skill's name does not tell which
                return self.scene.world.skills[option.skill].name.lower()
        return None

    def _grumble(self) -> Iterator[Said]:
        manners, chance, little = self.scene.manners, self.chance, self.scene.little
        for share, kind, words in (
            (manners.stops, Kind.STOP, little["stops"]),
            (manners.complains, Kind.COMPLAINT, little["complaints"]),
        ):
            if chance.random() < share:
                self.wait(2.0, 0.4)
                yield self.say(chance.choice(words), kind)[0]

    def _after(self, right: bool) -> Iterator[Said]:
        manners, chance = self.scene.manners, self.chance
        if right and chance.random() < manners.thanks:
            self.wait(2.0, 0.5)
            yield self.say(chance.choice(self.scene.little["thanks"]), Kind.THANKS)[0]


def _link(made: Sequence[Said], later: Truth) -> None:
    """The failed request before this one is said again by it."""
    for said in reversed(made):
        if said.truth.kind is Kind.REQUEST:
            said.truth = replace(said.truth, rephrased_by=later.id)
            return
