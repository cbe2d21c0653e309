"""Collisions: what is found, between whom, how bad it is, and what is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.evaluation.collisions.nouns import Kind, Severity
from sayso.types.skills import Skill
from tests.evaluation.colliding import BOTH, GAMES, SONGS, found, player, skill

SAMPLES = st.one_of(st.text(), st.from_regex(r"[{}a-c ⵣ'花か!]{0,12}", fullmatch=True))


def told(*skills: Skill) -> list[tuple[Severity, Kind]]:
    return [(one.severity, one.kind) for one in found(*skills)]


OWLS = skill("owls", {"Hoot": ["hoot for me", "let me hear an owl"]})


def test_skills_that_differ_do_not_collide() -> None:
    assert found(OWLS, skill("tides", {"Next": ["when is high tide"]})) == []


def test_the_same_sentence_in_two_skills_is_an_error_whatever_its_spelling() -> None:
    (one,) = found(OWLS, skill("birds", {"Sound": ["Hoot for me!"]}))
    assert (one.severity, one.kind, one.said) == (Severity.ERROR, Kind.WORDS, "hoot for me")
    assert one.skills == ("owls", "birds")
    assert one.apart["owls"] == ("hear", "let", "owl")


def test_the_same_sentence_in_two_intents_of_a_skill_is_an_error() -> None:
    assert told(skill("owls", {"Hoot": ["hoot"], "Call": ["Hoot"]})) == [
        (Severity.ERROR, Kind.WORDS)
    ]


def test_a_sentence_twice_in_one_intent_is_none() -> None:
    assert told(skill("owls", {"Hoot": ["hoot", "Hoot"]})) == []


def test_many_skills_with_one_sentence_are_one_finding() -> None:
    (one,) = found(*(skill(f"facts-{at}", {"Tell": ["give me a fact"]}) for at in range(60)))
    assert len(one.sites) == 60
    assert one.apart == {}  # words of so many skills advise nobody


def test_answers_that_everybody_gives_are_a_note() -> None:
    yes = [skill(id, {"Sure": ["yes please"]}) for id in ("owls", "tides")]
    assert told(*yes) == [(Severity.NOTE, Kind.WORDS)]


def test_samples_of_standard_intents_do_not_count() -> None:
    stop = [skill(id, {"AMAZON.StopIntent": ["shush now"]}) for id in ("owls", "tides")]
    assert found(*stop) == []


def test_a_name_that_two_skills_bear_is_an_error() -> None:
    (one,) = found(skill("a", {}, name="Night Owl"), skill("b", {}, name="night owl"))
    assert (one.severity, one.kind) == (Severity.ERROR, Kind.NAME)
    assert {site.sample for site in one.sites} == {"Night Owl", "night owl"}


@pytest.mark.parametrize(
    ("name", "other"),
    [("news reader", "newsreader"), ("flight facts", "flite facts"), ("local smut", "localsmut")],
)
def test_names_that_sound_alike_are_a_warning(name: str, other: str) -> None:
    skills = skill("a", {}, name=name), skill("b", {}, name=other)
    assert told(*skills) == [(Severity.WARNING, Kind.SOUND)]


@pytest.mark.parametrize(("name", "other"), [("dog facts", "duck facts"), ("trivia 1", "trivia 2")])
def test_names_that_do_not_sound_alike_are_none(name: str, other: str) -> None:
    assert told(skill("a", {}, name=name), skill("b", {}, name=other)) == []


def test_skills_without_a_name_do_not_share_one() -> None:
    assert told(skill("a", {}, name=""), skill("b", {}, name="")) == []


def test_a_sample_that_calls_another_skill_is_taken_by_it() -> None:
    radio = skill("radio", {"Play": ["play jazz using deezer", "play the blues"]})
    (one,) = found(radio, skill("deezer", {"Stream": ["stream something"]}))
    assert (one.severity, one.kind) == (Severity.ERROR, Kind.CALLED)
    assert one.taker is not None
    assert (one.taker.skill, one.taker.intent) == ("deezer", "")
    assert [site.sample for site in one.sites] == ["play jazz using deezer"]


def test_a_sample_that_only_opens_another_skill_is_known_word_for_word() -> None:
    boil = skill("eggs", {"Boil": ["start egg timer"]})
    assert told(boil, skill("other", {}, name="egg timer")) == []


def test_templates_that_differ_only_in_their_slots_are_a_warning() -> None:
    (one,) = found(player("songs", SONGS, "song"), player("all", BOTH))
    assert (one.severity, one.kind) == (Severity.WARNING, Kind.TEMPLATE)
    assert one.said == "put on {} for me"


def test_templates_whose_values_are_apart_are_a_note() -> None:
    assert told(player("songs", SONGS), player("games", GAMES)) == [(Severity.NOTE, Kind.APART)]


def test_values_that_a_third_skill_joins_are_one_group() -> None:
    assert told(player("songs", SONGS), player("games", GAMES), player("all", BOTH)) == [
        (Severity.WARNING, Kind.TEMPLATE)
    ]


def test_free_text_meets_every_catalogue() -> None:
    free = skill("search", {"Find": ["put on {x} for me"]}, {"x": "AMAZON.SearchQuery"})
    assert (Severity.WARNING, Kind.TEMPLATE) in told(player("songs", SONGS), free)


def test_numbers_meet_a_catalogue_of_numbers_and_no_other() -> None:
    numbers = skill("count", {"To": ["put on {x} for me"]}, {"x": "AMAZON.NUMBER"})
    assert (Severity.WARNING, Kind.TEMPLATE) in told(player("hits", {"Hit": ["seven"]}), numbers)
    assert (Severity.NOTE, Kind.APART) in told(player("songs", SONGS), numbers)


def test_a_template_takes_the_sentences_that_its_values_make() -> None:
    chess = skill("chess", {"Start": ["put on chess for me", "put on the board for me"]})
    (one,) = found(player("games", GAMES), chess)
    assert (one.severity, one.kind) == (Severity.WARNING, Kind.COVERED)
    assert one.taker is not None
    assert one.taker.sample == "put on {x} for me"
    assert [site.sample for site in one.sites] == ["put on chess for me"]


def test_free_text_takes_any_sentence_that_fits_around_it() -> None:
    search = skill("search", {"Find": ["look for {x}"]}, {"x": "AMAZON.SearchQuery"})
    keys = skill("keys", {"Find": ["look for my keys in the {room}", "find my keys"]})
    (one,) = found(search, keys)
    assert [site.sample for site in one.sites] == ["look for my keys in the {room}"]


def test_a_slot_beside_an_apostrophe_takes_what_stands_there() -> None:
    names = skill("names", {"Birthday": ["{who}'s birthday"]}, {"who": "Who"}, {"Who": ["Anna"]})
    assert told(names, skill("anna", {"Day": ["Anna's birthday"]})) == [
        (Severity.WARNING, Kind.COVERED)
    ]


def test_a_template_that_is_nothing_but_free_text_takes_anything() -> None:
    any = skill("any", {"Any": ["{x}"]}, {"x": "AMAZON.SearchQuery"})
    assert told(any, OWLS) == [(Severity.WARNING, Kind.ANYTHING)]


def test_free_text_beside_letters_takes_not_just_anything() -> None:
    calls = skill("n", {"Call": ["{x} に 電話して"]}, {"x": "AMAZON.SearchQuery"}, locale="ja-JP")
    other = skill("h", {"Hi": ["こんにちは"], "Call": ["母に電話して"]}, locale="ja-JP")
    (one,) = found(calls, other, locales=["ja-JP"])
    assert [site.sample for site in one.sites] == ["母に電話して"]


def test_japanese_templates_take_sentences_without_spaces() -> None:
    values = {"Who": ["花子"]}
    names = skill("n", {"Call": ["{who} に 電話して"]}, {"who": "Who"}, values, locale="ja-JP")
    hanako = skill("h", {"Call": ["花子に電話して"]}, locale="ja-JP")
    assert [one.kind for one in found(names, hanako, locales=["ja-JP"])] == [Kind.COVERED]


def test_a_locale_hears_the_language_that_would_serve_it_and_nothing_is_told_twice() -> None:
    british = skill("birds", {"Sound": ["hoot for me"]}, locale="en-GB")
    german = skill("eulen", {"Ruf": ["hoot for me"]}, locale="de-DE")
    (one,) = found(OWLS, british, german, locales=["en-US", "en-GB", "de-DE"])
    assert one.skills == ("owls", "birds")


def test_what_all_locales_of_a_tongue_say_is_told_once() -> None:
    both = [
        Skill(id, id, languages=tuple(of.languages[0] for of in spoken))
        for id in ("owls", "birds")
        for spoken in [[skill(id, {"Hoot": ["hoot"]}, locale=x) for x in ("en-US", "en-GB")]]
    ]
    (one,) = found(*both, locales=["en-US", "en-GB"])
    assert {site.locale for site in one.sites} == {"en-US"}


def test_worse_findings_come_first() -> None:
    skills = player("songs", SONGS), player("games", GAMES), OWLS
    more = skill("birds", {"Sound": ["hoot for me"], "Put": ["put on chess for me"]})
    severities = [list(Severity).index(one.severity) for one in found(*skills, more)]
    assert severities == sorted(severities)
    assert len(set(severities)) == 3


@given(st.lists(st.lists(SAMPLES, max_size=4), max_size=4))
def test_any_samples_are_looked_at(said: list[list[str]]) -> None:
    slots = {"a": "AMAZON.SearchQuery", "b": "AMAZON.NUMBER", "c": "Song"}
    some = [skill(f"s-{at}", {"I": texts}, slots, SONGS) for at, texts in enumerate(said)]
    for one in found(*some):
        written = {text for texts in said for text in texts} | {x.id for x in some}
        assert {site.sample for site in one.everyone} <= written


def test_many_slots_side_by_side_take_no_time() -> None:
    slots = {f"s{at}": "AMAZON.SearchQuery" for at in range(12)}
    wide = skill("wide", {"All": [" ".join(f"{{{name}}}" for name in slots) + " x"]}, slots)
    long = skill("long", {"Say": ["and so on " * 18 + "y"]})
    assert found(wide, long) == []


def test_nothing_to_look_at_is_no_collision() -> None:
    assert found() == []
    assert found(Skill("mute", "Mute")) == []
    assert found(skill("empty", {"Say": ["!", "..."]}, name="")) == []


def test_the_order_of_skills_does_not_change_what_is_found() -> None:
    skills = [player("songs", SONGS), player("all", BOTH), OWLS, skill("b", {"S": ["hoot for me"]})]
    kinds = [{(x.kind, frozenset(x.everyone)) for x in found(*some)} for some in _turned(skills)]
    assert all(one == other for one, other in pairwise(kinds))


def _turned(skills: Sequence[Skill]) -> list[list[Skill]]:
    return [[*skills[at:], *skills[:at]] for at in range(len(skills))]
