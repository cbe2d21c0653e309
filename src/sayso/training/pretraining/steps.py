"""The whole of pretraining, step by step; what is done is kept, so that a stopped run goes on."""

from __future__ import annotations

import json
import platform
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from sayso.encoders import Encoder
from sayso.encoders.files import TOKENIZER
from sayso.errors import EncoderError
from sayso.training.pretraining import checkpoint, minilm
from sayso.training.pretraining.card import LICENSE, write_papers
from sayso.training.pretraining.corpus import Corpus, read_corpus
from sayso.training.pretraining.distil import Taught, batches, distil_loss, teach
from sayso.training.pretraining.export import write_weights
from sayso.training.pretraining.multitask import Tasks, task_loss
from sayso.training.pretraining.network import (
    EPSILON,
    HEADS,
    MOST_TOKENS,
    Network,
    from_minilm,
    keep_words,
)
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.vocabulary import cut_down, kept_pieces
from sayso.training.train import Progress

LEAST_COSINE = 0.98  # of int8 to torch; below it the file is broken, not merely rounded
_WARM_UP, _SAVED_EVERY, _LAST_RATE = 60, 100, 0.02
_TASK_RATE = 1e-3  # of what the tasks add, which starts from nothing

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


def pretrain(
    data: Path,
    out: Path,
    teacher: Path,
    recipe: Recipe,
    *,
    name: str,
    distilled: Path,
    progress: Progress,
) -> Mapping[str, Any]:
    """Make an encoder in folder `out` from the sets in `data`; returns what was measured.

    teacher: folder of MiniLM; distilled: folder for what runs of the same first half share.
    Raises DataError or EncoderError; a stopped run is gone on with by the same call.
    """
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    corpus = read_corpus(data, recipe.without, seed=recipe.seed)
    taught = _taught(teacher, distilled, corpus, device, progress)
    weights = minilm.read_weights(teacher)
    tokenizer, kept = _tokenizer(teacher, taught, recipe.vocabulary)
    student = from_minilm(weights, recipe.layers)
    keep_words(student, kept)
    student.to(device)
    _distil(student, tokenizer, taught, recipe, distilled, progress)
    _multitask(student, tokenizer, corpus, taught, recipe, out / "checkpoint.safetensors", progress)
    measured = {
        "seconds": round(time.monotonic() - started),
        "processor": platform.processor() or platform.machine(),
        "device": device.type,
        "torch": torch.__version__,
        **write_encoder(student.cpu(), teacher, kept, out, name, recipe, corpus),
    }
    write_papers(out, name, recipe, corpus.sources, measured)
    return measured


def _taught(
    teacher: Path, folder: Path, corpus: Corpus, device: torch.device, progress: Progress
) -> Taught:
    """The teacher's vectors of the plain texts; kept in `folder` for the next run."""
    texts, kept = folder / "texts.json", folder / "taught.npz"
    if texts.is_file() and json.loads(texts.read_text(encoding="utf-8")) == list(corpus.plain):
        arrays = np.load(kept, allow_pickle=False)
        return Taught(corpus.plain, arrays["pooled"], arrays["words"], arrays["starts"])
    tokenizer = Tokenizer.from_str(json.dumps(minilm.read_tokenizer(teacher)))
    tokenizer.enable_truncation(MOST_TOKENS)
    network = from_minilm(minilm.read_weights(teacher), range(minilm.LAYERS)).to(device)
    total = len(corpus.plain)
    taught = teach(network, tokenizer, corpus.plain, lambda n: progress("teacher", n, total))
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(kept, pooled=taught.pooled, words=taught.words, starts=taught.starts)
    texts.write_text(json.dumps(list(corpus.plain)), encoding="utf-8")
    return taught


def _tokenizer(teacher: Path, taught: Taught, size: int) -> tuple[Tokenizer, list[int]]:
    whole = minilm.read_tokenizer(teacher)
    pieces = Tokenizer.from_str(json.dumps(whole)).encode_batch(list(taught.texts))
    seen = Counter(i for one in pieces for i in one.ids)
    kept = kept_pieces(whole["model"]["vocab"], seen, size)
    tokenizer = Tokenizer.from_str(json.dumps(cut_down(whole, kept)))
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer, kept


