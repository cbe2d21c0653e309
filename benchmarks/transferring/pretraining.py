"""Stage one: a stacked bi-LSTM on mature domains, many label sets at once.

Every set has output layers of its own above the same three bi-LSTMs. Optionally a teacher's vectors
are learnt beside the labels: the sentence's by the intent bi-LSTM, the words' by that of the slots.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, cross_entropy

from benchmarks.transferring.fitting import IGNORED, Lessons, lessons_of
from benchmarks.transferring.network import HIDDEN, Batch, Outputs, Stacked, batch_of
from benchmarks.transferring.vectors import Floats, WordVectors
from sayso.types.lessons import Label
from sayso.understanding.heard import hear

BATCH = 64
RATE = 2e-3
DROPOUT = 0.1
SEEN_FIRST = 10_000  # vectors that their strongest directions are found in


@dataclass(frozen=True, slots=True)
class Teacher:
    """Vectors of an encoder: text -> (d,) of the sentence; text -> (words, k) of its words."""

    pooled: Mapping[str, Floats]
    states: Mapping[str, Floats]


class Pupil(nn.Module):  # type: ignore[misc]  # to mypy torch is Any
    """What imitates a teacher: a linear map from the slots' bi-LSTM.

    The sentence's vector needs none, only fewer numbers: basis, (d, 2 hidden).
    """

    def __init__(self, teacher: Teacher) -> None:
        super().__init__()
        self.basis = strongest(teacher.pooled)
        self.states = nn.Linear(2 * HIDDEN, next(iter(teacher.states.values())).shape[-1])


def strongest(pooled: Mapping[str, Floats]) -> Floats:
    """(d, 2 hidden): the directions in which lies nearly all of these vectors."""
    some = np.stack([*pooled.values()][:: len(pooled) // SEEN_FIRST + 1]).astype(np.float32)
    _, directions = np.linalg.eigh(some.T @ some)
    return np.ascontiguousarray(directions[:, ::-1][:, : 2 * HIDDEN])


def pretrain(
    sources: Mapping[str, Sequence[Label]],
    phrases: Sequence[str],
    vectors: WordVectors,
    epochs: int,
    teacher: Teacher | None = None,
    progress: Callable[[str], None] = print,
) -> dict[str, Tensor]:
    """Weights of a `Stacked` after so many passes over all sources.

    phrases: texts without labels, which only a teacher makes use of.
    """
    torch.manual_seed(0)
    chance = random.Random(0)
    body, tasks = Stacked(DROPOUT), {name: _Task.of(x, vectors) for name, x in sources.items()}
    modules: list[nn.Module] = [body, *(task.outputs for task in tasks.values())]
    said = [vectors.of(hear(text, None)) for text in phrases] if teacher else []
    if teacher:
        pupil = Pupil(teacher)
        modules.append(pupil)
    weights = [weight for module in modules for weight in module.parameters()]
    optimiser = torch.optim.AdamW(weights, RATE, weight_decay=0.01)
    steps = epochs * len(_steps(tasks, len(said), chance))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + epochs)
    for epoch in range(1, epochs + 1):
        body.train()
        losses = []
        for name, places in _steps(tasks, len(said), chance):
            optimiser.zero_grad()
            if name:
                task = tasks[name]
                batch, intents, tags = task.lessons.some(places)
                texts = [task.texts[place] for place in places]
            else:
                batch, texts = batch_of([said[x] for x in places]), [phrases[x] for x in places]
            pooled, words = body(batch)
            loss = task.loss(pooled, words, intents, tags) if name else torch.zeros(())
            if teacher:
                loss = loss + _taught(pupil, teacher, texts, words, pooled, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        progress(f"epoch {epoch}/{epochs}: loss {np.mean(losses):.3f}")
    return {name: weight.clone() for name, weight in body.state_dict().items()}


@dataclass(frozen=True, slots=True)
class _Task:
    """One set's labels as numbers, and its output layers."""

    texts: Sequence[str]
    lessons: Lessons
    outputs: Outputs
    tagged: bool

    @classmethod
    def of(cls, labels: Sequence[Label], vectors: WordVectors) -> _Task:
        heard = {label.text: hear(label.text, None) for label in labels}
        labels = [x for x in labels if heard[x.text].words]
        intents = sorted({label.intent for label in labels})
        slots = sorted({span.name for label in labels for span in label.spans})
        lessons = lessons_of(labels, heard, vectors, intents, slots)
        if "" in intents:
            unknown = lessons.intents == intents.index("")
            lessons.intents[unknown] = IGNORED
        outputs = Outputs(len(intents), 2 * len(slots) + 1)
        return cls([x.text for x in labels], lessons, outputs, bool(slots))

    def loss(self, pooled: Tensor, words: Tensor, intents: Tensor, tags: Tensor) -> Tensor:
        scores, tag_scores = self.outputs(pooled, words)
        loss = torch.zeros(())
        if bool((intents != IGNORED).any()):
            loss = loss + cross_entropy(scores, intents, ignore_index=IGNORED)
        if self.tagged:
            flat = tag_scores.flatten(0, 1), tags.flatten()
            loss = loss + cross_entropy(*flat, ignore_index=IGNORED)
        return loss


def _steps(
    tasks: Mapping[str, _Task], phrases: int, chance: random.Random
) -> list[tuple[str, list[int]]]:
    """Batches of one pass, each of one set and of similar lengths, in random order."""
    steps: list[tuple[str, list[int]]] = []
    for name, task in tasks.items():
        lengths = [len(rows) for rows in task.lessons.vectors]
        order = sorted(range(len(lengths)), key=lambda x: lengths[x] + 3 * chance.random())
        steps += [(name, order[x : x + BATCH]) for x in range(0, len(order), BATCH)]
    order = chance.sample(range(phrases), phrases)
    steps += [("", order[x : x + BATCH]) for x in range(0, phrases, BATCH)]
    chance.shuffle(steps)
    return steps


def _taught(
    pupil: Pupil,
    teacher: Teacher,
    texts: Sequence[str],
    words: Tensor,
    pooled: Tensor,
    batch: Batch,
) -> Tensor:
    """How far the pupil is from the teacher: 1 - cosine, of sentences and of words."""
    whole = np.stack([teacher.pooled[x] for x in texts]).astype(np.float32)
    sentences = torch.from_numpy(whole @ pupil.basis)
    states = batch_of([teacher.states[x].astype(np.float32) for x in texts]).x
    off = 1 - cosine_similarity(pooled, sentences, dim=1)
    words_off = (1 - cosine_similarity(pupil.states(words), states, dim=2)) * batch.mask
    return 4 * off.mean() + 2 * words_off.sum() / batch.mask.sum()
