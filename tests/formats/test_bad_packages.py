"""Zips and folders that lie, lead elsewhere, or would fill the machine: refused before any harm."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.formats.known import import_skills
from sayso.skills import tree as trees
from sayso.skills import write_skill
from sayso.skills.tree import open_tree
from tests.formats.foreign import put

MODEL = json.dumps(
    {
        "interactionModel": {
            "languageModel": {
                "invocationName": "night light",
                "intents": [{"name": "Glow", "samples": ["glow"]}],
            }
        }
    }
)
PLACE = "skill-package/interactionModels/custom/en-US.json"
CODE = "def lambda_handler(event, context):\n    return {}\n"


def zipped(path: Path, *files: tuple[str | zipfile.ZipInfo, str]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in files:
            out.writestr(name, content)
    return path


def below(folder: Path) -> set[str]:
    return {str(x.relative_to(folder)) for x in folder.rglob("*") if x.is_file()}


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.py",
        "/etc/evil.py",
        "lambda/../../evil.py",
        "C:\\evil.py",
        "lambda\\..\\evil.py",
        "lambda/sub/../../../evil.py",
    ],
)
def test_names_that_lead_out_of_a_zip_are_never_written(name: str, tmp_path: Path) -> None:
    files = [(PLACE, MODEL), ("lambda/lambda_function.py", CODE), (name, "bad")]
    _, found = import_skills(zipped(tmp_path / "x.zip", *files))
    write_skill(found.skills[0], tmp_path / "home" / "skills" / "light")
    written = {x for x in below(tmp_path) if x.startswith("home/")}
    assert written == {
        "home/skills/light/skill.yaml",
        "home/skills/light/lambda/lambda_function.py",
    }
    assert below(tmp_path) - written == {"x.zip"}


def test_a_link_in_a_zip_is_a_text_like_others(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mine")
    link = zipfile.ZipInfo("lambda/key.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    code = ("lambda/lambda_function.py", CODE)
    files: list[tuple[str | zipfile.ZipInfo, str]] = [(PLACE, MODEL), code, (link, str(secret))]
    _, found = import_skills(zipped(tmp_path / "x.zip", *files))
    folder = write_skill(found.skills[0], tmp_path / "light")
    copy = folder / "lambda/key.txt"
    assert not copy.is_symlink()
    assert copy.read_text() == str(secret)


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(MODEL)
    folder = put(tmp_path / "in", {PLACE: MODEL, "lambda/lambda_function.py": CODE})
    (folder / "lambda/key.txt").symlink_to(tmp_path / "secret.json")
    _, found = import_skills(folder)
    with pytest.raises(SkillError, match=r"key.txt:1: .*a link that leads out of the folder"):
        write_skill(found.skills[0], tmp_path / "light")
    assert not (tmp_path / "light").exists()
    (folder / PLACE).unlink()
    (folder / PLACE).symlink_to(tmp_path / "secret.json")
    with pytest.raises(SkillError, match=r"en-US.json:1: .*put the file itself there"):
        import_skills(folder)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"models.json": MODEL, PLACE: MODEL})
    (folder / PLACE).unlink()
    (folder / PLACE).symlink_to(folder / "models.json")
    assert len(import_skills(folder)[1].skills) == 1


def test_a_file_that_is_named_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path, {"a/model.json": MODEL})
    (tmp_path / "link.json").symlink_to(tmp_path / "a/model.json")
    assert len(import_skills(tmp_path / "link.json")[1].skills) == 1


def test_a_pipe_does_not_keep_an_import_waiting(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {PLACE: MODEL})
    os.mkfifo(folder / "package.json")
    _, found = import_skills(folder)
    assert "cannot be read" in found.unused["package.json"]


@pytest.mark.parametrize("names", [("a.json", "a.json"), ("a.json", "A.JSON")])
def test_a_name_that_is_there_twice_is_refused(names: tuple[str, str], tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", (PLACE, MODEL), *((name, "{}") for name in names))
    with pytest.raises(SkillError, match=r'"a.json" is in it more than once; zip the folder again'):
        import_skills(path)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_FILES", 5)
    many = [(f"{n}.json", "{}") for n in range(6)]
    with pytest.raises(SkillError, match=r"x.zip: more than 5 files; zip the skill's folder alone"):
        import_skills(zipped(tmp_path / "x.zip", *many))
    with pytest.raises(SkillError, match="more than 5 files; name a skill's folder"):
        import_skills(put(tmp_path / "in", dict(many)))


def test_a_zip_of_much_more_than_it_weighs_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "LARGEST_TOTAL", 10_000)
    path = zipped(tmp_path / "x.zip", *((f"{n}.json", " " * 2_000) for n in range(6)))
    assert path.stat().st_size < 2_000
    with pytest.raises(SkillError, match="more than 10000 bytes unpacked; leave out what is big"):
        import_skills(path)


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "x.zip", *((f"{n:090}.json", "") for n in range(50)))
    monkeypatch.setattr(trees, "LARGEST_LIST", 1_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # would fail if it were asked
    with pytest.raises(SkillError, match="zip the skill's folder alone"):
        import_skills(path)


def shorter(raw: bytearray) -> None:
    del raw[len(raw) // 2 :]


def lying(raw: bytearray) -> None:
    """The file says that it unpacks to less than it does."""
    at = raw.find(b"PK\1\2")
    struct.pack_into("<I", raw, at + 24, 3)


def unknown_method(raw: bytearray) -> None:
    struct.pack_into("<H", raw, raw.find(b"PK\1\2") + 10, 77)


def locked(raw: bytearray) -> None:
    struct.pack_into("<H", raw, raw.find(b"PK\1\2") + 8, 1)


def elsewhere(raw: bytearray) -> None:
    struct.pack_into("<I", raw, raw.find(b"PK\1\2") + 42, 10**9)


def noise(raw: bytearray) -> None:
    raw[40:60] = b"\xff" * 20


@pytest.mark.parametrize("harm", [shorter, lying, unknown_method, locked, elsewhere, noise])
def test_a_damaged_zip_is_refused_with_its_name(
    harm: Callable[[bytearray], None], tmp_path: Path
) -> None:
    path = zipped(tmp_path / "x.zip", (PLACE, MODEL))
    raw = bytearray(path.read_bytes())
    harm(raw)
    path.write_bytes(raw)
    with pytest.raises(SkillError, match=r"x.zip"):
        import_skills(path)


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {PLACE: MODEL, "shut/x.json": "{}"})
    (folder / "shut").chmod(0)
    try:
        if os.access(folder / "shut", os.R_OK):
            pytest.skip("this user may read everything")
        with pytest.raises(SkillError, match=r"shut: cannot be read .*; change its permissions"):
            import_skills(folder)
    finally:
        (folder / "shut").chmod(0o700)


@pytest.mark.parametrize("what", ["gone", "shorter", "other"])
def test_a_file_that_changes_while_it_is_read_is_read_or_refused(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, reads = trees.Tree.read, [0]
    for change_after in range(1, 8):
        folder = put(tmp_path / f"{what}{change_after}", {PLACE: MODEL, "b.json": MODEL})
        reads[0] = 0

        def read(self: Any, name: str, after: int = change_after, at: Path = folder) -> bytes:
            reads[0] += 1
            if reads[0] == after:
                for file in (at / PLACE, at / "b.json"):
                    if what == "gone":
                        file.unlink(missing_ok=True)
                    else:
                        file.write_text(MODEL[:50] if what == "shorter" else "[1]")
            return real(self, name)

        monkeypatch.setattr(trees.Tree, "read", read)
        with contextlib.suppress(SkillError):
            _, found = import_skills(folder)
            assert found.accounting.adds_up


def test_a_tree_says_only_what_is_there(tmp_path: Path) -> None:
    with open_tree(put(tmp_path, {"a/b.txt": "x", ".hidden/c.txt": "y"})) as tree:
        assert tree.names == ("a/b.txt",)
        assert tree.read("a/b.txt") == b"x"
        with pytest.raises(SkillError, match=r"nothing.txt:1: cannot be read"):
            tree.read("nothing.txt")
