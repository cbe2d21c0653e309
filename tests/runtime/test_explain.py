"""`explain` tells why, and its counterfactuals are true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sayso.runtime.engine import Engine
from sayso.runtime.explain import explain
from sayso.types.context import Context
from sayso.types.readings import Utterance

HERE = Context(conversation="c", now=datetime(2026, 11, 21, 9, tzinfo=UTC))


def test_contributions_add_up_to_the_score(engine: Engine) -> None:
    explanation = explain(engine, "how much longer does the egg need", HERE)
    for hypothesis, parts in zip(
        explanation.decision.hypotheses, explanation.contributions, strict=True
    ):
        assert sum(parts.values()) == pytest.approx(hypothesis.score, abs=0.01)


def test_the_nearest_example_is_of_the_chosen_intent(engine: Engine) -> None:
    explanation = explain(engine, "is my egg done already", HERE)
    assert explanation.nearest[0].intent == "Left"
    assert explanation.nearest[0].cosine > explanation.nearest[-1].cosine


def test_a_flip_without_a_word_really_flips(engine: Engine) -> None:
    text = "please unlock"
    explanation = explain(engine, text, HERE)
    flips = [flip for flip in explanation.flips if flip.change == 'without the word "unlock"']
    assert flips
    assert engine.decide("please", HERE).outcome.value in flips[0].outcome


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("boil the egg for six, no, seven minutes", "PT7M"),
        ("tell me the story of brookend, I mean stone hill", "Stone Hill"),
    ],
)
def test_what_is_put_right_in_the_same_breath_is_explained_as_it_is_done(
    said: str, meant: str, engine: Engine
) -> None:
    done = engine.turn(Utterance(said, said), HERE).decision.chosen
    explained = explain(engine, said, HERE).decision.chosen
    assert done is not None
    assert explained is not None
    assert done.slots == explained.slots
    assert [slot.normalised for slot in done.slots] == [meant]
