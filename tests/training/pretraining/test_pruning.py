"""What is taken out of a network is what it misses least."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="torch is not installed: sayso[train]")

import torch
from torch import Tensor

from sayso.training.pretraining.network import HEAD_WIDTH, Network, padded
from sayso.training.pretraining.pruning import prune
from tests.training.pretraining import teacher
from tests.training.pretraining.sets import THINGS, VERBS

TEXTS = [f"{verb} the {thing}" for verb in VERBS for thing in THINGS]
WIDTH, INNER = 2 * HEAD_WIDTH, 24


@pytest.fixture
def network() -> Network:
    """Random, two layers of two heads."""
    torch.manual_seed(0)
    made = Network(len(teacher.vocabulary()), layers=2, width=WIDTH, inner=INNER)
    torch.nn.init.normal_(made.positions, std=0.1)
    made.eval()
    return made


def read(network: Network) -> Tensor:
    pieces = [one.ids for one in teacher.tokenizer().encode_batch(TEXTS)]
    with torch.no_grad():
        pooled: Tensor = network(*padded(pieces))[1]
    return pooled


def pruned(network: Network, heads: int, inner: int) -> list[int]:
    told: list[int] = []
    prune(network, teacher.tokenizer(), TEXTS, heads, inner, told.append)
    return told


def test_what_is_small_enough_stays_as_it_is(network: Network) -> None:
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    assert pruned(network, 2, INNER) == [1, 2]
    assert all(torch.equal(before[name], now) for name, now in network.state_dict().items())


def test_neurons_that_say_what_others_say_are_not_missed(network: Network) -> None:
    for layer in network.layers:
        with torch.no_grad():
            layer.wide.weight[INNER // 2 :] = layer.wide.weight[: INNER // 2]
            layer.wide.bias[INNER // 2 :] = layer.wide.bias[: INNER // 2]
    before = read(network)
    pruned(network, 2, INNER // 2)
    assert [layer.narrow.in_features for layer in network.layers] == [INNER // 2] * 2
    assert ((read(network) * before).sum(dim=1) > 0.999).all()


def test_a_head_that_nobody_reads_is_the_one_to_go(network: Network) -> None:
    for layer in network.layers:
        with torch.no_grad():
            layer.mixed.weight[:, :HEAD_WIDTH] = 0.0
    before = read(network)
    pruned(network, 1, INNER)
    assert [layer.qkv.out_features for layer in network.layers] == [3 * HEAD_WIDTH] * 2
    assert ((read(network) * before).sum(dim=1) > 0.999).all()


def test_what_is_left_is_fitted_to_what_was_there(network: Network) -> None:
    """Better than the same neurons with the weights that they had."""
    before = read(network)
    old = [layer.narrow.weight.clone() for layer in network.layers]
    rows = [layer.wide.weight.clone() for layer in network.layers]
    pruned(network, 2, INNER // 2)
    fitted = (read(network) * before).sum(dim=1).mean()
    for layer, weight, wide in zip(network.layers, old, rows, strict=True):
        kept = [int((wide == row).all(dim=1).nonzero()[0]) for row in layer.wide.weight]
        with torch.no_grad():
            layer.narrow.weight.copy_(weight[:, kept])
    assert fitted > (read(network) * before).sum(dim=1).mean()
