"""A skill as plain JSON and back: in bundles, over HTTP, and inside skill.yaml."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sayso.errors import SkillError
from sayso.skills import checks, schema
from sayso.skills.build import build_skill, without_empty, write_fulfilment, write_language
from sayso.skills.problems import shape_problems
from sayso.skills.restore import canonical
from sayso.skills.yaml_lines import Path
from sayso.types.skills import Skill


def to_json(skill: Skill) -> dict[str, Any]:
    """The skill as JSON: the keys of skill.yaml, each language under `languages`.

    All of it but its folder; `from_json` gives an equal skill back.
    """
    doc = {
        "id": skill.id,
        "name": skill.name,
        "description": skill.description,
        "languages": {x.locale: write_language(x) for x in skill.languages},
        "fulfilment": write_fulfilment(skill.fulfilment),
        "package": dict(skill.extra),
    }
    return {"id": skill.id, "name": skill.name, **without_empty(doc)}


def from_json(doc: Mapping[str, Any]) -> Skill:
    """The skill that a JSON document describes: the form of `to_json`, or of skill.yaml.

    Raises SkillError; each of its problems is `field.path: what; what to do`.
    """
    skill, problems = read_document(doc)
    if skill is None:
        raise SkillError(*(f"{dotted(path) or 'skill'}: {what}" for path, what in problems))
    return skill


def from_checked(doc: Mapping[str, Any]) -> Skill:
    """`from_json` of what `to_json` gave, as a bundle keeps it: its rules are not looked at again.

    Raises ValueError for a document of another shape.
    """
    return build_skill(schema.SkillFile.model_validate(doc), str(doc["id"]), checks.speaks(doc))


def version(skill: Skill) -> str:
    """A short hash of what the skill says: 12 hex digits, the same on every machine."""
    return hashlib.sha256(canonical(to_json(skill)).encode()).hexdigest()[:12]


def read_document(doc: Any, default_id: str = "") -> tuple[Skill | None, list[checks.Problem]]:
    """The skill of a document, or None and everything that is wrong with it.

    default_id: for a document that names none.
    """
    problems = [*shape_problems(schema.SkillFile, doc), *checks.check_skill(doc)]
    id = doc.get("id") or default_id if isinstance(doc, Mapping) else default_id
    if not any(path == ("id",) for path, _ in problems) and not schema.is_id(str(id)):
        what = f'"{id}" is no id; {schema.ID_ADVICE}'
        problems.append((("id",), what))
    if problems:
        return None, sorted(dict.fromkeys(problems), key=lambda problem: list(map(str, problem[0])))
    return build_skill(schema.SkillFile.model_validate(doc), str(id), checks.speaks(doc)), []


def read_language(doc: Any) -> list[checks.Problem]:
    """Everything that is wrong with a document of one language (`de-DE.yaml`)."""
    return [*shape_problems(schema.LanguageFile, doc), *checks.check_language(doc)]


def dotted(path: Path) -> str:
    """`intents.SetAlarm.samples[2]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
