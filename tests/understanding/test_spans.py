from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sayso.types.lessons import Span
from sayso.understanding.heard import words
from sayso.understanding.spans import slots_of, tags_of

TEXT = "move ten euros from ann's account to bob"
SAID = words(TEXT)
SLOTS = ("from", "to")


@given(st.lists(st.integers(0, len(SAID)), min_size=2, max_size=6, unique=True))
def test_spans_of_whole_words_survive_the_way_to_tags_and_back(cuts: list[int]) -> None:
    cuts = sorted(cuts)
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    spans = [
        Span(SLOTS[at % 2], SAID[first].start, SAID[last - 1].end)
        for at, (first, last) in enumerate(pairs)
    ]
    tags = tags_of(spans, SAID, SLOTS)
    found = slots_of(tags, np.ones(len(SAID)), SAID, SLOTS, multiple=SLOTS)
    assert [(x.name, x.start, x.end) for x in found] == [(x.name, x.start, x.end) for x in spans]


def test_a_slot_inside_a_word_takes_the_word() -> None:
    tags = tags_of([Span("from", 20, 22)], SAID, SLOTS)
    found = slots_of(tags, np.ones(len(SAID)), SAID, SLOTS, ())
    assert [TEXT[slot.start : slot.end] for slot in found] == ["ann"]


def test_two_fillings_side_by_side_stay_two() -> None:
    spans = [Span("to", 0, 4), Span("to", 5, 8)]
    found = slots_of(tags_of(spans, SAID, SLOTS), np.ones(len(SAID)), SAID, SLOTS, {"to"})
    assert len(found) == 2


def test_a_slot_of_one_value_keeps_its_surest_filling() -> None:
    tags = tags_of([Span("to", 0, 4), Span("to", 38, 41)], SAID, SLOTS)
    surety = np.linspace(0.1, 0.9, len(SAID))
    found = slots_of(tags, surety, SAID, SLOTS, ())
    assert [TEXT[slot.start : slot.end] for slot in found] == ["bob"]


def test_confidence_is_that_of_the_least_sure_word() -> None:
    tags = tags_of([Span("to", 0, 8)], SAID, SLOTS)
    surety = np.ones(len(SAID))
    surety[1] = 0.4
    assert slots_of(tags, surety, SAID, SLOTS, ())[0].confidence == 0.4
