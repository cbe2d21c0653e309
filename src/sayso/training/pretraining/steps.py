"""The whole of pretraining, step by step; what is done is kept, so that a stopped run goes on."""

from __future__ import annotations

import copy
import json
import platform
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sayso.errors import EncoderError
from sayso.training.pretraining import checkpoint, minilm
from sayso.training.pretraining.card import write_papers
from sayso.training.pretraining.corpus import Corpus, read_corpus
from sayso.training.pretraining.descent import descend, optimiser_of
from sayso.training.pretraining.distil import Taught, batches, distil_loss, teach
from sayso.training.pretraining.folder import write_encoder
from sayso.training.pretraining.multitask import Tasks, nearest_intents, task_loss
from sayso.training.pretraining.network import (
    MOST_TOKENS,
    Network,
    average,
    from_minilm,
    keep_words,
)
from sayso.training.pretraining.pruning import prune
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.sources import SOURCES
from sayso.training.pretraining.vocabulary import cut_down, kept_pieces

if TYPE_CHECKING:
    from sayso.training.progress import Progress

WORK = "work"  # beside the encoder: what a stopped run needs; nothing that serves
_PRUNED_BY = 4_000  # texts that say what is missed least
_TASK_RATE = 1e-3  # of what the tasks add, which starts from nothing


def pretrain(
    data: Path,
    out: Path,
    teacher: Path,
    recipe: Recipe,
    *,
    name: str,
    progress: Progress,
) -> Mapping[str, Any]:
    """Make an encoder in folder `out` from the sets in `data`; returns what was measured.

    teacher: folder of MiniLM. A recipe without steps only cuts MiniLM down, and reads no data. A
    stopped run is gone on with by the same call. Raises DataError or EncoderError.
    """
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    weights = minilm.read_weights(teacher)
    work = out / WORK
    corpus, taught = None, None
    if recipe.distil_steps or recipe.task_steps:
        tell = partial(progress, "reading", total=len(SOURCES))
        corpus = read_corpus(data, recipe.without, seed=recipe.seed, progress=tell)
        taught = _taught(teacher, weights, work, corpus, device, progress)
    tokenizer, kept = _tokenizer(teacher, taught.texts if taught else (), recipe.vocabulary)
    student = from_minilm(weights, recipe.layers)
    keep_words(student, kept)
    student.to(device)
    if corpus and taught:
        _prune(student, tokenizer, taught, recipe, progress)
        _distil(student, tokenizer, taught, recipe, work, progress)
        distilled = copy.deepcopy(student.state_dict())
        _multitask(student, tokenizer, corpus, taught, recipe, work, progress)
        average(student, distilled, recipe.kept)
    sources = corpus.sources if corpus else ()
    measured = {
        "seconds": round(time.monotonic() - started),
        "processor": platform.processor() or platform.machine(),
        "device": device.type,
        "torch": torch.__version__,
        **write_encoder(student.cpu(), teacher, kept, out, name, recipe, sources),
    }
    write_papers(out, name, student.words.embedding_dim, recipe, sources, measured)
    return measured


def _taught(
    teacher: Path,
    weights: Mapping[str, NDArray[Any]],
    folder: Path,
    corpus: Corpus,
    device: torch.device,
    progress: Progress,
) -> Taught:
    """The teacher's vectors of the plain texts; kept in `folder` for the next run."""
    texts, kept = folder / "texts.json", folder / "taught.npz"
    found = _kept_vectors(texts, kept, corpus.plain)
    if found:
        return found
    tokenizer = Tokenizer.from_str(json.dumps(minilm.read_tokenizer(teacher)))
    tokenizer.enable_truncation(MOST_TOKENS)
    network = from_minilm(weights, range(minilm.layers_in(weights))).to(device)
    total = len(corpus.plain)
    taught = teach(network, tokenizer, corpus.plain, lambda n: progress("teacher", n, total))
    folder.mkdir(parents=True, exist_ok=True)
    # Never the texts of one run beside the vectors of another, wherever this is stopped.
    texts.unlink(missing_ok=True)
    np.savez(kept, pooled=taught.pooled, words=taught.words, starts=taught.starts)
    texts.write_text(json.dumps(list(corpus.plain)), encoding="utf-8")
    return taught


