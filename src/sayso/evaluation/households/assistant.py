"""What people talk to: the real engine, with back-ends that always answer and do nothing.

A decision out of the blue is the same for the same words (and the same day, where it holds a date),
so it is taken once and kept: a hundred thousand turns take minutes. Rewrites are looked up for
every turn, as they depend on who speaks; what would have been decided without one is known, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sayso.dialogue.moves import Move
from sayso.dialogue.phrases import phrase
from sayso.dialogue.respond import respond
from sayso.evaluation.households.rethinking import SecondThoughts
from sayso.runtime.engine import Engine
from sayso.types.context import Asked, Awaiting, Context, Device
from sayso.types.readings import (
    Decision,
    Hypothesis,
    Outcome,
    ResolutionStatus,
    Rewriting,
    Utterance,
)
from sayso.understanding.builtin import is_builtin
from sayso.understanding.rewrites import NO_REWRITES

REFUSED = "Sorry, I don't know that one."
_DATED = ("AMAZON.DATE", "AMAZON.TIME")


@dataclass(frozen=True, slots=True)
class Response:
    """What came of a turn.

    plain: what would have been decided without a rewrite; `decision` where none was applied.
    refused: the skill turned it down; failed: its back-end broke; ended: nothing is awaited.
    """

    utterance: Utterance
    decision: Decision
    plain: Decision
    speech: str
    refused: bool
    failed: bool
    ended: bool
    awaiting: Awaiting | None

    @property
    def rewriting(self) -> Rewriting | None:
        """The rewrite that fits the words, applied or not."""
        return self.utterance.rewriting


class Assistant:
    """Answers what people say; one for a whole world of people."""

    def __init__(
        self,
        engine: Engine,
        locale: str = "en-US",
        decided: dict[tuple[str, str], Decision] | None = None,
        *,
        refuses: bool = True,
        personal: bool = True,
    ) -> None:
        """Made for one engine.

        decided: (text, day where it matters) -> decisions of this engine known from before.
        refuses: back-ends turn down what no catalogue of theirs holds.
        personal: where the engine rewrites online, people's own habits count.
        """
        self.second_thoughts = SecondThoughts(personal=personal)
        self.refuses = refuses
        self.engine, self.locale = engine, locale
        self.decided: dict[tuple[str, str], Decision] = {} if decided is None else decided
        self._dated = {text for text, day in self.decided if day}
        self._turns: dict[tuple[str, str], tuple[Decision, str, bool, Awaiting | None]] = {}

    def answer(
        self,
        text: str,
        *,
        user: str,
        conversation: str,
        device: Device,
        at: datetime,
        awaiting: Awaiting | None = None,
        speech: str = "",
        failed: bool = False,
    ) -> Response:
        """One turn. speech: of the reply before, where it asked. failed: the back-end breaks."""
        context = Context(
            conversation, at, user, device, self.locale, awaiting=awaiting, last_speech=speech
        )
        utterance = Utterance(text, text)
        if awaiting is None:
            utterance = self.rewrite(utterance, context)
        decision, said, ended, after = self._turn(utterance.text, context)
        plain = decision
        if utterance.text != text:
            plain = self._turn(text, context)[0]
        if awaiting is None and (self.engine.online is not None or self.engine.policies.states):
            utterance, then = self._rethought(utterance, decision, context)
            if then is not decision:
                decision, said, ended, after = self._moved(then, context)
        refused = ended and self.turns_down(decision)
        if refused:
            said = REFUSED
        if failed and ended and decision.outcome is Outcome.ACT:
            name = self._name(decision.chosen)
            said = phrase("failed", self.locale, name=name)
        else:
            failed = False
        return Response(utterance, decision, plain, said, refused, failed, ended, after)

    def turns_down(self, decision: Decision) -> bool:
        """Whether the back-end says that it does not know what was asked for."""
        acted = decision.outcome is Outcome.ACT
        return self.refuses and acted and _unknown(decision.chosen)

    def move_to(self, engine: Engine) -> None:
        """Another engine answers from now on; decisions are kept if it is of the same bundle."""
        if engine.version != self.engine.version or not engine.version:
            self.decided, self._turns = {}, {}
            self._dated = set()
        self.engine = engine

    def rewrite(self, utterance: Utterance, context: Context) -> Utterance:
        """The utterance as the engine's rewrites leave it, but for what this person took back."""
        taken_back = self.second_thoughts.undone(context.user)
        return self.engine.rewrites.apply(utterance, context, taken_back)

    def _rethought(
        self, utterance: Utterance, decision: Decision, context: Context
    ) -> tuple[Utterance, Decision]:
        return self.second_thoughts.apply(
            self.engine, utterance, decision, context, lambda text: self._decide(text, context)
        )

    def decide(self, text: str, at: datetime) -> Decision:
        """The decision on words out of the blue, without any rewrite."""
        return self._decide(text, Context("", at, locale=self.locale))

    def _turn(self, text: str, context: Context) -> tuple[Decision, str, bool, Awaiting | None]:
        """Decision, speech, whether it is over, and what is awaited now."""
        day = context.now.date().isoformat() if context.awaiting or text in self._dated else ""
        known = (text, _question(context.awaiting) + day)
        if known not in self._turns:
            if context.awaiting is None:
                found = self._moved(self._decide(text, context), context)
            else:
                plain = replace(context, user="anonymous", now=_noon(context.now))
                turn = self.engine.turn(Utterance(text, text), plain)
                found = self._moved(turn.decision, context, turn.move)
            day = context.now.date().isoformat() if context.awaiting or text in self._dated else ""
            self._turns[text, _question(context.awaiting) + day] = found
            return found
        return self._turns[known]

    def _moved(
        self, decision: Decision, context: Context, move: Move | None = None
    ) -> tuple[Decision, str, bool, Awaiting | None]:
        """What is said upon a decision, whether that is all, and what is awaited then."""
        move = move or respond(decision, context, self.engine.view(self.locale).skills)
        if move.reply is not None:
            return decision, move.reply.speech, move.reply.ended, move.context.awaiting
        return decision, self._canonical(decision.chosen), True, None

    def _decide(self, text: str, context: Context) -> Decision:
        day = context.now.date().isoformat() if text in self._dated else ""
        if (text, day) not in self.decided:
            now = _noon(context.now)
            decision = self._plain(text, Context("", now, locale=self.locale))
            readings = [decision.chosen, *decision.options]
            if any(slot.type in _DATED for one in readings if one for slot in one.slots):
                self._dated.add(text)
                day = context.now.date().isoformat()
            # There are very many decisions: of what they were chosen from, the runner-up is kept.
            first = tuple(replace(one, features={}) for one in decision.hypotheses[:2])
            self.decided[text, day] = replace(decision, hypotheses=first, shortlist=())
        return self.decided[text, day]

    def _plain(self, text: str, context: Context) -> Decision:
        """The engine's decision on these very words, whatever it has learnt to rewrite."""
        held, self.engine.rewrites = self.engine.rewrites, NO_REWRITES
        try:
            return self.engine.decide(text, context)
        finally:
            self.engine.rewrites = held

    def _canonical(self, chosen: Hypothesis | None) -> str:
        """What a back-end says that has done it: the same for the same reading."""
        if chosen is None:
            return ""
        values = ", ".join(slot.normalised or slot.value for slot in chosen.slots)
        return f"{self._name(chosen)}: {chosen.intent}{': ' + values if values else ''}."

    def _name(self, chosen: Hypothesis | None) -> str:
        skills = self.engine.view(self.locale).skills
        return skills[chosen.skill].name if chosen and chosen.skill in skills else "Sayso"


def _noon(at: datetime) -> datetime:
    return (at - timedelta(hours=at.hour)).replace(hour=12, minute=0, second=0, microsecond=0)


def _unknown(chosen: Hypothesis | None) -> bool:
    """Whether a catalogue does not hold what was asked for, as a music service would say."""
    if chosen is None:
        return False
    return any(
        slot.status is not ResolutionStatus.MATCHED
        for slot in chosen.slots
        if not is_builtin(slot.type) and slot.type not in _OPEN
    )


_OPEN = frozenset({"EVENT", "TASK", "LIST_ITEM", "ANSWER"})  # values may be anything


def _question(awaiting: Awaiting | None) -> str:
    """What is asked, as far as it changes the answer."""
    if awaiting is None:
        return ""
    readings = [awaiting.pending] if awaiting.pending else [*awaiting.options]
    parts = [
        (one.skill, one.intent, [(slot.name, slot.normalised) for slot in one.slots])
        for one in readings
    ]
    return f"{awaiting.asked} {awaiting.slot} {awaiting.misses} {parts} "


def asked_slot(awaiting: Awaiting | None) -> str | None:
    """The slot that is asked for, or None."""
    return awaiting.slot if awaiting is not None and awaiting.asked is Asked.SLOT else None
