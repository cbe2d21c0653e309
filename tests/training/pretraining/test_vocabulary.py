"""The cut tokenizer: smaller, and still able to read anything."""

from __future__ import annotations

import json
import string
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sayso.training.pretraining.vocabulary import cut_down, kept_pieces
from tests.training.pretraining import teacher

WHOLE = json.loads(teacher.tokenizer().to_str())
IDS = teacher.vocabulary()
SMALL = 150
ASCII = st.text(st.characters(min_codepoint=1, max_codepoint=126))


def kept(seen: Counter[int] | None = None, size: int = SMALL) -> list[str]:
    pieces = {i: piece for piece, i in IDS.items()}
    return [pieces[i] for i in kept_pieces(IDS, seen or Counter(), size)]


def cut(whole: dict[str, Any] = WHOLE, size: int = SMALL) -> Tokenizer:
    numbers = kept_pieces(IDS, Counter(), size)
    return Tokenizer.from_str(json.dumps(cut_down(whole, numbers)))


CUT = cut()


def test_it_has_the_size_asked_for_and_keeps_the_commonest() -> None:
    assert len(kept()) == SMALL
    assert "the" in kept()
    assert "zyzzyva" not in kept()


def test_a_rare_piece_that_the_texts_need_stays_in_place_of_a_commoner_one() -> None:
    with_rare = kept(Counter({IDS["zyzzyva"]: 8, IDS["quixotic"]: 7}))
    assert "zyzzyva" in with_rare
    assert "quixotic" not in with_rare
    assert len(with_rare) == SMALL


def test_markers_and_every_single_character_stay_whatever_the_size() -> None:
    least = kept(size=1)
    assert {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"} <= set(least)
    assert {*teacher.LETTERS, *(f"##{letter}" for letter in teacher.LETTERS)} <= set(least)


def test_other_scripts_and_unused_places_go() -> None:
    assert not {*teacher.FOREIGN, "[unused0]"} & set(kept(size=len(IDS) - 1))


def test_a_size_of_the_whole_keeps_the_whole() -> None:
    assert kept(size=len(IDS)) == list(IDS)
    assert cut(size=len(IDS)).to_str() == Tokenizer.from_str(json.dumps(WHOLE)).to_str()


def test_ids_are_numbered_anew_without_holes_in_the_old_order() -> None:
    ids = CUT.get_vocab()
    assert sorted(ids.values()) == list(range(len(ids)))
    assert sorted(ids, key=lambda piece: ids[piece]) == kept()


@pytest.mark.parametrize("template", [True, False])
def test_texts_still_begin_and_end_with_the_markers(template: bool) -> None:
    small = cut(json.loads(teacher.tokenizer(template=template).to_str()))
    assert small.encode("the alarm").tokens == ["[CLS]", "the", "alarm", "[SEP]"]
    ids = small.get_vocab()
    first, *_, last = small.encode("the alarm").ids
    assert (first, last) == (ids["[CLS]"], ids["[SEP]"])


def test_markers_are_still_markers() -> None:
    assert CUT.encode("play [MASK] song").tokens[2] == "[MASK]"
    assert CUT.token_to_id("[MASK]") == CUT.get_vocab()["[MASK]"]


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=100))
def test_any_word_can_be_spelled(word: str) -> None:
    assert "[UNK]" not in CUT.encode(word).tokens


@given(st.text())
def test_any_text_is_read_with_known_ids(text: str) -> None:
    assert all(0 <= i < CUT.get_vocab_size() for i in CUT.encode(text).ids)


@given(ASCII)
def test_every_character_of_an_ascii_text_lies_in_a_piece(text: str) -> None:
    small = cut_tokenizer_of_typed_text()
    covered = {at for start, end in small.encode(text).offsets for at in range(start, end)}
    assert {i for i, x in enumerate(text) if x.isprintable() and x != " "} <= covered


def cut_tokenizer_of_typed_text() -> Tokenizer:
    """As the encoder sets it: a marker that a person typed is text."""
    CUT.encode_special_tokens = True
    return CUT
