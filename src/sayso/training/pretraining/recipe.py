"""What a run of pretraining is asked to do: the whole of it stands in the model card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an encoder is made.

    layers: which layers of the teacher the student starts from, lowest first.
    heads, inner: attention heads and inner neurons that each layer keeps.
    vocabulary: pieces the student keeps of the teacher's.
    *_steps, *_batch, *_rate: steps, texts a step and peak learning rate of distilling from the
        teacher, then of learning many tasks.
    kept: share of the distilled weights in the final ones, beside those that learnt the tasks
        (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903): less is lost on what no task is like.
    without: names of sets of which no text may be learnt, nor of sets of the same sentences.
    intents, each: intents in a step, and texts of each; temperature: of their contrast.
    """

    layers: tuple[int, ...] = (0, 1, 3, 4, 5)
    heads: int = 8
    inner: int = 768
    vocabulary: int = 14_000
    distil_steps: int = 900
    distil_batch: int = 128
    distil_rate: float = 3e-4
    task_steps: int = 500
    task_rate: float = 1e-4
    kept: float = 0.25
    intents: int = 32
    each: int = 3
    temperature: float = 0.07
    without: tuple[str, ...] = ()
    seed: int = 1
