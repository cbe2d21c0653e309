"""Azure CLU projects become skills; labels are cut out where their units say."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.clu.spans import CODE_POINTS, ELEMENTS, UTF16, Span, apart, boundaries
from sayso.formats.known import import_skills
from sayso.skills.restore import OURS
from sayso.types.skills import Skill
from tests.formats.foreign import check_page, imported, only, put


def heard(
    text: str, intent: str, *labels: tuple[str, int, int], language: str = "en-us", **more: Any
) -> dict[str, Any]:
    entities = [{"category": name, "offset": at, "length": n} for name, at, n in labels]
    return {
        "text": text,
        "language": language,
        "intent": intent,
        "entities": entities,
        "dataset": "Train",
    } | more


def project(*utterances: Any, entities: Any = (), **more: Any) -> dict[str, Any]:
    names = dict.fromkeys(x["intent"] for x in utterances if isinstance(x, dict))
    return {
        "projectFileVersion": "2022-10-01-preview",
        "stringIndexType": "Utf16CodeUnit",
        "metadata": {
            "projectKind": "Conversation",
            "projectName": "GardenHelp",
            "language": "en-us",
        },
        "assets": {
            "projectKind": "Conversation",
            "intents": [{"category": name} for name in [*names, "None"]],
            "entities": list(entities),
            "utterances": list(utterances),
        },
    } | more


def skill_of(tmp_path: Path, project: Any) -> Skill:
    return only(imported(put(tmp_path / "garden", {"garden.json": project}), "clu"))


def listed(name: str, *values: tuple[str, str, list[str]]) -> dict[str, Any]:
    sublists = [
        {"listKey": key, "synonyms": [{"language": language, "values": some}]}
        for key, language, some in values
    ]
    return {
        "category": name,
        "compositionSetting": "combineComponents",
        "list": {"sublists": sublists},
    }


def test_a_project_becomes_a_skill_in_each_of_its_languages(tmp_path: Path) -> None:
    skill = skill_of(
        tmp_path,
        project(
            heard("water the roses", "Water Plants", ("Plant", 10, 5)),
            heard("gieß die rosen", "Water Plants", ("Plant", 9, 5), language="de"),
            heard("is it cold", "Frost"),
            entities=[listed("Plant", ("rose", "en-us", ["roses"]), ("tulip", "de", ["tulpen"]))],
        ),
    )
    assert (skill.id, skill.name, skill.locales) == (
        "garden-help",
        "GardenHelp",
        ("en-US", "de-DE"),
    )
    water, frost = skill.languages[0].intents
    assert (water.name, water.samples) == ("Water_Plants", ("water the {Plant}",))
    assert water.slots[0].extra[OURS]["said"] == ["roses"]
    assert frost.samples == ("is it cold",)
    assert skill.languages[1].intents[0].samples == ("gieß die {Plant}",)
    english, german = (
        {value.value: value.synonyms for value in language.types[0].values}
        for language in skill.languages
    )
    assert (english["rose"], german["tulip"]) == (("roses",), ("tulpen",))


def test_offsets_count_units_of_utf_16(tmp_path: Path) -> None:
    flower = "🌹🌹 buy two roses"
    skill = skill_of(
        tmp_path,
        project(heard(flower, "Buy", ("Plant", 13, 5)), entities=[{"category": "Plant"}]),
    )
    assert skill.languages[0].intents[0].samples == ("🌹🌹 buy two {Plant}",)


@pytest.mark.parametrize(
    ("unit", "offset"), [("Utf16CodeUnit", 4), ("UnicodeCodePoint", 3), ("TextElement_v8", 2)]
)
def test_the_unit_of_offsets_is_the_projects_own(tmp_path: Path, unit: str, offset: int) -> None:
    text = "🌹e\u0301rose"
    plain = project(heard(text, "Buy", ("Plant", offset, 4)), entities=[{"category": "Plant"}])
    skill = skill_of(tmp_path, plain | {"stringIndexType": unit})
    assert skill.languages[0].intents[0].samples == ("🌹e\u0301{Plant}",)


def test_values_that_nobody_labels_are_found_in_the_list(tmp_path: Path) -> None:
    skill = skill_of(
        tmp_path,
        project(
            heard("is the Climbing Rose dry", "Dry"),
            entities=[listed("Plant", ("rose", "en-us", ["climbing rose"]))],
        ),
    )
    assert skill.languages[0].intents[0].samples == ("is the {Plant} dry",)


def test_an_entity_that_is_said_twice_has_two_slots(tmp_path: Path) -> None:
    skill = skill_of(
        tmp_path,
        project(
            heard("from monday to friday", "Span", ("Day", 5, 6), ("Day", 15, 6)),
            entities=[{"category": "Day", "prebuilts": [{"category": "DateTime"}]}],
        ),
    )
    (span,) = skill.languages[0].intents
    assert span.samples == ("from {Day} to {Day_2}",)
    assert [slot.type for slot in span.slots] == ["AMAZON.DATE", "AMAZON.DATE"]


def test_the_account_says_what_was_not_taken(tmp_path: Path) -> None:
    files = {
        "garden.json": project(
            heard("dig", "Dig", ("Gone", 0, 3), ("Plant", 90, 3)),
            heard("dig here", "Dig", dataset="Test"),
            heard("mend my shoes", "None"),
            heard("nobody", "Nobody", language="???"),
            entities=[{"category": "Plant", "regex": {"expressions": [{"regexPattern": "x+"}]}}],
        ),
        "other.txt": "x",
    }
    found = imported(put(tmp_path / "garden", files), "clu")
    notes = [line.note for line in found.accounting.skipped]
    assert notes.count("a label of no entity, or outside of its text") == 6
    assert "of the test set: not to be trained with" in notes
    assert "an example of what the project does not do" in notes
    assert "a pattern: its values are free text here" in notes
    assert found.unused == {"other.txt": "no CLU project"}


def test_projects_of_other_kinds_are_refused(tmp_path: Path) -> None:
    other = project() | {"metadata": {"projectKind": "Orchestration"}}
    with pytest.raises(SkillError, match=r"g.json:1: a project of the kind Orchestration"):
        import_skills(put(tmp_path / "a", {"g.json": other}))
    odd = project() | {"stringIndexType": "Furlongs"}
    with pytest.raises(SkillError, match=r'stringIndexType "Furlongs"; use Utf16CodeUnit'):
        import_skills(put(tmp_path / "b", {"g.json": odd}))
    with pytest.raises(SkillError, match="holds nothing that people can say"):
        import_skills(put(tmp_path / "c", {"g.json": project()}))


@given(st.text(max_size=20))
def test_offsets_in_utf_16_are_those_of_utf_16(text: str) -> None:
    found = boundaries(text, UTF16)
    for place, _ in enumerate(text):
        units = len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
        assert found[units] == place
    assert found[-1] == len(text)


@given(st.text(max_size=20), st.sampled_from([CODE_POINTS, ELEMENTS, UTF16]))
def test_boundaries_rise_and_end_at_the_texts_end(text: str, unit: str) -> None:
    places = [place for place in boundaries(text, unit) if place is not None]
    assert places == sorted(set(places))
    assert places[-1] == len(text)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=6))
def test_spans_are_kept_apart(pairs: list[tuple[int, int]]) -> None:
    kept = apart([Span(start, start + length, "x") for start, length in pairs])
    assert all(one.end <= two.start for one, two in pairwise(kept))
    assert bool(kept) == bool(pairs)


def test_the_page_about_it_shows_what_is_done(tmp_path: Path) -> None:
    check_page("clu", tmp_path)
