"""A skill whose session ends hears so, also where it waited behind another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sayso.evaluation.overheard import overheard
from sayso.runtime.home import Home
from sayso.types.calls import CallKind
from tests.runtime.homes import ended

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


def test_a_session_that_nobody_has_answered_is_told_so_once(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    with overheard(home) as calls:
        home.turn("start boiling an egg", user="ana", now=NOW + timedelta(minutes=6))
        home.turn("four minutes", user="ana", now=NOW + timedelta(minutes=7))
        home.turn("four minutes", user="ana", now=NOW + timedelta(minutes=20))
    assert ended(calls) == [("guide", "EXCEEDED_MAX_REPROMPTS")]


def test_a_session_that_waited_behind_a_question_is_told_so_too(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    home.turn("start boiling an egg", user="ana", now=NOW)
    with overheard(home) as calls:
        home.turn("yes", user="ana", now=NOW + timedelta(hours=1))
    assert ended(calls) == [("guide", "EXCEEDED_MAX_REPROMPTS")]


def test_a_skill_that_is_opened_again_hears_of_the_end_before_the_beginning(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    with overheard(home) as calls:
        later = NOW + timedelta(minutes=6)
        home.turn("tell me a story about brook end", user="ana", now=later)
    assert [each.call.kind for each in calls] == [CallKind.SESSION_ENDED, CallKind.INTENT]
    assert calls[1].call.new_session


def test_who_answers_in_time_ends_nothing(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    with overheard(home) as calls:
        more = home.turn("yes", user="ana", now=NOW + timedelta(minutes=4))
    assert more.speech == "More of brook."
    assert ended(calls) == []


def test_never_mind_ends_a_session_whose_skill_does_not_know_the_word(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    with overheard(home) as calls:
        reply = home.turn("oh, never mind", user="ana", now=NOW)
    assert (reply.speech, reply.ended) == ("Okay.", True)
    assert ended(calls) == [("guide", "USER_INITIATED")]


def test_what_nobody_understands_is_still_for_the_sessions_fallback(home: Home) -> None:
    home.turn("tell me a story about brook end", user="ana", now=NOW)
    assert home.turn("purple elephants", user="ana", now=NOW).speech == "Towns are all I know."
