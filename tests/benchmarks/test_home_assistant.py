"""What counts as right in Home Assistant's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from benchmarks.home_assistant import Asked, Meaning, hassil_readers, imported, plain

TEMPLATES = {
    "language": "en",
    "intents": {
        "HassTurnOn": {
            "data": [
                {"sentences": ["open {name}"], "requires_context": {"domain": "cover"}},
                {
                    "sentences": ["<up> all lights"],
                    "inferred_domain": "light",
                    "slot_combination": "domain_only",
                },
            ]
        }
    },
    "expansion_rules": {"up": "raise"},
    "combination_rules": {"up": "(light|lift)"},
    "lists": {},
}
HOME = {
    "language": "en",
    "entities": [{"name": "Blind", "id": "cover.blind"}, {"name": "Tin", "id": "light.tin"}],
    "areas": [],
    "floors": [],
}


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (("Set", {"level": "50.0", "name": "desk lamp"}), True),
        (("Set", {"level": 50, "name": "Ceiling "}), True),
        (("Set", {"level": 50}), False),
        (("Set", {"level": 50, "name": "Desk Lamp", "area": "den"}), False),
        (("Get", {"level": 50, "name": "Desk Lamp"}), False),
        (None, False),
    ],
)
def test_a_meaning_is_right_with_the_intent_and_all_slots_and_no_more(
    found: Meaning | None, right: bool
) -> None:
    test = Asked("x", "Set", {"level": 50, "name": ["Desk Lamp", "ceiling"]}, {})
    assert test.right(found) is right


def test_numbers_are_compared_as_numbers() -> None:
    assert plain("50.0") == plain(50)
    assert plain("CO ") == "co"


def test_hassil_has_the_same_names_rules_and_conditions() -> None:
    read = hassil_readers("en", TEMPLATES, HOME)["hassil recognize"]
    assert read(Asked("open blind", "", {}, {})) == ("HassTurnOn", {"name": "Blind"})
    assert read(Asked("open tin", "", {}, {})) is None
    assert read(Asked("lift all lights", "", {}, {})) == ("HassTurnOn", {"domain": "light"})
    assert read(Asked("raise all lights", "", {}, {})) is None


def test_the_skill_has_the_homes_names(tmp_path: Path) -> None:
    names = imported(tmp_path, "en", TEMPLATES, HOME).languages[0].type("name")
    assert names is not None
    assert [value.value for value in names.values] == ["Blind", "Tin"]
