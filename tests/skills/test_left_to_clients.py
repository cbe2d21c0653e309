from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.skills import read_skills, write_skill
from sayso.types.skills import FulfilmentKind

SKILL = """\
name: Shutters
intents:
  Close: [close the shutters, let the shutters down]
  Open: [let the sun in, open the shutters]
fulfilment:
  client: true
  replies: {Open: Here comes the sun.}
"""


def written(home: Path, text: str) -> Path:
    folder = home / "shutters"
    folder.mkdir()
    (folder / "skill.yaml").write_text(text)
    return folder


def test_skill_that_leaves_it_to_clients_is_written_as_it_was_read(tmp_path: Path) -> None:
    (skill,) = read_skills(written(tmp_path, SKILL).parent)
    assert skill.fulfilment.kind is FulfilmentKind.CLIENT
    write_skill(skill, tmp_path / "again" / "shutters")
    (again,) = read_skills(tmp_path / "again")
    assert again.fulfilment == skill.fulfilment


def test_it_is_one_of_the_kinds_and_excludes_the_others(tmp_path: Path) -> None:
    both = SKILL.replace("client: true", "client: true\n  python: handler:handle")
    with pytest.raises(SkillError, match="several fulfilments"):
        read_skills(written(tmp_path, both).parent)


def test_false_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    (skill,) = read_skills(written(tmp_path, SKILL.replace("true", "false")).parent)
    assert skill.fulfilment.kind is FulfilmentKind.REPLIES
