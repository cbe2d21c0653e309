from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sayso.types.lessons import LoggedTurn
from sayso.understanding.online import own_requests, undone

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def turn(at_s: float, said: str, **more: Any) -> LoggedTurn:
    given: dict[str, Any] = {
        "id": str(at_s),
        "at": START + timedelta(seconds=at_s),
        "user": "ana",
        "device": "hall",
        "device_type": "speaker",
        "conversation": "ana@hall",
        "turn": 0,
        "locale": "en-US",
        "said": said,
        "text": said,
        "outcome": "act",
        "skill": "music",
        "intent": "Play",
        "slots": "{}",
        "confidence": 0.9,
        "basis": "words",
        "side_effects": False,
        "speech": "Done.",
        "failed": False,
        "ended": True,
        "rewrite": None,
        "arm": None,
        "barge_in_ms": None,
        "played_s": None,
        "helpful": None,
        "undone": None,
    }
    return LoggedTurn(**{**given, **more})


def test_requests_are_counted_by_their_words() -> None:
    found = own_requests(
        [turn(0, "Play some jazz"), turn(900, "play some jazz!"), turn(2000, "next")]
    )
    assert [(one.words, one.turns) for one in found] == [("play some jazz", 2), ("next", 1)]
    assert found[0].last_s == (START + timedelta(seconds=900)).timestamp()
    assert found[0].devices == ("speaker",)


def test_what_was_said_again_at_once_did_not_go_well() -> None:
    found = own_requests([turn(0, "play imagin dragens"), turn(8, "play imagine dragons")])
    assert [one.words for one in found] == ["play imagine dragons"]


def test_another_request_soon_after_says_nothing_against_the_first() -> None:
    found = own_requests([turn(0, "play some jazz"), turn(8, "turn the volume down")])
    assert len(found) == 2


def test_what_failed_was_cut_short_or_taken_back_did_not_go_well() -> None:
    turns = [
        turn(0, "one thing", failed=True),
        turn(1000, "two things", barge_in_ms=300.0),
        turn(2000, "three things", undone=True),
        turn(3000, "four things", played_s=2.0),
        turn(4000, "five things", helpful=False),
        turn(5000, "six things", outcome="abstain", skill=None),
        turn(6000, "yes", basis="answer"),
    ]
    assert own_requests(turns) == []
    assert own_requests([]) == []


def test_what_was_taken_back_is_known_by_what_was_said_and_what_was_read() -> None:
    turns = [
        turn(0, "play mary jane", text="play maggie jane", rewrite="r1", undone=True),
        turn(1000, "play some jazz", undone=True),
    ]
    assert undone(turns).pairs == {("play mary jane", "play maggie jane")}
