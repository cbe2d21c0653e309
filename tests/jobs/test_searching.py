"""A text is found however it is written, and nothing is found that is not there."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.jobs.searching import LONGEST, SHORTEST, Texts

SAID = "Call Aunt Žofie at 8"
long_texts = st.text(st.characters(), min_size=SHORTEST, max_size=40)


@pytest.mark.parametrize(
    "written",
    [
        SAID.encode(),
        SAID.encode("utf-16-le"),
        SAID.encode("utf-16-be"),
        json.dumps({"text": SAID}).encode(),
        b"call aunt zofie at 8",
        "CALL AUNT Žofie AT 8".encode(),
        SAID.casefold().encode(),
    ],
)
@pytest.mark.parametrize("before", range(9))
def test_a_text_is_found_in_any_spelling_at_any_place(written: bytes, before: int) -> None:
    content = b"\x00" * before + written + b"\xff" * 3
    assert Texts([SAID, "something else"]).found(content) == {SAID}


def test_a_text_that_is_nearly_there_is_not_found() -> None:
    texts = Texts([SAID])
    assert texts.found(SAID[:-1].encode() + b"9") == set()
    assert texts.found(b"") == texts.found(b"Call") == set()


def test_texts_that_begin_alike_are_told_apart() -> None:
    texts = Texts([f"play the song number {number}" for number in range(500)])
    assert texts.found(b"... play the song number 42!") == {
        "play the song number 4",
        "play the song number 42",
    }


def test_short_texts_are_not_sought_and_very_long_ones_by_their_beginning() -> None:
    assert len(Texts(["stop", "licht an"])) == 1
    long = "so " * LONGEST
    assert Texts([long]).found(long.encode()) == {long}


@given(st.lists(long_texts, max_size=6), st.binary(max_size=64), st.binary(max_size=64))
def test_what_is_there_is_found(said: list[str], before: bytes, after: bytes) -> None:
    texts = Texts(said)
    for text in said:
        assert text in texts.found(before + text.encode("utf-8", "surrogatepass") + after)
        assert text in texts.found(before + json.dumps(text).encode() + after)


@given(long_texts, st.lists(long_texts))
def test_what_is_found_is_there(text: str, others: list[str]) -> None:
    content = text.encode("utf-8", "surrogatepass")
    lowered = content.lower()
    for found in Texts(others).found(content):
        spelt = (found, found.casefold(), json.dumps(found)[1:-1])
        assert any(
            each.encode("utf-8", "surrogatepass").lower() in lowered for each in spelt
        ) or Texts([found]).found(content)
