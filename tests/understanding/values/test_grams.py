"""Which names share most with what was said."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.understanding.values.grams import NEAREST, Grams, build, sound
from sayso.understanding.values.names import plain

SYLLABLES = ["bra", "che", "dor", "fle", "gim", "hul", "jas", "kre"]
NAMES = [f"{a}{b} {c}{a}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
INDEX = Grams(build(NAMES))
PLAIN = st.text(max_size=12).map(plain)


def test_a_name_is_nearest_to_itself_and_to_a_slip_of_it() -> None:
    for place in (0, 100, 511):
        assert INDEX.nearest(NAMES[place])[0] == place
        assert place in INDEX.nearest(NAMES[place].replace("a", "o", 1))


def test_words_that_sound_the_same_share_their_sound() -> None:
    assert sound("filips") == sound("phillips")
    names = Grams(build(["phillips", *NAMES]))
    assert 0 in names.nearest("filips")


def test_no_more_than_a_few_names_come_near() -> None:
    assert len(INDEX.nearest("bra")) <= NEAREST


def test_what_shares_nothing_is_near_to_nothing() -> None:
    assert INDEX.nearest("zzz") == []
    assert Grams(build([])).nearest("anything") == []
    assert Grams(build(["", ""])).nearest("anything") == []


@settings(deadline=None)
@given(PLAIN, st.lists(PLAIN, max_size=6))
def test_any_text_is_looked_up_among_any_names(text: str, names: list[str]) -> None:
    found = Grams(build(names)).nearest(text or "x")
    assert len(set(found)) == len(found)
    assert all(0 <= place < len(names) for place in found)
