"""The pure turn: shortlist, understand, decide, add and remove."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.encoders import Encoder
from sayso.errors import SkillError
from sayso.runtime.engine import Engine
from sayso.skills import read_skill
from sayso.types.context import Context
from sayso.types.readings import Outcome
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.installing import fit

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HERE = Context(conversation="c", now=NOW)


def test_the_likeliest_skill_comes_first_in_the_shortlist(engine: Engine) -> None:
    shortlist = engine.shortlist("could you cook me an egg", k=2)
    assert shortlist[0][0] == "eggs"
    assert len(shortlist) == 2
    assert shortlist[0][1] > shortlist[1][1]


def test_a_sentence_nobody_wrote_is_understood_with_its_slot(engine: Engine) -> None:
    best = engine.understand("would you boil the egg for seven minutes", now=NOW)[0]
    assert (best.skill, best.intent) == ("eggs", "Boil")
    (length,) = best.slots
    assert (length.name, length.value, length.normalised) == ("length", "seven minutes", "PT7M")


def test_a_sample_is_one_whatever_stands_in_its_slot(engine: Engine) -> None:
    best = engine.understand("something interesting about the seventh lighthouse keeper")[0]
    assert best.intent == "Story"
    assert 0 < best.features["framed"] < 1
    assert engine.understand("something interesting about Stone Hill")[0].features["framed"] == 1
    # Word for word a sample: nothing of it may be taken for a value.
    assert {x.features["framed"] for x in engine.understand("lock the front door")} == {0}


def test_a_catalogue_value_is_resolved_to_its_id(engine: Engine) -> None:
    best = engine.understand("tell me the story of brookend")[0]
    assert (best.intent, best.slots[0].id) == ("Story", "brook")


def test_confidences_are_probabilities(engine: Engine) -> None:
    for text in ("unlock the door", "tell me a tale of stone hill", "purple of of the"):
        confidences = [h.confidence for h in engine.understand(text)]
        assert all(0 <= confidence <= 1 for confidence in confidences)
        assert sum(confidences) < 1
        assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize(
    "text", ["flurb the wozzle", "how deep is the ocean", "お元気ですか", "🙂"]
)
def test_what_no_skill_serves_is_abstained_from(engine: Engine, text: str) -> None:
    decision = engine.decide(text, HERE)
    assert decision.outcome is Outcome.ABSTAIN
    assert decision.chosen is None


def test_a_named_skill_gets_the_rest_of_the_sentence(engine: Engine) -> None:
    decision = engine.decide("ask city guide about Stone Hill", HERE)
    assert decision.chosen is not None
    assert (decision.chosen.skill, decision.chosen.intent) == ("guide", "Story")
    assert decision.reason == "the skill was named"


def test_only_skills_that_are_allowed_are_chosen(engine: Engine) -> None:
    decision = engine.decide("unlock the front door", replace(HERE, allowed=("eggs",)))
    assert all(hypothesis.skill == "eggs" for hypothesis in decision.hypotheses)


def test_a_skill_is_added_live_and_the_others_read_as_before(engine: Engine, trained: Path) -> None:
    before = engine.understand("is the egg done yet")[0]
    lamp = replace(read_skill(trained / "skills" / "door"), id="other", name="Other")
    engine.add(lamp)
    assert "other" in dict(engine.shortlist("lock the front door"))
    after = engine.understand("is the egg done yet")[0]
    assert after.intent == before.intent
    assert after.score == pytest.approx(before.score, abs=0.6)


def test_a_taught_sentence_reaches_its_intent_and_no_other_skill_changes(engine: Engine) -> None:
    said = "please bolt the gate to the garden"
    before = engine.understand("is the egg done yet")[0]
    intent = engine.understand("lock the front door")[0].intent
    engine.teach("door", intent, [said], "en-US")
    chosen = engine.decide(said, HERE).chosen
    assert chosen is not None
    assert (chosen.skill, chosen.intent) == ("door", intent)
    assert engine.understand("is the egg done yet")[0].intent == before.intent


def test_a_new_intent_is_taught_by_its_sentences(engine: Engine) -> None:
    said = ["has the mail come", "is there any mail today", "did the postman bring a letter"]
    engine.teach("door", "Mail", said, "en-US")
    chosen = engine.decide("is there mail in the box today", HERE).chosen
    assert chosen is not None
    assert (chosen.skill, chosen.intent) == ("door", "Mail")
    assert engine.understand("lock the front door")[0].intent != "Mail"


@pytest.mark.parametrize(
    ("skill", "texts", "locale"),
    [("no", ["hi"], "en-US"), ("door", ["hi"], "fr-FR"), ("door", ["  "], "en-US")],
)
def test_teaching_what_cannot_be_learnt_is_refused(
    engine: Engine, skill: str, texts: list[str], locale: str
) -> None:
    with pytest.raises(SkillError, match=skill):
        engine.teach(skill, "Mail", texts, locale)


def test_a_removed_skill_is_never_chosen_again(engine: Engine) -> None:
    engine.remove("door")
    assert "door" not in dict(engine.shortlist("lock the front door"))
    assert all(h.skill != "door" for h in engine.understand("lock the front door"))
    with pytest.raises(SkillError, match="door"):
        engine.remove("door")


def test_an_engine_without_skills_abstains(engine: Engine) -> None:
    for name in ("door", "eggs", "guide"):
        engine.remove(name)
    assert engine.shortlist("hello") == []
    assert engine.decide("hello", HERE).outcome is Outcome.ABSTAIN


def test_a_locale_nobody_speaks_is_abstained_from(engine: Engine) -> None:
    assert engine.understand("lock the front door", locale="fr-FR") == []


def test_another_locale_of_the_same_tongue_is_served(engine: Engine) -> None:
    assert engine.understand("lock the front door", locale="en-GB")[0].skill == "door"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80))
def test_no_text_makes_the_engine_raise(engine: Engine, text: str) -> None:
    decision = engine.decide(text, HERE)
    for hypothesis in decision.hypotheses:
        for slot in hypothesis.slots:
            assert slot.start is None or 0 <= slot.start < (slot.end or 0)


def test_a_text_of_ten_thousand_words_is_read_without_harm(engine: Engine) -> None:
    assert engine.decide("egg " * 10_000, HERE).outcome in set(Outcome)


def test_a_denial_in_a_description_lets_no_denied_request_pass(encoder: Encoder) -> None:
    intents = (
        Intent("Record", samples=("record this", "make a recording", "start recording")),
        Intent("Play", samples=("play the latest recording", "what did i record")),
    )
    language = Language("en-US", description="We don't record what you say.", intents=intents)
    tape = Skill("tape", "Tape", languages=(language,))
    engine = Engine([fit(tape, language, engine="shared", encoder=encoder)], encoder=encoder)
    found = engine.understand("don't record this")
    assert {each.intent: each.features["denied"] for each in found} == {"Record": 1.0, "Play": 1.0}
