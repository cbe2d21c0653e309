"""\"Did I get that right?\": asked seldom, answered in a word, and what the answer does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sayso import learned
from sayso.runtime import asking
from sayso.runtime.home import Home
from sayso.types.lessons import SignalKind
from sayso.types.readings import Basis, Outcome
from sayso.types.turns import Reply

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
ASKED, QUESTION = "The door is locked. Did I get that right?", "Did I get that right?"


@pytest.fixture
def curious(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home that learns, in which every turn is drawn and doubtful."""
    monkeypatch.setattr(asking, "_lot", lambda context: 0.0)
    monkeypatch.setattr(asking, "misgiving", lambda decision, words: 0.5)
    learns(folder)
    with Home.open(folder) as home:
        yield home


def learns(folder: Path) -> None:
    place = folder / learned.LEARNED
    with learned.writing(place):
        learned.write(place, "a test", "0", lambda draft: None)


def lock(home: Home, minutes: float = 0.0, user: str = "ana") -> Reply:
    return say(home, "lock the front door", minutes, user)


def say(home: Home, text: str, minutes: float = 0.0, user: str = "ana") -> Reply:
    return home.turn(text, user=user, now=NOW + timedelta(minutes=minutes))


def helpful(home: Home, turn: int, user: str = "ana") -> list[float]:
    told = home.store.signals.of_turn(user, f"{user}@default", turn)
    return [each.value for each in told if each.kind is SignalKind.HELPFUL]


def test_the_question_is_asked_and_the_trace_says_why(curious: Home) -> None:
    reply = lock(curious)
    assert (reply.speech, reply.ended) == (ASKED, False)
    assert reply.trace.asked is not None
    assert "50%" in reply.trace.asked
    assert curious.store.interactions()[0].reply.trace.asked == reply.trace.asked


@pytest.mark.parametrize(
    ("said", "thanks", "value"),
    [("yes", "Thanks.", 1.0), ("no", "Sorry. Thanks for telling me.", 0.0)],
)
def test_an_answer_is_kept_of_the_turn_it_is_about(
    curious: Home, said: str, thanks: str, value: float
) -> None:
    lock(curious)
    reply = say(curious, said, 0.1)
    assert (reply.speech, reply.ended) == (thanks, True)
    assert reply.decision.basis is Basis.OPINION
    assert helpful(curious, 1) == [value]
    assert say(curious, said, 0.2).decision.outcome is Outcome.ABSTAIN


def test_anything_else_is_a_request_like_any_other(curious: Home) -> None:
    lock(curious)
    reply = say(curious, "is the egg done yet", 0.1)
    assert reply.decision.chosen is not None
    assert (reply.decision.chosen.intent, reply.decision.basis) == ("Left", Basis.WORDS)
    assert helpful(curious, 1) == []
    assert say(curious, "yes", 0.2).decision.outcome is Outcome.ABSTAIN


def test_an_answer_after_a_long_silence_is_none(curious: Home) -> None:
    lock(curious)
    assert say(curious, "yes", 30).decision.outcome is Outcome.ABSTAIN
    assert helpful(curious, 1) == []


def test_nobody_is_asked_twice_within_a_fortnight(curious: Home) -> None:
    assert lock(curious).trace.asked
    assert not lock(curious, 10).trace.asked
    assert not lock(curious, 13 * 24 * 60).trace.asked
    assert lock(curious, user="ben").trace.asked
    assert lock(curious, 15 * 24 * 60).trace.asked


def test_who_has_just_taken_something_back_is_left_in_peace(curious: Home) -> None:
    say(curious, "start boiling an egg")
    say(curious, "stop", 0.1)
    curious.signal("ana", "ana@default", 2, SignalKind.UNDONE)
    assert not lock(curious, 0.2).trace.asked


def test_a_stranger_is_not_asked(curious: Home) -> None:
    assert curious.turn("lock the front door", now=NOW).trace.asked is None


def test_nothing_is_asked_after_a_failure(curious: Home, folder: Path) -> None:
    (folder / "skills/eggs/handler.py").write_text("def handle(request):\n    raise ValueError\n")
    reply = say(curious, "is the egg done yet")
    assert reply.trace.failure
    assert reply.trace.asked is None


def test_what_was_said_is_repeated_without_the_question(curious: Home) -> None:
    lock(curious)
    context = curious.store.context("ana", "ana@default")
    assert context is not None
    assert context.last_speech == "The door is locked."


def test_what_is_surely_right_and_what_is_surely_wrong_is_not_asked_about(
    curious: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chance in (0.05, 0.95):
        monkeypatch.setattr(asking, "misgiving", lambda decision, words, chance=chance: chance)
        assert lock(curious).trace.asked is None


@pytest.mark.parametrize("off", ["nothing was learnt", "switched off", "told never to"])
def test_a_home_that_does_not_learn_asks_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    monkeypatch.setattr(asking, "_lot", lambda context: 0.0)
    monkeypatch.setattr(asking, "misgiving", lambda decision, words: 0.5)
    place = folder / learned.LEARNED
    if off != "nothing was learnt":
        learns(folder)
    if off == "switched off":
        pointer = learned.current(place)
        assert pointer is not None
        learned.point(place, pointer.folder.name, off=True)
    if off == "told never to":
        with (folder / "sayso.toml").open("a") as file:
            file.write("[learning]\nask = 0.0\n")
    with Home.open(folder) as home:
        assert lock(home).trace.asked is None


def test_the_lot_is_a_persons_and_a_turns_own_and_fair() -> None:
    from tests.dialogue.nouns import context

    lots = [asking._lot(context(user="ana", turn=turn)) for turn in range(2000)]
    assert 0.005 < sum(lot < 0.01 for lot in lots) / len(lots) < 0.02
    assert asking._lot(context(user="ana", turn=7)) == lots[7]
    assert asking._lot(context(user="ben", turn=7)) != lots[7]


def test_an_answer_is_no_use_of_the_skill(curious: Home) -> None:
    lock(curious)
    say(curious, "no", 0.1)
    assert curious.person("ana").uses["door"].count == 1.0


def test_from_the_row_of_the_log_to_the_verdict(curious: Home, tmp_path: Path) -> None:
    pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")
    from sayso.events.engines import DuckDB
    from sayso.events.read import read
    from sayso.feedback.judge import judge, rephrases
    from sayso.feedback.rephrased import detect
    from tests.events.logs import number, rows_of

    for user, said in (("ana", "no"), ("ben", "yes"), ("carl", "")):
        assert lock(curious, user=user).trace.asked
        if said:
            say(curious, said, 0.1, user)
    curious.store.export(tmp_path / "log")
    engine = DuckDB(tmp_path / "work", memory=500)
    try:
        events = read(engine, tmp_path / "log", number)
        judged = judge(engine, events, rephrases(engine, events.windows, detect))
        known = {row["turn"]: row for row in rows_of(judged.verdicts, "turn")}
        turns = rows_of(events.turns, "number")
    finally:
        engine.close()
    assert len(turns) == 3  # an answer is no turn of its own
    assert all(row["ended"] for row in turns)  # and nothing waits for one
    by_user = {row["user"]: known[row["number"]] for row in turns}
    no, yes, untold = (by_user[number(user)] for user in ("ana", "ben", "carl"))
    assert no["defect_bp"] > 3 * untold["defect_bp"] > 3 * yes["defect_bp"]
    assert no["evidence"].startswith("helpful=no")
    assert "helpful" not in untold["evidence"]
