from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sayso.skills import from_json, read_skill
from tests.skills.files import TIMER, write

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/skill.schema.json").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs/skill-format.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_published_schema_is_up_to_date() -> None:
    text = runpy.run_path(str(ROOT / "scripts/make_schema.py"))["text"]
    assert text() == (ROOT / "docs/skill.schema.json").read_text(encoding="utf-8")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [TIMER, *_blocks("yaml")])
def test_examples_are_valid_skills(tmp_path: Path, text: str) -> None:
    assert read_skill(write(tmp_path, "timer/skill.yaml", text)).languages
    # As an editor reads it, by the rules of YAML 1.2, where `no` is a word.
    data = yaml.load(text.replace(" no\n", " 'no'\n"), Loader=yaml.SafeLoader)
    jsonschema.validate(data, SCHEMA)


def test_json_examples_are_valid_skills() -> None:
    for text in _blocks("json"):
        assert from_json(json.loads(text)).locales
        jsonschema.validate(json.loads(text), SCHEMA)


def test_the_schema_refuses_unknown_keys() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"intents": {"A": {"smaples": []}}}, SCHEMA)


def test_the_guide_names_every_key() -> None:
    for key in (*SCHEMA["properties"], *SCHEMA["$defs"]["SlotFile"]["properties"]):
        assert f"`{key}`" in GUIDE, key
