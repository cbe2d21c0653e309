"""A skill whose session ends hears so, also where it waited behind another one."""

from __future__ import annotations

from datetime import UTC, datetime

from sayso.evaluation.overheard import overheard
from sayso.runtime.home import Home
from sayso.types.turns import CallKind

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_a_stop_ends_the_session_that_waits_behind_a_question(home: Home) -> None:
    def say(text: str) -> str:
        return home.turn(text, user="ana", now=NOW).speech

    say("tell me a story about brook end")
    assert say("start boiling an egg") == "For how long?"
    with overheard(home) as calls:
        say("stop")
    assert [(each.call.kind, each.call.skill) for each in calls] == [
        (CallKind.SESSION_ENDED, "guide")
    ]
    assert home.turn("yes", user="ana", now=NOW).decision.chosen is None


def test_a_session_that_is_come_back_to_is_not_ended(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    home.turn("start boiling an egg", user="ana", now=NOW)
    with overheard(home) as calls:
        home.turn("four minutes", user="ana", now=NOW)
        more = home.turn("yes", user="ana", now=NOW)
    assert more.speech == "More of brook."
    assert CallKind.SESSION_ENDED not in [each.call.kind for each in calls]
