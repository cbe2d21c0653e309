"""Each dialogue comes to what it expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.cli.train import train_home
from sayso.evaluation.script import Script, Scripts, play, read_scripts
from sayso.runtime.home import Home
from sayso.skills import read_skills
from tests.dialogues.furnish import EXAMPLE, HERE, furnish

FILES = {path.stem: read_scripts(path) for path in sorted(HERE.glob("*.yaml"))}
ALL = {f"{stem}::{each.name}": each for stem, file in FILES.items() for each in file.scripts}
WHOLE = {"skill", "intent", "acts", "asks", "confirms", "runs", "which", "outcome", "ended"}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = furnish(tmp_path_factory.mktemp("dialogues") / "home")
    train_home(folder, quiet=True)
    with Home.open(folder) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_a_dialogue_comes_to_what_it_expects(name: str, home: Home) -> None:
    wrong = [
        f'{place} "{step.line.say}" -> "{step.reply.speech}": {"; ".join(step.problems)}'
        for place, step in enumerate(play(home, ALL[name]), 1)
        if step.problems
    ]
    assert not wrong, "\n".join(wrong)


def test_every_phenomenon_has_at_least_eight_dialogues() -> None:
    assert len(FILES) == len({file.phenomenon for file in FILES.values()}) == 19
    assert {stem: len(file.scripts) for stem, file in FILES.items() if len(file.scripts) < 8} == {}
    told = f"{len(ALL)} dialogues of {len(FILES)} phenomena"
    assert told in (EXAMPLE.parents[1] / "docs" / "dialogues.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_dialogues_are_told_apart_by_name_and_expect_something_in_every_turn(file: Scripts) -> None:
    assert file.about
    for script in file.scripts:
        for place, line in enumerate(script.lines, 1):
            assert {*line.expect} & WHOLE, f"{script.name}, turn {place}"


@pytest.mark.parametrize("name", ALL)
def test_skills_intents_and_slots_that_are_expected_exist(name: str) -> None:
    for skill, intent, slots in expected(ALL[name]):
        assert skill is None or skill in SLOTS, skill
        known = SLOTS.get(skill or "", {})
        if skill and intent and not intent.startswith("AMAZON."):
            assert intent in known, f"{skill}.{intent}"
            assert slots <= known[intent], f"{skill}.{intent}: {slots - known[intent]}"


def test_most_of_what_is_said_is_said_once() -> None:
    said = Counter(line.say.casefold() for each in ALL.values() for line in each.lines)
    turns = sum(said.values())
    assert len(said) >= 0.7 * turns, said.most_common(20)


def expected(script: Script) -> Iterator[tuple[str | None, str | None, set[str]]]:
    """Skill, intent and slots that a turn, or a run in it, names."""
    for line in script.lines:
        for each in (line.expect, *line.expect.get("runs", ())):
            slots = {*each.get("slots", {})}
            if "asks" in each and "." not in each["asks"]:
                slots.add(each["asks"])
            yield each.get("skill"), each.get("intent"), slots


def _slots(folder: Path) -> dict[str, dict[str, set[str]]]:
    return {
        skill.id: {
            intent.name: {slot.name for slot in intent.slots}
            for intent in skill.languages[0].intents
        }
        for skill in read_skills(folder)
    }


SLOTS = _slots(EXAMPLE / "skills") | _slots(HERE / "home" / "skills")
