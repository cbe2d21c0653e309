"""A store's catalogue -> skills: names, descriptions and sample phrases, with no model behind them.

Rows of two kinds, in Parquet (`catalogue.parquet`, and beside it `catalogue_phrases.parquet`) or as
mappings; what is not named here is ignored.

    a skill     id, locale, name, invocation, short_description, description, welcome_prompt,
                category, subcategory, vendor, rating, reviews, phrases (as published)
    a phrase    id and locale of its skill, phrase (as published), kind, name_free (what is left
                without wake word, carrier and name; empty where nothing is)

Such a skill has one intent, `Request`, with its phrases as samples: it can be found, not spoken to.
What an id of Sayso's may not hold becomes "-".
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sayso.errors import MissingExtraError, SkillError
from sayso.skills.schema import DEFAULT_LOCALE, ID_ADVICE, is_id
from sayso.skills.templates import said
from sayso.types.skills import LOCALE, Intent, Language, Skill

CATALOGUE, PHRASES = "catalogue.parquet", "catalogue_phrases.parquet"
REQUEST = "Request"
_OPENING = ("launch", "launch_unmatched", "name_inside")  # kinds that ask for nothing but the skill
_KEPT = ("category", "subcategory", "vendor", "rating", "reviews", "ecosystem")
# "Computer, ..." calls a device; "computer science" does not.
_WAKE = re.compile(r"^\W*(?:alexa\b|(?:computer|echo|amazon)\s*,)\W*", re.IGNORECASE)
_NO_ID = re.compile(r"[^A-Za-z0-9._:-]+")
_LOCALE = re.compile(LOCALE)
Row = Mapping[str, Any]


def is_catalogue(path: Path) -> bool:
    """Whether a path is a catalogue's Parquet file, or the folder that holds one."""
    return path.suffix == ".parquet" or (path / CATALOGUE).is_file()


def read_catalogue(path: Path) -> list[Skill]:
    """The skills of a catalogue on disk, in its order. Needs the extra `evaluation`.

    path: the folder with the two files, or the file of the skills.
    Raises SkillError for a file that cannot be read or a row that is no skill, MissingExtraError.
    """
    file = path / CATALOGUE if path.is_dir() else path
    beside = file.parent / PHRASES
    return catalogue_skills(_rows(file), _rows(beside) if beside.is_file() else (), str(file))


def catalogue_skills(
    rows: Iterable[Row], phrases: Iterable[Row] = (), source: str = "catalogue"
) -> list[Skill]:
    """The skills of a catalogue's rows, in their order; rows of one id are one skill's locales.

    source: what messages call it. Raises SkillError with the problems of all rows.
    """
    said_of: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for phrase in phrases:
        said_of[id_of(phrase), _text(phrase, "locale")].append(phrase)
    problems: list[str] = []
    grouped: dict[str, list[Row]] = {}
    for number, row in enumerate(rows, start=1):
        found = _problem(row)
        if found:
            problems.append(f"{source}: row {number}: {found}")
        else:
            grouped.setdefault(id_of(row), []).append(row)
    if problems:
        raise SkillError(*problems)
    return [_skill(id, locales, said_of) for id, locales in grouped.items()]


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise MissingExtraError("pyarrow", "evaluation") from error
    try:
        rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    except (ArrowException, OSError) as error:
        raise SkillError(f"{file}: cannot be read: {error}; mend the file") from error
    return rows


def _problem(row: Row) -> str | None:
    """What is wrong with a row, or None."""
    id, locale = id_of(row), _text(row, "locale") or DEFAULT_LOCALE
    if not is_id(id):
        return f'"{row.get("id") or ""}" is no id; {ID_ADVICE}'
    if not _text(row, "name"):
        return f"{id} has no name; give it one"
    if not _LOCALE.match(locale):
        return f'{id}: "{locale}" is no locale; write it as en-US'
    return None


def _skill(id: str, rows: Sequence[Row], phrases: Mapping[tuple[str, str], Sequence[Row]]) -> Skill:
    first = rows[0]
    known = {key: first[key] for key in _KEPT if _is_known(first.get(key))}
    by_locale: dict[str, Row] = {}
    for row in rows:
        by_locale.setdefault(_text(row, "locale") or DEFAULT_LOCALE, row)
    return Skill(
        id,
        _text(first, "name"),
        _text(first, "short_description") or _text(first, "description"),
        tuple(
            _language(locale, row, phrases.get((id, _text(row, "locale")), ()))
            for locale, row in by_locale.items()
        ),
        extra={"catalogue": known} if known else {},
    )


def _language(locale: str, row: Row, phrases: Sequence[Row]) -> Language:
    """All that the catalogue has the skill say of itself in one locale."""
    asked = _asked(phrases) if phrases else _published(row)
    told = (_text(row, key) for key in ("short_description", "description", "welcome_prompt"))
    return Language(
        locale,
        invocation_name=_text(row, "invocation") or _text(row, "name").lower(),
        description="\n".join(dict.fromkeys(text for text in told if text)),
        intents=(Intent(REQUEST, samples=asked),),
    )


def _asked(phrases: Sequence[Row]) -> tuple[str, ...]:
    """What people are told to ask for, without the skill's name where that was taken out."""
    texts = (
        _text(phrase, "name_free") or _WAKE.sub("", _text(phrase, "phrase"))
        for phrase in phrases
        if phrase.get("kind") not in _OPENING
    )
    return _samples(texts)


def _published(row: Row) -> tuple[str, ...]:
    """The phrases as the store shows them, without the wake word: nobody has cut them."""
    return _samples(_WAKE.sub("", said(str(text))) for text in row.get("phrases") or ())


def _samples(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def id_of(row: Row) -> str:
    """The id in Sayso of the skill that a row of either kind is about."""
    return _NO_ID.sub("-", _text(row, "id"))


def _text(row: Row, key: str) -> str:
    """A column's text as a sample may hold it, "" for none."""
    value = row.get(key)
    return said(value) if isinstance(value, str) else ""


def _is_known(value: Any) -> bool:
    return value not in (None, "") and not (isinstance(value, float) and math.isnan(value))
