"""What simulated people ask of the home, as the re-ranker sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.asking import Past, time_of
from benchmarks.exact import clusters
from benchmarks.reranking.home import LOCALE, Home
from sayso.evaluation.people import requests
from sayso.runtime.engine import Engine
from sayso.types.context import Context, Device
from sayso.types.lessons import Label
from sayso.types.people import Person
from sayso.types.readings import Hypothesis
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.fusion import Floats
from sayso.understanding.heard import encoder_of, hear
from sayso.understanding.interpret import interpret
from sayso.understanding.personal import Moment

K = 10  # skills of a shortlist
EACH = 30  # requests of a person


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, its shortlist and its readings.

    skill, intent: what was meant, empty for a stranger's sentence. same: the skills that have the
    very sentence. person: who asked.
    """

    text: str
    skill: str
    intent: str
    person: str
    same: frozenset[str]
    shortlist: Sequence[tuple[str, float]]
    readings: Sequence[Hypothesis]


class Listener:
    """Hears sentences once, however many people say them."""

    def __init__(self, engine: Engine, home: Home) -> None:
        self.engine, self.home = engine, home
        self.view = engine.view(LOCALE)
        self._heard: dict[str, Heard] = {}

    def heard(self, text: str) -> Heard:
        """What a sentence is to the engine."""
        if text not in self._heard:
            self._heard[text] = hear(text, encoder_of(self.engine.encoder, LOCALE))
        return self._heard[text]

    def ask(self, text: str, skill: str, intent: str, who: str, context: Context) -> Asked:
        """One request."""
        heard = self.heard(text)
        moment = Moment(context.now, context.device.type)
        found = self.view.index.search(heard, K, person=context.person, moment=moment)
        readings = interpret(heard, found, self.view, context)
        same = self.home.said.get(fold(text), frozenset()) - {skill}
        return Asked(text, skill, intent, who, same, found.skills, readings)

    def simulated(
        self,
        asked: Mapping[str, Sequence[Label]],
        *,
        people: int,
        seed: int,
        nameless: bool = False,
        strange: Sequence[str] = (),
    ) -> Iterator[Asked]:
        """What people ask for, person after person; of a skill without sentences here nothing.

        What is asked of such a skill adds to the habits only. nameless: nothing is known of who
        asks. strange: what is said instead, by turns, and is for no skill.
        """
        topics = self.topics()
        chance = np.random.default_rng(seed)
        past, who = Past(), ""
        for request in requests(topics, {}, people=people, each=EACH, seed=seed):
            if request.person != who:
                past, who = Past(), request.person
            sentences = asked.get(request.skill, ())
            if sentences:
                said = sentences[int(chance.integers(len(sentences)))]
                context = Context(
                    "", time_of(request), device=Device(type=request.device), locale=LOCALE
                )
                if not nameless:
                    person = Person(sorted(request.enabled), past.uses())
                    context = replace(context, person=person)
                name = f"{seed} {who}"
                if strange:
                    text = strange[int(chance.integers(len(strange)))]
                    yield self.ask(text, "", "", name, context)
                else:
                    yield self.ask(said.text, request.skill, said.intent, name, context)
            past.add(request)

    def topics(self) -> dict[str, str]:
        """Skill -> the cluster of its mean vector."""
        means = np.stack([self._mean(skill.id) for skill in self.home.skills])
        found = clusters(means)
        return {skill.id: str(at) for skill, at in zip(self.home.skills, found, strict=True)}

    def _mean(self, skill: str) -> Floats:
        vectors = self.engine.installed(skill)[0].examples.vectors
        total = np.asarray(vectors, np.float32).sum(axis=0)
        mean: Floats = total / max(float(np.linalg.norm(total)), 1e-6)
        return mean
