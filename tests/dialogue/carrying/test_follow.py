"""Sentences that are no request by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sayso.dialogue.carrying.follow import going_on, pointing_back
from sayso.dialogue.carrying.weigh import share_of_words
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Decision, Hypothesis, Utterance
from sayso.understanding.heard import hear
from tests.dialogue.carrying.nouns import (
    ATTIC,
    INES,
    INSTALLED,
    ROME,
    after,
    context,
    next_turn,
    said,
)
from tests.dialogue.nouns import abstain, act


def went_on(text: str, now: Context) -> dict[str, str] | None:
    found = going_on(hear(text, None), now, INSTALLED)
    if found is None:
        return None
    return {each.name: each.normalised or each.value for each in found.slots}


@pytest.mark.parametrize(
    "text", ["and Paris?", "what about Paris", "how about in Paris", "or Paris"]
)
def test_a_new_value_takes_the_place_of_the_old_one_and_the_others_stay(text: str) -> None:
    assert went_on(text, after(ROME)) == {"city": "Paris", "date": "2026-05-05"}


def test_what_stays_has_no_place_and_what_is_new_has_its_own() -> None:
    found = going_on(hear("and Paris?", None), after(ROME), INSTALLED)
    assert found is not None
    assert {each.name: (each.start, each.end) for each in found.slots} == {
        "city": (4, 9),
        "date": (None, None),
    }
    assert {*found.carried} == {"date"}
    assert found.confidence == 1.0


@pytest.mark.parametrize(
    "text",
    ["Paris", "and play some music", "and", "what about the football", "and Bergen", "not Paris"],
)
def test_more_than_values_or_less_is_another_request(text: str) -> None:
    assert went_on(text, after(ROME)) is None


def test_nothing_goes_on_from_nothing_or_while_something_is_open() -> None:
    now = after(ROME)
    assert went_on("and Paris?", context()) is None
    assert went_on("and Paris?", replace(now, active="beds")) is None
    asked = Awaiting(Asked.SLOT, ROME[1], "city")
    assert went_on("and Paris?", replace(now, awaiting=asked)) is None


def test_a_person_is_not_brought_along_later_on() -> None:
    text = "write to Noor that the soup is ready"
    wrote = said(text, "phone.Write", person="Noor", words="the soup is ready")
    assert went_on("and to Ines", after(wrote)) == {"person": "Ines Vale"}, "the text is asked for"
    book = said("book two nights in Rome", "beds.Book", nights="two", town="Rome")
    assert went_on("and in Paris", after(book)) == {"nights": "2", "town": "Paris"}
    assert went_on("and in Paris", next_turn(after(book))) == {"town": "Paris"}


class Reader:
    """Reads the sentences that it was told of, and nothing else."""

    def __init__(self, *turns: tuple[str, Hypothesis]) -> None:
        self.known = dict(turns)
        self.asked: list[str] = []

    def __call__(self, utterance: Utterance) -> Decision:
        self.asked.append(utterance.text)
        found = self.known.get(utterance.text)
        return abstain() if found is None else act(found)


def pointed(text: str, now: Context, reader: Reader) -> Decision | None:
    alone = abstain([replace(each, slots=()) for each in reader.known.values()])
    return pointing_back(hear(text, None), now, alone, INSTALLED, share_of_words, reader)


def test_a_sentence_means_something_with_the_value_in_it() -> None:
    reader = Reader(said("dim attic to thirty please", "light.Dim", lamp="attic", level="thirty"))
    found = pointed("dim it to thirty please", after(ATTIC), reader)
    assert found is not None
    assert found.chosen is not None
    lamp, level = found.chosen.slots
    assert (lamp.start, lamp.end) == (None, None)
    assert "dim it to thirty please"[level.start : level.end] == "thirty"
    assert "1 turn ago" in found.chosen.carried["lamp"]
    assert found.reason.startswith('"it" is attic')


@pytest.mark.parametrize("known", [(), (said("drop attic", "light.On"),)])
def test_a_sentence_that_does_not_take_the_value_means_nothing_more(
    known: Sequence[tuple[str, Hypothesis]],
) -> None:
    assert pointed("drop it", after(ATTIC), Reader(*known)) is None


def test_it_is_no_day_and_no_person() -> None:
    reader = Reader()
    assert pointed("drop it", after(INES), reader) is None
    assert reader.asked == []
    assert pointed("drop it", after(ROME), reader) is None
    assert reader.asked == []


def test_the_words_alone_must_come_near_what_they_mean() -> None:
    reader = Reader(said("drop attic", "light.On", lamp="attic"))
    assert pointed("drop it", after(ATTIC), reader) is not None
    heard, others = hear("drop it", None), abstain([ROME[1]])
    found = pointing_back(heard, after(ATTIC), others, INSTALLED, share_of_words, reader)
    assert found is None


def test_nothing_is_read_again_where_it_is_understood_or_nothing_was_said() -> None:
    reader = Reader()
    heard, now = hear("drop it", None), after(ATTIC)
    asked = replace(now, awaiting=Awaiting(Asked.CONFIRM, ATTIC[1]))
    for before, decision in ((now, act(ATTIC[1])), (context(), abstain()), (asked, abstain())):
        found = pointing_back(heard, before, decision, INSTALLED, share_of_words, reader)
        assert found is None
    assert reader.asked == []


def test_a_value_is_not_put_where_it_is_none() -> None:
    """A lamp is no city, though a reading may take its name for one."""
    reader = Reader(said("show attic", "sky.Look", city="attic"))
    assert pointed("show it", after(ATTIC), reader) is None
    assert reader.asked == ["show attic"]


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("nice out there now", "nice in Rome now"),
        ("is that city nice", "is Rome nice"),
        ("nice in that place", "nice in Rome"),
    ],
)
def test_there_is_a_place_with_its_preposition(text: str, put: str) -> None:
    found = pointed(text, after(ROME), Reader(said(put, "sky.Look", city="Rome")))
    assert found is not None
    assert found.chosen is not None
    city = found.chosen.slots[0]
    assert (city.value, city.start, city.end) == ("Rome", None, None)
