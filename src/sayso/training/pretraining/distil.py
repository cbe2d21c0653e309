"""Knowledge distillation: the student sees plain texts as its teacher, MiniLM, sees them.

It is asked for the teacher's sentence vector, for its vector of each word (the two cut words into
pieces differently), and for which texts of a batch are how near to which (relational distillation,
Park et al. 2019, arXiv 1904.05068).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from sayso.training.pretraining.network import Network, Read, read

_AT_ONCE = 128
_TEMPERATURE = 0.07
_APART = 1e4  # not infinite: divergences of what is impossible are no number


@dataclass(frozen=True, slots=True)
class Taught:
    """What the teacher says of texts. pooled: (texts, d); words[starts[i]:starts[i + 1]]: of i."""

    texts: Sequence[str]
    pooled: NDArray[np.float16]
    words: NDArray[np.float16]
    starts: NDArray[np.int64]


def teach(
    teacher: Network, tokenizer: Tokenizer, texts: Sequence[str], progress: Callable[[int], None]
) -> Taught:
    """Run the teacher once over all texts. progress: called with the number of texts done."""
    teacher.eval()
    order = np.argsort([len(one.ids) for one in tokenizer.encode_batch(list(texts))])
    pooled: list[NDArray[np.float16]] = [np.empty(0, np.float16)] * len(texts)
    words: list[NDArray[np.float16]] = [np.empty(0, np.float16)] * len(texts)
    for start in range(0, len(texts), _AT_ONCE):
        batch = order[start : start + _AT_ONCE]
        with torch.no_grad():
            heard = read(teacher, tokenizer, [texts[i] for i in batch])
            means, counts = word_means(heard)
        split = np.split(means.half().cpu().numpy(), np.cumsum(counts)[:-1])
        for row, i in enumerate(batch):
            pooled[i], words[i] = heard.pooled[row].half().cpu().numpy(), split[row]
        progress(min(start + _AT_ONCE, len(texts)))
    starts = np.cumsum([0, *map(len, words)])
    return Taught(texts, np.stack(pooled), np.concatenate(words), starts)


def word_means(heard: Read) -> tuple[Tensor, list[int]]:
    """(all words, d): the mean of each word's pieces, text after text; words of each text."""
    length = heard.states.shape[1]
    places = [_places(pieces) for pieces in heard.pieces]
    words = [
        [text * length + place for place in at] for text, own in enumerate(places) for at in own
    ]
    flat = heard.states.flatten(0, 1)
    sizes = torch.tensor([len(at) for at in words], device=flat.device)
    rows = torch.repeat_interleave(torch.arange(len(words), device=flat.device), sizes)
    columns = torch.tensor([place for at in words for place in at], device=flat.device)
    total = torch.zeros(len(words), flat.shape[1], device=flat.device)
    total = total.index_add(0, rows, flat[columns])
    return total / sizes[:, None], [len(own) for own in places]


def _places(pieces: Encoding) -> list[list[int]]:
    """Where each word's pieces stand."""
    places: dict[int, list[int]] = {}
    for at, word in enumerate(pieces.word_ids):
        if word is not None:
            places.setdefault(word, []).append(at)
    return [places[word] for word in sorted(places)]


def distil_loss(
    student: Network, tokenizer: Tokenizer, taught: Taught, batch: Sequence[int]
) -> Tensor:
    """How far the student is from the teacher on these texts."""
    heard = read(student, tokenizer, [taught.texts[i] for i in batch])
    means, counts = word_means(heard)
    said, asked = _same_words(counts, taught, batch)
    target = torch.tensor(taught.words[asked].astype(np.float32), device=means.device)
    means = means[torch.tensor(said, device=means.device)]
    words = (1 - F.cosine_similarity(means, target)).mean() + 0.1 * F.smooth_l1_loss(means, target)
    whole = torch.tensor(taught.pooled[list(batch)].astype(np.float32), device=means.device)
    return (
        words
        + 5 * (1 - (heard.pooled * whole).sum(1)).mean()
        + 0.5 * relations(heard.pooled, whole)
    )


def _same_words(
    counts: Sequence[int], taught: Taught, batch: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Rows of the student's words and of the teacher's, without what only one of them read.

    One of the two may have been cut at its longest.
    """
    starts = np.cumsum([0, *counts])
    pairs = [
        (int(start) + word, int(taught.starts[i]) + word)
        for i, start, count in zip(batch, starts, counts, strict=False)
        for word in range(min(count, int(taught.starts[i + 1] - taught.starts[i])))
    ]
    return [one for one, _ in pairs], [other for _, other in pairs]


def relations(pooled: Tensor, whole: Tensor) -> Tensor:
    """Divergence of the student's likenesses within a batch from the teacher's."""
    mine, theirs = (apart(one @ one.T / _TEMPERATURE).log_softmax(dim=1) for one in (pooled, whole))
    return F.kl_div(mine, theirs, log_target=True, reduction="batchmean")


def apart(near: Tensor) -> Tensor:
    """Likenesses within a batch, in which no text is like itself."""
    return near.masked_fill(torch.eye(len(near), dtype=torch.bool, device=near.device), -_APART)


def batches(
    taught: Taught, tokenizer: Tokenizer, size: int, seed: int
) -> Callable[[int], list[int]]:
    """Step -> texts of that step: of like length, each text once before any comes again."""
    lengths = np.array([len(one.ids) for one in tokenizer.encode_batch(list(taught.texts))])
    rounds: dict[int, list[list[int]]] = {}
    per_round = max(len(lengths) // size, 1)

    def batch(step: int) -> list[int]:
        round_ = step // per_round
        if round_ not in rounds:
            rounds.clear()
            rounds[round_] = _round(lengths, size, seed + round_)[:per_round]
        return rounds[round_][step % per_round]

    return batch


def _round(lengths: NDArray[np.int64], size: int, seed: int) -> list[list[int]]:
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(lengths))
    made: list[list[int]] = []
    for start in range(0, len(order), 20 * size):
        near = order[start : start + 20 * size]
        near = near[np.argsort(lengths[near], kind="stable")]
        made += [near[at : at + size].tolist() for at in range(0, len(near), size)]
    chance.shuffle(made)
    return made
