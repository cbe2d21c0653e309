"""Phrasings of any skills, from labelled sentences."""

from __future__ import annotations

import pytest

from sayso.evaluation.households.labelled import labelled_speech, template
from sayso.evaluation.testset import Expectation, ExpectedSlot
from tests.evaluation.households.town import KETTLE, RADIO


def test_a_sentence_gets_its_braces_back() -> None:
    slots = (ExpectedSlot("song", "blue tram", 8), ExpectedSlot("when", "tonight"))
    assert template("let run blue tram tonight", ()) == "let run blue tram tonight"
    assert template("let run blue tram tonight", slots) == "let run {song} {when}"
    assert template("nothing of it", slots) is None


def test_sentences_of_known_intents_become_phrasings_that_others_can_fill() -> None:
    rows = [
        Expectation("let me hear blue tram", "Play", slots=(ExpectedSlot("song", "blue tram"),)),
        Expectation("put slow ferry on", "Play", slots=(ExpectedSlot("song", "slow ferry"),)),
        Expectation("play corner table", "Play", slots=(ExpectedSlot("song", "corner table"),)),
        Expectation("tea please", "Boil", slots=()),
        Expectation("what a day", None),
        Expectation("fly to the moon", "Fly", slots=()),
    ]
    speech = labelled_speech(rows, (RADIO, KETTLE))
    texts = {one.text for one in speech.phrasings}
    assert texts == {"let me hear {song}", "put {song} on", "tea please"}  # not a trained form
    assert {word.value for word in speech.words["radio", "Play", "song"]} == {
        "blue tram",
        "slow ferry",
    }


def test_sentences_of_other_skills_are_complained_about() -> None:
    with pytest.raises(ValueError, match="no labelled sentence"):
        labelled_speech([Expectation("fly", "Fly")], (RADIO,))
