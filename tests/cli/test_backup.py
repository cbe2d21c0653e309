"""backup and restore by the command line; tests/runtime/test_archive.py has the rest."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Sayso


def test_a_restored_home_goes_on_where_the_old_one_was(
    home: Path, tmp_path: Path, sayso: Sayso
) -> None:
    sayso("say", home, "strike the gong", "--user", "ana")
    saved = sayso("backup", home, tmp_path / "home.zip", "--json")
    assert saved.code == 0, saved.err
    assert saved.json["counts"]["interactions"] == 1
    sayso("say", home, "strike the gong", "--user", "ana")
    result = sayso("restore", tmp_path / "home.zip", tmp_path / "again")
    assert result.code == 0, result.err
    assert str(tmp_path / "again") in result.out
    reply = sayso("say", tmp_path / "again", "count the strokes of the gong", "--json").json
    assert reply["speech"] == "It was struck 1 times."


def test_nothing_is_overwritten(home: Path, tmp_path: Path, sayso: Sayso) -> None:
    (tmp_path / "diary.zip").write_text("dear diary")
    assert "exists" in sayso("backup", home, tmp_path / "diary.zip").err
    assert (tmp_path / "diary.zip").read_text() == "dear diary"
    assert sayso("backup", home, tmp_path / "home.zip").code == 0
    assert "not empty" in sayso("restore", tmp_path / "home.zip", home).err
    assert "diary.zip" in sayso("restore", tmp_path / "diary.zip", tmp_path / "again").err
    assert not (tmp_path / "again").exists()
