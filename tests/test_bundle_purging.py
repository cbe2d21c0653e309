"""What was withdrawn leaves a trained folder, and what serves goes on serving."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso import bundle
from sayso.bundle import Part
from tests.test_bundle import part, versions_of, write


def said(folder: Path) -> bytes:
    """All that the segments of a version say."""
    return b"".join(x for path in sorted(folder.glob("*.skills")) for x in bundle.said_in(path))


def telling(text: str, skill: str = "timer") -> Part:
    whole = part(skill)
    return Part(skill, "v2", {"id": skill, "name": text}, whole.locales)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten skills; then one of them is written anew, so that its old entry is dead."""
    write(tmp_path, [telling("the old secret"), *(part(f"skill{n}") for n in range(10))])
    bundle.change(tmp_path, [part("timer")])
    return tmp_path


def test_a_dead_entry_is_seen_and_is_gone_once_the_version_is_closed_up(folder: Path) -> None:
    before = versions_of(bundle.read(folder))
    assert b"the old secret" in said(bundle.current(folder))
    old = bundle.current(folder)
    name = bundle.close_up(folder)
    assert bundle.current(folder).name == name
    assert not old.exists()
    assert b"the old secret" not in said(bundle.current(folder))
    assert versions_of(bundle.read(folder)) == before


def test_closing_up_shares_no_file_with_another_version(folder: Path) -> None:
    bundle.close_up(folder)
    for path in bundle.current(folder).iterdir():
        assert path.stat().st_nlink == 1, path


def test_versions_are_dropped_but_for_the_one_that_serves(folder: Path) -> None:
    names = [version.name for version in bundle.versions(folder)]
    assert len(names) == 2
    serving = bundle.current(folder).name
    assert bundle.drop(folder, names) == [name for name in names if name != serving]
    assert [version.name for version in bundle.versions(folder)] == [serving]


def test_a_damaged_entry_hides_none_of_the_others(folder: Path) -> None:
    (segment,) = bundle.current(folder).parent.glob("000001*/*.skills")
    content = bytearray(segment.read_bytes())
    content[20:28] = b"damaged!"
    segment.unlink()
    segment.write_bytes(content)
    assert b"skill9" in b"".join(bundle.said_in(segment))
