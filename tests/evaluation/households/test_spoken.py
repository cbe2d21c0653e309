"""Numbers as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.evaluation.households.spoken import in_words, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Set an alarm for 7:30.", "set an alarm for seven thirty"),
        ("wake me at 7.05", "wake me at seven oh five"),
        ("at 10:00, please", "at ten o'clock please"),
        ("Dim it to 45%", "dim it to forty five percent"),
        ("It's 21°", "it's twenty one degrees"),
        ("the 3rd of May", "the three of may"),
        ("What’s 1,200?", "what's one two hundred"),
        ("4730", "four thousand seven hundred thirty"),
        ("", ""),
    ],
)
def test_written_numbers_are_said(written: str, said: str) -> None:
    assert spoken(written) == said


@given(st.text())
def test_any_text_comes_out_in_lower_case_without_digits(text: str) -> None:
    said = spoken(text)
    assert said == said.lower()
    assert not any("0" <= letter <= "9" for letter in said)
    assert spoken(said) == said


@given(st.integers(min_value=0, max_value=9_999))
def test_numbers_are_told_apart(number: int) -> None:
    assert in_words(number) != in_words(number + 1)
