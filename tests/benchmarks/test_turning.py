"""Maps are learnt from phrases that nobody is tested with."""

from __future__ import annotations

import numpy as np
from benchmarks.exact import TEST, Store
from benchmarks.turning import FOLDS, _Pairs, _short, fold_of

from sayso.understanding.fusion import EXAMPLE
from tests.benchmarks.test_asking import store  # noqa: F401


def test_the_half_that_is_reported_is_in_no_fold(store: Store) -> None:  # noqa: F811
    for skill in range(len(store.skills)):
        fold = fold_of(store, skill)
        assert fold is None if store.part(skill) == TEST else fold in range(FOLDS)
        assert skill not in _Pairs(store, fold).skills
    learnt = _Pairs(store, None).skills.tolist()
    assert learnt == [x for x in range(len(store.skills)) if store.part(x) != TEST]


def test_no_phrase_is_compared_with_itself(store: Store) -> None:  # noqa: F811
    phrases = np.flatnonzero(store.kinds == EXAMPLE)
    everybody = np.arange(len(store.skills))
    rows, is_there, has = _Pairs(store, None).rows(EXAMPLE, everybody, phrases)
    for at, phrase in enumerate(phrases):
        assert phrase not in rows[is_there[at]]
        assert has[at].tolist() == (everybody == store.owners[phrase]).tolist()


def test_what_few_directions_hold_is_kept_whole() -> None:
    down, up = np.random.default_rng(0).normal(size=(2, 3, 80, 5))
    maps = down @ np.swapaxes(up, 1, 2)
    short = _short(maps.astype(np.float32))
    assert np.allclose(short.down @ np.swapaxes(short.up, 1, 2), maps, atol=1e-3)
