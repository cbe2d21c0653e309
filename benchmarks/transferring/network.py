"""The stacked multitask bi-LSTM: one shared bottom, and an upper bi-LSTM for each task.

After Goyal, Metallinou and Matsoukas, "Fast and Scalable Expansion of Natural Language
Understanding Functionality for Intelligent Agents", NAACL 2018, arXiv:1805.01542.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.transferring.vectors import DIMENSION, Floats

HIDDEN = 128  # a direction


@dataclass(frozen=True, slots=True)
class Batch:
    """Utterances padded to the longest. x: (b, t, DIMENSION); mask: (b, t), 1 where words are.

    turn: (b, t), where each word stands when its utterance is read backwards.
    """

    x: Tensor
    mask: Tensor
    turn: Tensor
    last: Tensor


def batch_of(vectors: Sequence[Floats]) -> Batch:
    lengths = torch.tensor([len(rows) for rows in vectors])
    longest = int(lengths.max())
    x = np.zeros((len(vectors), longest, vectors[0].shape[1]), np.float32)
    for row, rows in enumerate(vectors):
        x[row, : len(rows)] = rows
    place = torch.arange(longest)[None].expand(len(vectors), -1)
    mask = place < lengths[:, None]
    turn = torch.where(mask, lengths[:, None] - 1 - place, place)
    return Batch(torch.from_numpy(x), mask.float(), turn, lengths - 1)


class BiLstm(nn.Module):  # type: ignore[misc]  # to mypy torch is Any
    """A bi-LSTM layer. Padding comes last for both directions, so that it is never read first."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.forwards = nn.LSTM(width, hidden, batch_first=True)
        self.backwards = nn.LSTM(width, hidden, batch_first=True)

    def forward(self, x: Tensor, batch: Batch) -> Tensor:
        """(b, t, width) -> (b, t, 2 hidden)."""
        ahead, _ = self.forwards(x)
        back, _ = self.backwards(_turned(x, batch.turn))
        return torch.cat([ahead, _turned(back, batch.turn)], 2)


class Stacked(nn.Module):  # type: ignore[misc]  # to mypy torch is Any
    """(b, t, DIMENSION) -> a state an utterance (b, 2 hidden) and a state a word (b, t, 2 hidden).

    Output layers are not part of it: see `Outputs`.
    """

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.bottom = BiLstm(DIMENSION, HIDDEN)
        self.intent = BiLstm(2 * HIDDEN, HIDDEN)
        self.said = nn.Linear(2 * HIDDEN, 2 * HIDDEN)
        self.slots = BiLstm(2 * HIDDEN, HIDDEN)
        self.drop = nn.Dropout(dropout)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """All three layers."""
        return self.high(self.low(batch), batch)

    def low(self, batch: Batch) -> Tensor:
        """The shared bottom: a state a word (b, t, 2 hidden)."""
        low: Tensor = self.drop(self.bottom(self.drop(batch.x), batch))
        return low

    def high(self, low: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """The two upper bi-LSTMs; an utterance is a map of where they end."""
        upper = self.intent(low, batch)
        rows = torch.arange(len(upper))
        ends = torch.cat([upper[rows, batch.last, :HIDDEN], upper[:, 0, HIDDEN:]], 1)
        return self.drop(self.said(ends)), self.drop(self.slots(low, batch))


class Outputs(nn.Module):  # type: ignore[misc]  # to mypy torch is Any
    """The softmax layers of one label set."""

    def __init__(self, intents: int, tags: int) -> None:
        super().__init__()
        self.intent = nn.Linear(2 * HIDDEN, intents)
        self.tags = nn.Linear(2 * HIDDEN, tags)

    def forward(self, said: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of intents (b, intents) and of tags (b, t, tags)."""
        return self.intent(said), self.tags(words)


def _turned(x: Tensor, turn: Tensor) -> Tensor:
    return x.gather(1, turn[:, :, None].expand_as(x))