def _distil(
    student: Network,
    tokenizer: Tokenizer,
    taught: Taught,
    recipe: Recipe,
    folder: Path,
    progress: Progress,
) -> None:
    batch = batches(taught, tokenizer, recipe.distil_batch, recipe.seed)
    _train(
        "distil",
        {"network": student},
        _optimiser(student, None, recipe.distil_rate),
        lambda step: distil_loss(student, tokenizer, taught, batch(step)),
        recipe.distil_steps,
        (folder / "checkpoint.safetensors", _distil_key(recipe, taught)),
        progress,
    )


def _distil_key(recipe: Recipe, taught: Taught) -> str:
    """What the first half depends on: runs that leave out other sets share one student."""
    how = (recipe.distil_steps, recipe.distil_batch, recipe.distil_rate, recipe.seed)
    return checkpoint.key(recipe.layers, recipe.vocabulary, how, list(taught.texts))


def _multitask(
    student: Network,
    tokenizer: Tokenizer,
    corpus: Corpus,
    taught: Taught,
    recipe: Recipe,
    path: Path,
    progress: Progress,
) -> None:
    tasks = Tasks(student.words.embedding_dim, student.words.num_embeddings)
    tasks.to(student.positions.device)
    _train(
        "tasks",
        {"network": student, "tasks": tasks},
        _optimiser(student, tasks, recipe.task_rate),
        lambda step: task_loss(student, tasks, tokenizer, corpus, taught, recipe, step),
        recipe.task_steps,
        (path, checkpoint.key(recipe)),
        progress,
    )


def _optimiser(network: Network, tasks: Tasks | None, rate: float) -> torch.optim.AdamW:
    groups: list[dict[str, Any]] = [{"params": list(network.parameters()), "lr": rate}]
    if tasks is not None:
        groups.append({"params": list(tasks.parameters()), "lr": _TASK_RATE})
    for group in groups:
        group["peak"] = group["lr"]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def _train(
    title: str,
    modules: Mapping[str, nn.Module],
    optimiser: torch.optim.AdamW,
    loss_of: Callable[[int], Tensor],
    steps: int,
    kept: tuple[Path, str],
    progress: Progress,
) -> None:
    """Steps of gradient descent from where the checkpoint stands."""
    path, key = kept
    done = checkpoint.load(path, key, modules, optimiser)
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    for step in range(done, steps):
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * _rate(step, steps)
        optimiser.zero_grad()
        loss_of(step).backward()  # type: ignore[no-untyped-call, unused-ignore]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if (step + 1) % _SAVED_EVERY == 0 or step + 1 == steps:
            checkpoint.save(path, key, step + 1, modules, optimiser)
        progress(title, step + 1, steps)


def _rate(step: int, steps: int) -> float:
    """Share of the peak rate: up in the first steps, then down in a line."""
    return min((step + 1) / _WARM_UP, max(_LAST_RATE, 1 - step / steps))


def write_encoder(
    network: Network,
    teacher: Path,
    kept: list[int],
    out: Path,
    name: str,
    recipe: Recipe,
    corpus: Corpus | None,
) -> dict[str, Any]:
    """Write what serves, load it again and compare it with torch. Raises EncoderError if broken."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {key: value.detach().numpy() for key, value in network.state_dict().items()}
    write_weights(weights, out, heads=HEADS, epsilon=EPSILON)
    text = json.dumps(
        cut_down(minilm.read_tokenizer(teacher), kept), ensure_ascii=False, separators=(",", ":")
    )
    (out / TOKENIZER).write_text(text + "\n", encoding="utf-8")
    licence = Path(str(files("sayso.encoders") / "english" / LICENSE))
    if licence.parent.resolve() != out.resolve():
        shutil.copyfile(licence, out / LICENSE)
    write_papers(out, name, recipe, corpus.sources if corpus else (), {})
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
