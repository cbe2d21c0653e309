"""What is imported is put into a home whole, or not at all."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.evaluation.testset import ExpectedSlot, read_tests
from sayso.formats import install as installing
from sayso.formats.format import Imported, TestRow
from sayso.formats.install import install
from sayso.skills import read_skill, read_skills, write_skill
from sayso.types.skills import Fulfilment, Intent, Language, Skill


def skill(id: str, *samples: str) -> Skill:
    intents = (Intent("go", samples or (f"go {id}",)),)
    language = Language("en-US", invocation_name=id, intents=intents)
    return Skill(id, id, languages=(language,), fulfilment=Fulfilment(replies={"go": ("Gone.",)}))


def imports(*skills: Skill, tests: Mapping[str, Any] | None = None) -> Imported:
    return Imported(skills, {}, {}, tests or {})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Skills of a home: `a`, with a note that somebody keeps beside it."""
    folder = tmp_path / "skills"
    write_skill(skill("a", "the old way"), folder / "a")
    (folder / "a" / "notes.txt").write_text("mine")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_all_skills_arrive_and_nothing_else(home: Path) -> None:
    assert set(install(imports(skill("b"), skill("c")), home)) == {"b", "c"}
    assert [x.id for x in read_skills(home)] == ["a", "b", "c"]
    assert {path.name for path in home.iterdir()} == {"a", "b", "c"}


def test_a_skill_of_the_same_id_is_replaced_only_when_told_to(home: Path) -> None:
    before = everything(home)
    with pytest.raises(SkillError, match="there is a skill of this id; use --replace"):
        install(imports(skill("a"), skill("b")), home)
    assert everything(home) == before
    install(imports(skill("a"), skill("b")), home, replace=True)
    assert read_skill(home / "a").languages[0].intents[0].samples == ("go a",)
    assert (home / "a" / "notes.txt").read_text() == "mine"


def failing(calls: int, real: Callable[..., Any]) -> Callable[..., Any]:
    """The real thing, until the disk is full."""
    count: Iterator[int] = iter(range(1, 10**6))

    def act(*arguments: Any, **more: Any) -> Any:
        if next(count) > calls:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **more)

    return act


@pytest.mark.parametrize("writes", range(3))
def test_a_disk_that_is_full_half_way_leaves_the_home_as_it_was(
    home: Path, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(home)
    monkeypatch.setattr(installing, "write_skill", failing(writes, write_skill))
    with pytest.raises(SkillError, match=r"No space left on device.*nothing was imported"):
        install(imports(skill("a"), skill("b"), skill("c")), home, replace=True)
    assert everything(home) == before


@pytest.mark.parametrize("renames", range(5))
def test_a_rename_that_fails_puts_all_skills_back(
    home: Path, renames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(home)
    real, left = Path.rename, [renames]

    def rename(path: Path, target: Path) -> Path:
        into_place = target.parent == home or path.parent == home
        if into_place and left[0] == 0:
            left[0] = -1  # once: the way back is open
            raise OSError(errno.EACCES, "Permission denied")
        left[0] -= into_place and left[0] > 0
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    wanted = imports(skill("a"), skill("b"), skill("c"))
    if renames < 4:
        with pytest.raises(SkillError, match="Permission denied"):
            install(wanted, home, replace=True)
        assert everything(home) == before
    else:
        install(wanted, home, replace=True)
        assert len(read_skills(home)) == 3


def test_a_test_set_is_written_beside_its_skill_and_can_be_read(home: Path) -> None:
    rows: list[TestRow] = [
        {"text": "go to “Rome”", "intent": "go", "slots": {"to": "Rome"}, "skill": "b"}
    ]
    folders = install(imports(skill("b"), tests={"b": {"eval/dev ": rows}}), home)
    (file,) = (folders["b"] / "tests").iterdir()
    assert file.name == "eval_dev.jsonl"
    assert json.loads(file.read_text("utf-8")) == rows[0]
    (told,) = read_tests(file)
    assert (told.text, told.intent, told.skill) == ("go to “Rome”", "go", "b")
    assert told.slots == (ExpectedSlot("to", "Rome"),)
    assert read_skill(folders["b"]).id == "b"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "skills").write_text("a file")
    with pytest.raises(SkillError, match="skills: cannot be written"):
        install(imports(skill("a")), tmp_path / "skills")
