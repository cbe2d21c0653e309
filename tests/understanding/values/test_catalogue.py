from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.types.readings import Candidate
from sayso.types.skills import TypeValue
from sayso.understanding.values.catalogue import Catalogue, Found
from sayso.understanding.values.likeness import MATCHED
from sayso.understanding.values.names import plain
from sayso.understanding.values.shelf import build

HOUSE = Catalogue(
    [
        TypeValue("kitchen light", "k", ("lamp over the stove", "cooking light")),
        TypeValue("living room", "l", ("lounge", "sitting room")),
        TypeValue("bedroom", "b"),
        TypeValue("north room", "n"),
        TypeValue("channel 5", "c5"),
        TypeValue("channel 6", "c6"),
        TypeValue("mum's room", "m"),
        TypeValue("Café Müller", "cm"),
        TypeValue("The Beatles", "tb"),
        TypeValue("Coldplay", "cp"),
        TypeValue("light", "li"),
        TypeValue("tea", "t"),
        TypeValue("fish & chips", "f"),
    ],
    "en",
)


def matched(words: str, catalogue: Catalogue = HOUSE) -> str | None:
    found = catalogue.find(words)
    return found.candidates[0].id if found.matched else None


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("kitchen light", "k"),
        ("Kitchen Light.", "k"),
        ("the kitchen lights", "k"),
        ("lamp over the stove", "k"),
        ("my bedroom", "b"),
        ("bed room", "b"),
        ("livingroom", "l"),
        ("channel five", "c5"),
        ("mums room", "m"),
        ("mum’s room", "m"),
        ("cafe muller", "cm"),
        ("beatles", "tb"),
        ("cold play", "cp"),
        ("fish and chips", "f"),
        ("tea", "t"),
    ],
)
def test_small_differences_do_not_count(words: str, id: str) -> None:
    assert matched(words) == id


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("bedrom", "b"),
        ("kitchin light", "k"),
        ("beetles", "tb"),
        ("light kitchen", "k"),
        ("sitting roon", "l"),
        ("kichen lihgt", "k"),
        ("mueller cafe", "cm"),
        ("sitting rome", None),
    ],
)
def test_what_sounds_or_looks_the_same_is_found(words: str, id: str | None) -> None:
    assert matched(words) == id


@pytest.mark.parametrize(
    "words",
    ["channel 7", "tom's room", "south room", "kitchen", "room", "night", "te", "the", "", "🙂"],
)
def test_what_is_only_similar_is_not_matched(words: str) -> None:
    assert matched(words) is None


def test_a_similar_value_is_offered_with_its_score() -> None:
    best = HOUSE.find("kitchen").candidates[0]
    assert best.value == "kitchen light"
    assert best.id == "k"
    assert 0.5 <= best.score < MATCHED


def test_candidates_are_at_most_five_and_best_first() -> None:
    rooms = Catalogue([TypeValue(f"bedroom {n}") for n in range(9)], "en")
    found = rooms.find("bedroom nine")
    scores = [candidate.score for candidate in found.candidates]
    assert not found.matched
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


def test_two_values_of_one_name_are_offered_but_not_matched() -> None:
    people = Catalogue([TypeValue("James", "1"), TypeValue("James", "2")], "en")
    assert people.find("james") == Found((Candidate("James", "1"), Candidate("James", "2")))


def test_a_value_given_twice_is_one_value() -> None:
    people = Catalogue([TypeValue("Ann"), TypeValue("Ann")], "en")
    assert people.find("ann") == Found((Candidate("Ann"),), matched=True)


def test_a_name_goes_before_a_synonym_of_another_value() -> None:
    lamps = Catalogue([TypeValue("lamp", "1", ("light",)), TypeValue("light", "2")], "en")
    assert matched("light", lamps) == "2"


def test_a_shared_synonym_is_ambiguous() -> None:
    lamps = Catalogue(
        [TypeValue("lamp", "1", ("light",)), TypeValue("bulb", "2", ("light",))], "en"
    )
    found = lamps.find("light")
    assert not found.matched
    assert {candidate.id for candidate in found.candidates} == {"1", "2"}


