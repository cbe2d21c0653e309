"""A damaged bundle is refused, with what, where and what to do; nothing is read by half."""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import bundle
from sayso.bundle import Packed, Part
from sayso.bundle.entry import MAPPED, encode
from sayso.bundle.places import place_of
from sayso.bundle.segments import Segment
from sayso.bundle.tensors import pack, unpack
from sayso.errors import BundleError
from tests.test_bundle import assert_same, part, write

FILES = ("bundle.json", "index", "000001.skills")
REMEDY = "retrain|upgrade|sayso train|mend that"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    write(folder, [part("timer"), part("alarm", size=40)])
    return folder


@pytest.fixture(scope="module")
def copied(whole: Path) -> Iterator[Path]:
    """A copy whose files the tests overwrite, and put back."""
    with TemporaryDirectory() as place:
        yield Path(shutil.copytree(whole, Path(place) / "bundle"))


def refused(folder: Path, name: str, content: bytes) -> None:
    path = bundle.current(folder) / name
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        with pytest.raises(BundleError, match=REMEDY) as caught:
            bundle.read(folder)
    finally:
        path.write_bytes(before)
    assert name in str(caught.value)


@given(st.data())
def test_a_flipped_bit_anywhere_is_refused(copied: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    content = bytearray((bundle.current(copied) / name).read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    refused(copied, name, bytes(content))


@given(st.data())
def test_a_file_cut_anywhere_is_refused(copied: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    content = (bundle.current(copied) / name).read_bytes()
    refused(copied, name, content[: data.draw(st.integers(0, len(content) - 1))])


@given(st.data())
def test_an_entry_damaged_while_it_serves_is_refused_piece_by_piece(
    copied: Path, data: st.DataObject
) -> None:
    found = bundle.read(copied)
    path = bundle.current(copied) / "000001.skills"
    before = path.read_bytes()
    content = bytearray(before)
    place = found.places["timer"]
    at = data.draw(st.integers(place.offset, place.offset + place.length - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    try:
        with pytest.raises(BundleError, match=r"timer: .*retrain"):
            found.stored("timer").part()
    finally:
        path.write_bytes(before)
    assert found.stored("alarm").part().skill == "alarm"


@given(st.integers(0, 4000))
def test_a_segment_cut_short_while_it_serves_is_refused(copied: Path, length: int) -> None:
    found = bundle.read(copied)
    path = bundle.current(copied) / "000001.skills"
    before = path.read_bytes()
    last = max(found.places.values(), key=lambda place: place.offset)
    path.write_bytes(before[: min(length, last.offset + last.length - 1)])
    skill = max(found.places, key=lambda name: found.places[name].offset)
    try:
        with pytest.raises(BundleError, match="retrain"):
            found.stored(skill).part()
    finally:
        path.write_bytes(before)


@given(st.binary(max_size=400))
def test_bytes_that_are_no_entry_are_refused(tmp_path_factory: object, content: bytes) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "x.skills"
        path.write_bytes(content)
        at = bundle.Place("v", "d", path.name, 0, len(content))
        with pytest.raises(BundleError, match="retrain"):
            bundle.Stored("timer", at, Segment(path)).part()


@given(st.data())
def test_arrays_that_were_changed_never_lie_outside_of_the_file(data: st.DataObject) -> None:
    content = bytearray(pack(part().locales["en-US"]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    try:
        tensors = unpack(bytes(content)).tensors
    except ValueError:
        return
    assert sum(array.nbytes for array in tensors.values()) <= 3 * len(content)


@given(st.text(max_size=60))
def test_a_line_that_is_no_place_is_a_value_error(line: str) -> None:
    if len(line.split("\t")) == 6:
        return
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        place_of(line)


def test_the_entry_of_another_skill_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.skills"
    path.write_bytes(encode(part("alarm")))
    at = bundle.Place("v1", "d", path.name, 0, path.stat().st_size)
    with pytest.raises(BundleError, match="its entry is that of alarm"):
        bundle.Stored("timer", at, Segment(path)).part()


def test_large_catalogues_are_mapped_and_small_ones_are_not(tmp_path: Path) -> None:
    large = np.arange(MAPPED // 4, dtype=np.uint32)
    values = Packed({"text": large, "at": np.arange(5)})
    one = Part("player", "v1", {}, part().locales, {}, {"en-US": values})
    write(tmp_path, [part("alarm"), one])
    found = bundle.read(tmp_path)
    assert_same(found.stored("player").values("en-US"), values)
    assert found.stored("alarm").values("en-US").tensors == {}
    path = bundle.current(tmp_path) / "000001.skills"
    path.write_bytes(path.read_bytes()[: MAPPED // 2])
    with pytest.raises(BundleError, match=r"ends before byte .*sayso train"):
        found.stored("player").values("en-US")


def test_the_vectors_of_a_thousand_descriptions_are_mapped(tmp_path: Path) -> None:
    told = Packed({"vectors": np.ones((MAPPED // 256, 256), np.int8)})
    write(tmp_path, [Part("tools", "v1", {}, part().locales, {}, {}, {"en-US": told})])
    vectors = bundle.read(tmp_path).stored("tools").descriptions("en-US").tensors["vectors"]
    whose: Any = vectors
    while isinstance(whose, np.ndarray):
        whose = whose.base
    assert isinstance(whose, mmap.mmap)


def test_safetensors_reads_what_we_write() -> None:
    safetensors = pytest.importorskip("safetensors.numpy")
    packed = part().locales["en-US"]
    theirs = safetensors.load(pack(packed))
    assert_same(Packed(theirs, packed.settings), packed)
