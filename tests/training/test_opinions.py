"""What models of different halves think."""

from __future__ import annotations

import numpy as np

from sayso.labels.agreed import Agreement, agreed
from sayso.training.opinions import opinions
from sayso.types.lessons import Label
from sayso.understanding.shortlist import Examples
from tests.understanding.fake_encoder import FakeEncoder

JOKES = ("tell me a joke", "a joke please", "know any good joke", "one more joke")
TIDES = ("when is high water", "is the tide low", "high tide today", "low water tomorrow")


def skill(name: str, texts: tuple[str, ...]) -> Examples:
    rows = [*texts, name]
    intents = [*("Ask" for _ in texts), ""]
    vectors = np.stack([each.pooled for each in FakeEncoder().encode(rows)])
    return Examples(name, intents, rows, vectors)


SKILLS = [
    skill("jester", JOKES[:2] + JOKES[2:]),
    skill("clown", ("a silly joke", "your best joke", "joke of the day", "the joke again")),
    skill("tides", TIDES),
]


def test_each_model_thinks_of_each_example_and_not_of_names() -> None:
    thought = opinions(SKILLS, (0, 1, 2))
    assert len(thought) == 3
    assert {len(model) for model in thought} == {12}


def test_a_model_has_not_seen_what_it_is_asked_about() -> None:
    # One sentence, many times: a model that had seen it would find it in every skill.
    same = [skill(f"owl-{n}", ("what hoots",)) for n in range(4)]
    for model in opinions(same, (0, 1)):
        assert all(guess.confidence < 0.9 for guesses in model for guess in guesses)


def test_models_differ_and_a_seed_gives_the_same_again() -> None:
    first, second = opinions(SKILLS, (0, 1))
    assert first != second
    assert opinions(SKILLS, (0,)) == [first]


def test_skills_that_are_alike_are_agreed_on_and_others_are_not() -> None:
    labels = [
        Label(text, each.skill, "Ask", "en-US")
        for each in SKILLS
        for text, intent in zip(each.texts, each.intents, strict=True)
        if intent
    ]
    new = agreed(labels, opinions(SKILLS, (0, 1)), Agreement(confidence=0.5))
    pairs = {(label.text, label.skill) for label in new}
    assert any(skill == "clown" and text in JOKES for text, skill in pairs)
    assert not any(skill == "tides" for _, skill in pairs)
    assert not any(text in TIDES for text, _ in pairs)
