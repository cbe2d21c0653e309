from __future__ import annotations

from typing import Any

from sayso.events.engines import Engine
from sayso.rewriting.ballots import ballots
from tests.rewriting.logs import Log


def rows(table: Any, *names: str) -> set[tuple[Any, ...]]:
    return {tuple(row[name] for name in names) for row in table.to_pyarrow().to_pylist()}


def test_one_who_says_it_ten_thousand_times_has_one_vote(engine: Engine) -> None:
    log = Log()
    for _ in range(300):
        log.said(1, "stop", again="buy batteries")
    counted = ballots(engine, *log.tables(engine))
    stop, buy = log.text("stop"), log.text("buy batteries")
    moves = rows(counted.moves, "state", "after", "votes_bp", "voters")
    assert moves == {(stop, buy, 10_000, 1)}


def test_a_ballot_is_split_among_what_its_owner_did(engine: Engine) -> None:
    log = Log()
    for again in ("play jazz", None, None, None):
        log.said(1, "play yes", well=True, again=again)
    counted = ballots(engine, *log.tables(engine))
    said = log.text("play yes")
    assert (said, log.text("play jazz"), 2500) in rows(counted.moves, "state", "after", "votes_bp")
    assert (said, 7125) in rows(counted.ends, "state", "well_bp")


def test_rare_wordings_that_are_understood_alike_are_one_state(engine: Engine) -> None:
    log = Log()
    log.said(1, "could i hear some jazz", reading=("music", "Play", '{"genre":"jazz"}'))
    log.said(2, "put jazz on", reading=("music", "Play", '{"genre":"jazz"}'))
    log.said(3, "put rock on", reading=("music", "Play", '{"genre":"rock"}'))
    counted = ballots(engine, *log.tables(engine))
    assert len({state for _, state in rows(counted.states, "text", "state")}) == 2
    assert (log.text("could i hear some jazz"), 2) in rows(counted.people, "state", "users")


def test_a_wording_that_many_use_stands_alone(engine: Engine) -> None:
    log = Log()
    for user in range(12):
        log.said(user, "turn off the lice", reading=("lights", "Off", "{}"))
    log.said(50, "lights off", reading=("lights", "Off", "{}"))
    states = rows(ballots(engine, *log.tables(engine)).states, "text", "state")
    assert {text == state for text, state in states} == {True}


def test_a_rewritten_turn_is_a_move_and_its_outcome_is_that_of_the_pair(engine: Engine) -> None:
    log = Log()
    log.said(1, "play jas", read="play jazz", rewrite="r", arm="applied", well=False)
    log.said(2, "play jazz")
    counted = ballots(engine, *log.tables(engine))
    jas, jazz = log.text("play jas"), log.text("play jazz")
    assert rows(counted.applied, "state", "after", "well_bp") == {(jas, jazz, 500)}
    assert rows(counted.ends, "state", "well_bp") == {(jazz, 9500)}
    assert (jas, 1) in rows(counted.people, "state", "users")


def test_trials_count_each_person_once_a_day(engine: Engine) -> None:
    log = Log()
    for day in (0, 1):
        for well in (True, True, False):
            log.said(
                1, "play jas", read="play jazz", rewrite="r", arm="applied", day=day, well=well
            )
    log.said(2, "play jas", rewrite="r", arm="held_out", well=False)
    log.said(3, "play jas", rewrite="r", arm="shadow", well=False)
    tried = ballots(engine, *log.tables(engine)).tried.to_pyarrow().to_pylist()
    found = sorted((row["arm"], row["users"], row["defects"]) for row in tried)
    assert found == [("applied", 1, 0), ("applied", 1, 0), ("held_out", 1, 1)]
