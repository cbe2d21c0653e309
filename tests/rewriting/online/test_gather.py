from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sayso.bundle import Segment
from sayso.events.engines import Engine
from sayso.rewriting.online.gather import by_language, gather, make_indexes
from sayso.understanding.online import Index, Projection
from tests.rewriting.logs import Log


def a_log() -> Log:
    log = Log()
    for user in range(9):
        log.said(user, "play imagine dragons", reading=("music", "Play", '{"artist":"x"}'))
        log.said(user, "play imagin dragens", read="play imagine dragons")
        log.said(user, "call doctor miller")
        log.said(user, "open it", well=user > 5)
    for user in range(3):
        log.said(user, "play my own song")
    for _ in range(50):
        log.said(1, "buy batteries")
    log.private.add("call doctor miller")
    return log


def test_what_enough_people_asked_for_with_success_is_gathered(engine: Engine) -> None:
    found = gather(engine, *a_log().tables(engine))
    [(language, requests)] = by_language(found)
    assert language == "en"
    assert [one.words for one in requests] == ["play imagine dragons"]
    only = requests[0]
    assert (only.shown, only.people, only.turns) == ("Play imagine dragons", 9, 18)
    assert only.defect_bp == 500


def test_an_index_is_made_for_each_language(engine: Engine, tmp_path: Path) -> None:
    def read(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        return np.ones((len(texts), 4), np.float32)

    found = gather(engine, *a_log().tables(engine), people=2)
    made = make_indexes(tmp_path, found, lambda language: read, Projection(), version="3")
    assert set(made) == {"en"}
    index = Index(Segment(made["en"]))
    assert len(index) == 2
    assert index.version == "3"
    assert index.same("play imagine dragons") is not None
    assert index.same("call doctor miller") is None
    assert index.same("buy batteries") is None


def test_an_empty_log_makes_no_index(engine: Engine, tmp_path: Path) -> None:
    found = gather(engine, *Log().tables(engine))
    assert make_indexes(tmp_path, found, lambda language: None, Projection()) == {}
