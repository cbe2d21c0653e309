"""A store's catalogue as skills."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.skills import from_json, read_skills, to_json
from sayso.skills.catalogue import REQUEST, catalogue_skills

OWLS = {
    "id": "shop:OWL1",
    "locale": "en-GB",
    "name": "Owl Almanac",
    "invocation": "owl almanac",
    "short_description": "Where owls are heard tonight.",
    "description": "Owls near you. Say a wood or a village.",
    "welcome_prompt": None,
    "category": "Nature",
    "rating": float("nan"),
    "reviews": 4,
    "phrases": ["Alexa, ask owl almanac what hoots in Elm Wood"],
    "commit": "not ours to keep",
}
TIDES = {"id": "shop:TIDE", "locale": "en-GB", "name": "Tide {Table}", "phrases": None}
PHRASES: list[dict[str, Any]] = [
    {
        "id": "shop:OWL1",
        "locale": "en-GB",
        "phrase": "Alexa, ask owl almanac what hoots in Elm Wood",
        "name_free": "what hoots in Elm Wood",
        "kind": "ask",
    },
    {
        "id": "shop:OWL1",
        "locale": "en-GB",
        "phrase": "Alexa, open owl almanac",
        "name_free": None,
        "kind": "launch",
    },
    {
        "id": "shop:OWL1",
        "locale": "en-GB",
        "phrase": "Alexa, barn owls",
        "name_free": None,
        "kind": "bare",
    },
]


def samples(rows: list[dict[str, Any]], phrases: list[dict[str, Any]]) -> list[str]:
    (skill,) = catalogue_skills(rows, phrases)
    (intent,) = skill.languages[0].intents
    assert intent.name == REQUEST
    return list(intent.samples)


def test_a_skill_says_what_the_store_says_of_it() -> None:
    (skill,) = catalogue_skills([OWLS], PHRASES)
    (language,) = skill.languages
    assert (skill.id, skill.name, language.locale) == ("shop:OWL1", "Owl Almanac", "en-GB")
    assert skill.description == "Where owls are heard tonight."
    assert language.invocation_name == "owl almanac"
    assert language.description == (
        "Where owls are heard tonight.\nOwls near you. Say a wood or a village."
    )
    assert skill.extra == {"catalogue": {"category": "Nature", "reviews": 4}}


def test_phrases_are_samples_without_name_and_carrier_and_openings_are_left_out() -> None:
    assert samples([OWLS], PHRASES) == ["what hoots in Elm Wood", "barn owls"]


def test_phrases_that_nobody_has_cut_lose_the_wake_word_alone() -> None:
    assert samples([OWLS], []) == ["ask owl almanac what hoots in Elm Wood"]


def test_a_word_that_is_no_call_is_kept() -> None:
    shown = ["computer science news", "Computer, barn owls", "alexa what hoots"]
    expected = ["computer science news", "barn owls", "what hoots"]
    assert samples([{**OWLS, "phrases": shown}], []) == expected


def test_a_skill_without_phrases_is_a_skill_and_comes_back_from_a_bundle_as_it_was() -> None:
    (skill,) = catalogue_skills([TIDES])
    assert skill.name == "Tide Table", "a brace would mark a slot"
    assert skill.languages[0].intents[0].samples == ()
    assert from_json(to_json(skill)) == skill


def test_an_id_loses_what_no_id_may_hold() -> None:
    (skill,) = catalogue_skills([{"id": "shop:tide table:en", "name": "Tides"}])
    assert skill.id == "shop:tide-table:en"


def test_rows_of_one_id_are_the_locales_of_one_skill() -> None:
    german = {**OWLS, "locale": "de-DE", "name": "Eulenkalender"}
    (skill,) = catalogue_skills([OWLS, german, OWLS])
    assert skill.locales == ("en-GB", "de-DE")
    assert skill.name == "Owl Almanac"


def test_all_rows_that_are_no_skills_are_told_of_at_once() -> None:
    rows: list[dict[str, Any]] = [
        {"id": None, "name": "x"},
        OWLS,
        {"id": "c"},
        {**OWLS, "locale": "English"},
    ]
    with pytest.raises(SkillError) as caught:
        catalogue_skills(rows, source="shop.parquet")
    assert caught.value.problems == (
        'shop.parquet: row 1: "" is no id; use letters, digits, ".", "_", ":" and "-"',
        "shop.parquet: row 3: c has no name; give it one",
        'shop.parquet: row 4: shop:OWL1: "English" is no locale; write it as en-US',
    )


def test_a_catalogue_is_read_from_its_folder_or_its_file(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    from pyarrow import Table

    parquet.write_table(Table.from_pylist([OWLS, TIDES]), tmp_path / "catalogue.parquet")
    parquet.write_table(Table.from_pylist(PHRASES), tmp_path / "catalogue_phrases.parquet")
    expected = catalogue_skills([OWLS, TIDES], PHRASES)
    assert read_skills(tmp_path) == expected
    assert read_skills(tmp_path / "catalogue.parquet") == expected


def test_a_file_that_is_no_parquet_is_told_of(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "catalogue.parquet").write_text("id,name")
    with pytest.raises(SkillError, match=r"catalogue\.parquet: cannot be read"):
        read_skills(tmp_path)
