"""BERT's WordPiece: the same pieces at the same places as the library of its format finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sayso.encoders import Encoder
from sayso.encoders.files import TOKENIZER
from sayso.encoders.word_pieces import WordPieces

MOST = 16
# Not all of Unicode: characters that are newer than one of the two tables are not alike.
TEXTS = st.text(st.characters(max_codepoint=0x52F) | st.sampled_from("ẞﬁ音楽한글🙂\u200b\u3000…。"))


@pytest.fixture(scope="module")
def ours(encoder: Encoder) -> WordPieces:
    return WordPieces.read(encoder.folder / TOKENIZER)


@pytest.fixture(scope="module")
def library(encoder: Encoder) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(encoder.folder / TOKENIZER))
    tokenizer.enable_truncation(MOST)
    tokenizer.encode_special_tokens = True
    return tokenizer


@given(text=TEXTS)
@example("Turn ON the living-room lights, please!")
@example("a café, cafe\u0301 and a naïve façade")
@example("[SEP] typed by a person [CLS]")
@example("音楽を play\tit 한국어 🙂")
@example("a" * 101 + " b")
@example("zyzzyva " * 20)
@example("a\x00b\x7fc\ufffdd")
def test_the_library_finds_the_same(ours: WordPieces, library: Tokenizer, text: str) -> None:
    theirs, found = library.encode(text), ours.cut(text, MOST)
    assert (list(found.ids), list(found.offsets)) == (theirs.ids, theirs.offsets)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("model", "type", "BPE"),
        ("model", "continuing_subword_prefix", "@@"),
        ("model", "vocab", {"a": 0}),
        ("normalizer", "lowercase", False),
        ("pre_tokenizer", "type", "ByteLevel"),
    ],
)
def test_another_kind_of_tokenizer_is_refused(
    encoder: Encoder, tmp_path: Path, part: str, name: str, value: object
) -> None:
    raw = json.loads((encoder.folder / TOKENIZER).read_text(encoding="utf-8"))
    raw[part][name] = value
    (tmp_path / TOKENIZER).write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(ValueError, match="not an uncased WordPiece tokenizer"):
        WordPieces.read(tmp_path / TOKENIZER)
