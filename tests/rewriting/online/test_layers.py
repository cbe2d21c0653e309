"""A layer of second thoughts that proves worse goes off, and comes back by hand alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import LearningError
from sayso.rewriting.online.layers import in_words, tried, turned_on
from sayso.types.lessons import Trial
from sayso.understanding.online.layers import (
    ALL_ON,
    LAYERS,
    Serving,
    id_of,
    in_version,
    layers_of,
    to_bytes,
)
from sayso.understanding.online.suggest import Layer

WORSE = Trial(400, 200, 40, 4, 0.001, 900.0, 0.0)
BETTER = Trial(400, 20, 40, 20, 900.0, 0.001, 1.0)


def test_what_proves_worse_is_off_and_the_other_goes_on() -> None:
    after = tried(ALL_ON, {id_of(Layer.GLOBAL): WORSE, id_of(Layer.PERSONAL): BETTER})
    assert [after[layer].off for layer in (Layer.GLOBAL, Layer.PERSONAL)] == [True, False]
    assert "proved worse" in " ".join(in_words(after))


def test_it_stays_off_when_there_is_nothing_left_to_judge_it_by() -> None:
    after = tried(tried(ALL_ON, {id_of(Layer.GLOBAL): WORSE}), {})
    assert after[Layer.GLOBAL] == Serving(off=True, trial=WORSE)


def test_who_turns_it_on_has_the_last_word() -> None:
    off = tried(ALL_ON, {id_of(Layer.GLOBAL): WORSE})
    again = tried(turned_on(off), {id_of(Layer.GLOBAL): WORSE})
    assert not again[Layer.GLOBAL].off
    assert turned_on(ALL_ON) == ALL_ON


def test_layers_are_kept_as_they_were(tmp_path: Path) -> None:
    kept = turned_on(tried(ALL_ON, {id_of(Layer.GLOBAL): WORSE}))
    (tmp_path / LAYERS).write_bytes(to_bytes(kept))
    assert in_version(tmp_path) == kept
    assert in_version(tmp_path / "older") == ALL_ON
    with pytest.raises(LearningError):
        layers_of(b"[]")
    assert in_words(ALL_ON) == []
