"""An intent that is meant in a session alone: written and read."""

from __future__ import annotations

from pathlib import Path

from sayso.skills import from_json, read_skill, to_json, write_skill

QUIZ = """\
id: quiz
intents:
  Begin: [quiz me]
  Answer:
    samples: ["is it {city}"]
    slots: {city: AMAZON.City}
    in_session: true
"""


def test_the_mark_is_written_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "quiz").mkdir()
    (tmp_path / "quiz" / "skill.yaml").write_text(QUIZ)
    skill = read_skill(tmp_path / "quiz")
    marks = {intent.name: intent.in_session for intent in skill.languages[0].intents}
    assert marks == {"Begin": False, "Answer": True}
    assert from_json(to_json(skill)) == skill
    assert read_skill(write_skill(skill, tmp_path / "again" / "quiz")) == skill
