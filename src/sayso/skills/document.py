"""A skill from a document that anybody may have written: over HTTP, or inside skill.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sayso.errors import SkillError
from sayso.skills import checks, schema
from sayso.skills.build import build_skill
from sayso.skills.problems import shape_problems
from sayso.skills.yaml_lines import Path
from sayso.types.skills import Skill


def from_json(doc: Mapping[str, Any]) -> Skill:
    """The skill that a JSON document describes: the form of `to_json`, or of skill.yaml.

    Raises SkillError; each of its problems is `field.path: what; what to do`.
    """
    skill, problems = read_document(doc)
    if skill is None:
        raise SkillError(*(f"{dotted(path) or 'skill'}: {what}" for path, what in problems))
    return skill


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
    file = schema.SkillFile.model_validate(doc)
    own = (file.locale or (schema.DEFAULT_LOCALE,)) if checks.speaks(doc) else ()
    return build_skill(file.model_dump(exclude_unset=True), str(id), own), []


def read_language(doc: Any) -> list[checks.Problem]:
    """Everything that is wrong with a document of one language (`de-DE.yaml`)."""
    return [*shape_problems(schema.LanguageFile, doc), *checks.check_language(doc)]


def dotted(path: Path) -> str:
    """`intents.SetAlarm.samples[2]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
