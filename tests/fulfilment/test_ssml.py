"""SSML -> words."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import FulfilmentError
from sayso.fulfilment.ssml import enclosed, plain


@pytest.mark.parametrize(
    ("ssml", "words"),
    [
        ("<speak>Hello <b>big</b>\n world.</speak>", "Hello big world."),
        ("no tags", "no tags"),
        ("<speak>one<break time='1s'/>two</speak>", "one two"),
        ("<speak><p>One.</p><p><s>Two.</s><s>Three.</s></p></speak>", "One. Two. Three."),
        ("<speak><sub alias='aluminium'>Al</sub> foil</speak>", "aluminium foil"),
        ("<speak>Ding <audio src='x.mp3'>no sound</audio>dong</speak>", "Ding dong"),
        ("<speak><amazon:effect name='whispered'>psst</amazon:effect></speak>", "psst"),
        ("<speak>rock & roll &amp; &#66;&lt;</speak>", "rock & roll & B<"),
        ("<speak/>", ""),
        (" <?xml version='1.0'?><speak>declared</speak>", "declared"),
    ],
)
def test_words_are_what_is_spoken(ssml: str, words: str) -> None:
    assert plain(ssml) == words


@pytest.mark.parametrize(
    ("ssml", "complaint"),
    [
        ("<speak>open <b></speak>", "mismatched tag"),
        ("<speak>a</speak><speak>b</speak>", "junk after document"),
        ("<speak>\x00</speak>", "invalid token"),
        ("<b>" * 200 + "</b>" * 200, "deeper than 100"),
        ("<speak>&nbsp;</speak><!DOCTYPE x>", "broken SSML"),
        ("<speak>\ud800</speak>", "broken SSML"),
    ],
)
def test_broken_markup_is_told(ssml: str, complaint: str) -> None:
    with pytest.raises(FulfilmentError, match=complaint):
        plain(ssml)


def test_a_document_type_is_refused_before_anything_is_expanded() -> None:
    with pytest.raises(FulfilmentError, match="document type"):
        plain("<!DOCTYPE s [<!ENTITY a 'xx'><!ENTITY b '&a;&a;'>]><speak>&b;</speak>")


def test_markup_is_enclosed_once() -> None:
    assert enclosed("hi") == "<speak>hi</speak>" == enclosed(enclosed("hi"))


@given(st.text(alphabet="<>/&;!'\"= abspeak[]?#x1", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FulfilmentError):
        plain(text)
