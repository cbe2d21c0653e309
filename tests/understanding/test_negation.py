"""What a sentence says not to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.negation import denials, denied


@pytest.mark.parametrize(
    ("text", "locale", "words"),
    [
        ("don't turn on the lights", "en-US", {"turn"}),
        ("Do NOT call Anna!", "en-GB", {"call"}),
        ("i didn’t ask for music", "en-US", {"ask"}),
        ("i want no music and never a joke", "en-US", {"music", "a"}),
        ("turn it off or rather don't", "en-US", {""}),
        ("turn on the lights", "en-US", set()),
        ("i want a present for my parents", "en-US", set()),
        ("why don't you play some jazz", "en-US", set()),
        ("don't forget to wake me", "en-US", set()),
        ("can't you turn it down", "en-US", set()),
        ("no turn it off", "en-US", set()),
        ("schalte das licht nicht an", "de-DE", {"an"}),
        ("warum nicht", "de-DE", set()),
        ("n'allume pas", "fr-FR", {"allume", ""}),
        ("no enciendas la luz", "es-ES", {"enciendas"}),
        ("明かりをつけないで", "ja-JP", set()),  # a tongue whose negators are not known
        ("", "en-US", set()),
    ],
)
def test_the_word_after_a_negator_is_denied(text: str, locale: str, words: set[str]) -> None:
    assert denials(text, locale) == words


def test_an_intent_whose_examples_deny_the_same_is_not_denied() -> None:
    cancel = ["cancel the timer", "never mind the timer", "i don't need it anymore"]
    assert not denied("never mind the egg timer", cancel[0], cancel, "en-US")
    assert not denied("i don't need the egg timer", cancel[0], cancel, "en-US")
    assert denied("don't cancel the timer", cancel[0], cancel, "en-US")
    assert denied("never mind the timer", "set a timer", ["set a timer"], "en-US")


def test_an_intent_whose_nearest_example_is_a_denial_is_not_denied() -> None:
    louder = ["turn it up", "i can't hear it"]
    assert not denied("i couldn't understand it", louder[1], louder, "en-US")
    assert denied("i couldn't understand it", louder[0], louder, "en-US")


def test_a_denial_is_the_same_with_another_ending() -> None:
    off = ["we don't need the light in the attic"]
    assert not denied("nobody needs the attic light", "", off, "en-US")
    assert denied("nobody heeds the attic light", "", off, "en-US")


def test_what_is_no_longer_so_is_not_so() -> None:
    off = ["we don't need the light in the attic"]
    assert not denied("we no longer need the attic light", "", off, "en-US")
    assert not denied("we do not any longer need it", "", off, "en-US")


def test_what_denies_nothing_is_never_denied() -> None:
    assert not denied("set a timer", "never mind", ["never mind"], "en-US")


@given(st.text(max_size=60), st.sampled_from(["en-US", "de-DE", "fr-FR", "es-ES", "hi-IN"]))
def test_any_text_has_denials_that_its_own_example_excuses(text: str, locale: str) -> None:
    assert not denied(text, "", [text], locale)
