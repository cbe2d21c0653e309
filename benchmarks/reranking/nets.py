"""Rankers that need torch or LightGBM, for the comparison alone: nothing here is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.reranking.lists import Bools, Floats

BATCH, WIDE = 64, 24


def pointwise(width: int) -> Any:
    """Each reading by itself: a linear map and a hidden layer."""
    from torch import nn

    class Pointwise(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.line = nn.Linear(width, 1, bias=False)
            self.bent = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, 1))

        def forward(self, x: Any, there: Any) -> Any:
            return (self.line(x) + self.bent(x)).squeeze(-1)

    return Pointwise()


def lstm(width: int) -> Any:
    """HypRank (Kim et al. 2018): a bidirectional LSTM over the list."""
    import torch
    from torch import nn

    class Lstm(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.line = nn.Linear(width, 1, bias=False)
            self.over = nn.LSTM(width, WIDE, bidirectional=True, batch_first=True)
            self.out = nn.Sequential(nn.Linear(2 * WIDE, WIDE), nn.SELU(), nn.Linear(WIDE, 1))

        def forward(self, x: Any, there: Any) -> Any:
            sizes = there.sum(1).clamp(min=1)
            packed = nn.utils.rnn.pack_padded_sequence(
                x, sizes, batch_first=True, enforce_sorted=False
            )
            seen, _ = nn.utils.rnn.pad_packed_sequence(
                self.over(packed)[0], batch_first=True, total_length=x.shape[1]
            )
            scores: torch.Tensor = (self.line(x) + self.out(seen)).squeeze(-1)
            return scores

    return Lstm()


def attention(width: int) -> Any:
    """A set transformer: one layer of attention over the list, which has no order."""
    from torch import nn

    class Attention(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.line = nn.Linear(width, 1, bias=False)
            self.into = nn.Linear(width, 32)
            self.over = nn.TransformerEncoderLayer(32, 4, 64, 0.1, batch_first=True)
            self.out = nn.Linear(32, 1)

        def forward(self, x: Any, there: Any) -> Any:
            gone = ~there
            gone[:, 0] = False
            seen = self.over(self.into(x), src_key_padding_mask=gone)
            return (self.line(x) + self.out(seen)).squeeze(-1)

    return Attention()


def fit_net(
    make: Callable[[int], Any],
    table: Floats,
    fixed: Floats,
    there: Bools,
    right: Any,
    *,
    listwise: bool,
    epochs: int,
) -> Callable[[Floats, Bools], Floats]:
    """A fitted net: table (n, m, f) and what is there -> scores (n, m). Lists are shuffled."""
    import torch
    from torch.nn import functional

    torch.manual_seed(0)
    torch.set_num_threads(1)
    rows = table[there]
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    net = make(table.shape[-1])
    adam = torch.optim.AdamW(net.parameters(), 0.003, weight_decay=0.01)
    chance = np.random.default_rng(0)
    steps = epochs * -(-len(table) // BATCH)
    falling = torch.optim.lr_scheduler.OneCycleLR(adam, 0.003, total_steps=steps, pct_start=0.1)
    for _ in range(epochs):
        order = chance.permutation(len(table))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            keys = np.where(there[batch], chance.random(there[batch].shape), 2.0)
            turned = keys.argsort(axis=1)
            x, seen, offset = (
                torch.tensor(np.take_along_axis(each, at, axis=1))
                for each, at in (
                    (_scaled(table[batch], mean, scale), turned[..., None]),
                    (there[batch], turned),
                    (fixed[batch].astype(np.float32), turned),
                )
            )
            wanted = torch.tensor((turned == right[batch][:, None]).argmax(axis=1))
            scores = (net(x, seen.clone()) + offset).masked_fill(~seen, -1e9)
            if listwise:
                loss = functional.cross_entropy(scores, wanted)
            else:
                goal = functional.one_hot(wanted, scores.shape[1]).float()
                loss = functional.binary_cross_entropy_with_logits(scores[seen], goal[seen])
            adam.zero_grad()
            loss.backward()
            adam.step()
            falling.step()
    net.eval()

    def scores_of(lists: Floats, seen: Bools) -> Floats:
        with torch.no_grad():
            x = torch.tensor(_scaled(lists, mean, scale))
            found: Floats = net(x, torch.tensor(seen).clone()).numpy().astype(np.float64)
        return found

    return scores_of


def _scaled(table: Floats, mean: Floats, scale: Floats) -> Any:
    return np.clip((table - mean) / scale, -4, 4).astype(np.float32)


def fit_trees(table: Floats, there: Bools, right: Any) -> Callable[[Floats, Bools], Floats]:
    """LambdaMART: boosted trees that are told which of a list is right."""
    from lightgbm import LGBMRanker

    relevant = np.arange(there.shape[1]) == np.asarray(right)[:, None]
    trees = LGBMRanker(
        n_estimators=150,
        num_leaves=15,
        learning_rate=0.07,
        min_child_samples=30,
        n_jobs=1,
        verbose=-1,
        random_state=0,
    )
    trees.fit(table[there], relevant[there].astype(int), group=there.sum(axis=1))

    def scores_of(lists: Floats, seen: Bools) -> Floats:
        scores = np.full(seen.shape, -1e9)
        if seen.any():
            scores[seen] = trees.predict(lists[seen])
        return scores

    return scores_of
