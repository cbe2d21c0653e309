"""Lessons with a word spoiled."""

from __future__ import annotations

from random import Random
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.heads import Model
from sayso.understanding.installing import fit
from sayso.understanding.lessons import lessons_of
from sayso.understanding.noise import misheard, mistyped, spoil, spoiled
from tests.understanding.fake_encoder import FakeEncoder

WORDS = st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1, max_size=6)


def label(text: str, *spans: Span, template: str | None = None, intent: str = "Play") -> Label:
    return Label(text, "radio", intent, "en-US", spans, template)


@given(WORDS, st.data(), st.integers())
def test_a_slot_stays_on_its_words(words: list[str], data: st.DataObject, seed: int) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    text = " ".join(words)
    start = len(" ".join(words[:first])) + (first > 0)
    end = len(" ".join(words[: last + 1]))
    made = spoil(label(text, Span("song", start, end)), Random(seed))
    (span,) = made.spans
    said = made.text[span.start : span.end].split()
    assert made.text.split()[first : last + 1] == said
    assert len(made.text.split()) == len(words)


def test_a_word_that_a_slot_takes_half_of_is_left_alone() -> None:
    half = label("unlockables", Span("what", 2, 6))
    assert all(spoil(half, Random(seed)) == half for seed in range(20))


@given(WORDS, st.integers())
def test_one_word_is_spoiled_at_most(words: list[str], seed: int) -> None:
    made = spoil(label(" ".join(words)), Random(seed)).text.split()
    assert sum(a != b for a, b in zip(made, words, strict=True)) <= 1


@given(st.text(min_size=1), st.integers())
def test_a_spoiled_word_is_still_a_word(word: str, seed: int) -> None:
    assert mistyped(word, Random(seed))
    assert misheard(word, Random(seed))


@given(st.text(min_size=1), st.integers())
def test_a_slip_changes_one_letter_and_keeps_the_ends(word: str, seed: int) -> None:
    slipped = mistyped(word, Random(seed))
    assert abs(len(slipped) - len(word)) <= 1
    assert slipped[0] == word[0]
    if len(word) < 4:
        assert slipped == word


def test_letters_are_misheard_as_recognisers_mishear_them() -> None:
    made = {misheard("oktober", Random(seed)) for seed in range(300)}
    assert "october" in made
    assert misheard("to", Random(0)) == "to"


def test_about_every_second_sample_is_spoiled_once_and_by_itself() -> None:
    letters = "abcdefghijkl"
    many = [label(f"play the {one}{other}song") for one in letters for other in letters]
    made = spoiled(many, "en-US")
    assert 0.3 * len(many) < len({x.sample for x in made}) == len(made) < 0.7 * len(many)
    assert {x.source for x in made} == {LabelSource.NOISE}
    assert not any(x.own for x in made)
    fewer = spoiled(many[5:], "en-US")
    assert fewer == [x for x in made if x.sample in {y.text for y in many[5:]}]


def test_what_is_taught_already_is_not_spoiled_into_something_else() -> None:
    songs = [label(f"play the {word}") for word in ("song", "sogn", "snog", "ssong", "soong")]
    texts = {x.text for x in songs}
    assert not texts & {x.text for x in spoiled(songs, "en-US")}


def test_other_languages_are_left_alone() -> None:
    many = [label(f"spiele lied {i:c}{i:c}{i:c}{i:c}") for i in range(97, 123)]
    assert spoiled(many, "de-DE") == []
    assert spoiled(many, "en-GB")


def test_phrases_and_hints_are_not_spoiled() -> None:
    named = Label("play music", "radio", "Play", "en-US", source=LabelSource.NAME)
    builtin = [
        label(f"stop it {i:c}{i:c}{i:c}", intent="AMAZON.StopIntent") for i in range(97, 123)
    ]
    assert spoiled([named] * 20 + builtin, "en-US") == []


def test_a_skill_learns_noise_but_shows_and_counts_only_what_was_written() -> None:
    samples = tuple(f"play the {one}{other}song" for one in "abcdef" for other in "abcdef")
    intents = (Intent("Play", samples), Intent("Halt", ("be quiet", "hush now")))
    language = Language("en-US", "my radio", intents=intents)
    skill = Skill("radio", "Radio", languages=(language,))
    lessons = lessons_of(skill, language)
    noise = {x.text for x in lessons if x.source is LabelSource.NOISE}
    assert noise
    held = fit(skill, language, engine="shared", encoder=FakeEncoder())
    assert not noise & {*held.examples.texts, *held.known}
    heads = cast(Model, held.model).heads
    hints = sum(x.source is LabelSource.NAME and x.intent == "Play" for x in lessons)
    assert heads.counts[heads.intents.index("Play")] == len(samples) + hints
