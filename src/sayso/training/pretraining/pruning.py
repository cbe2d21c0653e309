"""Narrower layers: the attention heads and inner neurons that are missed least are taken out.

What reads them is fitted again by least squares to what it read before, on plain texts (optimal
brain surgeon, Hassibi & Stork 1993; of whole structures: Kurtic et al. 2023, ZipLM, arXiv
2302.04089). No gradient, a minute; the student that comes out knows nearly what its teacher did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from sayso.training.pretraining.network import HEAD_WIDTH, Layer, Network, attended, padded

_AT_ONCE = 128
_RIDGE = 1e-2  # of the mean square of an input


def prune(
    network: Network,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    heads: int,
    inner: int,
    progress: Callable[[int], None],
) -> None:
    """Leave each layer `heads` attention heads and `inner` neurons; nothing if it has no more.

    texts: a few thousand, as the network will read them. progress: called with the layers done.
    """
    with torch.no_grad():
        pieces = sorted((one.ids for one in tokenizer.encode_batch(list(texts))), key=len)
        device = network.positions.device
        batches = [
            padded(pieces[at : at + _AT_ONCE], device) for at in range(0, len(pieces), _AT_ONCE)
        ]
        states = [network.embedded(ids) for ids, _ in batches]
        masks = [mask for _, mask in batches]
        for number, layer in enumerate(network.layers):
            _narrow_attention(layer, states, masks, heads)
            middle = [
                layer.mixed_norm(one + layer.mixed(layer.looked(one, attended(mask))))
                for one, mask in zip(states, masks, strict=True)
            ]
            _narrow_inner(layer, middle, masks, inner)
            states = [layer.norm(one + layer.narrow(layer.active(one))) for one in middle]
            progress(number + 1)


def _narrow_attention(
    layer: Layer, states: Sequence[Tensor], masks: Sequence[Tensor], heads: int
) -> None:
    groups = torch.arange(layer.mixed.in_features).view(-1, HEAD_WIDTH)
    if heads >= len(groups):
        return
    seen = (
        layer.looked(one, attended(mask))[mask.bool()]
        for one, mask in zip(states, masks, strict=True)
    )
    kept, layer.mixed = _without(layer.mixed, seen, groups, heads)
    parts = torch.cat([kept + part * groups.numel() for part in range(3)])
    layer.qkv = _rows_of(layer.qkv, parts)


def _narrow_inner(
    layer: Layer, middle: Sequence[Tensor], masks: Sequence[Tensor], inner: int
) -> None:
    groups = torch.arange(layer.narrow.in_features).view(-1, 1)
    if inner >= len(groups):
        return
    active = (layer.active(one[mask.bool()]) for one, mask in zip(middle, masks, strict=True))
    kept, layer.narrow = _without(layer.narrow, active, groups, inner)
    layer.wide = _rows_of(layer.wide, kept)


def _without(
    dense: nn.Linear, inputs: Iterable[Tensor], groups: Tensor, kept: int
) -> tuple[Tensor, nn.Linear]:
    """The inputs that are kept, and the map fitted to them alone.

    groups: (groups, size) places of the inputs that stay or go together.
    """
    products = torch.zeros(dense.in_features, dense.in_features, dtype=torch.float64)
    total = torch.zeros(dense.in_features, dtype=torch.float64)
    count = 0
    for one in inputs:
        products += (one.T @ one).double().cpu()
        total += one.sum(dim=0).double().cpu()
        count += len(one)
    weight = dense.weight.double().cpu()
    places, fitted = _surgeon(products, weight, groups, kept)
    mean = total / count
    # What the inputs said on average goes into the bias.
    bias = dense.bias.double().cpu() + weight @ mean - fitted @ mean[places]
    narrow = nn.Linear(len(places), dense.out_features, device=dense.weight.device)
    narrow.weight.copy_(fitted)
    narrow.bias.copy_(bias)
    return places.to(dense.weight.device), narrow


def _surgeon(products: Tensor, weight: Tensor, groups: Tensor, kept: int) -> tuple[Tensor, Tensor]:
    """Take out, one after the other, the group whose loss costs least, the others refitted.

    products: (n, n), the inputs' second moments; weight: (out, n). Returns places (m,) and the
    fitted weight (out, m).
    """
    ridge = products.diagonal().mean() * _RIDGE
    inverse = torch.linalg.inv(products + ridge * torch.eye(len(products), dtype=torch.float64))
    weight = weight.clone()
    alive = torch.ones(len(groups), dtype=torch.bool)
    for _ in range(len(groups) - kept):
        blocks = torch.linalg.inv(inverse[groups[:, :, None], groups[:, None, :]])
        own = weight[:, groups].permute(1, 0, 2)
        cost = torch.einsum("gos,gst,got->g", own, blocks, own)
        out = int(cost.masked_fill(~alive, torch.inf).argmin())
        gone = groups[out]
        columns = inverse[:, gone] @ blocks[out]
        weight -= weight[:, gone] @ columns.T
        inverse -= columns @ inverse[gone]
        weight[:, gone] = 0.0
        inverse[gone], inverse[:, gone] = 0.0, 0.0
        inverse[gone, gone] = 1.0
        alive[out] = False
    places = groups[alive].flatten()
    return places, weight[:, places]


def _rows_of(dense: nn.Linear, kept: Tensor) -> nn.Linear:
    narrow = nn.Linear(dense.in_features, len(kept), device=dense.weight.device)
    narrow.weight.copy_(dense.weight[kept])
    narrow.bias.copy_(dense.bias[kept])
    return narrow
