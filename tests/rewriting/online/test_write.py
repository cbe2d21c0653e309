from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.bundle import Segment
from sayso.errors import BundleError
from sayso.rewriting.online.write import write
from sayso.understanding.online import Asked, Entry, Index, Projection
from sayso.understanding.online.entries import decode, encode

ROOMS = ("kitchen", "hall", "attic", "cellar", "garage", "porch", "study", "nursery")
THINGS = ("lamp", "heater", "fan", "radio", "blinds", "speaker", "kettle", "camera")
DOINGS = ("switch on", "switch off", "dim", "check", "restart", "describe")


def entries() -> list[Entry]:
    texts = [f"{do} the {room} {thing}" for do in DOINGS for room in ROOMS for thing in THINGS]
    return [
        Entry(text, text.title(), "home", "Do", '{"n": 1}', at + 1, at // 2 + 1, at % 100)
        for at, text in enumerate(texts)
    ]


def vectors(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return Projection()(np.random.default_rng(0).standard_normal((count, 24)).astype(np.float32))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("index") / "en"
    write(path, entries(), vectors(len(entries())), version="7")
    return Index(Segment(path))


def test_what_was_written_is_read_again(index: Index) -> None:
    assert len(index) == len(entries())
    assert index.version == "7"
    for entry in entries():
        found = index.same(entry.words)
        assert found is not None
        assert found.entry == entry
    assert index.same("no such thing") is None


def test_a_request_is_found_by_how_it_sounds(index: Index) -> None:
    found = index.near(Asked("swich on the celler kettel", None, "en-US"), None)
    assert "switch on the cellar kettle" in [one.entry.words for one in found]


def test_a_request_is_found_by_its_vector_alone(index: Index) -> None:
    every = vectors(len(entries()))
    near = every[100] + np.float32(0.02)
    found = index.near(Asked("", None, "en-US"), near / np.linalg.norm(near))
    assert entries()[100].words in [one.entry.words for one in found]


def test_looking_twice_finds_the_same(index: Index) -> None:
    asked = Asked("dim the halllamp", None, "en-US")
    first = [one.entry for one in index.near(asked, None)]
    index.near(Asked("restart the porch camera", None, "en-US"), None)
    assert [one.entry for one in index.near(asked, None)] == first


def test_an_index_may_be_empty_or_without_vectors(tmp_path: Path) -> None:
    write(tmp_path / "none", [], None)
    empty = Index(Segment(tmp_path / "none"))
    assert empty.near(Asked("dim the lamp", None, "en-US"), None) == []
    write(tmp_path / "few", entries()[:3], None)
    few = Index(Segment(tmp_path / "few"))
    found = few.near(Asked(entries()[0].words, None, "en-US"), None)
    assert found[0].vector is None


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path / "good", entries(), vectors(len(entries())))
    content = (tmp_path / "good").read_bytes()
    for cut in (0, 10, 24, len(content) // 2, len(content) - 1):
        (tmp_path / "bad").write_bytes(content[:cut])
        with pytest.raises(BundleError, match="sayso"):
            Index(Segment(tmp_path / "bad")).same(entries()[0].words)
    (tmp_path / "other").write_bytes(b"x" * len(content))
    with pytest.raises(BundleError, match="no index of requests"):
        Index(Segment(tmp_path / "other"))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@given(TEXT, TEXT, TEXT, st.integers(0, 2**40), st.integers(0, 10_000), st.booleans())
def test_any_request_survives_being_a_record(
    words: str, shown: str, slots: str, turns: int, defect_bp: int, costly: bool
) -> None:
    entry = Entry(words, shown, "s", "i", slots, turns, 2, defect_bp, costly, ("tv", "car"), 5.0)
    numbers = np.array([127, -3, 0], np.int8)
    found = decode(encode(entry, numbers, 0.5), 3)
    assert found.entry.turns == min(turns, 2**32 - 1)
    assert found.entry.words == words
    assert (found.entry.shown, found.entry.slots) == (shown, slots)
    assert (found.entry.side_effects, found.entry.devices) == (costly, ("tv", "car"))
    assert found.vector is not None
    assert found.vector.tolist() == [63.5, -1.5, 0.0]


@given(st.binary(max_size=80))
def test_bytes_that_are_no_record_are_refused(content: bytes) -> None:
    try:
        decode(content, 4)
    except ValueError:
        return
