from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from sayso.events.engines import Engine
from sayso.rewriting.online.pairs import _cut, cases, learn_ranker, mine
from sayso.understanding.online import Entry, Projection, shipped_ranker
from tests.rewriting.logs import Log

pytest.importorskip("sklearn", reason="scikit-learn is not installed: sayso[learn]")


def a_log() -> Log:
    log = Log()
    for day in range(10):
        for user in range(4):
            log.said(user, "play imagine dragons", day=day, reading=("music", "Play", "{}"))
    log.said(1, "play imagin dragens", again="play imagine dragons", day=9)
    return log


def test_what_was_said_next_is_what_was_meant_and_habits_are_of_before(engine: Engine) -> None:
    turns, verdicts, texts = a_log().tables(engine)
    cut = _cut(turns)
    assert cut is not None
    found = list(
        cases(mine(engine, turns, verdicts, texts, cut), lambda tongue: None, Projection())
    )
    [wrong] = [case for case in found if not case.right]
    assert wrong.asked.words == "play imagin dragens"
    assert wrong.meant(Entry("play imagine dragons", "", "music", "Play"))
    assert not wrong.meant(Entry("play some jazz", "", "music", "Play", '{"genre":"jazz"}'))
    assert [(one.words, one.turns) for one in wrong.habits.entries] == [("play imagine dragons", 7)]


def test_a_home_with_a_small_log_keeps_the_ranker_that_ships(
    engine: Engine, tmp_path: Path
) -> None:
    ships = shipped_ranker()
    tables = a_log().tables(engine)
    found, taken, why = learn_ranker(engine, *tables, lambda tongue: None, ships, tmp_path / "x")
    assert found is ships
    assert not taken
    assert "wanted" in why
    empty = Log().tables(engine)
    assert (
        learn_ranker(engine, *empty, lambda tongue: None, ships, tmp_path)[2] == "the log is empty"
    )


def test_a_log_that_does_not_tell_how_lost_turns_were_read_fits_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    turns, verdicts, texts = a_log().tables(engine)
    lost = turns.mutate(outcome=ibis.literal("abstain"), skill=ibis.null("string"))
    ships = shipped_ranker()
    found, taken, why = learn_ranker(
        engine, lost, verdicts, texts, lambda tongue: None, ships, tmp_path / "x"
    )
    assert found is ships
    assert not taken
    assert "does not tell" in why


def test_what_failed_twice_is_followed_to_what_worked(engine: Engine) -> None:
    log = a_log()
    log.said(2, "pray magic wagons", well=False, day=9)
    log.verdicts[-1] |= {"rephrased_by": len(log.turns), "rephrased_bp": 9000}
    log.said(2, "play imagin dragens", again="play imagine dragons", day=9)
    turns, verdicts, texts = log.tables(engine)
    cut = _cut(turns)
    assert cut is not None
    mined = mine(engine, turns, verdicts, texts, cut)
    told = {row["words"]: row["meant"] for row in mined.after if row["meant"]}
    assert told["pray magic wagons"] == "play imagine dragons"


def test_who_is_held_out_stands_for_those_whose_turns_were_changed(engine: Engine) -> None:
    log = a_log()
    for user, arm in ((1, "applied"), (2, "applied"), (3, "held_out")):
        log.said(user, "play jazz", day=9, rewrite="online-global", arm=arm)
    turns, verdicts, texts = log.tables(engine)
    cut = _cut(turns)
    assert cut is not None
    mined = mine(engine, turns, verdicts, texts, cut)
    assert [row["weight"] for row in mined.after if row["words"] == "play jazz"] == [3.0]
