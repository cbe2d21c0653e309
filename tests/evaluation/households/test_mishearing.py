"""Errors of a recogniser that recur as real ones do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from random import Random

import pytest

from sayso.evaluation.households.mishearing import (
    RECOGNISER,
    Ears,
    Hearing,
    Recogniser,
    Voice,
    read_table,
)

WORDS = tuple("play song kitchen lights turn on off timer for ten minutes jazz".split())
SAID = "turn on the kitchen lights please"
MILD = 1 / 3  # share of words misheard up to which a hearing of the table is like one at home


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(WORDS, Ears(), read_table())


def wrong_places(said: str, heard: str) -> dict[int, str]:
    """Place of a word -> what was heard in its stead."""
    ours, theirs = said.split(), heard.split()
    codes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return {
        place: " ".join(theirs[c:d])
        for code, a, b, c, d in codes
        if code != "equal"
        for place in range(a, b)
    }


def agreement(pairs: Iterator[tuple[str, str, str]]) -> tuple[float, float]:
    """Of (said, heard, heard): how much oftener than by chance both are wrong at a place, and how
    often they are wrong in the same way there."""
    both = same = 0
    expected = 0.0
    for said, one, other in pairs:
        mine, theirs = wrong_places(said, one), wrong_places(said, other)
        expected += len(mine) * len(theirs) / len(said.split())
        for place in mine.keys() & theirs.keys():
            both += 1
            same += mine[place] == theirs[place]
    return both / expected, same / both


def test_the_same_moment_is_heard_the_same(recogniser: Recogniser) -> None:
    voice = Voice(3, 2.0)
    heard = [recogniser.hear(SAID, voice, Random(5)) for _ in range(3)]
    assert len(set(heard)) == 1


def test_about_one_word_in_twenty_is_misheard(recogniser: Recogniser) -> None:
    wrong = total = 0
    for said in sorted({row.said for row in read_table()})[::4]:
        for number in range(10):
            heard = recogniser.hear(said, Voice(number, 1.0), Random(f"{said}{number}"))
            wrong += len(wrong_places(said, heard))
            total += len(said.split())
    assert 0.03 <= wrong / total <= 0.08


def test_errors_recur_among_people_as_in_the_table(recogniser: Recogniser) -> None:
    """Mild hearings only: those of synthetic voices in noise are often worse than any at home."""
    by_said: dict[str, list[Hearing]] = defaultdict(list)
    for row in read_table():
        mild = len(wrong_places(row.said, row.heard)) <= MILD * len(row.said.split())
        if row.recogniser == RECOGNISER and mild:
            by_said[row.said].append(row)
    real = agreement(
        (said, a.heard, b.heard) for said, rows in by_said.items() for a, b in combinations(rows, 2)
    )
    ours = agreement(
        (said, one, other)
        for said in sorted(by_said)[::3]
        for one, other in combinations(
            [recogniser.hear(said, Voice(n, 1.5), Random(f"{said}{n}")) for n in range(12)], 2
        )
    )
    assert real[0] / 2 <= ours[0] <= real[0] * 2
    assert abs(real[1] - ours[1]) <= 0.2


def test_somebody_is_misheard_the_same_way_again_and_again(recogniser: Recogniser) -> None:
    def usual(voices: range) -> int:
        heard = [
            recogniser.hear(SAID, Voice(number, 6.0), Random(f"{number}/{moment}"))
            for moment in range(400)
            for number in voices
        ]
        return len(set(heard))

    assert usual(range(1)) < usual(range(100, 200, 30)) / 2


def test_nothing_is_misheard_by_perfect_ears(recogniser: Recogniser) -> None:
    assert recogniser.hear(SAID, Voice(1, 0.0), Random(1)) == SAID


def test_saying_it_again_with_care_is_understood_better(recogniser: Recogniser) -> None:
    def right(*, again: bool) -> int:
        voice = Voice(1, 4.0)
        return sum(
            recogniser.hear(SAID, voice, Random(moment), again=again) == SAID
            for moment in range(1000)
        )

    assert right(again=True) > right(again=False)


def test_words_are_taken_for_words_that_sound_alike(recogniser: Recogniser) -> None:
    others, shares = recogniser.confusions("timer")
    assert others
    assert "timer" not in others
    assert sum(shares) == pytest.approx(1.0)


def test_the_table_holds_what_was_really_heard() -> None:
    table = read_table()
    assert len(table) >= 1000
    assert {row.recogniser for row in table} == {"whisper", "pocketsphinx"}
    assert len({row.voice for row in table}) >= 5
