"""What people talk to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar, cast

from sayso.evaluation.households.assistant import Assistant, Response
from sayso.evaluation.households.simulate import FIRST_DAY, simulate
from sayso.runtime.engine import Engine
from sayso.types.context import Device
from sayso.types.lessons import Evidence, LoggedTurn, Rewrite, RewriteState
from sayso.types.readings import Outcome
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import Asked, Undone
from sayso.understanding.online.habits import Habits
from sayso.understanding.online.suggest import Layer, Online, Suggestion
from sayso.understanding.rewrites import Shares, table_of
from tests.evaluation.households.town import ByHeart, by_heart, small_town

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def say(assistant: Assistant, text: str, user: str = "ana", failed: bool = False) -> Response:
    return assistant.answer(
        text,
        user=user,
        conversation=user,
        device=Device(),
        at=FIRST_DAY,
        failed=failed,
    )


def test_a_back_end_always_answers_and_says_what_was_understood() -> None:
    done = say(Assistant(by_heart()), "please play slow ferry")
    assert done.decision.outcome is Outcome.ACT
    assert done.speech == "Radio: Play: slow ferry."
    assert done.ended


def test_a_back_end_may_break_down() -> None:
    done = say(Assistant(by_heart()), "put the kettle on", failed=True)
    assert done.failed
    assert "isn't answering" in done.speech


def test_what_needs_a_yes_is_asked() -> None:
    done = say(Assistant(by_heart()), "turn the radio off")
    assert (done.speech, done.ended) == ("Really?", False)
    assert done.awaiting is not None


def test_a_rewrite_of_the_engines_own_table_is_applied_but_for_those_held_out() -> None:
    engine = by_heart()
    words, meant = "make it bubble", "put the kettle on"
    evidence = Evidence(40, 40, 0.1, 0.2, 0.9, 0.8, 9.0)
    rewrite = Rewrite("r", "en", words, meant, RewriteState.LIVE, evidence, NOW)
    engine.rewrites = table_of([rewrite], Shares(holdout=0.3))
    assistant = Assistant(engine)
    found = [say(assistant, words, f"user-{n}") for n in range(40)]
    arms = {one.rewriting.arm for one in found if one.rewriting}
    assert arms == {"applied", "held_out"}
    for one in found:
        assert one.plain.outcome is Outcome.ABSTAIN
        applied = one.rewriting is not None and one.rewriting.arm == "applied"
        assert (one.decision.outcome is Outcome.ACT) == applied


def test_decisions_are_kept_for_an_engine_of_the_same_bundle_only() -> None:
    first = by_heart()
    first.version = "1"
    assistant = Assistant(first)
    say(assistant, "put the kettle on")
    again = by_heart()
    again.version = "1"
    assistant.move_to(again)
    say(assistant, "put the kettle on")
    assert cast(ByHeart, again).asked == 0
    other = cast(Engine, ByHeart())
    other.version = "2"
    assistant.move_to(other)
    assert say(assistant, "put the kettle on").decision.outcome is Outcome.ABSTAIN


class Hindsight:
    """An engine's online rewriting that knows what one person means by one sentence."""

    indexes: ClassVar[dict[str, object]] = {}

    class ranker:
        projection = None

    def suggest(self, asked: Asked, habits: Habits, undone: Undone) -> Suggestion | None:
        mine = [one.shown for one in habits.entries]
        if asked.outcome is Outcome.ACT or not mine:
            return None
        return Suggestion(asked.words, mine[0], 0.9, 0.9, Layer.PERSONAL, True, "usual", False)


def test_second_thoughts_know_a_persons_own_requests_of_the_days_before() -> None:
    engine = by_heart()
    engine.online = cast(Online, Hindsight())
    first: list[LoggedTurn] = []
    for day, (rows, truth) in enumerate(simulate(small_town(20), engine, 2, 1)):
        thought = [row for row in rows if row.rewrite and row.arm == "applied"]
        assert bool(thought) == bool(day)
        by_id = {true.id: true for true in truth}
        for row in thought:
            assert row.rewrite == "online-personal"
            assert by_id[row.id].rewritten
            assert row.text in {fold(x.text) for x in first if x.user == row.user}
        first = rows
