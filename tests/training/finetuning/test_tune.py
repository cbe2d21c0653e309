"""A network learns a skill, and the best epoch stays."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import torch

from sayso.encoders import Encoder
from sayso.training.finetuning import tune as room
from sayso.training.finetuning.layers import network_of
from sayso.training.finetuning.tune import Told, Tuning, swapped, tune
from sayso.types.lessons import Label, LabelSource, Span
from sayso.understanding.heard import hear

SHORT = Tuning(epochs=3, least_steps=0, batch=8)


def label(text: str, intent: str = "Play", *spans: tuple[str, str]) -> Label:
    places = (Span(name, text.index(x), text.index(x) + len(x)) for name, x in spans)
    return Label(text, "jukebox", intent, "en-US", tuple(places))


LESSONS = [
    label(f"{verb} {thing}", intent, ("thing", thing))
    for verb, intent in (("play", "Play"), ("tell", "Tell"))
    for thing in ("song nine", "the beat", "zyzzyva", "abba", "quixotic call")
]


def test_what_a_word_is_made_of_is_what_serving_makes_it_of(encoder: Encoder) -> None:
    [task] = Told(encoder, ["Play"], []).tasks([label("play the zyzzyva's song")], [1.0])
    heard, pieces = hear("play the zyzzyva's song", encoder), encoder.encode_one
    states = pieces("play the zyzzyva's song").states
    assert task.ids.tolist() == encoder.pieces("play the zyzzyva's song")
    assert heard.states is not None
    np.testing.assert_allclose(task.share[:, 1:-1] @ states, heard.states, atol=1e-5)
    assert not task.share[:, [0, -1]].any()


def test_an_intents_name_teaches_no_slots(encoder: Encoder) -> None:
    named = Label("play song", "jukebox", "Play", "en-US", source=LabelSource.NAME)
    [task] = Told(encoder, ["Play"], ["thing"]).tasks([named], [1.0])
    assert (task.tags < 0).all()


def test_values_of_a_slot_change_places_and_spans_follow() -> None:
    chance = Random(1)
    lesson = label("play abba and the beat now", "Play", ("thing", "abba"), ("what", "the beat"))
    values = {"thing": ["quixotic call"], "what": ["x"]}
    fresh = swapped(lesson, values, chance, 1.0)
    assert fresh.text == "play quixotic call and x now"
    assert [fresh.text[x.start : x.end] for x in fresh.spans] == ["quixotic call", "x"]
    assert swapped(lesson, values, chance, 0.0) is lesson
    assert swapped(label("play"), values, chance, 1.0) == label("play")


def test_the_network_learns_and_says_how_far_it_is(encoder: Encoder) -> None:
    network, steps = network_of(encoder.folder), list[tuple[int, int]]()
    before = {name: x.clone() for name, x in network.state_dict().items()}
    tuning = Tuning(epochs=30, least_steps=0, batch=5, rate=1e-3, dropout=0.0)
    weights = [1.0] * len(LESSONS)
    right = tune(network, encoder, LESSONS, weights, LESSONS, tuning, lambda *x: steps.append(x))
    assert right == 1.0
    assert steps[-1] == (60, 60)
    after = network.state_dict()
    assert torch.equal(after["words.weight"], before["words.weight"])
    assert not torch.equal(after["layers.0.wide.weight"], before["layers.0.wide.weight"])


def test_the_same_skill_gives_the_same_layers(encoder: Encoder) -> None:
    networks = [network_of(encoder.folder) for _ in range(2)]
    for network in networks:
        tune(network, encoder, LESSONS, [1.0] * 10, LESSONS, SHORT, lambda *x: None)
    one, other = (network.state_dict() for network in networks)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_best_epoch_stays(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(encoder.folder)
    seen: list[dict[str, torch.Tensor]] = []
    shares = iter((0.2, 0.9, 0.5))

    def right(network: torch.nn.Module, *rest: object) -> float:
        seen.append({name: x.clone() for name, x in network.state_dict().items()})
        return next(shares)

    monkeypatch.setattr(room, "_right", right)
    best = tune(network, encoder, LESSONS, [1.0] * 10, LESSONS, SHORT, lambda *x: None)
    assert best == 0.9
    assert torch.equal(network.state_dict()["positions"], seen[1]["positions"])
    assert not torch.equal(seen[2]["positions"], seen[1]["positions"])


def test_a_small_skill_gets_more_epochs(encoder: Encoder) -> None:
    steps: list[int] = []
    tuning = Tuning(epochs=1, least_steps=9, batch=4)
    tune(
        network_of(encoder.folder),
        encoder,
        LESSONS,
        [1.0] * 10,
        LESSONS,
        tuning,
        lambda done, total: steps.append(done),
    )
    assert steps == list(range(1, 10))
