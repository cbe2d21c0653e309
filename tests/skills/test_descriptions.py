"""Slots and intents say what they are for, and skills keep it."""

from __future__ import annotations

from pathlib import Path

from sayso.skills import from_json, read_skill, to_json

FILE = """
id: boats
locale: en-US
intents:
  Hire:
    description: Hire a boat for a day
    samples: [hire a boat]
    slots:
      lake:
        type: AMAZON.SearchQuery
        description: Lake to sail on
      seats: AMAZON.NUMBER
"""


def test_what_a_slot_means_is_read_and_written(tmp_path: Path) -> None:
    (tmp_path / "skill.yaml").write_text(FILE, encoding="utf-8")
    skill = read_skill(tmp_path)
    (intent,) = skill.languages[0].intents
    assert intent.description == "Hire a boat for a day"
    assert [slot.description for slot in intent.slots] == ["Lake to sail on", ""]
    assert type(intent.slots[0].description) is str
    assert from_json(to_json(skill)) == skill
