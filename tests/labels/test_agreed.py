"""Models that have seen different halves agree on what else a sentence fits."""

from __future__ import annotations

import pytest

from sayso.labels.agreed import Agreement, Guess, agreed
from sayso.types.lessons import Label, LabelSource, Span

JOKE = Label("tell me a joke", "jester", "Joke", "en-US", (Span("topic", 10, 14),), "tell me a {t}")


def guesses(**confidences: float) -> list[Guess]:
    """What one model thinks, best first."""
    made = [Guess(skill, "Tell", sure) for skill, sure in confidences.items()]
    return sorted(made, key=lambda guess: -guess.confidence)


def found(*models: list[Guess], **rules: float) -> list[tuple[str, float]]:
    """The skills that so many models agree on for one joke."""
    agreement = Agreement(of_a_skill=9, **rules)  # type: ignore[arg-type]
    labels = agreed([JOKE], [[model] for model in models], agreement)
    return [(label.skill, label.weight) for label in labels]


def test_what_all_models_find_likely_is_a_further_label() -> None:
    first, second = guesses(jester=0.9, clown=0.8), guesses(clown=0.7, jester=0.6)
    (label,) = agreed([JOKE], [[first], [second]])
    assert label == Label(
        "tell me a joke", "clown", "Tell", "en-US", source=LabelSource.AGREED, weight=0.7
    )
    assert not label.own


def test_what_one_model_alone_finds_is_none() -> None:
    assert found(guesses(clown=0.8), guesses(owl=0.8)) == []
    assert found(guesses(clown=0.8), guesses(clown=0.1)) == []
    with pytest.raises(ValueError, match="1 models cannot agree; 2 are needed"):
        agreed([JOKE], [[guesses(clown=0.8)]])


def test_a_skill_far_down_the_list_is_none_however_sure_a_model_is() -> None:
    many = guesses(a=0.99, b=0.98, c=0.97, clown=0.9)
    assert found(many, guesses(clown=0.9), rank=3) == []
    assert found(many, guesses(clown=0.9), rank=4) == [("clown", 0.9)]


def test_a_sentence_gets_the_three_surest() -> None:
    model = guesses(a=0.9, b=0.8, c=0.7, d=0.6)
    assert found(model, model) == [("a", 0.9), ("b", 0.8), ("c", 0.7)]


def test_a_skill_gets_no_more_than_it_has_and_the_surest_of_them() -> None:
    labels = [Label(f"joke {n}", "jester", "Joke", "en-US") for n in range(4)]
    labels.append(Label("a laugh", "clown", "Tell", "en-US"))
    model = [guesses(clown=0.5 + n / 10) for n in range(4)] + [[]]
    new = agreed(labels, [model, model])
    assert [(label.text, label.weight) for label in new] == [("joke 3", 0.8)]


def test_the_label_itself_is_not_found_again() -> None:
    assert found(guesses(jester=0.9), guesses(jester=0.9)) == []
