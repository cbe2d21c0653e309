"""Names and languages of other systems -> ids, slots and locales of ours."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection

from sayso.types.skills import LOCALE

_LONGEST = 80
# Where a bare tongue is most spoken by those who build assistants; any other gets no country.
_USUAL = {
    code[:2]: code
    for code in (
        "ar-SA ca-ES cs-CZ da-DK de-DE el-GR en-US es-ES fa-IR fi-FI fr-FR he-IL hi-IN hu-HU id-ID "
        "it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR ro-RO ru-RU sv-SE th-TH tr-TR uk-UA vi-VN zh-CN"
    ).split()
}


def identifier(name: str, taken: Collection[str] = ()) -> str:
    """An id (`types.skills.ID`) for any name, unlike all those taken.

    Accents go, `/` becomes a dot and what else an id cannot hold an underscore. A name that loses
    letters by that (`查询天气`) gets a short hash of it: the same one everywhere.
    """
    flat = unicodedata.normalize("NFKD", name.strip())
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    lost = any(not c.isascii() and c.isalnum() for c in flat)
    plain = re.sub(r"[^A-Za-z0-9._:-]+", "_", flat.replace("/", ".")).strip("._:-")[:_LONGEST]
    mark = hashlib.sha256(name.encode()).hexdigest()[:8] if lost or not plain else ""
    id = "-".join(part for part in (plain, mark) if part)
    return unlike(id, taken)


def slot_name(name: str, taken: Collection[str] = ()) -> str:
    """A name that may stand in braces: letters of any script, digits, `_`, `.` and `-`."""
    plain = re.sub(r"[^\w.-]+", "_", name.strip()).lstrip(".-")
    return unlike(plain or "slot", taken)


def unlike(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def locale(code: str) -> str | None:
    """The locale that a language's code stands for: `en` is en-US, `pt_br` pt-BR; None for none."""
    parts = re.split(r"[-_]", code.strip())
    tongue = parts[0].lower()
    if len(parts) == 1:
        return _USUAL.get(tongue) or (tongue if re.fullmatch(LOCALE, tongue) else None)
    rest = [part.title() if len(part) == 4 else part.upper() for part in parts[1:]]
    whole = "-".join((tongue, *rest))
    return whole if re.fullmatch(LOCALE, whole) else None