def _kept_vectors(texts: Path, kept: Path, plain: Sequence[str]) -> Taught | None:
    """What an earlier run was taught, if it was these texts. Raises EncoderError if damaged."""
    if not texts.is_file():
        return None
    try:
        if json.loads(texts.read_text(encoding="utf-8")) != list(plain):
            return None
        with kept.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Taught(plain, arrays["pooled"], arrays["words"], arrays["starts"])
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise EncoderError(f"{kept.parent}: damaged ({error}); delete it, start again") from error


def _tokenizer(teacher: Path, texts: Sequence[str], size: int) -> tuple[Tokenizer, list[int]]:
    """The tokenizer cut down to what the texts need, and the ids that it kept."""
    whole = minilm.read_tokenizer(teacher)
    pieces = Tokenizer.from_str(json.dumps(whole)).encode_batch(list(texts))
    seen = Counter(i for one in pieces for i in one.ids)
    kept = kept_pieces(whole["model"]["vocab"], seen, size)
    tokenizer = Tokenizer.from_str(json.dumps(cut_down(whole, kept)))
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer, kept


def _prune(
    student: Network, tokenizer: Tokenizer, taught: Taught, recipe: Recipe, progress: Progress
) -> None:
    """Before any training, so it is done again by a run that goes on: the same each time."""
    few = min(_PRUNED_BY, len(taught.texts))
    texts = Random(recipe.seed).sample(list(taught.texts), few)
    tell = partial(progress, "prune", total=len(recipe.layers))
    prune(student, tokenizer, texts, recipe.heads, recipe.inner, tell)


def _distil(
    student: Network,
    tokenizer: Tokenizer,
    taught: Taught,
    recipe: Recipe,
    folder: Path,
    progress: Progress,
) -> None:
    batch = batches(taught, tokenizer, recipe.distil_batch, recipe.seed)
    descend(
        "distil",
        {"network": student},
        optimiser_of((student, recipe.distil_rate)),
        lambda step: distil_loss(student, tokenizer, taught, batch(step)),
        recipe.distil_steps,
        (folder / "distil.safetensors", _distil_key(recipe, taught)),
        progress,
    )


def _distil_key(recipe: Recipe, taught: Taught) -> str:
    shape = (recipe.layers, recipe.heads, recipe.inner, recipe.vocabulary)
    how = (recipe.distil_steps, recipe.distil_batch, recipe.distil_rate, recipe.seed)
    return checkpoint.key(shape, how, list(taught.texts))


def _multitask(
    student: Network,
    tokenizer: Tokenizer,
    corpus: Corpus,
    taught: Taught,
    recipe: Recipe,
    folder: Path,
    progress: Progress,
) -> None:
    learnt = replace(recipe, kept=0.0)  # what is averaged afterwards changes nothing here
    key = checkpoint.key(learnt, _distil_key(recipe, taught), _learnt(corpus))
    torch.manual_seed(recipe.seed)  # the same start, whatever the first half had to draw
    tasks = Tasks(student.words.embedding_dim, student.words.num_embeddings)
    tasks.to(student.positions.device)
    nearest = nearest_intents(corpus, taught)
    descend(
        "tasks",
        {"network": student, "tasks": tasks},
        optimiser_of((student, recipe.task_rate), (tasks, _TASK_RATE)),
        lambda step: task_loss(student, tasks, tokenizer, corpus, taught, nearest, recipe, step),
        recipe.task_steps,
        (folder / "tasks.safetensors", key),
        progress,
    )


def _learnt(corpus: Corpus) -> list[object]:
    """How much there is to learn of what: other data make another checkpoint."""
    intents = [(name, len(x), sum(map(len, x.values()))) for name, x in corpus.intents.items()]
    return [intents, [(name, len(x)) for name, x in corpus.tagged.items()], len(corpus.pairs)]
