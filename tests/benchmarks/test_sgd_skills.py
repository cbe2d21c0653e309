"""A schema becomes a skill file of ours."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sgd.reading import IntentSchema, Service, SlotSchema
from benchmarks.sgd.skills import described, skill_of

from sayso.skills import read_skill, write_skill

SERVICE = Service(
    "Boats_1",
    "Hire a boat",
    (
        SlotSchema("lake", "Lake to sail on"),
        SlotSchema("hire_date", "Day of hire"),
        SlotSchema("has_motor", "Whether it has a motor", True, ("True", "False")),
        SlotSchema("price", "What it costs"),
    ),
    (IntentSchema("HireBoat", "Hire a boat", True, ("lake",), {"has_motor": "dontcare"}),),
)


def test_slots_have_descriptions_types_and_are_required_or_not() -> None:
    (language,) = skill_of(SERVICE).languages
    (intent,) = language.intents
    assert [(slot.name, slot.required) for slot in intent.slots] == [
        ("lake", True),
        ("has_motor", False),
    ]
    assert intent.slots[0].description == "Lake to sail on"
    assert intent.description == "Hire a boat"
    kind = language.type(intent.slots[1].type)
    assert kind is not None
    assert [(value.value, tuple(value.synonyms)) for value in kind.values] == [
        ("True", ("yes",)),
        ("False", ("no",)),
    ]


def test_the_skill_can_be_written_and_read(tmp_path: Path) -> None:
    write_skill(skill_of(SERVICE), tmp_path / "boats")
    assert read_skill(tmp_path / "boats") == skill_of(SERVICE)


def test_what_only_answers_hold_is_described_beside() -> None:
    skill = described(SERVICE, None)
    assert [each.slot.name for each in skill.results] == ["hire_date", "price"]
    assert set(skill.places) == {"lake", "has_motor"}
