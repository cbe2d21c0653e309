"""The same words reach different skills, by who says them; and the reason says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.types.context import Context
from sayso.types.people import Person, Use
from sayso.types.readings import Decision, Outcome
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.personal import ATTENTION, FLAGS, HABITS

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
ASKED = "tell me a story"


def stories(id: str, name: str) -> Skill:
    samples = ("tell me a story", f"tell me a story of {name}", "read me something to sleep by")
    tell = Intent("Tell", samples)
    stop = Intent("Pause", (f"hold {name}", "go on with it later"))
    return Skill(id, name.title(), languages=(Language("en-US", name, intents=(tell, stop)),))


@pytest.fixture(scope="module")
def engine(encoder: Encoder) -> Engine:
    made = Engine([], encoder=encoder)
    for id, name in (("fairies", "fairy tales"), ("ghosts", "ghost tales")):
        made.add(stories(id, name))
    lamp = Intent("On", ("light the lamp", "make it bright in here", "switch the lamp on"))
    made.add(Skill("lamp", "Lamp", languages=(Language("en-US", "lamp", intents=(lamp,)),)))
    return made


def decided(engine: Engine, person: Person, text: str = ASKED) -> Decision:
    return engine.decide(text, replace(Context("", NOW), person=person))


@pytest.mark.parametrize("skill", ["fairies", "ghosts"])
def test_who_has_enabled_a_skill_reaches_it_by_words_that_fit_another_as_well(
    engine: Engine, skill: str
) -> None:
    decision = decided(engine, Person([skill]))
    assert decision.chosen is not None
    assert decision.chosen.skill == skill
    assert [name for name, _ in engine.shortlist(ASKED, 1, person=Person([skill]))] == [skill]


def test_nobody_in_particular_is_asked_which_one(engine: Engine) -> None:
    assert decided(engine, Person()).outcome is Outcome.ASK


def test_whoever_wants_it_is_ranked_for_as_anybody(engine: Engine) -> None:
    neutral = Person(["ghosts"], neutral=True)
    assert decided(engine, neutral) == decided(engine, Person())
    assert engine.shortlist(ASKED, 3, person=neutral) == engine.shortlist(ASKED, 3)


def test_habits_tell_between_skills_that_are_both_enabled(engine: Engine) -> None:
    use = Use(20.0, NOW - timedelta(days=1), {20: 20.0}, {"speaker": 20.0})
    person = Person(["fairies", "ghosts"], {"ghosts": use})
    assert engine.shortlist(ASKED, 1, person=person, now=NOW)[0][0] == "ghosts"


def test_what_is_clearly_meant_for_another_skill_goes_there(engine: Engine) -> None:
    decision = decided(engine, Person(["ghosts"]), "switch the lamp on")
    assert decision.chosen is not None
    assert decision.chosen.skill == "lamp"


def test_having_a_skill_is_no_reason_to_take_what_is_meant_for_none(engine: Engine) -> None:
    nonsense = "how deep is the ocean"
    assert decided(engine, Person(["ghosts"]), nonsense).outcome is Outcome.ABSTAIN


def test_the_reason_names_what_tipped_it(engine: Engine) -> None:
    first = decided(engine, Person()).hypotheses[0].skill
    other = "ghosts" if first == "fairies" else "fairies"
    assert "this person has enabled it, which tipped it" in decided(engine, Person([other])).reason
    assert "tipped" not in decided(engine, Person(["lamp"]), "switch the lamp on").reason


def switched(
    engine: Engine, *, flags: bool = True, attention: bool = True, habits: bool = True
) -> Engine:
    """The same skills, some of what is known of a person switched off."""
    held = [engine.installed(skill)[0] for skill in engine.skills]
    settings = EngineSettings(flags=flags, attention=attention, habits=habits)
    return Engine(held, encoder=engine.encoder, settings=settings)


@pytest.mark.parametrize(
    ("off", "added"),
    [("flags", FLAGS), ("attention", ATTENTION), ("habits", HABITS)],
)
def test_each_thing_that_is_known_can_be_switched_off(
    engine: Engine, off: str, added: tuple[str, ...]
) -> None:
    use = Use(20.0, NOW - timedelta(days=1), {20: 20.0}, {"speaker": 20.0})
    person = Person(["ghosts"], {"ghosts": use})
    plain = engine.shortlist(ASKED, 3, person=person, now=NOW)
    without = switched(engine, **{off: False}).shortlist(ASKED, 3, person=person, now=NOW)
    assert dict(without) != dict(plain)
    reading = decided(switched(engine, **{off: False}), person).hypotheses[0]
    assert not any(reading.personal.get(name) for name in added)


def test_with_all_three_off_everybody_is_ranked_for_as_anybody(engine: Engine) -> None:
    off = switched(engine, flags=False, attention=False, habits=False)
    assert off.shortlist(ASKED, 3, person=Person(["ghosts"])) == engine.shortlist(ASKED, 3)
    assert decided(off, Person(["ghosts"])).outcome is Outcome.ASK
