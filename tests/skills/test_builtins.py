from __future__ import annotations

import unicodedata

import pytest

from sayso.skills.builtin_intents import phrases
from sayso.skills.builtin_types import builtin_name, list_name, values

TONGUES = ("en", "de", "es", "fr", "it", "pt", "ja", "hi")
SEEN = """
    NUMBER DATE TIME DURATION Ordinal FOUR_DIGIT_NUMBER PhoneNumber SearchQuery City US_CITY
    EUROPE_CITY AT_CITY DE_CITY GB_CITY Country US_STATE Region FirstName US_FIRST_NAME
    DE_FIRST_NAME GB_FIRST_NAME LastName Person Actor Artist Musician MusicGroup MusicAlbum
    MusicRecording MusicCreativeWork Book Movie MovieTheater TVSeries VideoGame
    FictionalCharacter Food Drink Animal Color Corporation Language Room Month DayOfWeek Sport
    SportsTeam Genre Airline Airport StreetName StreetAddress PostalAddress LocalBusiness
    Professional ProfessionalType LITERAL
"""


@pytest.mark.parametrize("name", SEEN.split())
def test_types_seen_in_practice_have_varied_values(name: str) -> None:
    said = values(f"AMAZON.{name}", "en-US")
    assert len(said) >= (10 if name in ("Month", "DayOfWeek") else 30)
    assert len(set(said)) == len(said)
    assert name in ("SearchQuery", "LITERAL") or said != values("AMAZON.SearchQuery", "en-US")


@pytest.mark.parametrize("tongue", TONGUES)
def test_numbers_dates_and_times_are_said_in_each_tongue(tongue: str) -> None:
    for name in ("NUMBER", "DATE", "TIME", "DURATION"):
        said = values(f"AMAZON.{name}", f"{tongue}-XX")
        assert len(said) >= 20
        assert (tongue == "en") is (said == values(f"AMAZON.{name}", "en-US"))


@pytest.mark.parametrize("tongue", TONGUES)
def test_values_are_texts_as_they_stand_in_utterances(tongue: str) -> None:
    for name in SEEN.split():
        for text in values(f"AMAZON.{name}", tongue):
            assert text == " ".join(unicodedata.normalize("NFKC", text).split())
            assert not set("{}") & set(text)


def test_other_tongues_fall_back_to_english() -> None:
    assert values("AMAZON.Movie", "nl-NL") == values("AMAZON.Movie", "en-US")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("AMAZON.IT_CITY", "City"),
        ("AMAZON.FR_LAST_NAME", "LastName"),
        ("AMAZON.ES_REGION", "Region"),
        ("AMAZON.BrandNewThing", "SearchQuery"),
        ("AMAZON.", "SearchQuery"),
    ],
)
def test_unknown_types_are_served_by_what_they_end_with(name: str, key: str) -> None:
    assert list_name(name) == key


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("DATE", "AMAZON.DATE"),
        ("US_CITY", "AMAZON.US_CITY"),
        ("AMAZON.date", "AMAZON.DATE"),
        ("AMAZON.Mystery", "AMAZON.Mystery"),
        ("Date", None),
        ("TEAM", None),
    ],
)
def test_names_are_spelled_as_alexa_does(name: str, known: str | None) -> None:
    assert builtin_name(name) == known


def test_standard_intents_have_phrases() -> None:
    for name in ("Stop", "Cancel", "Help", "Yes", "No", "Repeat", "StartOver", "Next", "Previous"):
        for tongue in (*TONGUES, "ar"):
            assert len(phrases(f"AMAZON.{name}Intent", f"{tongue}-XX")) >= 3, (name, tongue)
    assert "no" in phrases("AMAZON.NoIntent", "en-GB")


def test_nothing_is_said_for_fallback_and_for_intents_of_ones_own() -> None:
    assert phrases("AMAZON.FallbackIntent", "en-US") == ()
    assert phrases("StopIntent", "en-US") == ()
    assert phrases("AMAZON.StopIntent", "nl-NL") == ()


@pytest.mark.parametrize("tongue", [*TONGUES, "ar"])
def test_no_phrase_means_two_things(tongue: str) -> None:
    names = ("Stop", "Cancel", "Help", "Yes", "No", "Repeat", "Pause", "Resume", "Next", "Previous")
    said = [text for name in names for text in phrases(f"AMAZON.{name}Intent", tongue)]
    assert len(said) == len(set(said))
