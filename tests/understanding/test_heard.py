from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.types.readings import Utterance
from sayso.understanding.heard import Progress, clean, hear, hear_all, words
from tests.understanding.fake_encoder import WIDTH, FakeEncoded, FakeEncoder


def spelled(text: str) -> list[str]:
    return [word.text for word in words(text)]


def test_marks_inside_words_and_numbers_stay_inside() -> None:
    said = "wake jay-z at 7:30 a.m. o'clock, 3.5 or 10,000"
    expected = ["wake", "jay-z", "at", "7:30", "a.m", ".", "o'clock", ",", "3.5", "or", "10,000"]
    assert spelled(said) == expected


def test_possessive_s_stands_apart_as_slots_end_before_it() -> None:
    assert spelled("john's what's o'sullivan don't") == [
        *("john", "'s"),
        *("what", "'s"),
        "o'sullivan",
        "don't",
    ]
    assert spelled("münchen’s größte") == ["münchen", "’s", "größte"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("भारत में मौसम", ["भारत", "में", "मौसम"]),
        ("東京の天気はコーヒー", ["東", "京", "の", "天", "気", "は", "コーヒー"]),
        ("ما هو الطقس؟", ["ما", "هو", "الطقس", "؟"]),
        ("größer 7:30 Uhr", ["größer", "7:30", "Uhr"]),
        ("on 👩‍👧 off", ["on", "👩‍", "👧", "off"]),
        ("", []),
    ],
)
def test_words_of_other_scripts(text: str, expected: list[str]) -> None:
    assert spelled(text) == expected


def test_clean_removes_what_nobody_can_say() -> None:
    assert clean("  Set\x00 an\n\tALARM\u200b \ud800ﬁve\ufeff ") == "Set an ALARM five"


def test_clean_keeps_joiners_that_hindi_and_persian_need() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


@given(st.text())
def test_clean_is_done_after_once(text: str) -> None:
    once = clean(text)
    assert "\n" not in once
    assert clean(once) == once or unicodedata.normalize("NFKC", once) != once


@given(st.text())
def test_words_cover_all_but_spaces_in_order(text: str) -> None:
    found = words(text)
    assert all(word.text == text[word.start : word.end] for word in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    covered = {at for word in found for at in range(word.start, word.end)}
    assert all(at in covered or text[at].isspace() for at in range(len(text)))


@given(st.text(alphabet="ab1 '-.:,s?", max_size=12))
def test_ascii_and_other_texts_are_cut_alike(text: str) -> None:
    # One letter from elsewhere, far away, sends the text down the other path.
    assert spelled(text + " é")[:-1] == spelled(text)


def test_a_words_vector_is_the_mean_of_its_pieces() -> None:
    heard = hear("stop now", FakeEncoder())
    encoded = FakeEncoder().encode(["stop now"])[0]
    assert heard.states is not None
    assert heard.states.shape == (2, WIDTH)
    assert np.allclose(heard.states[0], encoded.states[:2].mean(axis=0), atol=1e-6)


def test_words_beyond_the_encoders_reach_have_zero_vectors() -> None:
    class ShortSighted(FakeEncoder):
        def encode(self, texts, *, progress=None):  # type: ignore[no-untyped-def]
            return super().encode([text[:4] for text in texts], progress=progress)

    heard = hear("stop now", ShortSighted())
    assert heard.states is not None
    assert not heard.states[1].any()


def test_an_utterance_is_taken_as_it_stands_and_a_string_is_cleaned() -> None:
    heard = hear_all(["a  b", Utterance("raw", "a  b")], None)
    assert [one.utterance.text for one in heard] == ["a b", "a  b"]
    assert heard[0].pooled is None


def test_a_closing_mark_does_not_change_the_sentence_vector() -> None:
    plain, typed = hear_all(["turn it off", "turn it off."], FakeEncoder())
    assert plain.pooled is not None
    assert np.array_equal(plain.pooled, typed.pooled)  # type: ignore[arg-type]


def test_silence_is_heard_too() -> None:
    heard = hear("", FakeEncoder())
    assert heard.words == ()
    assert heard.states is not None
    assert heard.states.shape == (0, WIDTH)


def test_hearing_tells_its_progress() -> None:
    told: list[int] = []
    hear_all(["a", "b"], FakeEncoder(), told.append)
    assert told == [2]


class Listening:
    """An encoder: a character's vector is its place. Keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def encode(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> list[FakeEncoded]:
        self.told += texts
        return [
            FakeEncoded(
                np.ones(1, np.float32),
                np.arange(len(text), dtype=np.float32)[:, None],
                np.array([(at, at + 1) for at in range(len(text))], np.int64).reshape(-1, 2),
            )
            for text in texts
        ]


def test_an_encoder_hears_japanese_without_the_spaces_of_samples() -> None:
    encoder = Listening()
    heard = hear("青葉線 は 遅れ", encoder)
    assert encoder.told == ["青葉線は遅れ"]
    assert heard.states is not None
    assert heard.states[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert [word.start for word in heard.words] == [0, 1, 2, 4, 6, 7]
