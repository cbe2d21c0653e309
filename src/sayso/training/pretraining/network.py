"""The encoder in torch: a BERT of a few layers with mean pooling.

Unusual: no segment vectors (joined to the positions), no dropout (noise in the texts does its
work), query, key and value in one matrix, as the exported graph has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from sayso.training.pretraining.minilm import POSITIONS

HEAD_WIDTH = 32  # of one attention head; MiniLM has twelve
EPSILON = 1e-12
_LIKE = 48  # texts that go through at once
MOST_TOKENS = 64  # in training; spoken requests are shorter


class Layer(nn.Module):
    """Self-attention, then a feed-forward part, each added to its input and normalised."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * heads * HEAD_WIDTH)
        self.mixed = nn.Linear(heads * HEAD_WIDTH, width)
        self.mixed_norm = nn.LayerNorm(width, EPSILON)
        self.wide = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, EPSILON)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """(batch, tokens, width) to the same; mask: (batch, 1, 1, tokens), true where text is."""
        states = self.mixed_norm(states + self.mixed(self.looked(states, mask)))
        return self.norm(states + self.narrow(self.active(states)))

    def looked(self, states: Tensor, mask: Tensor) -> Tensor:
        """What each head brings to each token, side by side: (batch, tokens, heads * 32)."""
        parts = self.qkv(states).unflatten(2, (3, -1, HEAD_WIDTH))
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return seen.transpose(1, 2).flatten(2)

    def active(self, states: Tensor) -> Tensor:
        """What the inner neurons say of each token: (batch, tokens, inner)."""
        return F.gelu(self.wide(states))


class Network(nn.Module):
    """Token ids to a vector each, and a unit vector of the whole."""

    def __init__(self, vocabulary: int, layers: int, width: int, inner: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(POSITIONS, width))
        self.embedded_norm = nn.LayerNorm(width, EPSILON)
        self.layers = nn.ModuleList(Layer(width, width // HEAD_WIDTH, inner) for _ in range(layers))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """ids, mask: (batch, tokens). States (batch, tokens, width), pooled (batch, width)."""
        states = self.embedded(ids)
        for layer in self.layers:
            states = layer(states, attended(mask))
        states = states.float()
        total = (states * mask[..., None]).sum(dim=1)
        return states, F.normalize(total, dim=-1)

    def embedded(self, ids: Tensor) -> Tensor:
        """What goes into the first layer."""
        states: Tensor = self.embedded_norm(self.words(ids) + self.positions[: ids.shape[1]])
        return states


def count_layers(names: Iterable[str]) -> int:
    """How many layers a network has, by its weights' names."""
    return 1 + max(int(name.split(".")[1]) for name in names if name.startswith("layers."))


def attended(mask: Tensor) -> Tensor:
    """(batch, tokens), one where text is, as attention wants it."""
    return mask[:, None, None, :].bool()


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as a network has read them. pieces: each text's tokens."""

    states: Tensor
    pooled: Tensor
    pieces: Sequence[Encoding]


def read(network: Network, tokenizer: Tokenizer, texts: Sequence[str]) -> Read:
    """Run texts through a network, in half precision where the processor has it."""
    pieces = tokenizer.encode_batch(list(texts))
    device = network.positions.device
    order = sorted(range(len(texts)), key=lambda i: len(pieces[i].ids))
    longest = len(pieces[order[-1]].ids)
    states: list[Tensor] = []
    pooled: list[Tensor] = []
    # Texts of like length together: little is computed for padding.
    for start in range(0, len(order), _LIKE):
        near = [pieces[i].ids for i in order[start : start + _LIKE]]
        with torch.autocast(device.type, torch.bfloat16):
            some, whole = network(*padded(near, device))
        states.append(F.pad(some, (0, 0, 0, longest - some.shape[1])))
        pooled.append(whole)
    back = torch.tensor(np.argsort(order), device=device)
    return Read(torch.cat(states)[back], torch.cat(pooled)[back], pieces)


def padded(ids: Sequence[Sequence[int]], device: Any = None) -> tuple[Tensor, Tensor]:
    """(texts, longest) ids, zeros behind each text's end; and where text is."""
    longest = max(map(len, ids))
    table = torch.zeros(len(ids), longest, dtype=torch.long)
    mask = torch.zeros(len(ids), longest, dtype=torch.long)
    for row, text in enumerate(ids):
        table[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return table.to(device), mask.to(device)


def from_minilm(weights: Mapping[str, NDArray[Any]], layers: Sequence[int]) -> Network:
    """A network that starts from these layers of MiniLM. weights: under Hugging Face's names."""
    found = {name: torch.tensor(np.asarray(array, np.float32)) for name, array in weights.items()}
    words = found["embeddings.word_embeddings.weight"]
    inner = len(found["encoder.layer.0.intermediate.dense.bias"])
    network = Network(len(words), len(layers), words.shape[1], inner)
    # Every token is of type 0 (there is no second sentence).
    segment = found["embeddings.token_type_embeddings.weight"][0]
    state = {
        "words.weight": words,
        "positions": found["embeddings.position_embeddings.weight"][:POSITIONS] + segment,
        "embedded_norm.weight": found["embeddings.LayerNorm.weight"],
        "embedded_norm.bias": found["embeddings.LayerNorm.bias"],
    }
    for at, layer in enumerate(layers):
        old, new = f"encoder.layer.{layer}.", f"layers.{at}."
        for kind in ("weight", "bias"):
            parts = [found[f"{old}attention.self.{x}.{kind}"] for x in ("query", "key", "value")]
            state[f"{new}qkv.{kind}"] = torch.cat(parts)
            for ours, theirs in _NAMES.items():
                state[f"{new}{ours}.{kind}"] = found[f"{old}{theirs}.{kind}"]
    network.load_state_dict(state)
    return network


_NAMES = {
    "mixed": "attention.output.dense",
    "mixed_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "norm": "output.LayerNorm",
}


def keep_words(network: Network, kept: Sequence[int]) -> None:
    """Cut the word table down to these rows."""
    rows = network.words.weight.detach()[torch.tensor(kept)].clone()
    network.words = nn.Embedding.from_pretrained(rows, freeze=False)


def average(network: Network, before: Mapping[str, Tensor], share: float) -> None:
    """Give the network weights between those before and its own; `share` of those before.

    Less is lost on what it has not just learnt (Wortsman et al. 2022, arXiv 2109.01903).
    """
    now = network.state_dict()
    network.load_state_dict({name: torch.lerp(now[name], before[name], share) for name in now})
