"""annotated.txt -> its dialogues as plain data.

====
# log/7
U: dim the lamp to 7             what the user said
UT: @com.lamp.dim(level=7);      what that means, maybe on several lines
C: ...                           what was found
A: How long?   AT: ...           what the agent said, and what that means
"""

from __future__ import annotations

import re
from typing import Any

from sayso.errors import SkillError

_LINE = re.compile(r"(UT?|AT?|C|N):\s?(.*)")
_LONGEST = 1_000_000  # characters of a line
_RULE = "===="


def read_dialogues(source: str, label: str) -> list[dict[str, Any]]:
    """`[{"id": ..., "turns": [{"U": ..., "UT": [...], ...}]}]`. Raises SkillError."""
    found: list[dict[str, Any]] = []
    id, turns = "", list[dict[str, Any]]()
    for number, line in enumerate([*source.split("\n"), _RULE], 1):
        if len(line) > _LONGEST:
            raise SkillError(f"{label}:{number}: more than {_LONGEST} characters; split the line")
        match = _LINE.match(line)
        if line.startswith(_RULE):
            found += [{"id": id, "turns": turns}] if turns else []
            id, turns = "", []
        elif line.startswith("#"):
            id = line.lstrip("# ").strip()
        elif match:
            key, text = match[1], match[2].rstrip()
            if key == "U" or not turns:
                turns.append({})
            turns[-1].setdefault(key, []).append(text)
        elif line.strip():
            raise SkillError(f'{label}:{number}: no turn; begin the line with "U:" or "UT:"')
    return found
