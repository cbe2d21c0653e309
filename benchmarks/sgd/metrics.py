"""The published measures of SGD (Rastogi et al. 2020, and the evaluation script of DSTC8).

Each is a mean over frames: a service in a turn of the user.

- joint goal accuracy: the product of the scores of all slots of the service. A slot that is neither
  right nor read counts 1; one that is read though there is none, or missed, 0; one with a catalogue
  1 or 0; any other one the likeness of the words (token sort ratio, the best of the spellings).
- average goal accuracy: the mean of the scores of the slots that have a value; frames without one
  are left out.
- active intent accuracy.

`active_f1` is ours: the F1 over all (slot, value) pairs of states, a value counting as its score.
The published slot tagging F1 is over spans, which a state has none of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from benchmarks.sgd.reading import NO_INTENT, Service, State


@dataclass(frozen=True, slots=True)
class FrameScore:
    """Scores of a frame. average: None where no slot has a value. gained, read, right: for F1."""

    service: str
    joint: float
    average: float | None
    intent: float
    gained: float
    read: int
    right: int


def score(
    service: Service, state: State, intent: str | None, values: Mapping[str, str]
) -> FrameScore:
    """Scores of what was read (intent, values) for a frame whose truth is `state`."""
    joint, active = 1.0, []
    for slot in service.slots:
        truth, read = state.values.get(slot.name), values.get(slot.name)
        if truth is None:
            joint *= float(read is None)
            continue
        likeness = 0.0 if read is None else _alike(truth, read, exact=slot.categorical)
        joint *= likeness
        active.append(likeness)
    known = sum(slot.name in values for slot in service.slots)
    return FrameScore(
        service.name,
        joint,
        sum(active) / len(active) if active else None,
        float((intent or NO_INTENT) == state.intent),
        sum(active),
        known,
        len(active),
    )


def _alike(truth: Sequence[str], read: str, *, exact: bool) -> float:
    if exact:
        return float(truth[0] == read)
    return max(_ratio(each, read) for each in truth)


@lru_cache(maxsize=100_000)
def _ratio(first: str, second: str) -> float:
    """fuzzywuzzy's token sort ratio: rapidfuzz has it, in whole percent as there."""
    from rapidfuzz import fuzz, utils

    found = fuzz.token_sort_ratio(first, second, processor=utils.default_process)
    return round(found) / 100.0


def summary(scores: Sequence[FrameScore]) -> dict[str, float]:
    """Means over frames, in percent; F1 over all of them together."""
    averages = [each.average for each in scores if each.average is not None]
    gained, read = sum(x.gained for x in scores), sum(x.read for x in scores)
    right = sum(x.right for x in scores)
    precision, recall = gained / max(read, 1), gained / max(right, 1)
    both = precision + recall
    return {
        "frames": len(scores),
        "joint_goal_accuracy": _percent(sum(x.joint for x in scores) / max(len(scores), 1)),
        "average_goal_accuracy": _percent(sum(averages) / max(len(averages), 1)),
        "active_f1": _percent(2 * precision * recall / both if both else 0.0),
        "active_intent_accuracy": _percent(sum(x.intent for x in scores) / max(len(scores), 1)),
    }


def _percent(share: float) -> float:
    return round(100 * share, 2)
