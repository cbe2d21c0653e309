"""Which intent takes back another: written, read, and checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.skills import from_json, read_skill, to_json, write_skill
from sayso.skills.written import from_checked
from sayso.types.skills import Skill

ALARM = """\
id: alarm
intents:
  SetAlarm:
    samples: [wake me at noon, "wake me {day}"]
    undo: CancelAlarm
    slots: {day: AMAZON.DATE}
  CancelAlarm:
    samples: ["cancel the alarm {day}"]
    slots:
      day: {type: AMAZON.DATE, required: true}
      name: AMAZON.FirstName
  ListAlarms:
    samples: [what alarms are set]
    undo: false
  Snooze: [snooze]
"""


def read(folder: Path, text: str) -> Skill:
    path = folder / "alarm" / "skill.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return read_skill(path.parent)


def test_an_undo_nothing_to_undo_and_silence_about_it_are_three_things(tmp_path: Path) -> None:
    skill = read(tmp_path, ALARM)
    said = [skill.undo_of(intent.name) for intent in skill.languages[0].intents]
    assert said == ["CancelAlarm", None, "", None]


def test_it_is_written_and_read_again(tmp_path: Path) -> None:
    skill = read(tmp_path, ALARM)
    assert from_json(to_json(skill)) == from_checked(to_json(skill)) == skill
    assert read_skill(write_skill(skill, tmp_path / "again" / "alarm")) == skill


def test_it_counts_in_every_language(tmp_path: Path) -> None:
    skill = read(tmp_path, ALARM)
    english = skill.languages[0]
    silent = [replace(intent, undo=None) for intent in english.intents]
    german = replace(english, locale="de-DE", intents=tuple(silent))
    assert replace(skill, languages=(german, english)).undo_of("SetAlarm") == "CancelAlarm"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("CancelAlarms", 'the unknown intent "CancelAlarms" takes back SetAlarm; did you mean'),
        ("SetAlarm", "itself takes back SetAlarm"),
    ],
)
def test_it_has_to_be_another_intent_of_the_skill(tmp_path: Path, wrong: str, told: str) -> None:
    with pytest.raises(SkillError, match=told):
        read(tmp_path, ALARM.replace("undo: CancelAlarm", f"undo: {wrong}"))


def test_a_zero_is_not_false(tmp_path: Path) -> None:
    doc = to_json(read(tmp_path, ALARM))
    doc["languages"]["en-US"]["intents"]["SetAlarm"]["undo"] = 0
    with pytest.raises(SkillError, match="undo"):
        from_json(doc)


def test_it_may_require_nothing_that_the_other_does_not_know(tmp_path: Path) -> None:
    text = ALARM.replace("name: AMAZON.FirstName", "name: {type: AMAZON.FirstName, required: true}")
    with pytest.raises(SkillError, match='CancelAlarm requires "name", no slot of SetAlarm'):
        read(tmp_path, text)
