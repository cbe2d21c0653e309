"""Spans of the utterance with the slots that have no catalogue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso.understanding.described.figures import SLOT, TURN, Pair, Rows
from sayso.understanding.described.looked import Looked, text_of
from sayso.understanding.described.sketch import READ, Sketched
from sayso.understanding.described.slots import DescribedSkill, stem
from sayso.understanding.fold import fold

SAID = (
    "chance", "nothing", "fit", "fit_sharp", "rival", "rival_sharp", "lead", "rank",
    *(f"reads_{name}" for name in READ), "digits", "capitals", "length", "whole", "first", "last",
    "cosine", "same", "same_elsewhere", "offered", "offered_elsewhere", "is_value", "candidates",
    "better_overlap", "asked_other", "word_after", "word_before", "word_rival", *SLOT, *TURN,
)  # fmt: skip
_REACH = 3  # words beside a span in which those of a description count


def said(one: Looked) -> Rows:
    """Spans of the utterance with slots that have no catalogue."""
    skill, seen, past = one.skill, one.seen, one.past
    open_slots = [at for at, slot in enumerate(skill.slots) if not slot.values]
    taken = {fold(value) for value in past.filled.values()}
    offers = {(offer.slot, fold(offer.value)) for offer in past.offers}
    offered_values = {value for _, value in offers}
    ways = {way for slot in skill.slots for each in slot.values for way in each.ways}
    states, zeros = seen.heard.states, [0.0] * len(skill.slots)
    pairs: list[Pair] = []
    figures: list[list[float]] = []
    for at, (first, last, chance) in enumerate(one.spans):
        text = text_of(seen, first, last)
        plain = fold(text)
        words = [word.text for word in seen.heard.words[first:last]]
        fit, sharp = one.fit[:, at].tolist()
        rival, rival_sharp = one.rivals[:, at].tolist()
        over = max(
            (c for a, b, c in one.spans if (a, b) != (first, last) and a < last and b > first),
            default=0.0,
        )
        span = np.zeros(0) if states is None else states[first:last].mean(axis=0)
        size = float(np.linalg.norm(span)) or 1.0
        form = [
            *(float(any((first, last) == x[:2] for x in ranges)) for ranges in seen.read),
            float(any(c.isdigit() for c in text)),
            sum(word[:1].isupper() for word in words) / len(words),
            float(last - first),
            float(last - first == len(seen.plain)),
            float(first == 0),
            float(last == len(seen.plain)),
        ]
        nothing = float(one.within[at, -1])
        near = (skill.told @ span / size).tolist() if states is not None else zeros
        beside = beside_of(seen, skill, first, last)
        for place in open_slots:
            name = skill.slots[place].slot.name
            mine = fold(past.filled[name]) if name in past.filled else None
            pairs.append(Pair("said", place, text, first, last))
            figures.append(
                [
                    chance,
                    nothing,
                    fit[place],
                    sharp[place],
                    rival[place],
                    rival_sharp[place],
                    sharp[place] - rival_sharp[place],
                    float(sum(each > sharp[place] for each in sharp)),
                    *form,
                    near[place],
                    float(mine == plain),
                    float(plain in taken and mine != plain),
                    float((name, plain) in offers),
                    float(plain in offered_values and (name, plain) not in offers),
                    float(plain in ways),
                    float(len(one.spans)),
                    over,
                    float(bool(past.asked) and name not in past.asked),
                    *beside[place],
                ]
            )
    return pairs, figures


def beside_of(
    seen: Sketched, skill: DescribedSkill, first: int, last: int
) -> list[tuple[float, float, float]]:
    """For each slot: a word of its description right after the span, before it; of a rival, both.

    Nearer words count more: "2 rooms" has its word one step away.
    """
    after = [stem(word) for word in seen.plain[last : last + _REACH]]
    before = [stem(word) for word in reversed(seen.plain[max(0, first - _REACH) : first])]
    found = [(_step(slot.words, after), _step(slot.words, before)) for slot in skill.slots]
    either = [max(pair) for pair in found]
    return [
        (*pair, max((x for other, x in enumerate(either) if other != at), default=0.0))
        for at, pair in enumerate(found)
    ]


def _step(words: frozenset[str], beside: Sequence[str]) -> float:
    """1 for a word at the first step, less for one at the next, 0 for none."""
    return next((1.0 / (at + 1) for at, word in enumerate(beside) if word in words), 0.0)
