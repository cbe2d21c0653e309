"""Versions of what the log has taught."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso import learned
from sayso.errors import LearningError


def write(folder: Path, content: str, why: str = "a test") -> Path:
    def fill(draft: Path) -> None:
        (draft / "file").write_text(content)

    with learned.writing(folder):
        return learned.write(folder, why, "0", fill)


def serving(folder: Path) -> str:
    pointer = learned.current(folder)
    assert pointer is not None
    return (pointer.folder / "file").read_text()


def test_before_anything_was_learnt_there_is_nothing(tmp_path: Path) -> None:
    assert learned.current(tmp_path / "learned") is None
    assert learned.stamp(tmp_path / "learned") == (0, 0)


def test_the_latest_version_serves_and_its_files_are_checked(tmp_path: Path) -> None:
    write(tmp_path, "one")
    version = write(tmp_path, "two")
    assert serving(tmp_path) == "two"
    assert set(learned.read_manifest(version).files) == {"file"}


def test_a_new_version_changes_the_stamp(tmp_path: Path) -> None:
    write(tmp_path, "one")
    before = learned.stamp(tmp_path)
    write(tmp_path, "two")
    assert learned.stamp(tmp_path) != before


def test_the_way_back_leads_to_the_version_before_or_to_one_that_is_named(tmp_path: Path) -> None:
    first = write(tmp_path, "one")
    write(tmp_path, "two")
    write(tmp_path, "three")
    learned.go_back(tmp_path)
    assert serving(tmp_path) == "two"
    learned.go_back(tmp_path, first.name)
    assert serving(tmp_path) == "one"
    with pytest.raises(LearningError, match="no version before"):
        learned.go_back(tmp_path)
    with pytest.raises(LearningError, match='no version "000009-00000000"; there are'):
        learned.go_back(tmp_path, "000009-00000000")
    assert serving(tmp_path) == "one"


def test_switched_off_stays_off_through_new_versions_and_the_way_back(tmp_path: Path) -> None:
    first = write(tmp_path, "one")
    with learned.writing(tmp_path):
        learned.point(tmp_path, first.name, off=True)
    write(tmp_path, "two")
    learned.go_back(tmp_path)
    pointer = learned.current(tmp_path)
    assert pointer is not None
    assert pointer.off


def test_a_failure_midway_leaves_what_served(tmp_path: Path) -> None:
    write(tmp_path, "one")

    def fail(draft: Path) -> None:
        (draft / "file").write_text("half")
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(LearningError, match=r"could not be written .*No space left"),
        learned.writing(tmp_path),
    ):
        learned.write(tmp_path, "a test", "0", fail)
    assert serving(tmp_path) == "one"
    assert not [*(tmp_path / "versions").glob(".draft*")]


def test_what_a_killed_writer_left_is_swept_away(tmp_path: Path) -> None:
    write(tmp_path, "one")
    left = tmp_path / "versions" / ".draft-dead"
    left.mkdir()
    write(tmp_path, "two")
    assert not left.exists()


@pytest.mark.parametrize("content", ["{", '{"files": {"file": "00"}}'])
def test_a_damaged_version_is_named_with_the_way_out(tmp_path: Path, content: str) -> None:
    version = write(tmp_path, "one")
    (version / learned.MANIFEST).write_text(content)
    with pytest.raises(LearningError, match="sayso rewrites rollback"):
        learned.read_manifest(version)


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    version = write(tmp_path, "one")
    (version / "file").write_text("0ne")
    with pytest.raises(LearningError, match="file does not match its checksum"):
        learned.read_manifest(version)


def test_a_pointer_to_nowhere_is_named(tmp_path: Path) -> None:
    write(tmp_path, "one")
    (tmp_path / "CURRENT").write_text("000007-12345678")
    with pytest.raises(LearningError, match=r"names .* which is not there"):
        learned.current(tmp_path)


def test_few_versions_are_kept(tmp_path: Path) -> None:
    for number in range(learned.KEPT + 3):
        write(tmp_path, str(number))
    assert len(learned.versions(tmp_path)) == learned.KEPT
    assert serving(tmp_path) == str(learned.KEPT + 2)


def test_a_revision_keeps_the_files_that_it_does_not_write(tmp_path: Path) -> None:
    write(tmp_path, "one")

    def fill(draft: Path) -> None:
        (draft / "other").write_text("new")

    with learned.writing(tmp_path):
        version = learned.revise(tmp_path, "a test", "0", fill)
    assert set(learned.read_manifest(version).files) == {"file", "other"}
    assert serving(tmp_path) == "one"
