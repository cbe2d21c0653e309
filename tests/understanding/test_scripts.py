"""Scripts other than Latin: what is a word, what is the same sentence, what a slot takes."""

from __future__ import annotations

import pytest

from sayso.types.lessons import Label, Span
from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue
from sayso.understanding import shared
from sayso.understanding.fold import fold
from sayso.understanding.heard import hear, hear_all, words
from sayso.understanding.shortlist.words import words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("मौसम कैसा है?", ["मौसम", "कैसा", "है", "?"]),
        ("कृपया ७ बजे जगाओ।", ["कृपया", "७", "बजे", "जगाओ", "।"]),
        ("東京の天気", ["東", "京", "の", "天", "気"]),
        ("タイマーを七分", ["タイマー", "を", "七", "分"]),
        ("Übergröße für Zoë", ["Übergröße", "für", "Zoë"]),
    ],
)
def test_words_keep_their_vowel_signs_and_scripts_without_spaces_their_characters(
    text: str, expected: list[str]
) -> None:
    assert [word.text for word in words(text)] == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東京 の 天気 を 教えて", "東京の天気を教えて。"),
        ("ﾀｲﾏｰ を 止めて", "タイマーを止めて"),
        ("über café", "uber cafe"),
        ("आज का मौसम", "आज का मौसम।"),
        ("مُوسِيقَى", "موسيقى"),
    ],
)
def test_spaces_and_accents_that_do_not_count_part_nothing(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("की", "का"), ("が", "か"), ("ぱ", "ば"), ("light up", "lightup")]
)
def test_signs_that_are_letters_and_spaces_that_count_stay(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_overlap_counts_words_of_hindi_and_characters_of_japanese() -> None:
    assert words_of("मौसम कैसा") == ["मौसम", "कैसा", "मौसम कैसा"]
    assert words_of("天気は") == ["天", "気", "は", "天 気", "気 は"]


ROOMS = ("रसोई", "बैठक", "गैराज")
HINDI = Language(
    "hi-IN",
    intents=(
        Intent("On", slots=(Slot("room", "Room"),)),
        Intent("Off", slots=(Slot("room", "Room"),)),
    ),
    types=(SlotType("Room", tuple(TypeValue(room) for room in ROOMS)),),
)


def hindi_labels() -> list[Label]:
    samples = (("On", " की बत्ती जलाओ"), ("On", " में रोशनी करो"), ("Off", " की बत्ती बुझाओ"))
    return [
        Label(f"{room}{rest}", "lights", intent, "hi-IN", (Span("room", 0, len(room)),))
        for intent, rest in (*samples, ("Off", " में अंधेरा करो"))
        for room in ROOMS[:2]
    ]


def test_a_language_without_an_encoder_is_learnt_from_words_and_catalogues() -> None:
    labels = hindi_labels()
    model = shared.fit(labels, hear_all([x.text for x in labels], None), HINDI)
    model = shared.unpack(model.pack(), HINDI)
    for intent, text in (("On", "गैराज की बत्ती जलाओ"), ("Off", "गैराज की बत्ती बुझाओ")):
        best = model.read(hear(text, None))[0]
        assert best.intent == intent
        assert [text[slot.start : slot.end] for slot in best.slots] == ["गैराज"]
