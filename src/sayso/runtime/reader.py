"""What was heard + the skills -> readings with their confidences, and what to do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sayso.dialogue.carrying.fill import carried_over
from sayso.dialogue.carrying.likeness import likeness
from sayso.dialogue.policy import HELP
from sayso.dialogue.precedence import last_resort
from sayso.dialogue.unfinished import asked_by_itself
from sayso.routing.explore import draw, explore
from sayso.routing.ground import on_trial, settle
from sayso.routing.invocation import Invocation, parse
from sayso.routing.rank import Ranker, Rankers
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.installation import Installation
from sayso.skills.builtin_intents import phrases
from sayso.types.context import Context
from sayso.types.readings import LAUNCH, Basis, Decision, Hypothesis, Outcome, Utterance
from sayso.understanding.cards import Card
from sayso.understanding.contenders import USUAL, Breadth
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.heard import ByLocale, TextEncoder, encoder_of, hear
from sayso.understanding.installed import Installed
from sayso.understanding.interpret import interpret
from sayso.understanding.personal import Moment
from sayso.understanding.shortlist import Shortlist
from sayso.understanding.situation import look_around
from sayso.understanding.stock import Stock
from sayso.understanding.view import View

MEANT = 0.02  # confidence that an intent needs in a skill that was named: the skill is meant
Lap = Callable[[str], None]


def no_lap(stage: str) -> None:
    """A stopwatch that nobody reads."""


class Reader(Installation):
    """Finds the skill, the intent and the slots in what was heard, and decides by that alone."""

    def __init__(
        self,
        installed: Iterable[Installed | Card] | Stock,
        encoder: TextEncoder | ByLocale | None,
        ranker: Ranker | Rankers | None,
        settings: EngineSettings | None,
    ) -> None:
        self.settings = settings or EngineSettings()
        super().__init__(installed, encoder, self.settings.engine)
        self.rankers = Rankers(ranker) if isinstance(ranker, Ranker) else ranker or Rankers()
        self._personal = self.settings.personal

    def near(self, heard: Heard, context: Context, view: View, k: int = 0) -> Shortlist:
        """The skills that are near what was heard, for this person in this context.

        k: how many, where more are wanted than a turn reads.
        """
        return view.index.search(
            heard,
            max(self.settings.shortlist, k),
            among=context.allowed,
            person=context.person,
            moment=Moment(context.now, context.device.type),
            weights=self._personal,
        )

    def ranked(
        self,
        heard: Heard,
        skills: Shortlist,
        context: Context,
        view: View,
        breadth: Breadth = USUAL,
    ) -> list[Hypothesis]:
        """The readings of what was heard in these skills, best first, with their confidences.

        breadth: how many are looked at.
        """
        encoder, known = self._encoder(context), self.settings.known_sentences
        readings = interpret(
            heard,
            skills,
            view,
            context,
            around=look_around(context, encoder),
            known_sentences=known,
            breadth=breadth,
        )
        readings = carried_over(readings, heard, context, view.installed, likeness(encoder))
        return self.rankers.of(context.locale).rank(readings)

    def _decide(
        self, heard: Heard, context: Context, view: View, lap: Lap
    ) -> tuple[Heard, Decision]:
        """Route by what was said: an explicit invocation, else the likeliest of all skills."""
        invocation = self._invoked(heard, context, view)
        if invocation is not None:
            return self._invoke(invocation, heard, context, view, lap)
        skills = self.near(heard, context, view)
        lap("shortlist")
        ranked = self.ranked(heard, skills, context, view)
        lap("interpret")
        decision = self._route(ranked, skills, context)
        if decision.options and not on_trial(decision.options[0].skill, context):
            held = view.installed.get(decision.options[0].skill)
            language = held.language if held is not None else None
            answering = context.awaiting is not None
            costs = self.settings.costs
            decision = asked_by_itself(decision, language, costs, answering=answering)
        decision = last_resort(decision, heard, context, view)
        lap("route")
        return heard, decision

    def _route(self, ranked: Sequence[Hypothesis], skills: Shortlist, context: Context) -> Decision:
        """Act, ask or give up, on safe ground; now and then the runner-up is tried."""
        costs = self.settings.costs
        decision = settle(ranked, skills.skills, context, costs, self.settings.ground)
        return explore(decision, context, self.settings.exploration, costs, draw(context))

    def _invoked(self, heard: Heard, context: Context, view: View) -> Invocation | None:
        """The skill that was named outright, unless the sentence is itself somebody's sample."""
        invocation = parse(heard.utterance.text, view.named, context.locale)
        if invocation is None or not _allowed(invocation.skill, context):
            return None
        sentence = fold(heard.utterance.text)
        return None if view.is_sample(sentence) and not invocation.rest else invocation

    def _invoke(
        self, invocation: Invocation, heard: Heard, context: Context, view: View, lap: Lap
    ) -> tuple[Heard, Decision]:
        """Read the rest of the sentence as said to the named skill; open it if there is none."""
        opened = Hypothesis(invocation.skill, LAUNCH, confidence=1.0)
        shortlist = Shortlist([(invocation.skill, 1.0)])
        ranked: list[Hypothesis] = []
        if invocation.rest:
            heard = self._hear(Utterance(heard.utterance.raw, invocation.rest), context)
            found = view.index.search(heard, 1, among={invocation.skill})
            # Who names a skill wants to be sent there, whatever it has turned down.
            shortlist = replace(found, doubts={})
            mine = context if context.active == invocation.skill else context.closed()
            ranked = self.ranked(heard, shortlist, mine, view)
        lap("invocation")
        if fold(invocation.rest) in {fold(each) for each in phrases(HELP, context.locale)}:
            opened = replace(opened, intent=HELP)
        chosen = ranked[0] if ranked and self._is_meant(ranked[0]) else opened
        decision = Decision(
            Outcome.ACT,
            chosen,
            hypotheses=ranked or (opened,),
            shortlist=shortlist.skills,
            reason="the skill was named",
            basis=Basis.NAMED,
        )
        return heard, decision

    def _is_meant(self, reading: Hypothesis) -> bool:
        """Whether an intent of a skill that was named is to be acted upon: a costly one as ever."""
        costly = self.settings.ground.side_effects.caution
        return reading.confidence >= (costly if reading.side_effects else MEANT)

    def _encoder(self, context: Context) -> TextEncoder | None:
        return encoder_of(self.encoder, context.locale)

    def _hear(self, utterance: Utterance, context: Context) -> Heard:
        return hear(utterance, self._encoder(context))


def _allowed(skill: str, context: Context) -> bool:
    return context.allowed is None or skill in context.allowed
