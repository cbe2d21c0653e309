from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sayso.skills import from_json, read_skill, to_json, version, write_skill
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from tests.skills.files import TIMER, write


def _timer(folder: Path) -> Skill:
    write(folder, "timer/skill.yaml", TIMER)
    write(folder, "timer/de-DE.yaml", "invocation: uhr\nintents: {StopRinging: [ruhe]}")
    return read_skill(folder / "timer")


def test_a_written_skill_reads_the_same(tmp_path: Path) -> None:
    skill = _timer(tmp_path)
    folder = write_skill(skill, tmp_path / "copies" / "timer")
    assert read_skill(folder) == skill
    assert sorted(file.name for file in folder.iterdir()) == ["de-DE.yaml", "skill.yaml"]


def test_words_that_need_quotes_survive_writing(tmp_path: Path) -> None:
    odd = [
        "no",
        "12:30",
        "~",
        "null",
        "a: b",
        "a #b",
        "'",
        '"',
        "- x",
        "é\u2028x",
        "🙂",
        "1e3",
        "é",
    ]
    values = tuple(TypeValue(text, text, (text,), {"k": text, "n": 1, "f": 1.5}) for text in odd)
    language = Language(
        "en-US",
        "odd",
        examples=tuple(odd),
        intents=(Intent("A", ("say {x}",), (Slot("x", "X"),)),),
        types=(SlotType("X", values),),
        extra={"list": [True, None, 10**20, "true", "7", 1e-7, 2.0]},
    )
    skill = Skill("odd", "no", languages=(language,))
    assert read_skill(write_skill(skill, tmp_path / "odd")) == skill


def test_short_forms_are_written(tmp_path: Path) -> None:
    folder = write_skill(_timer(tmp_path), tmp_path / "copy")
    doc = yaml.safe_load((folder / "skill.yaml").read_text(encoding="utf-8"))
    assert doc["locale"] == ["en-US", "en-GB"]
    assert doc["intents"]["SetTimer"]["slots"]["name"] == "TIMER_NAME"
    assert doc["intents"]["SetTimer"]["slots"]["duration"]["ask"] == "For how long?"
    assert doc["types"]["TIMER_NAME"][0] == "egg"


def test_languages_whose_order_files_cannot_tell_stay_in_skill_yaml(tmp_path: Path) -> None:
    base = _timer(tmp_path).languages[2]
    locales = ("it-IT", "fr-FR", "de-DE")
    languages = [replace(base, locale=x, invocation_name=x.lower()) for x in locales]
    skill = Skill("s", "S", languages=tuple(languages))
    assert read_skill(write_skill(skill, tmp_path / "s")).locales == locales
    other = replace(skill, description="Told by none of them.")
    assert read_skill(write_skill(other, tmp_path / "s")) == other


def test_other_files_stay_and_old_locales_go(tmp_path: Path) -> None:
    skill = _timer(tmp_path)
    folder = tmp_path / "timer"
    write(folder, "handler.py", "x = 1")
    write(folder, "places.yaml", "a: b")
    write_skill(replace(skill, languages=skill.languages[:2]), folder)
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["handler.py", "places.yaml", "skill.yaml"]


def test_a_failed_write_leaves_the_skill_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skill = _timer(tmp_path)
    before = {file.name: file.read_text() for file in (tmp_path / "timer").iterdir()}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_skill(replace(skill, name="Other"), tmp_path / "timer")
    with pytest.raises(OSError, match="No space"):
        write_skill(skill, tmp_path / "new")
    assert {file.name: file.read_text() for file in (tmp_path / "timer").iterdir()} == before
    assert [place.name for place in tmp_path.iterdir()] == ["timer"]


def test_side_effects_are_written_and_read_and_count_in_every_language(tmp_path: Path) -> None:
    skill = _timer(tmp_path)
    english = skill.languages[0]
    marked = [replace(x, side_effects=x.name == "SetTimer") for x in english.intents]
    languages = (replace(english, intents=tuple(marked)), *skill.languages[1:])
    costly = replace(skill, languages=languages)
    assert read_skill(write_skill(costly, tmp_path / "costly" / "timer")) == costly
    assert from_json(to_json(costly)) == costly
    assert version(costly) != version(skill)
    assert costly.has_side_effects("SetTimer")
    assert not costly.has_side_effects("StopRinging")
    assert not costly.has_side_effects("NoSuchIntent")
    assert not skill.has_side_effects("SetTimer")


def test_json_and_back_is_the_same_skill(tmp_path: Path) -> None:
    skill = _timer(tmp_path)
    assert from_json(to_json(skill)) == skill
    assert list(to_json(skill)["languages"]) == ["en-US", "en-GB", "de-DE"]


def test_version_follows_content_alone(tmp_path: Path) -> None:
    skill = _timer(tmp_path)
    assert version(skill) == version(replace(skill, folder=None))
    assert version(skill) != version(replace(skill, name="Other"))
    assert len(version(skill)) == 12
