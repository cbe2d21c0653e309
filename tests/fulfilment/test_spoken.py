"""What services answer, as something to say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.fulfilment.spoken import in_words, shortened, spoken


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"temperature": 21, "skies": ["clear"]}, "temperature: 21, skies: clear"),
        ({"windSpeed_max": 3.5, "calm": True}, "wind speed max: 3.5, calm: yes"),
        ({"result": ["a", "b"]}, "a, b"),
        ([{"name": "Bo"}, {"name": "Cy"}], "name: Bo; name: Cy"),
        (list(range(12)), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more"),
        ({"nothing": None, "empty": []}, ""),
        (None, ""),
    ],
)
def test_json_is_said_in_words(data: Any, said: str) -> None:
    assert in_words(data) == said


def test_text_is_said_as_it_stands_and_json_in_a_text_in_words() -> None:
    assert spoken("It is\n  clear.") == "It is clear."
    assert spoken('{"sky": "clear"}') == "sky: clear"
    assert spoken("{not json}") == "{not json}"


def test_what_nobody_listens_to_is_cut_behind_a_sentence() -> None:
    long = shortened("This is a sentence. " * 200)
    assert len(long) <= 2000
    assert long.endswith("sentence.")
    assert shortened("word " * 1000).endswith(" …")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=30),
        lambda x: st.lists(x, max_size=5) | st.dictionaries(st.text(max_size=5), x, max_size=5),
    )
)
def test_anything_can_be_said(data: Any) -> None:
    assert len(in_words(data)) <= 2003
