"""The draft of a training: torn, damaged, made by another version, shared, on a full disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from sayso.errors import BundleError, TrainingError
from sayso.training import kept as module
from sayso.training.kept import NAME, Kept, check_free

MADE_WITH = {"sayso": "1", "numpy": "2"}
CONTENTS = {bytes([at]) * 32: Random(at).randbytes(at * 37) for at in range(8)}


def opened(folder: Path, made_with: Mapping[str, str] = MADE_WITH, *, fresh: bool = False) -> Kept:
    return Kept(folder, made_with, lambda said: None, fresh=fresh)


def filled(folder: Path) -> bytes:
    with opened(folder) as kept:
        for key, content in CONTENTS.items():
            kept.put(key, content)
    return (folder / NAME).read_bytes()


def held(folder: Path, made_with: Mapping[str, str] = MADE_WITH) -> dict[bytes, bytes]:
    with opened(folder, made_with) as kept:
        return {key: kept.content(key) for key in CONTENTS if key in kept}


def test_what_was_put_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    filled(tmp_path)
    assert held(tmp_path) == CONTENTS


def test_cut_anywhere_it_keeps_what_is_whole_and_goes_on(tmp_path: Path) -> None:
    whole = filled(tmp_path)
    for cut in Random(0).sample(range(len(whole)), 60):
        (tmp_path / NAME).write_bytes(whole[:cut])
        found = held(tmp_path)
        assert found == {key: CONTENTS[key] for key in found}
        assert list(found) == list(CONTENTS)[: len(found)]
        filled(tmp_path)
        assert held(tmp_path) == CONTENTS


def test_damaged_anywhere_it_gives_nothing_that_was_not_put(tmp_path: Path) -> None:
    whole = filled(tmp_path)
    for at in Random(0).sample(range(len(whole)), 60):
        damaged = bytearray(whole)
        damaged[at] ^= 0x41
        (tmp_path / NAME).write_bytes(damaged)
        found = held(tmp_path)
        assert found == {key: CONTENTS[key] for key in found}


@pytest.mark.parametrize("content", [b"", b"not a draft", bytes(4096)])
def test_what_is_no_draft_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert held(tmp_path) == {}
    filled(tmp_path)
    assert held(tmp_path) == CONTENTS


def test_made_with_anything_else_it_is_discarded_and_says_why(tmp_path: Path) -> None:
    filled(tmp_path)
    said: list[str] = []
    with Kept(tmp_path, {**MADE_WITH, "sayso": "2"}, said.append):
        pass
    assert said == [
        "What a training before had fitted is discarded: it was made with sayso 1 and not 2."
    ]
    assert held(tmp_path, {**MADE_WITH, "sayso": "2"}) == {}


def test_a_fresh_one_takes_nothing_over(tmp_path: Path) -> None:
    filled(tmp_path)
    with opened(tmp_path, fresh=True) as kept:
        assert not any(key in kept for key in CONTENTS)


def test_two_at_a_time_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.1)
    with opened(tmp_path):
        for again in (opened, check_free):
            with pytest.raises(TrainingError, match="another training is under way"):
                again(tmp_path)
    check_free(tmp_path)
    opened(tmp_path).__exit__(None, None, None)


def test_a_full_disk_is_an_error_and_what_was_put_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path)
    write, left = os.pwrite, [100]

    def little(handle: int, content: bytes, offset: int) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(handle, content[: left[0]], offset)
        left[0] -= done
        return done

    with opened(tmp_path) as kept:
        monkeypatch.setattr(os, "pwrite", little)
        with pytest.raises(BundleError, match=r"No space left.*make room and train again"):
            kept.put(b"x" * 32, bytes(1000))
        monkeypatch.undo()
        assert b"x" * 32 not in kept
        kept.put(b"y" * 32, b"there is room now")
    assert held(tmp_path) == CONTENTS
    with opened(tmp_path) as kept:
        assert kept.content(b"y" * 32) == b"there is room now"


def test_what_nobody_wants_any_more_gives_its_room_back(tmp_path: Path) -> None:
    before = len(filled(tmp_path))
    wanted = [list(CONTENTS)[at] for at in (1, 3, 4)]
    with opened(tmp_path) as kept:
        kept.only(wanted)
        kept.put(b"z" * 32, b"new")
    assert (tmp_path / NAME).stat().st_size < before / 2
    assert held(tmp_path) == {key: CONTENTS[key] for key in wanted}


def test_when_it_is_removed_nothing_is_left(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put(bytes(32), b"x")
        kept.remove()
    assert list(tmp_path.iterdir()) == []
