"""A network learns one skill: the intent of a sentence, and the slot of each of its words.

It sees a word and a sentence as the skill's heads will: the mean of the word's pieces, of length 1,
and the mean of the words. Beside telling intents apart it draws the sentences of an intent together
(supervised contrast, Khosla et al. 2020, arXiv 2004.11362): with ten sentences an intent, most of
what is gained comes from there. Values of the same slot change places among sentences, so that the
layers learn where a value stands and not which values there were.
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
from sayso.training.pretraining.multitask import contrast
from sayso.training.pretraining.network import Network, average, padded
from sayso.types.lessons import Label, LabelSource, Span
from sayso.understanding.contract import Heard
from sayso.understanding.heard import Progress, hear_all
from sayso.understanding.spans import tags_of

_IGNORED = -100  # torch's own mark for a place without a target
_LIKE = 16  # batches whose sentences are sorted by length: little is computed for padding
_TOGETHER = 3  # sentences of an intent side by side, for contrast
_WARM_UP = 0.1  # share of the steps in which the rate goes up


@dataclass(frozen=True, slots=True)
class Tuning:
    """Hyperparameters.

    rate, head_rate: peak learning rates of the layers and of the outputs above them.
    sharpness: what unit vectors are multiplied by before the outputs.
    contrast, temperature: weight and temperature of drawing an intent's sentences together.
    dropout: of the numbers of a word's vector; swaps: share of sentences with other values.
    least_steps: of a small skill, whose epochs are short.
    kept: share of the shared weights in the skill's own, beside those that learnt.
    """

    epochs: int = 8
    least_steps: int = 200
    batch: int = 48
    rate: float = 3e-4
    head_rate: float = 1e-2
    sharpness: float = 20.0
    contrast: float = 0.5
    temperature: float = 0.05
    dropout: float = 0.2
    swaps: float = 0.3
    kept: float = 0.25
    seed: int = 1


class Outputs(nn.Module):
    """What stands above the network while it learns; left behind when it is exported."""

    def __init__(self, width: int, intents: int, tags: int, tuning: Tuning) -> None:
        super().__init__()
        self.intent = nn.Linear(width, intents)
        self.tags = nn.Linear(width, tags)
        self.drop = nn.Dropout(tuning.dropout)
        self.sharpness = tuning.sharpness

    def start_from(self, network: Network, tasks: Sequence[Task], size: int) -> None:
        """Let each intent's output be the mean of its sentences, as the network sees them now."""
        means = torch.zeros_like(self.intent.weight)
        with torch.no_grad():
            for at in range(0, len(tasks), size):
                some = tasks[at : at + size]
                means.index_add_(
                    0, torch.tensor([x.intent for x in some]), _scores(network, self, some)[0]
                )
            self.intent.weight.copy_(F.normalize(means, dim=1))
            self.intent.bias.zero_()

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, words, width) to unit vectors (batch, width) of the sentences, and scores
        (batch, intents) and (batch, words, tags)."""
        unit = F.normalize(words, dim=-1)
        whole = F.normalize(unit.sum(dim=1), dim=-1)
        return (
            whole,
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


def steps_of(lessons: int, tuning: Tuning) -> int:
    """How many steps so many lessons take."""
    an_epoch = -(-lessons // tuning.batch)
    return an_epoch * max(tuning.epochs, -(-tuning.least_steps // an_epoch))


def tune(
    network: Network,
    encoder: Encoder,
    lessons: Sequence[Label],
    weights: Sequence[float],
    tuning: Tuning,
    done: Callable[[], None],
) -> None:
    """Teach the network these lessons, in place.

    weights: of each lesson. done: called after each of `steps_of` steps.
    """
    chance = Random(tuning.seed)
    torch.manual_seed(tuning.seed)
    told = Told(
        encoder,
        sorted({x.intent for x in lessons}),
        sorted({span.name for x in lessons for span in x.spans}),
    )
    outputs = Outputs(
        network.words.embedding_dim, len(told.intents), 2 * len(told.slots) + 1, tuning
    )
    outputs.start_from(network, told.tasks(lessons, weights), tuning.batch)
    values = _values(lessons)
    optimiser = optimiser_of((network, tuning.rate), (outputs, tuning.head_rate))
    before = copy.deepcopy(network.state_dict())
    steps, step = steps_of(len(lessons), tuning), 0
    while step < steps:
        fresh = [swapped(x, values, chance, tuning.swaps) for x in lessons]
        for batch in _batches(told.tasks(fresh, weights), tuning.batch, chance):
            pace(optimiser, step, steps, _WARM_UP * steps)
            optimiser.zero_grad()
            loss = _loss(network, outputs, batch, tuning)
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            done()
    average(network, before, tuning.kept)


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
    """All tasks once: few of one intent and some of many, so that both can be told from others.

    Those of like length stand together.
    """
    groups = _groups(tasks, chance)
    batches = []
    for start in range(0, len(groups), size // _TOGETHER * _LIKE):
        near = groups[start : start + size // _TOGETHER * _LIKE]
        near.sort(key=lambda group: max(len(x.ids) for x in group))
        flat = [task for group in near for task in group]
        batches += [flat[at : at + size] for at in range(0, len(flat), size)]
    yield from chance.sample(batches, len(batches))


def _groups(tasks: Sequence[Task], chance: Random) -> list[list[Task]]:
    """All tasks once, `_TOGETHER` of one intent side by side, in any order."""
    by_intent: dict[int, list[Task]] = {}
    for task in chance.sample(tasks, len(tasks)):
        by_intent.setdefault(task.intent, []).append(task)
    groups = [
        same[at : at + _TOGETHER]
        for same in by_intent.values()
        for at in range(0, len(same), _TOGETHER)
    ]
    return chance.sample(groups, len(groups))


def _scores(
    network: Network, outputs: Outputs, tasks: Sequence[Task]
) -> tuple[Tensor, Tensor, Tensor]:
    ids, mask = padded([task.ids.tolist() for task in tasks])
    share = torch.zeros(len(tasks), max(len(x.tags) for x in tasks), ids.shape[1])
    for row, task in enumerate(tasks):
        share[row, : task.share.shape[0], : task.share.shape[1]] = torch.from_numpy(task.share)
    with torch.autocast("cpu", torch.bfloat16):
        states, _ = network(ids, mask)
    scores: tuple[Tensor, Tensor, Tensor] = outputs(share @ states)
    return scores


def _tags(tasks: Sequence[Task], length: int) -> Tensor:
    tags = torch.full((len(tasks), length), _IGNORED)
    for row, task in enumerate(tasks):
        tags[row, : len(task.tags)] = torch.from_numpy(task.tags)
    return tags


def _loss(network: Network, outputs: Outputs, tasks: Sequence[Task], tuning: Tuning) -> Tensor:
    whole, intents, slots = _scores(network, outputs, tasks)
    weights = torch.tensor([task.weight for task in tasks])
    right = torch.tensor([task.intent for task in tasks])
    tags = _tags(tasks, slots.shape[1])
    of_intent = F.cross_entropy(intents, right, reduction="none")
    of_intent = of_intent + tuning.contrast * contrast(whole, right, tuning.temperature)
    of_tags = F.cross_entropy(slots.transpose(1, 2), tags, reduction="none")
    told = (tags != _IGNORED).float() * weights[:, None]
    return (of_intent * weights).sum() / weights.sum() + (of_tags * told).sum() / told.sum().clamp(
        min=1e-6
    )
