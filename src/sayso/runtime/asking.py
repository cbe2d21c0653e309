"""\"Did I get that right?\": after which turns, and what becomes of the answer.

    lot       a small share of all turns, drawn by hash: most turns pay two microseconds
    allowed   nothing stands against it (`dialogue/helpful.py`)
    doubt     whether the turn went well is in doubt, so that either answer tells something
    rest      this person has not been asked for a fortnight, nor just taken something back

The share is an upper limit, for all four must hold. The answer is kept as a signal of the turn it
is about, as if a client had sent it.
"""

from __future__ import annotations

from datetime import timedelta

from sayso.dialogue.helpful import MIDDLING, may_ask, was_right
from sayso.routing.misgivings import misgiving
from sayso.stores.store import Store
from sayso.types.context import Context
from sayso.types.lessons import Signal, SignalKind
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Basis, Decision, Utterance
from sayso.types.turns import Reply
from sayso.understanding.fold import fold
from sayso.understanding.rewrites import draw

REST = timedelta(days=14)  # for a person who was asked, whether they answered or not


def why_ask(
    share: float,
    before: Context,
    after: Context,
    utterance: Utterance,
    decision: Decision,
    reply: Reply,
    store: Store,
) -> str | None:
    """Why the person is to be asked whether this turn was right, in a clause; None not to ask.

    share: of all turns, at most. before, after: the context as the turn found it and leaves it.
    """
    if share <= 0 or before.user == ANONYMOUS or _lot(before) >= share:
        return None
    if not may_ask(before, after, decision, reply):
        return None
    doubt = misgiving(decision, words_of(utterance))
    low, high = MIDDLING
    if not low <= doubt <= high or _just_took_back(before, store):
        return None
    if store.asked_since(before.user, before.now - REST):
        return None
    return f"it went wrong with a chance of {doubt:.0%}, and nobody was asked in {REST.days} days"


def words_of(utterance: Utterance) -> int:
    """How many words were said, as `misgiving` counts them."""
    return len(fold(utterance.text).split())


def _lot(context: Context) -> float:
    return draw(f"helpful\0{context.conversation}\0{context.turn}", context.user)


def _just_took_back(context: Context, store: Store) -> bool:
    told = store.signals.of_turn(context.user, context.conversation, context.turn - 1)
    return any(signal.kind is SignalKind.UNDONE for signal in told)


def keep_answer(before: Context, decision: Decision, store: Store) -> None:
    """Keep what was answered, if this turn was an answer, as a signal of the turn before."""
    doubted = before.doubted
    if doubted is None or decision.basis is not Basis.OPINION:
        return
    value = 1.0 if was_right(decision) else 0.0
    whose = (before.user, before.conversation, doubted.turn)
    store.signals.keep([Signal(*whose, SignalKind.HELPFUL, value, before.now)], before.now)
