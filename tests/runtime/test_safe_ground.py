"""A home on safe ground: costly intents, skills installed live, exploration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.errors import SkillError
from sayso.routing.explore import Exploration
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.explain import explain
from sayso.runtime.home import Home
from sayso.runtime.load import load
from sayso.skills import from_json
from sayso.stores import trials
from sayso.types.context import Context
from sayso.types.people import Person
from sayso.types.readings import LAUNCH, Basis, Decision, Hypothesis, Outcome

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HERE = Context("c", NOW)
SAID = "tell me a bedtime tale about a dragon"
TALES = from_json(
    {
        "id": "tales",
        "name": "Bedtime Tales",
        "invocation": "bedtime tales",
        "intents": {
            "Tale": [
                SAID,
                "a bedtime tale about a dragon please",
                "i want to hear a bedtime tale",
                "read me a tale of dragons",
            ]
        },
        "fulfilment": {"replies": {"Tale": ["Once upon a time."]}},
    }
)


def chosen(decision: Decision) -> Hypothesis:
    assert decision.chosen is not None
    return decision.chosen


@pytest.fixture
def with_tales(home: Home) -> Home:
    home.install(TALES)
    return home


def test_a_skill_installed_live_is_on_trial_and_is_given_what_is_clearly_for_it(
    with_tales: Home,
) -> None:
    reply = with_tales.turn(SAID, now=NOW)
    assert reply.speech == "Once upon a time."
    (logged,) = with_tales.store.interactions()
    assert logged.decision.basis is Basis.TRIAL
    assert with_tales.store.trials.shares(NOW.replace(year=2000)) == {"tales": 0.001}


def test_beyond_its_share_the_person_is_asked_and_a_yes_does_it(
    with_tales: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "WINDOW", 20)  # of which .05 is a single request
    assert with_tales.turn(SAID, now=NOW).speech == "Once upon a time."
    asked = with_tales.turn(SAID, now=NOW)
    assert asked.decision.outcome is Outcome.ASK
    assert asked.speech.startswith("Did you mean Bedtime Tales: ")
    assert with_tales.turn("yes", now=NOW).speech == "Once upon a time."
    assert with_tales.turn(SAID, now=NOW).decision.outcome is Outcome.ASK
    assert with_tales.turn(f"ask bedtime tales to {SAID}", now=NOW).decision.basis is Basis.NAMED


def test_an_approved_skill_is_a_skill_like_any_other(
    with_tales: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "WINDOW", 20)
    assert with_tales.approve("tales", "ana")
    for _ in range(3):
        reply = with_tales.turn(SAID, now=NOW)
        assert (reply.speech, reply.decision.basis) == ("Once upon a time.", Basis.WORDS)
    with pytest.raises(SkillError, match="nobody"):
        with_tales.approve("nobody", "ana")


def test_a_skill_that_is_installed_again_is_new_again(with_tales: Home) -> None:
    with_tales.approve("tales", "ana")
    with_tales.install(TALES)
    assert with_tales.store.trials.shares(NOW.replace(year=2000)) == {}
    with_tales.uninstall("tales")
    with_tales.install(TALES)
    assert with_tales.store.trials.shares(NOW.replace(year=2000)) == {"tales": 0.0}


def test_who_is_on_trial_is_not_kept_with_the_conversation(with_tales: Home) -> None:
    with_tales.turn(SAID, user="ana", now=NOW)
    kept = with_tales.store.context("ana", "ana@default")
    assert kept is not None
    assert kept.trial == {}


def test_trained_skills_are_not_on_trial(home: Home) -> None:
    assert home.turn("lock the front door", now=NOW).decision.basis is Basis.WORDS
    assert list(home.store.trials.all()) == []


def mark(engine: Engine) -> None:
    """Say that unlocking the door has side effects."""
    door = engine.skills["door"]
    language = door.languages[0]
    intents = tuple(replace(x, side_effects=x.name == "Unlock") for x in language.intents)
    engine.add(replace(door, languages=(replace(language, intents=intents),)))


@pytest.fixture
def costly(engine: Engine) -> Engine:
    mark(engine)
    return engine


def test_an_intent_marked_in_the_file_is_marked_in_its_readings(costly: Engine) -> None:
    marks = {
        x.intent: x.side_effects for x in costly.decide("unlock the front door", HERE).hypotheses
    }
    assert marks["Unlock"]
    assert not marks.get("Lock", False)


def test_a_known_sentence_is_held_to_the_higher_confidence_too(costly: Engine) -> None:
    decision = costly.decide("unlock the front door", HERE)
    assert decision.hypotheses[0].features["known"] == 1.0
    assert decision.threshold >= 0.9
    sure = decision.hypotheses[0].confidence >= decision.threshold
    assert (decision.outcome is Outcome.ACT) == sure


def test_naming_the_skill_is_no_way_round(engine: Engine) -> None:
    text = "ask front door to be nice to the visitor"
    assert chosen(engine.decide(text, HERE)).intent == "Unlock"
    mark(engine)
    assert chosen(engine.decide(text, HERE)).intent == LAUNCH
    sure = engine.decide("ask front door to unlock the front door", HERE)
    assert chosen(sure).intent == "Unlock"


@pytest.fixture
def exploring(trained: Path, encoder: Encoder) -> Engine:
    settings = EngineSettings(exploration=Exploration(0.5))
    return load(trained / "bundle", encoder=encoder, settings=settings)


def test_the_explanation_names_the_setting_that_decides(costly: Engine) -> None:
    flips = [flip.change for flip in explain(costly, "unlock the front door", HERE).flips]
    assert any(change.startswith("[routing] caution_side_effects above ") for change in flips)
    flips = [flip.change for flip in explain(costly, "lock the front door", HERE).flips]
    assert any(change.startswith("[routing] caution above ") for change in flips)


NEAR_TWO = "do the lock"  # `Lock`, but it might be `Unlock`


def test_what_is_explored_is_the_same_when_the_turn_is_replayed(exploring: Engine) -> None:
    done = set()
    for turn in range(20):
        context = replace(HERE, turn=turn)
        decision = exploring.decide(NEAR_TWO, context)
        assert decision == exploring.decide(NEAR_TWO, context)
        assert decision.propensity == 0.5
        assert decision.reason.startswith("explored") == (chosen(decision).intent == "Unlock")
        done.add(chosen(decision).intent)
    assert done == {"Lock", "Unlock"}


def test_what_has_side_effects_is_not_tried(exploring: Engine) -> None:
    mark(exploring)
    decisions = [exploring.decide(NEAR_TWO, replace(HERE, turn=turn)) for turn in range(20)]
    assert {(chosen(x).intent, x.propensity) for x in decisions} == {("Lock", 1.0)}


def test_outside_a_conversation_nothing_is_explored(exploring: Engine) -> None:
    nowhere = replace(HERE, conversation="")
    assert exploring.decide(NEAR_TWO, nowhere).propensity == 1.0


def test_a_person_who_has_enabled_a_new_skill_has_it_without_limit(engine: Engine) -> None:
    engine.add(TALES)
    full = replace(HERE, trial={"tales": 1.0})
    assert engine.decide(SAID, full).outcome is Outcome.ASK
    mine = replace(full, person=Person(enabled=("tales",)))
    assert engine.decide(SAID, mine).basis is Basis.WORDS
    assert engine.decide(SAID, mine).outcome is Outcome.ACT
