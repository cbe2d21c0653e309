"""One more example, one more intent: learnt without fitting again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language
from sayso.understanding import shared
from sayso.understanding.contract import Heard
from sayso.understanding.heads import Model
from sayso.understanding.heard import hear_all
from sayso.understanding.imprint import imprinted, taught
from tests.understanding.fake_encoder import FakeEncoder

SAMPLES = {
    "Brew": ["make me a coffee", "brew a large pot of coffee", "i need some coffee now"],
    "Clean": ["clean the machine", "run the cleaning program", "rinse the pipes"],
}
LANGUAGE = Language(
    "en-US",
    intents=tuple(Intent(name, samples=tuple(texts)) for name, texts in SAMPLES.items()),
)
NEW = ["how much water is left", "is there enough water in the tank", "check the water level"]


def heard(*texts: str) -> list[Heard]:
    return hear_all(texts, FakeEncoder())


def fitted() -> Model:
    labels = [Label(t, "coffee", name, "en-US") for name, ts in SAMPLES.items() for t in ts]
    return shared.fit(labels, heard(*(label.text for label in labels)), LANGUAGE)


def best(model: Model, text: str) -> str:
    return model.likely(heard(text)[0])[0][0]


def test_new_intent_is_found_by_its_examples_and_by_what_is_like_them() -> None:
    model = taught(fitted(), "Water", heard(*NEW))

    assert [best(model, text) for text in NEW] == ["Water"] * 3
    assert best(model, "is there water left") == "Water"


def test_old_intents_are_still_found() -> None:
    model = taught(fitted(), "Water", heard(*NEW))

    for intent, samples in SAMPLES.items():
        assert [best(model, text) for text in samples] == [intent] * len(samples)


def test_no_other_intents_weights_move() -> None:
    before = fitted()
    after = taught(before, "Clean", heard("descale it please"))

    brew = before.heads.intents.index("Brew")
    then, now = before.heads.intent_map.whole(), after.heads.intent_map
    assert np.array_equal(then.dense[:, brew], now.dense[:, brew])


def test_one_more_example_of_an_old_intent_raises_its_chance() -> None:
    before = fitted()
    said = heard("descale it please")
    after = taught(before, "Clean", said)

    assert dict(after.likely(said[0]))["Clean"] > dict(before.likely(said[0]))["Clean"]


def test_intents_stay_in_the_order_of_their_names() -> None:
    model = taught(fitted(), "Check", heard(*NEW))

    assert list(model.intents) == ["Brew", "Check", "Clean"]


def test_taught_model_comes_back_from_its_pack() -> None:
    model = taught(fitted(), "Water", heard(*NEW))
    again = shared.unpack(model.pack(), LANGUAGE)

    assert [best(again, text) for text in NEW] == ["Water"] * 3
    assert best(taught(again, "Warm", heard("keep the cup warm")), "keep the cup warm") == "Warm"


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no example"):
        imprinted(fitted().heads, "Water", [])


def test_head_without_prototypes_learns_too() -> None:
    model = fitted()
    bare = replace(model.heads, counts=np.zeros_like(model.heads.counts))

    sketches = [model.features.utterance(one) for one in heard(*NEW)]
    heads = imprinted(bare, "Water", sketches)

    assert best(replace(model, heads=heads), NEW[0]) == "Water"