def test_word_for_word_goes_before_nearly_so() -> None:
    bands = Catalogue([TypeValue("The Who", "1"), TypeValue("Who", "2")], "en")
    assert matched("the who", bands) == "1"
    assert matched("who", bands) == "2"


def test_two_near_values_are_not_told_apart_by_a_guess() -> None:
    towns = Catalogue([TypeValue("Carlington"), TypeValue("Darlington")], "en")
    found = towns.find("barlington")
    assert not found.matched
    assert len(found.candidates) == 2


def test_other_scripts_are_compared_letter_by_letter() -> None:
    rooms = Catalogue(
        [TypeValue("रसोई", "k"), TypeValue("ห้องนอน", "b"), TypeValue("кухня", "r")], "hi"
    )
    assert [matched(words, rooms) for words in ("रसोई", "ห้องนอน", "Кухня")] == ["k", "b", "r"]


def test_articles_are_those_of_the_tongue() -> None:
    assert matched("die küche", Catalogue([TypeValue("Küche", "k")], "de")) == "k"
    assert matched("die küche", Catalogue([TypeValue("Küche", "k")], "en")) is None


def test_a_value_is_found_among_thousands() -> None:
    words = [
        "amber",
        "birch",
        "cedar",
        "dune",
        "ember",
        "fjord",
        "grove",
        "heath",
        "inlet",
        "jetty",
    ]
    names = [f"{a} {b} {c}" for a in words for b in words for c in words]
    many = Catalogue([TypeValue(name, str(n)) for n, name in enumerate(names)], "en")
    assert len(many) == 1000
    assert matched("cedar ember grove", many) == str(names.index("cedar ember grove"))
    assert matched("ceder ember grove", many) == str(names.index("cedar ember grove"))
    assert matched("cedar ember", many) is None


def test_an_empty_catalogue_has_nothing() -> None:
    assert Catalogue([], "en").find("anything at all") == Found()


WORDS = st.text("abcdefgh é5'", max_size=12)
VALUES = st.builds(
    TypeValue,
    WORDS,
    st.none() | st.sampled_from("123"),
    st.lists(WORDS, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=6))
def test_any_words_among_any_values(words: str, names: list[str]) -> None:
    catalogue = Catalogue([TypeValue(name) for name in names], "en")
    found = catalogue.find(words)
    assert found == catalogue.find(words)
    assert all(0.5 <= candidate.score <= 1 for candidate in found.candidates)
    assert not found.matched or found.candidates[0].score >= MATCHED


@settings(deadline=None)
@given(WORDS, st.lists(VALUES, max_size=8), st.randoms())
def test_the_order_of_the_values_does_not_matter(
    words: str, values: list[TypeValue], chance: random.Random
) -> None:
    before = Catalogue(values, "en").find(words)
    chance.shuffle(values)
    assert Catalogue(values, "en").find(words) == before


@settings(deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=8), st.data())
def test_what_is_said_word_for_word_always_wins(
    values: list[TypeValue], data: st.DataObject
) -> None:
    value = data.draw(st.sampled_from(values))
    name = data.draw(st.sampled_from([value.value, *value.synonyms]))
    best = Catalogue(values, "en").find(name).candidates[:1]
    assert not plain(name) or best[0].score == 1.0


@settings(deadline=None, max_examples=40)
@given(WORDS, st.lists(VALUES, max_size=40))
def test_a_shelf_finds_what_a_list_finds(words: str, values: list[TypeValue]) -> None:
    listed = Catalogue(values, "en").find(words)
    shelved = Catalogue(build(values, "en"), "en").find(words)
    assert shelved.matched == listed.matched
    # A shelf looks only at names that share a trigram or a sound: what is hardly alike may be lost.
    assert not listed.matched or shelved.candidates[0] == listed.candidates[0]
