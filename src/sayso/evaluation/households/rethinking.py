"""Second thoughts of the engine, for many people at once: what everyone, or one person, asked for.

The engine's own `rethink` decides. What it needs is kept here: vectors of texts, and each account's
habits, made of their rows of the days before, as a home makes them of its log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from sayso.runtime.ask_rather import ask_rather
from sayso.runtime.engine import Engine
from sayso.runtime.rethink import rethink
from sayso.types.context import Context
from sayso.types.lessons import LoggedTurn
from sayso.types.readings import Decision, Utterance
from sayso.understanding.contract import Heard, Vector
from sayso.understanding.heard import encoder_of, hear_whole
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.online.habits import NOBODY, Habits, habits
from sayso.understanding.online.past import own_requests, undone


class SecondThoughts:
    """What an engine with online rewriting makes of a turn that it has decided on."""

    def __init__(self, *, personal: bool = True) -> None:
        """personal: whether people's own habits count; else what everyone asked for alone."""
        self.personal = personal
        self._past: dict[str, list[LoggedTurn]] = defaultdict(list)
        self._known: dict[str, Habits] = {}
        self._undone: dict[str, Undone] = {}
        self._vectors: dict[str, Vector | None] = {}

    def remember(self, rows: Iterable[LoggedTurn]) -> None:
        """A day is over: what was said on it belongs to people's habits from now on."""
        for row in rows:
            self._past[row.user].append(row)
            if row.undone and row.rewrite:
                self._undone[row.user] = undone(self._past[row.user])
        self._known.clear()

    def forget(self) -> None:
        """Nobody has said anything yet."""
        self._past.clear()
        self._known.clear()
        self._undone.clear()

    def undone(self, user: str) -> Undone:
        """What a person took back: it is not done to them again."""
        return self._undone.get(user, NOTHING)

    def apply(
        self,
        engine: Engine,
        utterance: Utterance,
        decision: Decision,
        context: Context,
        decide: Callable[[str], Decision],
    ) -> tuple[Utterance, Decision]:
        """The utterance and the decision as they were, or as second thoughts leave them."""
        mine = self._of(context, engine)

        def again(other: Utterance) -> tuple[Heard, Decision]:
            return self._heard(other, engine, context), decide(other.text)

        heard, then = rethink(
            self._heard(utterance, engine, context),
            decision,
            context,
            engine.online,
            mine,
            self.undone(context.user),
            again,
            engine.rewrites.shares,
        )
        heard, then = ask_rather(heard, then, context, engine.policies)
        return heard.utterance, then

    def _of(self, context: Context, engine: Engine) -> Habits:
        if not self.personal or engine.online is None:
            return NOBODY
        user = context.user
        if user not in self._known:
            entries = own_requests(self._past.get(user, []))
            last = max((entry.last_s for entry in entries), default=0.0)
            encoder = encoder_of(engine.encoder, context.locale)
            projection = engine.online.ranker.projection
            made = habits(entries, encoder, projection, now_s=last) if entries else NOBODY
            self._known[user] = made
        return self._known[user]

    def _heard(self, utterance: Utterance, engine: Engine, context: Context) -> Heard:
        """The sentence with its vector; its words are not looked at."""
        text = utterance.text
        if text not in self._vectors:
            encoder = encoder_of(engine.encoder, context.locale)
            self._vectors[text] = hear_whole([text], encoder)[0].pooled
        return Heard(utterance, (), self._vectors[text])
