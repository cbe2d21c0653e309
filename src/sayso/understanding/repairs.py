"""A slip that is put right in the same breath: "for ten, no, twelve minutes" means twelve minutes.

Only where a value of a built-in type ends before the word that takes it back, and one of the same
type begins after it: "say no, thanks" and "no, not that" are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sayso.understanding import builtin

_TAKEN_BACK: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r",?\s+(?:(?:uh|um|oh),?\s+)?"
        r"(?:no,? wait|no,? sorry|i mean|sorry|wait|or rather|no)[,\s]\s*",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r",?\s+(?:ah,?\s+)?(?:nein,? warte|ich meine|entschuldigung|vielmehr|nein)[,\s]\s*",
        re.IGNORECASE,
    ),
}
_KINDS = ("AMAZON.DURATION", "AMAZON.TIME", "AMAZON.DATE", "AMAZON.NUMBER")


def repaired(text: str, *, now: datetime, locale: str) -> str:
    """The sentence without the value that was taken back; the same where none was."""
    pattern = _TAKEN_BACK.get(locale.split("-")[0])
    found = pattern.search(text) if pattern is not None else None
    if found is None or found.start() == 0:
        return text
    before, after = text[: found.start()], text[found.end() :]
    for kind in _KINDS:
        slips = builtin.spans(kind, before, now=now, locale=locale)
        meant = builtin.spans(kind, after, now=now, locale=locale)
        if slips and meant and slips[-1][1] == len(before) and meant[0][0] == 0:
            return f"{before[: slips[-1][0]]}{after}"
    return text
