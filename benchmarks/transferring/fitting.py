"""Fit a bi-LSTM to one target, from chance or from pretrained layers, and keep its curve."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks.transferring.network import Batch, Outputs, Stacked, batch_of
from benchmarks.transferring.vectors import Floats, WordVectors
from sayso.types.lessons import Label
from sayso.understanding.contract import Heard, Reading
from sayso.understanding.spans import slots_of, tags_of

DEV_SHARE = 0.15
LEAST_DEV = 20  # a dev split of fewer chooses worse than a fixed number of epochs does
IGNORED = -100
PROBE_STEPS, PROBE_L2 = 60, 0.1

Weights = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a target is fitted. learning_rate and dropout are searched, the same four pairs for all.

    keep_uppers: start the upper bi-LSTMs from the pretrained ones too; outputs are always new.
    probe: epoch 1 fits the output layers alone (`probe`).
    """

    learning_rate: float = 3e-3
    dropout: float = 0.3
    epochs: int = 30
    patience: int = 6
    keep_uppers: bool = False
    probe: bool = False


@dataclass(slots=True)
class Curve:
    """After each epoch: error on the monitored utterances, and seconds of training so far."""

    errors: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    kept: int = 0  # the epoch that early stopping chose


@dataclass(slots=True)
class Reader:
    """A fitted bi-LSTM that reads."""

    vectors: WordVectors
    intents: Sequence[str]
    slots: Sequence[str]
    allowed: Mapping[str, Sequence[int]]
    body: Stacked
    outputs: Outputs

    def read(self, heard: Heard) -> Reading:
        """The likeliest intent with its slots."""
        return self.read_all([heard])[0]

    def read_all(self, heard: Sequence[Heard]) -> list[Reading]:
        """`read`, in batches."""
        self.body.eval()
        readings: list[Reading] = []
        for start in range(0, len(heard), 128):
            some = heard[start : start + 128]
            with torch.inference_mode():
                scores = self.outputs(*self.body(batch_of([self.vectors.of(x) for x in some])))
            chances, tags = (torch.softmax(x, -1).numpy() for x in scores)
            readings += [self._reading(*x) for x in zip(some, chances, tags, strict=True)]
        return readings

    @property
    def bytes(self) -> int:
        """Of all weights, in float32: nothing of it can be shared, as the bottom is retrained."""
        weights = [*self.body.parameters(), *self.outputs.parameters()]
        return sum(4 * weight.numel() for weight in weights)

    def _reading(self, heard: Heard, chances: Floats, tags: Floats) -> Reading:
        best = int(chances.argmax())
        intent = self.intents[best]
        allowed = np.array([0, *self.allowed[intent]])
        chosen = allowed[tags[: len(heard.words), allowed].argmax(1)]
        surety = tags[np.arange(len(chosen)), chosen].astype(np.float64)
        for at, tag in enumerate(chosen):  # a slot that goes on has to begin
            if tag and tag % 2 == 0 and (at == 0 or chosen[at - 1] not in (tag - 1, tag)):
                chosen[at] = tag - 1
        found = slots_of(chosen, surety, heard.words, self.slots, self.slots)
        return Reading(intent, float(chances[best]), found)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Labels as numbers."""

    vectors: Sequence[Floats]
    intents: Tensor
    tags: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]

    def some(self, places: Sequence[int]) -> tuple[Batch, Tensor, Tensor]:
        """A batch, its intents (b,), its tags (b, t)."""
        batch = batch_of([self.vectors[place] for place in places])
        tags = torch.full(batch.mask.shape, IGNORED, dtype=torch.long)
        for row, place in enumerate(places):
            tags[row, : len(self.tags[place])] = torch.from_numpy(self.tags[place])
        return batch, self.intents[list(places)], tags


def lessons_of(
    labels: Sequence[Label],
    heard: Mapping[str, Heard],
    vectors: WordVectors,
    intents: Sequence[str],
    slots: Sequence[str],
) -> Lessons:
    """Labels as numbers; intents and slots give the order."""
    at = {name: place for place, name in enumerate(intents)}
    said = [heard[label.text] for label in labels]
    tags = [tags_of(x.spans, h.words, slots) for x, h in zip(labels, said, strict=True)]
    numbers = torch.tensor([at[label.intent] for label in labels], dtype=torch.long)
    return Lessons([vectors.of(h) for h in said], numbers, tags)


def fit(
    labels: Sequence[Label],
    heard: Mapping[str, Heard],
    vectors: WordVectors,
    settings: Settings,
    seed: int,
    start: Weights | None = None,
    monitor: Callable[[Reader], float] | None = None,
) -> tuple[Reader, Curve]:
    """Fit all layers; keep the epoch with the least loss on a dev split, or of few labels the last.

    start: weights of a pretrained `Stacked`; its uppers are left unless `keep_uppers`.
    monitor: called after each epoch; what it says goes into the curve and nowhere else.
    """
    torch.manual_seed(seed)
    reader = _new_reader(labels, vectors, settings, start)
    train, dev = dev_split(labels, seed)
    names = (reader.intents, reader.slots)
    taught, tried = (lessons_of(x, heard, vectors, *names) for x in (train, dev))
    began, watched, curve = time.perf_counter(), 0.0, Curve()
    weights = [*reader.body.parameters(), *reader.outputs.parameters()]
    optimiser = torch.optim.Adam(weights, settings.learning_rate)
    chance = random.Random(seed)
    best, least, copies = 0, float("inf"), _copy(reader)
    for epoch in range(1, settings.epochs + 1):
        if settings.probe and epoch == 1:
            probe(reader, taught)
        else:
            train_epoch(reader, taught, optimiser, chance)
        loss = loss_of(reader, tried) if dev else 0.0
        if loss < least or not dev:
            best, least, copies = epoch, loss, _copy(reader)
        curve.seconds.append(time.perf_counter() - began - watched)
        if monitor is not None:
            paused = time.perf_counter()
            curve.errors.append(monitor(reader))
            watched += time.perf_counter() - paused
        if epoch - best >= settings.patience:
            break
    reader.body.load_state_dict(copies[0])
    reader.outputs.load_state_dict(copies[1])
    curve.kept = best
    return reader, curve


def dev_split(labels: Sequence[Label], seed: int) -> tuple[list[Label], list[Label]]:
    """A share of the labels for early stopping; each intent keeps at least one to learn from.

    Of few labels none: all are learnt from, and the last epoch is kept.
    """
    if DEV_SHARE * len(labels) < LEAST_DEV:
        return list(labels), []
    chance = random.Random(seed)
    order = chance.sample(list(labels), len(labels))
    wanted = round(DEV_SHARE * len(order))
    left: dict[str, int] = {}
    for label in order:
        left[label.intent] = left.get(label.intent, 0) + 1
    train: list[Label] = []
    dev: list[Label] = []
    for label in order:
        if len(dev) < wanted and left[label.intent] > 1:
            left[label.intent] -= 1
            dev.append(label)
        else:
            train.append(label)
    return train, dev


def batch_size(lessons: int) -> int:
    """Utterances a step: small for few, so that there are steps to learn in."""
    return next((size for size, most in ((8, 100), (16, 500), (32, 2000)) if lessons <= most), 64)


def train_epoch(
    reader: Reader, lessons: Lessons, optimiser: torch.optim.Optimizer, chance: random.Random
) -> None:
    """Once over the lessons: cross-entropy of intents plus that of tags, equal weights."""
    reader.body.train()
    weights = [*reader.body.parameters(), *reader.outputs.parameters()]
    order = chance.sample(range(len(lessons.vectors)), len(lessons.vectors))
    size = batch_size(len(order))
    for start in range(0, len(order), size):
        optimiser.zero_grad()
        _loss(reader, *lessons.some(order[start : start + size])).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()


def loss_of(reader: Reader, lessons: Lessons) -> float:
    """Mean loss without dropout."""
    reader.body.eval()
    total, places = 0.0, range(len(lessons.vectors))
    with torch.inference_mode():
        for start in range(0, len(places), 128):
            some = places[start : start + 128]
            total += float(_loss(reader, *lessons.some(some))) * len(some)
    return total / len(places)


def probe(reader: Reader, lessons: Lessons) -> None:
    """Fit the output layers alone, to convergence, on the states of one pass over the lessons.

    What fine-tuning starts from is then right for the pretrained layers and does not distort them.
    After Kumar et al., "Fine-Tuning can Distort Pretrained Features", 2022, arXiv:2202.10054.
    """
    reader.body.eval()
    said, words, tags = [], [], []
    for start in range(0, len(lessons.vectors), 128):
        batch, _, tag = lessons.some(range(start, min(start + 128, len(lessons.vectors))))
        with torch.no_grad():
            pooled, states = reader.body(batch)
        said.append(pooled)
        words.append(states[batch.mask.bool()])
        tags.append(tag[batch.mask.bool()])
    _solve(reader.outputs.intent, torch.cat(said), lessons.intents)
    known = torch.cat(tags)
    _solve(reader.outputs.tags, torch.cat(words)[known >= 0], known[known >= 0])


def _solve(layer: nn.Linear, states: Tensor, classes: Tensor) -> None:
    if layer.out_features < 2:
        return
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimiser = torch.optim.LBFGS(
        layer.parameters(), max_iter=PROBE_STEPS, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        penalty = PROBE_L2 / len(states) * layer.weight.square().sum()
        loss: Tensor = cross_entropy(layer(states), classes) + penalty
        loss.backward()
        return loss

    optimiser.step(closure)


def _new_reader(
    labels: Sequence[Label], vectors: WordVectors, settings: Settings, start: Weights | None
) -> Reader:
    intents = sorted({label.intent for label in labels})
    slots = sorted({span.name for label in labels for span in label.spans})
    known: dict[str, set[int]] = {intent: set() for intent in intents}
    for label in labels:
        for span in label.spans:
            known[label.intent] |= {2 * slots.index(span.name) + k for k in (1, 2)}
    body = Stacked(settings.dropout)
    if start is not None:
        kept = {k: v for k, v in start.items() if settings.keep_uppers or k.startswith("bottom.")}
        body.load_state_dict({**body.state_dict(), **kept})
    outputs = Outputs(len(intents), 2 * len(slots) + 1)
    allowed = {intent: sorted(tags) for intent, tags in known.items()}
    return Reader(vectors, intents, slots, allowed, body, outputs)


def _loss(reader: Reader, batch: Batch, intents: Tensor, tags: Tensor) -> Tensor:
    intent_scores, tag_scores = reader.outputs(*reader.body(batch))
    loss = cross_entropy(intent_scores, intents)
    if reader.slots and bool((tags != IGNORED).any()):
        loss = loss + cross_entropy(tag_scores.flatten(0, 1), tags.flatten(), ignore_index=IGNORED)
    return loss


def _copy(reader: Reader) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    body, outputs = copy.deepcopy((reader.body.state_dict(), reader.outputs.state_dict()))
    return body, outputs
