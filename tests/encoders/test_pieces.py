"""SentencePiece's pieces: the likeliest way to cut a text, and where each piece was read."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.encoders.pieces import SPACE, Pieces

VOCABULARY = {
    "<unk>": 0.0,
    "<s>": 0.0,
    "</s>": 0.0,
    SPACE: -4.0,
    f"{SPACE}guten": -3.0,
    f"{SPACE}Morgen": -3.5,
    f"{SPACE}Mor": -3.0,
    "gen": -3.0,
    "朝": -3.0,
    "です": -2.0,
    "で": -3.0,
    "す": -3.0,
}


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def model(vocabulary: dict[str, float]) -> bytes:
    """A file as SentencePiece writes it, with a number and a table that are not for us."""
    pieces = b"".join(
        field(1, field(1, piece.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18\x01")
        for piece, score in vocabulary.items()
    )
    return pieces + field(3, b"\x0a\x00")


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    file = tmp_path_factory.mktemp("pieces") / "sp.model"
    file.write_bytes(model(VOCABULARY))
    return Pieces.read(file)


def cut(pieces: Pieces, text: str) -> list[tuple[str, str]]:
    """Each piece as it stands in the vocabulary, and the text it was read from."""
    names = list(VOCABULARY)
    ids, spans = pieces.cut(text)
    return [(names[id], text[start:end]) for id, (start, end) in zip(ids, spans, strict=True)]


def test_the_likeliest_pieces_are_taken(pieces: Pieces) -> None:
    assert cut(pieces, "guten Morgen") == [
        (f"{SPACE}guten", "guten"),
        (f"{SPACE}Morgen", " Morgen"),
    ]
    assert cut(pieces, "朝です") == [(SPACE, "朝"), ("朝", "朝"), ("です", "です")]


def test_a_character_of_another_form_stands_where_it_was_written(pieces: Pieces) -> None:
    assert cut(pieces, "ｇｕｔｅｎ  朝")[0] == (f"{SPACE}guten", "ｇｕｔｅｎ")


def test_what_is_in_no_piece_is_unknown(pieces: Pieces) -> None:
    assert ("<unk>", "X") in cut(pieces, "guten XMorgen")


@given(text=st.text())
def test_pieces_go_through_a_text_from_left_to_right(pieces: Pieces, text: str) -> None:
    ids, spans = pieces.cut(text)
    assert len(ids) == len(spans)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= max(len(text), 1) for start, end in spans)


@pytest.mark.parametrize("damaged", [b"", b"\x0a", b"\x0a\x80", b"\x0b\x00", model({"a": 0.0})])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, damaged: bytes) -> None:
    file = tmp_path / "sp.model"
    file.write_bytes(damaged)
    with pytest.raises(ValueError, match=r"\w"):
        Pieces.read(file)
