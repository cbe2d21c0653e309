"""Why a sentence is read as it is: every stage's findings, and what would change the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sayso.routing.decide import Costs, otherwise
from sayso.routing.misgivings import misgiving
from sayso.routing.rank import Ranker
from sayso.runtime.asking import words_of
from sayso.runtime.engine import Engine
from sayso.runtime.opinions import Ask
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Rewriting, Utterance
from sayso.understanding.doubt import Doubt
from sayso.understanding.heard import clean, words
from sayso.understanding.shortlist import Shortlist
from sayso.understanding.view import View

NEAREST = 5  # examples shown
MOST_WORDS = 24  # left out one by one; a longer sentence is a text


@dataclass(frozen=True, slots=True)
class Nearest:
    """An example that lies near: its skill, intent, words, and the cosine."""

    skill: str
    intent: str
    text: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A change that would alter the decision, and what it would be then."""

    change: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `sayso explain` shows.

    contributions: for each reading, in the order of `decision.hypotheses`, feature -> its share
        of the score; none: the probability that no installed skill is meant.
    doubts: skill -> what it has turned down before that is nearly the same, and what that costs.
    text: the sentence as it is read; rewriting: what was learnt that fits it, applied or not.
    misgiving: how probably what was decided is not what is wanted; see `routing/misgivings.py`.
    then: of a sentence with several requests, those after the first, each as if the ones before
        it had been done.
    """

    text: str
    decision: Decision
    nearest: Sequence[Nearest]
    contributions: Sequence[Mapping[str, float]]
    none: float
    runner_up: Hypothesis | None
    flips: Sequence[Flip]
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    rewriting: Rewriting | None = None
    misgiving: float = 0.0
    then: Sequence[Explanation] = ()


def explain(engine: Engine, text: str, context: Context, ask: Ask = lambda _: {}) -> Explanation:
    """Explain a typed sentence in a context; nothing is replied, done or logged.

    ask: what skills think themselves of a decision.
    """
    first, *others = _requests(engine, text, context)
    explanation, then = _explain(engine, first, context, ask), []
    for before, request in pairwise((first, *others)):
        context = _done(engine, before, context)
        then.append(_explain(engine, request, context, ask))
    return replace(explanation, then=tuple(then))


def _explain(engine: Engine, text: str, context: Context, ask: Ask) -> Explanation:
    heard, decision = engine.read(Utterance(text, clean(text)), context)
    heard, decision = engine.reconsider(heard, decision, context)
    decision = engine.weighed(decision, context, ask(decision))
    text = heard.utterance.text
    ranker = engine.rankers.of(context.locale)
    view = engine.view(context.locale)
    found = engine.near(heard, context, view)
    others = (h for h in decision.hypotheses if not _same(h, _first(decision)))
    return Explanation(
        text=text,
        decision=decision,
        nearest=_nearest(view, found),
        contributions=[_contributions(ranker, h) for h in decision.hypotheses],
        none=round(1.0 - ranker.some(decision.hypotheses), 4),
        runner_up=next(others, None),
        flips=[*_threshold_flips(engine, decision), *_word_flips(engine, text, context)],
        doubts=found.doubts,
        rewriting=heard.utterance.rewriting,
        misgiving=round(misgiving(decision, words_of(heard.utterance)), 4),
    )


def said_before(engine: Engine, texts: Sequence[str], context: Context) -> Context:
    """The context after these sentences, as if the back-ends had done what was asked of them.

    None of them is called: what they would have said or asked is not known here.
    """
    for text in texts:
        for request in _requests(engine, text, context):
            context = _done(engine, request, context)
    return context


def _requests(engine: Engine, text: str, context: Context) -> Sequence[str]:
    return engine.requests(engine.turn(Utterance(text, clean(text)), context), context)


def _done(engine: Engine, text: str, context: Context) -> Context:
    turn = engine.turn(Utterance(text, clean(text)), context)
    call, after = turn.move.call, turn.move.context
    if call is not None:
        done = call.hypothesis or after.done
        after = replace(after.closed(), done=done.plain if done else None)
    return replace(after, turn=after.turn + 1)


def _first(decision: Decision) -> Hypothesis | None:
    return decision.chosen or next(iter(decision.hypotheses), None)


def _same(one: Hypothesis, other: Hypothesis | None) -> bool:
    return other is not None and (one.skill, one.intent) == (other.skill, other.intent)


def _nearest(view: View, shortlist: Shortlist) -> list[Nearest]:
    """The nearest example of each intent that comes near, nearest first."""
    found: list[Nearest] = []
    for skill, evidence in shortlist.evidence.items():
        examples = view.installed[skill].examples
        for intent, members in examples.groups():
            match = evidence.match(members)
            text = examples.texts[match.nearest]
            found.append(Nearest(skill, intent, text, round(match.cosine, 4)))
    return sorted(found, key=lambda one: -one.cosine)[:NEAREST]


def _contributions(ranker: Ranker, hypothesis: Hypothesis) -> dict[str, float]:
    return {
        name: round(ranker.ordering[name] * value, 4)
        for name, value in hypothesis.features.items()
        if name in ranker.ordering
    }


def _outcome(decision: Decision) -> str:
    chosen = decision.chosen
    if chosen is None:
        return str(decision.outcome)
    return f"{decision.outcome} on {chosen.skill}.{chosen.intent}"


def _threshold_flips(engine: Engine, decision: Decision) -> list[Flip]:
    """Where the caution in sayso.toml would have to stand for another outcome."""
    best = next(iter(decision.hypotheses), None)
    if best is None or not best.features:
        return []
    setting, costs = _caution(engine, best)
    gain = otherwise(decision.hypotheses, costs)
    turn = max(0.0, best.confidence - gain) / (1.0 - gain)
    if best.confidence >= decision.threshold:
        change = f"[routing] {setting} above {turn:.3f} (it is {costs.caution:g})"
        return [Flip(change, "ask or abstain")]
    change = f"[routing] {setting} at or below {turn:.3f} (it is {costs.caution:g})"
    return [Flip(change, f"act on {best.skill}.{best.intent}")]


def _caution(engine: Engine, best: Hypothesis) -> tuple[str, Costs]:
    """The setting that decides whether a reading is acted upon, and the costs it stands for."""
    usual, costly = engine.settings.costs, engine.settings.ground.side_effects
    if best.side_effects and costly.wrong > usual.wrong:
        return "caution_side_effects", costly
    return "caution", usual


def _word_flips(engine: Engine, text: str, context: Context) -> list[Flip]:
    """Words without which the first decision would be another one."""
    sentence, decision = clean(text), engine.decide(text, context)
    flips = []
    for word in words(sentence)[:MOST_WORDS]:
        without = f"{sentence[: word.start]} {sentence[word.end :]}"
        if clean(without):
            outcome = _outcome(engine.decide(without, context))
            if outcome != _outcome(decision):
                flips.append(Flip(f'without the word "{word.text}"', outcome))
    return flips
