"""export: skills of a home, or one alone, as files of another system."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from tests.cli.conftest import Sayso


def test_export_writes_a_folder_for_each_skill_of_a_home(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    result = sayso("export", tmp_path / "home", "--format", "rasa", "--to", tmp_path / "rasa")
    assert result.code == 0, result.err
    greeter = tmp_path / "rasa" / "greeter"
    assert yaml.safe_load((greeter / "data" / "nlu.yml").read_text(encoding="utf-8"))["nlu"]
    assert f"{greeter}: 4 files" in "".join(result.out.splitlines())
    again = sayso("export", tmp_path / "home", "--format", "rasa", "--to", tmp_path / "rasa")
    assert again.code == 2
    assert "--replace" in again.err


def test_export_of_one_skill_to_alexa_tells_its_files(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    skill = tmp_path / "home" / "skills" / "greeter"
    result = sayso("export", skill, "--format", "alexa", "--to", tmp_path / "out", "--json")
    assert result.code == 0, result.err
    [model] = result.json["skills"]["greeter"]["files"]
    assert model == "skill-package/interactionModels/custom/en-US.json"
    assert (
        "languageModel"
        in json.loads((tmp_path / "out/greeter" / model).read_text())["interactionModel"]
    )


def test_export_refuses_unknown_formats_skills_and_places(tmp_path: Path, sayso: Sayso) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    sayso("new", home)
    assert "choose one of" in sayso("export", home, "--format", "morse", "--to", out).err
    unknown = sayso("export", home, "--format", "rasa", "--to", out, "--skill", "gone")
    assert (unknown.code, 'no skill "gone"; there are: greeter' in unknown.err) == (2, True)
    assert not out.exists()
    out.write_text("a file")
    assert sayso("export", home, "--format", "rasa", "--to", out).code == 2
