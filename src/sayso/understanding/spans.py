"""Slot spans in characters, to BIO tags of words and back. Tag numbers are those of `crf`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from sayso.types.lessons import Span
from sayso.understanding.contract import Tagged, Word


def tags_of(spans: Sequence[Span], said: Sequence[Word], slots: Sequence[str]) -> NDArray[np.int64]:
    """(words,) tags; a word that a span touches is tagged whole, by the first span that does."""
    tags = np.zeros(len(said), np.int64)
    for span in spans:
        begin = 2 * slots.index(span.name) + 1
        for at, word in enumerate(said):
            if tags[at] == 0 and word.start < span.end and word.end > span.start:
                goes_on = word.start > span.start and at > 0 and tags[at - 1] in (begin, begin + 1)
                tags[at] = begin + 1 if goes_on else begin
    return tags


def slots_of(
    tags: NDArray[np.int64],
    surety: NDArray[np.float64],
    said: Sequence[Word],
    slots: Sequence[str],
    multiple: Collection[str],
) -> list[Tagged]:
    """Slots of one tagged sentence, in order; confidence is that of the least sure word.

    multiple: slots that may be filled twice; of the others the surest filling is kept.
    """
    found: list[Tagged] = []
    for at, word in enumerate(said):
        tag, sure = int(tags[at]), min(1.0, float(surety[at]))
        if tag % 2 == 1:
            found.append(Tagged(slots[tag // 2], word.start, word.end, sure))
        elif tag:
            last = found[-1]
            found[-1] = Tagged(last.name, last.start, word.end, min(last.confidence, sure))
    return [slot for slot in found if slot.name in multiple or slot is _surest(slot.name, found)]


def _surest(name: str, found: Sequence[Tagged]) -> Tagged:
    return max((slot for slot in found if slot.name == name), key=lambda slot: slot.confidence)
