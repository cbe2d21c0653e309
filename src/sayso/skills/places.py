"""Where a sample stands: file and line, for messages about skills that are in themselves right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sayso.skills.layout import SKILL
from sayso.skills.yaml_lines import Document, parse_yaml
from sayso.types.skills import Skill, Slot


@dataclass(frozen=True, slots=True)
class Place:
    """line: 1-based, 0 where it was not found. file: "" for a skill that lies in none."""

    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def place_of(skill: Skill, locale: str, intent: str, sample: str) -> Place:
    """Where a sample of an intent was written; with intent "", the invocation name.

    The files are read again, once each; what was read from other formats is looked for as text.
    """
    folder = Path(skill.folder or "")
    if skill.folder is None:
        return Place()
    for name in (f"{locale}.yaml", SKILL):
        file = folder / name
        if file.is_file():
            document = _document(str(file), file.stat().st_mtime_ns)
            return Place(str(file), document.line(_path(skill, document, locale, intent, sample)))
    return next(_texts(folder, locale, intent, sample), Place(str(folder)))


@lru_cache(maxsize=2048)
def _document(file: str, written_ns: int) -> Document:
    """written_ns: a file that has changed is another one."""
    return parse_yaml(Path(file).read_text(encoding="utf-8-sig"), file)


def _path(
    skill: Skill, document: Document, locale: str, intent: str, sample: str
) -> tuple[str | int, ...]:
    data = document.data
    inner = data.get("languages") if isinstance(data, Mapping) else None
    before = ("languages", locale) if isinstance(inner, Mapping) and locale in inner else ()
    if not intent:
        return (*before, "invocation")
    language = next((one for one in skill.languages if one.locale == locale), None)
    written = language.intent(intent) if language is not None else None
    if written is not None and sample not in written.samples:
        said = [slot for slot in written.slots if sample in _said_of(slot)]
        return (*before, "intents", intent, *(("slots", said[0].name) if said else ("confirm",)))
    at = _index(written.samples, sample) if written is not None else 0
    return (*before, "intents", intent, "samples", at)


def _said_of(slot: Slot) -> tuple[str, ...]:
    """A slot's name, and all that is said to a person about it."""
    rules = (text for rule in slot.valid for text in rule.say)
    return (slot.name, *slot.ask, *slot.confirm, *slot.reprompt, *rules)


def _index(samples: Sequence[str], sample: str) -> int:
    return list(samples).index(sample) if sample in samples else 0


def _texts(folder: Path, locale: str, intent: str, sample: str) -> Iterator[Place]:
    """Lines of a model that hold the sample, after the intent's own name."""
    files = [folder] if folder.is_file() else sorted(folder.rglob(f"{locale}.json"))
    for file in files:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        named = (at for at, line in enumerate(lines) if _quoted(intent) in line)
        start = next(named, 0) if intent else 0
        for at, line in enumerate(lines[start:], start=start + 1):
            if _quoted(sample) in line:
                yield Place(str(file), at)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
