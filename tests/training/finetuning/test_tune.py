"""A network learns a skill."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import torch

from sayso.encoders import Encoder
from sayso.training.finetuning import tune as room
from sayso.training.finetuning.layers import network_of
from sayso.training.finetuning.tune import Outputs, Told, Tuning, steps_of, swapped, tune
from sayso.training.pretraining.network import Network
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
WEIGHTS = [1.0] * len(LESSONS)


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


def drawn_together(network: Network, encoder: Encoder) -> float:
    """How much more alike sentences of one intent are than those of two."""
    tasks = Told(encoder, ["Play", "Tell"], ["thing"]).tasks(LESSONS, WEIGHTS)
    outputs = Outputs(network.words.embedding_dim, 2, 3, SHORT)
    with torch.no_grad():
        unit = room._scores(network, outputs, tasks)[0]
    near, kinds = unit @ unit.T, torch.tensor([x.intent for x in tasks])
    same = kinds[:, None] == kinds[None]
    return float(near[same].mean() - near[~same].mean())


def test_the_network_learns_and_says_how_far_it_is(encoder: Encoder) -> None:
    network, steps = network_of(encoder.folder), list[int]()
    before, apart = copy.deepcopy(network.state_dict()), drawn_together(network, encoder)
    tuning = Tuning(epochs=30, least_steps=0, batch=5, rate=1e-3, dropout=0.0)
    tune(network, encoder, LESSONS, WEIGHTS, tuning, lambda: steps.append(1))
    assert len(steps) == steps_of(len(LESSONS), tuning)
    assert drawn_together(network, encoder) > apart + 0.2
    after = network.state_dict()
    assert torch.equal(after["words.weight"], before["words.weight"])
    assert not torch.equal(after["layers.0.wide.weight"], before["layers.0.wide.weight"])


def test_a_batch_holds_sentences_of_one_intent_and_of_others(encoder: Encoder) -> None:
    many = [label(f"say {x}", f"Intent{x}") for x in range(8) for _ in range(6)]
    tasks = Told(encoder, sorted({x.intent for x in many}), []).tasks(many, [1.0] * len(many))
    batches = list(room._batches(tasks, 12, Random(1)))
    assert sorted(x.intent for batch in batches for x in batch) == sorted(x.intent for x in tasks)
    for batch in batches:
        counts = Counter(x.intent for x in batch)
        assert len(counts) >= 2
        assert min(counts.values()) >= 3


def test_what_is_kept_of_the_shared_layers_is_a_share_of_their_weights(encoder: Encoder) -> None:
    before = network_of(encoder.folder).state_dict()
    after = []
    for kept in (0.0, 0.5, 1.0):
        network = network_of(encoder.folder)
        tune(network, encoder, LESSONS, WEIGHTS, replace(SHORT, kept=kept), lambda: None)
        after.append(network.state_dict())
    learnt, half, same = after
    for name, old in before.items():
        torch.testing.assert_close(same[name], old)
        torch.testing.assert_close(half[name], (old + learnt[name]) / 2)


def test_the_same_skill_gives_the_same_layers(encoder: Encoder) -> None:
    networks = [network_of(encoder.folder) for _ in range(2)]
    for network in networks:
        tune(network, encoder, LESSONS, WEIGHTS, SHORT, lambda: None)
    one, other = (network.state_dict() for network in networks)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_small_skill_gets_more_epochs() -> None:
    assert steps_of(10, Tuning(epochs=1, least_steps=9, batch=4)) == 9
    assert steps_of(10, Tuning(epochs=5, least_steps=9, batch=4)) == 15
