"""What goes on around turns words to another skill: `situations.yaml`, through a trained home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from benchmarks.context import decided, is_right
from benchmarks.situations.world import NOW, TESTING, context_of, read, skills_of

from sayso.encoders import Encoder
from sayso.runtime.home import Home
from sayso.skills import write_skill
from sayso.training.train import train
from sayso.types.context import Context, Device, Happening
from sayso.types.readings import Decision, Outcome
from sayso.understanding.situation.facts import SIGNALS

WRITTEN = read(TESTING)
TURNS: list[dict[str, Any]] = WRITTEN["turns"]
ASKED = "What is the temperature?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("situations")
    skills = list(skills_of(WRITTEN["skills"]))
    (folder / "sayso.toml").write_text('locales = ["en-US", "en-GB"]\n')
    for skill in skills:
        write_skill(skill, folder / "skills" / skill.id)
    train(skills, folder / "bundle", encoder=encoder)
    with Home.open(folder) as opened:
        yield opened


def asked(home: Home, text: str = ASKED, **device: Any) -> Decision:
    return home.engine.decide(text, replace(Context("c", NOW), device=Device(**device)))


EACH = [pytest.param(turn, id=f"{turn['say']} -> {turn['means']}") for turn in TURNS]


@pytest.mark.parametrize("turn", EACH)
def test_a_turn_reaches_the_skill_that_is_meant(home: Home, turn: dict[str, Any]) -> None:
    assert is_right(decided(home.engine, turn), turn)


def test_with_nothing_around_half_of_them_do_not(home: Home) -> None:
    turns = [turn for turn in TURNS if turn["signal"] != "against"]
    right = [is_right(decided(home.engine, turn, SIGNALS), turn) for turn in turns]
    assert sum(right) < 0.6 * len(right)


def test_the_reason_names_what_tipped_it(home: Home) -> None:
    tipped = {asked(home, state={thing: "on"}).reason for thing in ("oven", "sauna")}
    assert any("the oven is on, which tipped it" in reason for reason in tipped) or any(
        "the sauna is on, which tipped it" in reason for reason in tipped
    )
    assert "tipped" not in asked(home, "will it rain", state={"oven": "on"}).reason


def test_what_is_told_of_nothing_known_changes_nothing(home: Home) -> None:
    plain = asked(home)
    assert not any(reading.situation for reading in plain.hypotheses)
    assert asked(home, state={}, type="unknown", place="") == plain


def test_a_situation_is_no_reason_to_take_what_is_meant_for_none(home: Home) -> None:
    nonsense = "who wrote the declaration of independence"
    assert asked(home, nonsense, state={"oven": "on"}).outcome is Outcome.ABSTAIN


BAD_STATES: list[Any] = [
    {f"thing {n}": {"deep": [{"on": n}] * 50} for n in range(10_000)},
    {"oven": object(), 3: "on", None: {"a": {"b": {"c": {"d": {"e": "on"}}}}}},
    {"oven": "o" * 10**6, "k" * 10**6: "on", "huge": 10**5000, "nan": float("nan")},
    {"": "", "🔥": "🔥🔥", "\ud800": "\x00", "oven": None},
    ["oven"],
    None,
]


@pytest.mark.parametrize("state", BAD_STATES, ids=range(len(BAD_STATES)))
def test_any_state_is_answered_and_logged_small(home: Home, state: Any) -> None:
    reply = home.turn(ASKED, user="bad", device=Device(id="x", state=state))
    assert reply.decision.hypotheses
    logged = home.store.interactions()[-1].request.device.state
    assert len(str(logged)) < 60_000
    assert home.understand(ASKED, device=Device(state=state))


def test_a_skill_that_was_used_is_known_in_the_next_turn(home: Home) -> None:
    home.turn("what do the stars say", user="eve", conversation="stars", now=NOW)
    again = home.turn("and for my brother", user="eve", conversation="stars", now=NOW)
    assert again.decision.hypotheses[0].skill == "horoscope"
    assert "it was used a moment ago" in again.decision.reason or (
        "used: it was used a moment ago" in again.decision.hypotheses[0].situation
    )


def test_habits_after_a_thing_that_happened_are_counted(home: Home) -> None:
    rang = (Happening(skill="alarm"),)
    home.turn("make an espresso", user="dan", happened=rang, now=NOW)
    home.turn("make an espresso", user="dan", conversation="later", now=NOW)
    use = home.person("dan").uses["coffee"]
    assert use.count == pytest.approx(2)
    assert use.after == pytest.approx({"alarm": 1})


def test_the_situation_is_explained(home: Home) -> None:
    found = home.explain(ASKED, device=Device(state={"oven": "on"})).decision.hypotheses
    oven = next(reading for reading in found if reading.skill == "oven")
    assert oven.situation["state: the oven is on"] > 1


def test_the_same_situation_gives_the_same_decision(home: Home) -> None:
    context = context_of(TURNS[0])
    assert home.engine.decide(ASKED, context) == home.engine.decide(ASKED, context)
