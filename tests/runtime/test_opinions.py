"""Skills that may be meant are asked at once, and nobody waits for one that is slow."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from sayso.fulfilment import Backends
from sayso.routing.opinions import Key
from sayso.runtime.home import Home
from sayso.runtime.opinions import asked, offers
from sayso.types.calls import Opinion
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome
from sayso.types.skills import Fulfilment, FulfilmentKind, Skill

HERE = Context("kitchen", datetime(2026, 11, 21, 9, tzinfo=UTC))


def skill(id: str, kind: FulfilmentKind = FulfilmentKind.ALEXA, can: bool = True) -> Skill:
    return Skill(id, id, fulfilment=Fulfilment(kind, can_fulfill=can))


SKILLS: Mapping[str, Skill] = {
    "quick": skill("quick"),
    "slow": skill("slow", FulfilmentKind.HTTPS),
    "broken": skill("broken"),
    "mute": skill("mute", can=False),
    "plain": skill("plain", FulfilmentKind.REPLIES),
}


class Thinkers:
    """Back-ends of which one is slow and one has nothing to say; all think at the same time."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.asked: list[str] = []

    def opinion(
        self, skill: Skill, reading: Hypothesis, context: Context, limit_s: float
    ) -> Opinion | None:
        self.asked.append(skill.id)
        if skill.id == "slow":
            self.told.wait(5)
        return None if skill.id == "broken" else Opinion.YES


def unsure(*skills: str) -> Decision:
    readings = [Hypothesis(id, "Do", confidence=0.2) for id in skills]
    return Decision(Outcome.ASK, hypotheses=readings)


def ask(decision: Decision, thinkers: Thinkers, limit_s: float) -> Mapping[Key, Opinion]:
    return asked(decision, HERE, SKILLS, cast(Backends, thinkers), limit_s)


def test_a_slow_skill_and_a_broken_one_have_no_opinion() -> None:
    thinkers = Thinkers()
    opinions = ask(unsure("slow", "broken", "quick"), thinkers, 0.2)
    thinkers.told.set()
    assert opinions == {("quick", "Do"): Opinion.YES}
    assert sorted(thinkers.asked) == ["broken", "quick", "slow"]


def test_only_those_are_asked_that_offer_it() -> None:
    thinkers = Thinkers()
    assert ask(unsure("mute", "plain", "unknown"), thinkers, 5.0) == {}
    assert thinkers.asked == []
    assert [id for id, each in SKILLS.items() if offers(each)] == ["quick", "slow", "broken"]


def test_no_time_is_no_question() -> None:
    thinkers = Thinkers()
    assert ask(unsure("quick"), thinkers, 0.0) == {}
    assert thinkers.asked == []


OPINIONATED = """
def lambda_handler(event, context):
    kind = event["request"]["type"]
    if kind == "CanFulfillIntentRequest":
        return {"response": {"canFulfillIntent": {"canFulfill": "%s"}}}
    said = {"type": "PlainText", "text": "Done by %s."}
    return {"response": {"outputSpeech": said, "shouldEndSession": True}}
"""


@pytest.fixture
def rivals(home: Home, tmp_path: Path) -> Home:
    """Two skills that understand the same words; one says that it can, one that it cannot."""
    first = home.skills()[0]
    for id, says in (("moles", "NO"), ("voles", "YES")):
        folder = tmp_path / id
        folder.mkdir()
        (folder / "code.py").write_text(OPINIONATED % (says, id))
        intent = replace(
            first.languages[0].intents[0],
            name="Chase",
            samples=("chase them out of the meadow", "chase the diggers away"),
            slots=(),
            confirm=(),
        )
        language = replace(first.languages[0], intents=(intent,), types=(), examples=(), extra={})
        made = Fulfilment(FulfilmentKind.ALEXA, handler="code:lambda_handler", can_fulfill=True)
        language = replace(language, invocation_name=id, description=f"About {id}.")
        rival = Skill(id, id, languages=(language,), fulfilment=made, folder=str(folder))
        home.install(rival)
        home.approve(id, "ana")
    return home


def test_of_two_alike_the_one_that_can_is_taken_and_explain_says_why(rivals: Home) -> None:
    said = "chase the diggers away"
    reply = rivals.turn(said, user="ana")
    assert reply.speech == "Done by voles."
    assert "moles says that it cannot do this, which tipped it" in reply.decision.reason
    assert "opinions" in reply.trace.timings
    explained = rivals.explain(said).decision
    assert explained.chosen is not None
    assert explained.chosen.skill == "voles"
    told = {each.skill: list(each.situation) for each in explained.hypotheses}
    assert told["moles"] == ["opinion: moles says that it cannot do this"]


def test_an_error_is_no_opinion(rivals: Home, tmp_path: Path) -> None:
    moles = rivals.engine.skills["moles"]
    reading = Hypothesis("moles", "Chase")
    with Backends(home=tmp_path) as backends:
        assert backends.opinion(moles, reading, HERE, 5.0) is Opinion.NO
        nowhere = replace(moles, folder=None)
        assert backends.opinion(nowhere, reading, HERE, 5.0) is None


def test_a_limit_is_kept(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("import time\ndef lambda_handler(e, c): time.sleep(30)")
    made = Fulfilment(FulfilmentKind.ALEXA, handler="code:lambda_handler", can_fulfill=True)
    sleepy = Skill("sleepy", "Sleepy", fulfilment=made, folder=str(tmp_path))
    started = time.monotonic()
    with Backends(home=tmp_path) as backends:
        found = asked(unsure("sleepy"), HERE, {"sleepy": sleepy}, backends, 0.3)
    assert found == {}
    assert time.monotonic() - started < 15, "it would have slept for 30"
