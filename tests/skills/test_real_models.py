"""Real interaction models, from a folder that lies elsewhere: SAYSO_DATA/skills/alexa_models*."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.skills import from_json, import_model, read_skill, to_json, write_skill
from sayso.skills.alexa import export_model
from sayso.skills.labels import labels
from sayso.skills.restore import same
from sayso.types.skills import Skill

pytestmark = pytest.mark.slow


def _rows() -> Iterator[dict[str, Any]]:
    folder = os.environ.get("SAYSO_DATA")
    if not folder:
        pytest.skip("SAYSO_DATA does not name the folder of real skills")
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow reads the real skills")
    for file in sorted(Path(folder, "skills").glob("alexa_models*.parquet")):
        yield from parquet.read_table(file, columns=["skill_name", "locale", "model"]).to_pylist()


def _skills() -> Iterator[tuple[int, Skill, Any]]:
    for place, row in enumerate(_rows()):
        model = json.loads(row["model"])
        id = f"skill-{place}"
        name = row["skill_name"]
        language, account = import_model(model, id=id, name=name, locale=row["locale"])
        assert account.adds_up, place
        yield place, Skill(id, name, languages=(language,)), model


def test_every_model_is_read_and_written_back_without_loss() -> None:
    for place, skill, model in _skills():
        assert same(export_model(skill.languages[0]), model), place


def test_every_imported_skill_survives_json_and_its_folder(tmp_path: Path) -> None:
    for place, skill, _ in _skills():
        assert from_json(to_json(skill)) == skill, place
        again = read_skill(write_skill(skill, tmp_path / skill.id))
        assert replace(again, folder=None) == skill, place


def test_every_text_made_of_the_samples_can_be_said() -> None:
    for place, skill, _ in _skills():
        language = skill.languages[0]
        told = {intent.name for intent in language.intents if intent.samples}
        found = labels(skill, language.locale)
        assert {label.intent for label in found} == told, place
        for label in found:
            assert not set("{}") & set(label.text), label
            assert all(label.text[span.start : span.end].strip() for span in label.spans), label
