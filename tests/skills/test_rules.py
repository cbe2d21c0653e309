"""What a slot says of its values, in a skill file and back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.skills import read_skill
from sayso.skills.rules import length
from sayso.skills.written import from_checked, to_json
from sayso.types.skills import Carry, Check, Rule, Skill, Slot

FILE = """
intents:
  Book:
    samples: ["book {people} {when}"]
    slots:
      people:
        type: AMAZON.NUMBER
        confirm: For {people}?
        reprompt: Tell me a number.
        carry: once
        valid:
          - {at_least: 1, say: One at least.}
          - {none_of: [13]}
      when:
        type: AMAZON.DATE
        carry: false
        valid: {within: {from: P0D, to: P60D}}
"""


def read(tmp_path: Path, text: str) -> Skill:
    (tmp_path / "skill.yaml").write_text(text, encoding="utf-8")
    return read_skill(tmp_path)


def slot(skill: Skill, name: str) -> Slot:
    found = skill.languages[0].intents[0].slot(name)
    assert found is not None
    return found


def test_a_slot_says_what_its_value_has_to_be(tmp_path: Path) -> None:
    people = slot(read(tmp_path, FILE), "people")
    assert people.valid == (
        Rule(Check.AT_LEAST, ("1",), ("One at least.",)),
        Rule(Check.NONE_OF, ("13",)),
    )
    assert people.confirm == ("For {people}?",)
    assert people.reprompt == ("Tell me a number.",)
    assert people.carry is Carry.ONCE


def test_one_rule_needs_no_list(tmp_path: Path) -> None:
    when = slot(read(tmp_path, FILE), "when")
    assert when.valid == (Rule(Check.WITHIN, ("P0D", "P60D")),)
    assert when.carry is Carry.NEVER


def test_a_skill_with_rules_comes_back_out_of_its_json(tmp_path: Path) -> None:
    skill = read(tmp_path, FILE)
    assert from_checked(to_json(skill)) == skill


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{at_least: 1, at_most: 2}", "write one of"),
        ("{say: No.}", "checks nothing"),
        ("{within: {from: soon, to: P1D}}", "no duration"),
        ("{one_of: []}", "one_of"),
        ("odd", "odd"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told(tmp_path: Path, rule: str, told: str) -> None:
    text = FILE.replace("{within: {from: P0D, to: P60D}}", rule)
    with pytest.raises(SkillError, match=told):
        read(tmp_path, text)


def test_lengths_of_time_are_read() -> None:
    assert length("P1W") == timedelta(days=7)
    assert length("-PT90M") == timedelta(minutes=-90)
    assert length("P") is None
