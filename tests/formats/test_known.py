"""Which format some files are of, and what is told of all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.formats.known import import_skills

MODEL = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "night light",
            "intents": [{"name": "GlowIntent", "samples": ["glow", "glow a little"]}],
        }
    }
}


def package(folder: Path) -> Path:
    place = folder / "lamp/skill-package/interactionModels/custom/en-US.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(MODEL))
    (folder / "lamp/README.md").write_text("A lamp.")
    return folder / "lamp"


def test_the_format_is_found_by_what_lies_in_the_files(tmp_path: Path) -> None:
    kind, found = import_skills(package(tmp_path))
    assert kind.name == "alexa"
    assert [skill.id for skill in found.skills] == ["night-light"]


def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    _, found = import_skills(package(tmp_path))
    assert found.accounting.adds_up
    assert {*found.accounts, *found.unused} == {
        "skill-package/interactionModels/custom/en-US.json",
        "README.md",
    }
    assert "README.md" in found.unused
    assert found.table().endswith("files: no interaction model")


def test_files_of_no_format_are_told_what_could_be_read(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing to see")
    with pytest.raises(SkillError, match=r"of no format that Sayso reads .*Alexa"):
        import_skills(tmp_path)
    with pytest.raises(SkillError, match=r"no such format; choose one of: .*alexa"):
        import_skills(tmp_path, "morse")
