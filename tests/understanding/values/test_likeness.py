from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.understanding.values.likeness import MATCHED, TURNED, _alike, is_common, likeness
from sayso.understanding.values.names import folded, plain


def alike(said: str, name: str) -> bool:
    return likeness(folded(plain(said), "en"), folded(plain(name), "en")) >= MATCHED


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("maria wilkersen", "Maria Wilkerson"),
        ("trefil hardstrum", "Trephil Hartstrum"),
        ("brookind", "Brookend"),
        ("wilkersen maria", "Maria Wilkerson"),
        ("quill ander way", "Quillender Way"),
        ("lord of the glimmers", "Lord of Glimmers"),
        ("t r e p h i l l", "Trephil"),
    ],
)
def test_slips_and_mishearings_are_taken_for_the_name(said: str, name: str) -> None:
    assert alike(said, name)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("dining room", "living room"),
        ("county", "country"),
        ("tuesday", "thursday"),
        ("light", "night"),
        ("table", "cable"),
        ("winter", "summer"),
        ("channel 5", "channel 6"),
        ("plan a", "plan b"),
        ("kitchen", "kitchen light"),
        ("vitamin", "vitamin a"),
    ],
)
def test_another_word_is_another_thing(said: str, name: str) -> None:
    assert not alike(said, name)
    assert not alike(name, said)


def test_only_words_that_everybody_knows_are_common() -> None:
    assert [is_common(word) for word in ("kitchen", "county", "wilkersen", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_in_another_tongue_no_word_is_known_to_be_common() -> None:
    assert likeness("kichen", "kitchen", "de") == likeness("kichen", "kitchen", "en")
    assert likeness("county", "country", "de") >= MATCHED > likeness("county", "country", "en")


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_below_one_and_the_same_for_the_same(a: str, b: str) -> None:
    assert 0 <= likeness(plain(a), plain(b)) <= TURNED
    assert likeness(plain(a), plain(a)) == TURNED


@settings(deadline=None)
@given(st.text("abehkou ", max_size=12), st.text("abehkou ", max_size=12), st.floats(0, 1))
def test_what_cannot_come_to_so_much_is_zero_and_nothing_else_changes(
    a: str, b: str, least: float
) -> None:
    whole = _alike(a, b)
    assert _alike(a, b, least) in ((whole,) if whole >= least else (whole, 0.0))
