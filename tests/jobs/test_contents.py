"""What is packed in a file is read as well as its bytes."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from sayso.errors import HomeError
from sayso.jobs import contents as room
from sayso.jobs.contents import contents
from sayso.jobs.searching import Texts

SAID = "remember the elderberry wine"
TEXTS = Texts([SAID])


def plain(path: Path) -> None:
    path.write_text(f"... {SAID} ...")


def zipped(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.jsonl", SAID * 9)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.zip", inner.getvalue())


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(SAID.encode() * 9))


def database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE said (text TEXT)")
        for length in range(3800, 4400, 7):  # some lie across two pages
            file.execute("INSERT INTO said VALUES (?)", ("x" * length + SAID,))


def parquet(path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    written = pytest.importorskip("pyarrow.parquet")
    written.write_table(pa.table({"n": [1, 2], "said": ["x", SAID]}), path, compression="zstd")


@pytest.mark.parametrize("write", [plain, zipped, gzipped, database, parquet])
def test_a_text_is_found_in_every_kind_of_file(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path / "file")
    assert TEXTS.found_in(contents(tmp_path / "file")) == {SAID}


def test_a_text_across_two_chunks_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CHUNK", 50)
    (tmp_path / "file").write_bytes(b"x" * 40 + SAID.encode() + b"x" * 40)
    assert TEXTS.found_in(contents(tmp_path / "file")) == {SAID}


def test_a_file_that_cannot_be_unpacked_is_no_proof(tmp_path: Path) -> None:
    zipped(tmp_path / "file.zip")
    whole = (tmp_path / "file.zip").read_bytes()
    (tmp_path / "file.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(HomeError, match=r"file\.zip: cannot be searched.*mend or remove it"):
        list(contents(tmp_path / "file.zip"))


def test_a_file_that_is_gone_says_nothing(tmp_path: Path) -> None:
    assert list(contents(tmp_path / "nothing")) == []
