"""What people say to the example home, and what keeps it from being learnt by heart."""

from __future__ import annotations

from collections import Counter

import pytest

from sayso.cli.demo import example_home
from sayso.evaluation.households.phrasings import Speech, example_speech, fill, masked
from sayso.skills import read_skills
from sayso.types.skills import Skill

FEWEST, MOST = 15, 45


@pytest.fixture(scope="module")
def skills() -> list[Skill]:
    return list(read_skills(example_home() / "skills"))


@pytest.fixture(scope="module")
def speech(skills: list[Skill]) -> Speech:
    return example_speech(skills)


def test_no_phrasing_has_the_form_of_a_sample_that_a_skill_is_trained_with(
    skills: list[Skill], speech: Speech
) -> None:
    samples = {
        masked(sample): f"{skill.id}.{intent.name}"
        for skill in skills
        for language in skill.languages
        for intent in language.intents
        for sample in intent.samples
    }
    shared = {
        one.text: samples[masked(one.text)]
        for one in speech.phrasings
        if masked(one.text) in samples
    }
    assert not shared


def test_every_intent_has_many_phrasings(speech: Speech) -> None:
    counts = Counter((one.skill, one.intent) for one in speech.phrasings)
    assert len(counts) >= 75
    assert {key for key, count in counts.items() if not FEWEST <= count <= MOST} == set()


def test_no_phrasing_of_an_intent_is_there_twice(speech: Speech) -> None:
    counts = Counter((one.skill, one.intent, one.text) for one in speech.phrasings)
    assert counts.most_common(1)[0][1] == 1


def test_every_slot_can_be_filled(speech: Speech) -> None:
    for one in speech.phrasings:
        words = {slot: speech.words[one.skill, one.intent, slot][0].said[0] for slot in one.slots}
        assert "{" not in fill(one, words)


def test_a_phrasing_of_a_skill_that_is_not_there_is_complained_about(skills: list[Skill]) -> None:
    with pytest.raises(ValueError, match="is not installed"):
        example_speech(skills[1:])


def test_masked_forms_forget_what_a_slot_is_called() -> None:
    assert masked("Play {song}, please!") == masked("play {artist} please")
    assert masked("play {song}") != masked("play it")
