"""One pure turn: what was heard + context -> a decision and the next move.

The engine knows no store, no clock and no back-ends; what it needs of them comes in as arguments.
It is safe to share among threads: skills are swapped in as whole snapshots.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sayso.dialogue.carrying.follow import going_on, pointing_back
from sayso.dialogue.carrying.likeness import likeness
from sayso.dialogue.carrying.spoken import remembered
from sayso.dialogue.helpful import answered as opinion_of
from sayso.dialogue.loose import is_free
from sayso.dialogue.moves import Move
from sayso.dialogue.precedence import answered
from sayso.dialogue.recanting import after_the_no, put_right
from sayso.dialogue.respond import respond
from sayso.routing.ground import settle
from sayso.routing.opinions import Key, weighed
from sayso.routing.policies import NO_POLICIES, Policies
from sayso.routing.rank import Ranker, Rankers
from sayso.runtime.ask_rather import ask_rather
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.reader import Lap, Reader, no_lap
from sayso.runtime.rethink import rethink
from sayso.types.calls import Opinion
from sayso.types.context import Context
from sayso.types.people import ANYBODY, Person
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, Utterance
from sayso.understanding.cards import Card
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.heard import ByLocale, TextEncoder, clean, encoder_of, hear
from sayso.understanding.installed import Installed
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.online.suggest import Online
from sayso.understanding.personal import Moment
from sayso.understanding.repairs import renamed, repaired
from sayso.understanding.rewrites import NO_REWRITES, Rewrites
from sayso.understanding.shortlist import Shortlist
from sayso.understanding.split import SURE, places, split
from sayso.understanding.stock import Stock
from sayso.understanding.view import View


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to: the words, the decision, and what to say or whom to call.

    view: the skills as they were; another thread may have changed them since.
    """

    heard: Heard
    decision: Decision
    move: Move
    view: View


