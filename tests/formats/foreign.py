"""Writing foreign files for tests, and what holds of every import."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.fulfilment.templates import check_templates
from sayso.skills import read_skill, write_skill
from sayso.skills.layout import skill_files
from sayso.types.skills import Skill

DOCS = Path(__file__).parents[2] / "docs"


def put(folder: Path, files: Mapping[str, Any]) -> Path:
    """The folder, with these files in it: texts and bytes as they are, all else as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = json.dumps(content, ensure_ascii=False)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def imported(path: Path, format: str) -> Imported:
    """What an import found out to be of that format gives; it holds what every import must."""
    kind, found = import_skills(path)
    assert kind.name == format
    assert found.accounting.adds_up
    for skill in found.skills:
        assert check_templates(skill) == []
        again = read_skill(write_skill(skill, path.parent / "written" / skill.id))
        assert again.languages == skill.languages
        assert again == skill
    return found


def only(found: Imported) -> Skill:
    """The one skill of an import."""
    (skill,) = found.skills
    return skill


def check_page(name: str, folder: Path) -> None:
    """The example of docs/import-<name>.md: its files, imported, are its skill.yaml.

    On the page, a file is a fenced block below a line that ends in its name in backticks and a
    colon; the skill comes last.
    """
    page = (DOCS / f"import-{name}.md").read_text("utf-8")
    found = re.findall(r"`([^`\n]+)`:\n\n```\w*\n(.*?)```", page, re.DOTALL)
    *files, (last, expected) = found
    assert last == "skill.yaml"
    skill = only(imported(put(folder / "example", dict(files)), name))
    assert skill_files(skill)["skill.yaml"] == expected
