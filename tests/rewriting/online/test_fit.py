from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sayso.rewriting.online.examples import Case, Examples, collect
from sayso.rewriting.online.fit import better, figures, fit, pick, refit, tuned
from sayso.types.readings import Outcome
from sayso.understanding.online import (
    Asked,
    Entry,
    Habits,
    Online,
    Projection,
    Ranker,
    Thresholds,
    shipped_ranker,
)
from sayso.understanding.online.figures import KEEP, MEANT
from sayso.understanding.online.suggest import always

pytest.importorskip("sklearn", reason="scikit-learn is not installed: sayso[learn]")


def examples(people: int = 60, each: int = 40, seed: int = 0) -> Examples:
    """Turns of which those that sound like something else, and are unsure, were misheard."""
    chance = np.random.default_rng(seed)
    n = people * each
    right = chance.random(n) < 0.7
    keep = np.zeros((n, len(KEEP)), np.float32)
    keep[:, KEEP.index("confidence")] = np.where(right, 0.8, 0.3) + 0.1 * chance.standard_normal(n)
    turn = np.repeat(np.arange(n), 3)
    correct = np.tile([True, False, False], n)
    meant = np.zeros((3 * n, len(MEANT)), np.float32)
    meant[:, 0] = np.where(correct & ~right[turn], 0.9, 0.5) + 0.05 * chance.standard_normal(3 * n)
    correct = correct & ~right[turn]
    none = np.zeros(3 * n, np.bool_)
    return Examples(
        keep,
        right,
        np.repeat(np.arange(people), each) + 1000 * seed,
        ~right,
        meant,
        correct,
        none,
        turn,
        none.astype(np.int64),
        none,
        np.arange(3 * n),
        np.ones(n),
    )


def timid() -> Ranker:
    return Ranker(always(0.99, KEEP), always(0.01, MEANT))


def test_a_ranker_learns_to_tell_what_was_misheard_and_spoils_hardly_anything() -> None:
    new = tuned(examples(seed=1), fit(examples(), Projection()))
    held = examples(seed=2)
    found = figures(held, pick(held, new))
    assert found.repaired > 0.8
    assert found.false_rate <= 0.003


def test_a_better_ranker_is_taken_and_the_same_one_again_is_not() -> None:
    parts = examples(), examples(seed=1), examples(seed=2)
    new, taken, why = refit(*parts, timid())
    assert taken, why
    again, taken, why = refit(*parts, new)
    assert not taken
    assert again is new
    assert "within chance" in why


def test_a_home_with_few_examples_keeps_what_it_has() -> None:
    few = examples(people=2, each=5)
    serving = timid()
    found, taken, why = refit(few, few, few, serving)
    assert found is serving
    assert not taken
    assert "wanted" in why


def test_a_ranker_that_spoils_fine_turns_is_not_taken() -> None:
    eager = Ranker(always(0.01, KEEP), always(0.99, MEANT), thresholds=Thresholds(0.0, 0.0, 0.0))
    taken, why = better(examples(), eager, timid())
    assert not taken
    assert "spoils" in why


def test_a_part_of_the_examples_holds_what_was_found_for_them() -> None:
    every = examples(people=3, each=2)
    some = every.of(every.person == 1)
    assert len(some) == 2
    assert some.turn.tolist() == [0, 0, 0, 1, 1, 1]
    assert np.array_equal(some.meant, every.meant[6:12])


def test_what_is_fitted_on_is_what_serves() -> None:
    song = Entry("play imagine dragons", "play imagine dragons", "music", "Play", turns=9)
    mine = Habits((song,))
    online = Online({}, replace(shipped_ranker(), projection=Projection()))
    texts = ("play imagin dragens", "play imagine dragons", "what time is it")
    for words in texts:
        for outcome in (Outcome.ABSTAIN, Outcome.ACT):
            asked = Asked(words, None, "en-US", "music", "Play", outcome=outcome, confidence=0.4)
            held = collect(online, [Case(asked, False, lambda entry: True, mine)])
            picked = pick(held, online.ranker)
            found = figures(held, picked)
            suggestion = online.suggest(asked, mine)
            assert (found.wins, found.asked) == (
                int(suggestion is not None and suggestion.applies),
                int(suggestion is not None and not suggestion.applies),
            )
            if suggestion is not None:
                assert suggestion.probability == pytest.approx(float(picked.meant[0]))
