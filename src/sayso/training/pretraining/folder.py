"""A trained network -> an encoder's folder, loaded again and compared with the network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sayso.encoders import Encoder
from sayso.encoders.files import TOKENIZER
from sayso.errors import EncoderError
from sayso.training.pretraining import minilm
from sayso.training.pretraining.card import LICENSE, write_papers
from sayso.training.pretraining.export import write_weights
from sayso.training.pretraining.network import Network
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.sources import Source
from sayso.training.pretraining.vocabulary import cut_down

LEAST_COSINE = 0.98  # of int8 to torch; below it the file is broken, not merely rounded

_SENTENCES = (
    "set an alarm for seven thirty tomorrow morning",
    "play some jazz in the kitchen",
    "what is the weather like in Paris",
    "turn off the lights",
    "how much money is in my savings account",
    "remind me to call my mother when I get home",
    "book a table for two at an italian restaurant",
    "add milk and eggs to my shopping list",
)


def write_encoder(
    network: Network,
    teacher: Path,
    kept: list[int],
    out: Path,
    name: str,
    recipe: Recipe,
    sources: Sequence[Source],
) -> dict[str, Any]:
    """Write what serves, load it again and compare it with torch. Raises EncoderError if broken."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {key: value.detach().numpy() for key, value in network.state_dict().items()}
    write_weights(weights, out)
    text = json.dumps(
        cut_down(minilm.read_tokenizer(teacher), kept), ensure_ascii=False, separators=(",", ":")
    )
    (out / TOKENIZER).write_text(text + "\n", encoding="utf-8")
    licence = Path(str(files("sayso.encoders") / "english" / LICENSE))
    if licence.parent.resolve() != out.resolve():
        shutil.copyfile(licence, out / LICENSE)
    # Nothing is measured yet, but without a card the folder is not loaded.
    write_papers(out, name, network.words.embedding_dim, recipe, sources, {})
    pooled, words = _agreement(network, Encoder.load(out))
    if not pooled >= LEAST_COSINE:
        raise EncoderError(
            f"{out}: mean cosine to torch is {pooled:.3f}, below {LEAST_COSINE}; the export is "
            "broken, try onnxruntime 1.31.1"
        )
    return {
        "mean cosine of int8 to torch, sentences": round(pooled, 4),
        "mean cosine of int8 to torch, word pieces": round(words, 4),
    }


def _agreement(network: Network, encoder: Encoder) -> tuple[float, float]:
    """Mean cosines between torch in full precision and the written files."""
    network.eval()
    pairs: list[tuple[NDArray[Any], NDArray[Any]]] = []
    states: list[float] = []
    for ours in encoder.encode(_SENTENCES):
        ids = torch.tensor([encoder.pieces(ours.text)])
        with torch.no_grad():
            theirs, pooled = network(ids, torch.ones_like(ids))
        pairs.append((ours.pooled, pooled[0].numpy()))
        states += list(_cosines(ours.states, theirs[0, 1:-1].numpy()))
    return float(np.mean([a @ b for a, b in pairs])), float(np.mean(states))


def _cosines(a: NDArray[Any], b: NDArray[Any]) -> Iterator[float]:
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    yield from ((a * b).sum(axis=1) / lengths).tolist()
