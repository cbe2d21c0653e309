"""Write docs/skill.schema.json from the pydantic models of skill files."""

from __future__ import annotations

import json
from pathlib import Path

from sayso.skills.schema import json_schema

TARGET = Path(__file__).parents[1] / "docs" / "skill.schema.json"


def text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