class Engine(Reader):
    """A turn: what was said, by what was said before, and the next move.

    `Reader` is how it reads, `Installation` what it reads.
    """

    def __init__(
        self,
        installed: Iterable[Installed | Card] | Stock,
        *,
        encoder: TextEncoder | ByLocale | None,
        ranker: Ranker | Rankers | None = None,
        settings: EngineSettings | None = None,
        version: str = "",
        rewrites: Rewrites = NO_REWRITES,
        online: Online | None = None,
        policies: Policies = NO_POLICIES,
    ) -> None:
        super().__init__(installed, encoder, ranker, settings)
        self.version = version
        self.rewrites, self.online, self.policies = rewrites, online, policies

    def turn(
        self,
        utterance: Utterance,
        context: Context,
        lap: Lap = no_lap,
        habits: Habits = NOBODY,
        undone: Undone = NOTHING,
    ) -> Turn:
        """Decide on one utterance; says what to reply or which back-end to call.

        lap: called with the name of each stage when it ends. habits: what this person has asked
        for with success; undone: rewritings that they took back.
        """
        view = self.view(context.locale)
        if not utterance.text:
            silent = Decision(Outcome.ABSTAIN, reason="nothing was said", basis=Basis.SILENCE)
            move = respond(silent, context, view.skills)
            return Turn(Heard(utterance, ()), silent, move, view)
        opinion = opinion_of(utterance, context)
        if opinion is not None:
            return Turn(Heard(utterance, ()), *opinion, view)
        context = replace(context, doubted=None)  # what comes next is a request like any other
        heard, decision = self.read(utterance, context, lap, undone)
        heard, decision = self.reconsider(heard, decision, context, habits, undone)
        lap("rethink")
        move = respond(decision, context, view.skills)
        move = replace(move, context=_kept(move.context, decision, heard, view))
        lap("dialogue")
        return Turn(heard, decision, move, view)

    def read(
        self,
        utterance: Utterance,
        context: Context,
        lap: Lap = no_lap,
        undone: Undone = NOTHING,
    ) -> tuple[Heard, Decision]:
        """What was heard, rewritten and put right, and the decision on it; no second thoughts."""
        view = self.view(context.locale)
        utterance = self.rewrites.apply(utterance, context, undone)
        meant = repaired(utterance.text, now=context.now, locale=context.locale)
        if meant != utterance.text and not is_free(context, view.installed):
            utterance = replace(utterance, text=meant)
        heard = self._hear(utterance, context)
        lap("hear")
        decision = answered(heard, context, view)
        if decision is not None:
            return heard, decision
        heard, decision = self._understand(heard, context, view, lap)
        return self._put_right(heard, decision, context, view)

    def heard_from(self, turn: Turn, context: Context, opinions: Mapping[Key, Opinion]) -> Turn:
        """The turn after what skills that may be meant think of it themselves."""
        if not opinions:
            return turn
        decision = self.weighed(turn.decision, context, opinions)
        return replace(turn, decision=decision, move=respond(decision, context, turn.view.skills))

    def weighed(
        self, decision: Decision, context: Context, opinions: Mapping[Key, Opinion]
    ) -> Decision:
        """The decision with skills' own opinions as evidence."""
        if not opinions:
            return decision
        ranked = weighed(decision.hypotheses, opinions)
        return self._route(ranked, Shortlist(list(decision.shortlist)), context)

    def requests(self, turn: Turn, context: Context) -> tuple[str, ...]:
        """The requests in what was heard, in their order; mostly one, which costs a search."""
        utterance, decision = turn.heard.utterance, turn.decision
        one = (utterance.text,)
        if not places(utterance.text, context.locale) or utterance.rewriting is not None:
            return one
        if decision.basis in (Basis.ANSWER, Basis.OPINION, Basis.NAMED):
            return one
        accepted = decision.chosen is not None and decision.chosen.features.get("known", 0.0) >= 1.0
        if accepted or turn.view.is_sample(fold(utterance.text)):
            return one

        def read(text: str) -> Decision:
            heard = self._hear(Utterance(text, text), context)
            skills = self.near(heard, context, turn.view)
            ranked = self.ranked(heard, skills, context, turn.view)
            # Without exploring: what is tried out now and then says nothing about the words.
            settings = self.settings
            return settle(ranked, skills.skills, context, settings.costs, settings.ground)

        least = SURE if context.awaiting is not None else 0.0
        return split(utterance.text, decision, read, context.locale, least=least)

    def _understand(
        self, heard: Heard, context: Context, view: View, lap: Lap
    ) -> tuple[Heard, Decision]:
        """Decide by what was said, or by that and what was said before, where that says more."""
        known = context.done is not None and view.is_sample(fold(heard.utterance.text))
        chosen = None if known else going_on(heard, context, view.installed)
        if chosen is not None:
            reason = "goes on from what was done"
            kept = Decision(
                Outcome.ACT, chosen, hypotheses=(chosen,), reason=reason, basis=Basis.ANSWER
            )
            return heard, kept
        anew = "" if known else after_the_no(heard, context)
        if anew:
            utterance = replace(heard.utterance, text=anew)
            meant, decision = self._decide(self._hear(utterance, context), context, view, no_lap)
            corrected = put_right(decision, context)
            if corrected is not None:
                return meant, corrected
        heard, decision = self._decide(heard, context, view, lap)

        def again(utterance: Utterance) -> Decision:
            return self._decide(self._hear(utterance, context), context, view, no_lap)[1]

        alike = likeness(self._encoder(context))
        better = pointing_back(heard, context, decision, view.installed, alike, again)
        return heard, better or decision

    def _put_right(
        self, heard: Heard, decision: Decision, context: Context, view: View
    ) -> tuple[Heard, Decision]:
        """Read anew without a name that was taken back in the same breath, if there is one."""
        likeliest = decision.chosen or next(iter(decision.hypotheses), None)
        held = view.installed.get(likeliest.skill) if likeliest is not None else None
        if held is None or likeliest is None or is_free(context, view.installed):
            return heard, decision
        text = heard.utterance.text
        meant = renamed(text, held, likeliest.intent, locale=context.locale)
        if meant == text:
            return heard, decision
        heard = self._hear(replace(heard.utterance, text=meant), context)
        return self._decide(heard, context, view, no_lap)

    def reconsider(
        self,
        heard: Heard,
        decision: Decision,
        context: Context,
        habits: Habits = NOBODY,
        undone: Undone = NOTHING,
    ) -> tuple[Heard, Decision]:
        """What was probably meant, or a question, where what was heard is not understood well."""
        view = self.view(context.locale)

        def again(utterance: Utterance) -> tuple[Heard, Decision]:
            return self._decide(self._hear(utterance, context), context, view, no_lap)

        shares = self.rewrites.shares
        heard, decision = rethink(
            heard, decision, context, self.online, habits, undone, again, shares
        )
        return ask_rather(heard, decision, context, self.policies)

    def shortlist(
        self,
        text: str,
        k: int = 20,
        *,
        user: str = "anonymous",
        locale: str = "en-US",
        person: Person = ANYBODY,
        now: datetime | None = None,
        device: str = "",
    ) -> list[tuple[str, float]]:
        """The k likeliest skills with their scores, log-odds without a zero, best first.

        user: whose request it is; what is known of them comes as `person`, for the engine has no
        store. now: aware, in that person's zone; device: its type.
        """
        del user
        heard = hear(text, encoder_of(self.encoder, locale))
        index, moment, weights = self.view(locale).index, Moment(now, device), self._personal
        return list(index.search(heard, k, person=person, moment=moment, weights=weights).skills)

    def understand(
        self,
        text: str,
        *,
        user: str = "anonymous",
        locale: str = "en-US",
        now: datetime | None = None,
    ) -> list[Hypothesis]:
        """Readings of a sentence, best first, outside any conversation.

        now: aware datetime that "tomorrow" is counted from; 1970-01-01 UTC if not given, since
            the engine has no clock.
        """
        now = now or datetime(1970, 1, 1, tzinfo=UTC)
        context = Context(conversation="", now=now, user=user, locale=locale)
        return list(self.decide(text, context).hypotheses)

    def decide(self, text: str, context: Context) -> Decision:
        """The decision on a typed sentence; nothing is replied or called."""
        return self.read(Utterance(text, clean(text)), context)[1]


def _kept(context: Context, decision: Decision, heard: Heard, view: View) -> Context:
    """The context with the values of what was decided on, for the turns that follow."""
    chosen = decision.chosen if decision.outcome is Outcome.ACT else None
    held = view.installed.get(chosen.skill) if chosen is not None and chosen.slots else None
    language = held.language if held is not None else None
    return remembered(context, chosen, language, heard.utterance.text)
