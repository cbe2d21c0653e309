"""A network learns one skill: the intent of a sentence, and the slot of each of its words.

It sees a word and a sentence as the skill's heads will: the mean of the word's pieces, of length 1,
and the mean of the words. What it learns is judged after each epoch on sentences kept apart, and
the best epoch stays. Values of the same slot change places among sentences, so that the layers
learn where a value stands and not which values there were.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from sayso.encoders import Encoded, Encoder
from sayso.training.pretraining.descent import optimiser_of, pace
from sayso.training.pretraining.network import Network, padded
from sayso.types.lessons import Label, LabelSource, Span
from sayso.understanding.contract import Heard
from sayso.understanding.heard import Progress, hear_all
from sayso.understanding.spans import tags_of

_IGNORED = -100  # torch's own mark for a place without a target
_LIKE = 16  # batches whose sentences are sorted by length: little is computed for padding
_WARM_UP = 0.1  # share of the steps in which the rate goes up


@dataclass(frozen=True, slots=True)
class Tuning:
    """Hyperparameters.

    rate, head_rate: peak learning rates of the layers and of the outputs above them.
    sharpness: what unit vectors are multiplied by before the outputs.
    dropout: of the numbers of a word's vector; swaps: share of sentences with other values.
    least_steps: of a small skill, whose epochs are short.
    """

    epochs: int = 8
    least_steps: int = 400
    batch: int = 32
    rate: float = 5e-4
    head_rate: float = 1e-2
    sharpness: float = 20.0
    dropout: float = 0.2
    swaps: float = 0.3
    seed: int = 1


class Outputs(nn.Module):
    """What stands above the network while it learns; left behind when it is exported."""

    def __init__(self, width: int, intents: int, tags: int, tuning: Tuning) -> None:
        super().__init__()
        self.intent = nn.Linear(width, intents)
        self.tags = nn.Linear(width, tags)
        self.drop = nn.Dropout(tuning.dropout)
        self.sharpness = tuning.sharpness

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, words, width) to scores (batch, intents) and (batch, words, tags)."""
        unit = F.normalize(words, dim=-1)
        whole = F.normalize(unit.sum(dim=1), dim=-1)
        return (
            self.intent(self.drop(whole * self.sharpness)),
            self.tags(self.drop(unit * self.sharpness)),
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A sentence as numbers.

    ids: (pieces,); share: (words, pieces), what of each piece makes a word; tags: (words,).
    """

    ids: NDArray[np.int64]
    share: NDArray[np.float32]
    intent: int
    tags: NDArray[np.int64]
    weight: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """Stands in for an encoder: the vector of a piece says only which piece it is.

    So `hear` tells which pieces make a word, by the very code that averages them when serving.
    """

    encoder: Encoder

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[Encoded]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Encoded:
        pieces = self.encoder.cut(text)
        places = np.eye(len(pieces.ids), dtype=np.float32)[1:-1]
        offsets = np.array(pieces.offsets[1:-1], np.int64).reshape(-1, 2)
        return Encoded(text, np.array(pieces.ids), places, offsets)


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told apart. intents, slots: in the order of their numbers."""

    encoder: Encoder
    intents: Sequence[str]
    slots: Sequence[str]

    def tasks(self, lessons: Sequence[Label], weights: Sequence[float]) -> list[Task]:
        """Lessons as numbers."""
        heard = hear_all([lesson.text for lesson in lessons], _Cut(self.encoder))
        return [self._task(*each) for each in zip(lessons, heard, weights, strict=True)]

    def _task(self, lesson: Label, heard: Heard, weight: float) -> Task:
        assert heard.pooled is not None
        assert heard.states is not None
        silent = lesson.source is LabelSource.NAME
        tags = tags_of(lesson.spans, heard.words, self.slots)
        return Task(
            np.asarray(heard.pooled, np.int64),
            heard.states,
            self.intents.index(lesson.intent),
            np.full_like(tags, _IGNORED) if silent else tags,
            weight,
        )


def tune(
    network: Network,
    encoder: Encoder,
    lessons: Sequence[Label],
    weights: Sequence[float],
    held_out: Sequence[Label],
    tuning: Tuning,
    progress: Callable[[int, int], None],
) -> float:
    """Teach the network these lessons, in place; the best epoch's share of `held_out` read rightly.

    weights: of each lesson. progress: steps done, and of how many.
    """
    chance = Random(tuning.seed)
    torch.manual_seed(tuning.seed)
    told = Told(
        encoder,
        sorted({x.intent for x in [*lessons, *held_out]}),
        sorted({span.name for x in [*lessons, *held_out] for span in x.spans}),
    )
    outputs = Outputs(
        network.words.embedding_dim, len(told.intents), 2 * len(told.slots) + 1, tuning
    )
    judged = told.tasks(held_out, [1.0] * len(held_out))
    values = _values(lessons)
    optimiser = optimiser_of((network, tuning.rate), (outputs, tuning.head_rate))
    an_epoch = -(-len(lessons) // tuning.batch)
    epochs = max(tuning.epochs, -(-tuning.least_steps // an_epoch))
    steps = epochs * an_epoch
    best, kept, step = -1.0, copy.deepcopy(network.state_dict()), 0
    for _ in range(epochs):
        fresh = [swapped(x, values, chance, tuning.swaps) for x in lessons]
        outputs.train()
        for batch in _batches(told.tasks(fresh, weights), tuning.batch, chance):
            pace(optimiser, step, steps, _WARM_UP * steps)
            optimiser.zero_grad()
            _loss(network, outputs, batch).backward()  # type: ignore[no-untyped-call, unused-ignore]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            progress(step, steps)
        right = _right(network, outputs, judged, tuning.batch)
        if right > best:
            best, kept = right, copy.deepcopy(network.state_dict())
    network.load_state_dict(kept)
    return best


def swapped(
    lesson: Label, values: Mapping[str, Sequence[str]], chance: Random, share: float
) -> Label:
    """The lesson, or with a probability of `share` a copy in which each slot has another value."""
    if not lesson.spans or chance.random() >= share:
        return lesson
    text, spans, at = "", [], 0
    for span in lesson.spans:
        text += lesson.text[at : span.start]
        value = chance.choice(values[span.name])
        spans.append(Span(span.name, len(text), len(text) + len(value)))
        text += value
        at = span.end
    return replace(lesson, text=text + lesson.text[at:], spans=tuple(spans))


def _values(lessons: Sequence[Label]) -> dict[str, list[str]]:
    """What stood in each slot; a value that stood there twice is twice as likely."""
    values: dict[str, list[str]] = {}
    for lesson in lessons:
        for span in lesson.spans:
            values.setdefault(span.name, []).append(lesson.text[span.start : span.end])
    return values


def _batches(tasks: Sequence[Task], size: int, chance: Random) -> Iterator[list[Task]]:
    """All tasks once, those of like length together."""
    mixed = chance.sample(tasks, len(tasks))
    batches = []
    for start in range(0, len(mixed), size * _LIKE):
        near = sorted(mixed[start : start + size * _LIKE], key=lambda x: len(x.ids))
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    yield from chance.sample(batches, len(batches))


def _scores(network: Network, outputs: Outputs, tasks: Sequence[Task]) -> tuple[Tensor, Tensor]:
    ids, mask = padded([task.ids.tolist() for task in tasks])
    share = torch.zeros(len(tasks), max(len(x.tags) for x in tasks), ids.shape[1])
    for row, task in enumerate(tasks):
        share[row, : task.share.shape[0], : task.share.shape[1]] = torch.from_numpy(task.share)
    with torch.autocast("cpu", torch.bfloat16):
        states, _ = network(ids, mask)
    scores: tuple[Tensor, Tensor] = outputs(share @ states)
    return scores


def _tags(tasks: Sequence[Task], length: int) -> Tensor:
    tags = torch.full((len(tasks), length), _IGNORED)
    for row, task in enumerate(tasks):
        tags[row, : len(task.tags)] = torch.from_numpy(task.tags)
    return tags


def _loss(network: Network, outputs: Outputs, tasks: Sequence[Task]) -> Tensor:
    intents, slots = _scores(network, outputs, tasks)
    weights = torch.tensor([task.weight for task in tasks])
    right = torch.tensor([task.intent for task in tasks])
    tags = _tags(tasks, slots.shape[1])
    of_intent = F.cross_entropy(intents, right, reduction="none")
    of_tags = F.cross_entropy(slots.transpose(1, 2), tags, reduction="none")
    told = (tags != _IGNORED).float() * weights[:, None]
    return (of_intent * weights).sum() / weights.sum() + (of_tags * told).sum() / told.sum().clamp(
        min=1e-6
    )


def _right(network: Network, outputs: Outputs, tasks: Sequence[Task], size: int) -> float:
    """Share of the sentences whose intent and all of whose tags are right."""
    outputs.eval()
    right = 0
    ordered = sorted(tasks, key=lambda x: len(x.ids))
    with torch.no_grad():
        for at in range(0, len(ordered), size):
            some = ordered[at : at + size]
            intents, slots = _scores(network, outputs, some)
            tags = _tags(some, slots.shape[1])
            same = ((slots.argmax(dim=-1) == tags) | (tags == _IGNORED)).all(dim=1)
            whole = same & (intents.argmax(dim=1) == torch.tensor([x.intent for x in some]))
            right += int(whole.sum())
    return right / max(len(tasks), 1)
