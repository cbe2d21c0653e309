"""Skill folders: `skills/<id>/skill.yaml`, further locales beside it as `<locale>.yaml`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sayso.errors import SkillError
from sayso.skills import checks, schema
from sayso.skills.catalogue import is_catalogue, read_catalogue
from sayso.skills.code import copy_code
from sayso.skills.document import read_document, read_language
from sayso.skills.layout import SKILL, locale_of, skill_files
from sayso.skills.package import import_alexa, is_package
from sayso.skills.short_forms import as_list
from sayso.skills.yaml_lines import Document, parse_yaml
from sayso.types.skills import Skill

LARGEST_BYTES = 64 * 1024 * 1024


def read_skills(path: str | os.PathLike[str]) -> list[Skill]:
    """The skills at a path: of folders sorted by id, of a catalogue in its order.

    path: a folder of skills, one skill's folder, a skill.yaml, anything `import_alexa` reads, or a
        store's catalogue in Parquet (extra `evaluation`): its folder, or the file of its skills.
    Raises SkillError with the problems of all files, and for an id that is given twice.
    """
    path = Path(path)
    if is_catalogue(path):
        return read_catalogue(path)
    if not path.is_dir() or _is_skill(path):
        return [read_skill(path)]
    skills: list[Skill] = []
    problems: list[str] = []
    for place in _places(path):
        try:
            skills.append(read_skill(place))
        except SkillError as error:
            problems += error.problems
    problems += _repeated(skills)
    if problems:
        raise SkillError(*problems)
    return sorted(skills, key=lambda skill: skill.id)


def read_skill(path: str | os.PathLike[str]) -> Skill:
    """One skill: its folder, its skill.yaml, or an Alexa package or model.

    Raises SkillError; each of its problems is `file:line: what; what to do`.
    """
    path = Path(path)
    file = path / SKILL if path.is_dir() else path
    if file.suffix == ".yaml" and file.is_file():
        return _read_yaml(file)
    if not path.exists():
        raise SkillError(f"{path}: not found; check the path")
    if path.is_dir() and not is_package(path):
        raise SkillError(f"{path}: there is no {SKILL} in it; add one, or move the folder away")
    return import_alexa(path)[0]


def write_skill(skill: Skill, folder: str | os.PathLike[str]) -> Path:
    """Write a skill as skill.yaml and locale files; other files in the folder stay. Returns it.

    A new folder appears whole. In an old one every file is written before the first is swapped in,
    by rename and skill.yaml last: a full disk leaves the skill as it was.
    """
    folder = Path(folder)
    files = skill_files(skill)
    if folder.is_dir():
        copy_code(skill, folder)
        _swap_in(files, folder)
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, text in files.items():
            _write(made / name, text)
        copy_code(skill, made)
        made.chmod(0o755)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _places(folder: Path) -> Iterator[Path]:
    if not os.access(folder, os.R_OK | os.X_OK):
        raise SkillError(f"{folder}: may not be read; change its permissions")
    for place in sorted(folder.iterdir()):
        hidden = place.name.startswith((".", "_"))
        if not hidden and (place.is_dir() or place.suffix in (".json", ".zip")):
            yield place


def _is_skill(path: Path) -> bool:
    return (path / SKILL).is_file() or is_package(path)


def _repeated(skills: list[Skill]) -> list[str]:
    first: dict[str, Skill] = {}
    problems = []
    for skill in skills:
        if skill.id in first:
            other = first[skill.id].folder
            what = f'the id "{skill.id}" is taken by {other}; give one of them another id'
            problems.append(f"{skill.folder}: {what}")
        first.setdefault(skill.id, skill)
    return problems


def _read_yaml(file: Path) -> Skill:
    problems: list[str] = []
    document = _parse(file, problems)
    skill: Skill | None = None
    if document:
        languages = dict(_read_locales(file, problems))
        doc = _with_languages(document.data, languages, file, problems)
        skill, found = read_document(doc, file.parent.name)
        beside = {("languages", locale) for locale in languages}
        found = [(path, what) for path, what in found if path[:2] not in beside]
        lines = [(document.line(path), what) for path, what in found] + document.problems
        problems += [f"{file}:{line}: {what}" for line, what in sorted(lines)]
    if problems or skill is None:
        raise SkillError(*problems)
    return replace(skill, folder=str(file.parent))


def _read_locales(file: Path, problems: list[str]) -> Iterator[tuple[str, Any]]:
    """The languages beside a skill.yaml, by locale."""
    for beside in sorted(file.parent.glob("*.yaml")):
        if locale_of(beside.name) is None:
            continue
        document = _parse(beside, problems)
        if document is None:
            continue
        found = [(document.line(path), what) for path, what in read_language(document.data)]
        lines = sorted(found + document.problems)
        problems += [f"{beside}:{line}: {what}" for line, what in lines]
        yield beside.stem, document.data


def _with_languages(doc: Any, languages: Mapping[str, Any], file: Path, problems: list[str]) -> Any:
    inline = doc.get("languages") if isinstance(doc, dict) else None
    if not isinstance(doc, dict) or not languages or not isinstance(inline or {}, dict):
        return doc
    own = as_list(doc.get("locale")) or [schema.DEFAULT_LOCALE]
    taken = {*(own if checks.speaks(doc) and isinstance(own, list) else ()), *(inline or {})}
    for locale in sorted(taken & languages.keys()):
        what = f"{locale} stands in {SKILL} too; remove one of them"
        problems.append(f"{file.parent / locale}.yaml:1: {what}")
    return {**doc, "languages": {**(inline or {}), **languages}}


def _parse(file: Path, problems: list[str]) -> Document | None:
    try:
        document = parse_yaml(_text(file), str(file))
    except SkillError as error:
        problems += error.problems
        return None
    if not isinstance(document.data, dict):
        problems.append(f"{file}:1: no skill; write `key: value` pairs (docs/skill-format.md)")
        return None
    return document


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise SkillError(f"{file}:1: more than {LARGEST_BYTES} bytes; split the skill")
        raw = file.read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SkillError(f"{file}:{line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise SkillError(f"{file}:1: {error.strerror}; check the file") from None


def _swap_in(files: Mapping[str, str], folder: Path) -> None:
    waiting = {name: folder / f".{name}.{os.getpid()}.new" for name in files}
    try:
        for name, text in files.items():
            _write(waiting[name], text)
        for name, new in waiting.items():
            new.replace(folder / name)
    finally:
        for new in waiting.values():
            new.unlink(missing_ok=True)
    for old in folder.glob("*.yaml"):
        if locale_of(old.name) and old.name not in files:
            old.unlink()


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
