"""What a sentence says of an intent that is talked about: values, what is put right, and how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.dialogue.said import Said, merged, said_of
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.frames import Frames
from sayso.understanding.heard import hear
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import Examples
from sayso.understanding.values.resolve import Resolver
from tests.dialogue.nouns import context, slot
from tests.dialogue.test_answers import Tagger

UNITS = SlotType("UNIT", tuple(map(TypeValue, ("miles", "yards", "liters"))))
SHOWS = SlotType("SHOW", (TypeValue("game night"), TypeValue("opera")))
CONVERT = Intent(
    "Convert",
    samples=("convert {amount} {from} into {to}", "what are {amount} {from}"),
    slots=(Slot("amount", "AMAZON.NUMBER"), Slot("from", "UNIT"), Slot("to", "UNIT")),
)
SEE = Intent(
    "See",
    samples=(
        "see {show} on my {day} plan",
        "put {show} on the {day} plan",
        "show me my {day} plan",
    ),
    slots=(Slot("show", "SHOW"), Slot("day", "AMAZON.DATE")),
)
MEET = Intent(
    "Meet",
    samples=("meet at {time} on {day}",),
    slots=(Slot("day", "AMAZON.DATE"), Slot("time", "AMAZON.TIME"), Slot("until", "AMAZON.DATE")),
)
SEAT = Intent(
    "Seat",
    samples=("seats for {people} on {day} at {time}",),
    slots=(
        Slot("people", "AMAZON.NUMBER"),
        Slot("day", "AMAZON.DATE"),
        Slot("time", "AMAZON.TIME"),
    ),
)
LANGUAGE = Language("en-US", intents=(CONVERT, SEE, MEET, SEAT), types=(UNITS, SHOWS))
SKILL = Skill("things", "Things", languages=(LANGUAGE,))
HELD = Installed(
    skill=SKILL,
    version="v1",
    locale="en-US",
    language=LANGUAGE,
    model=Tagger(()),
    examples=Examples("things", (), ()),
    resolver=Resolver(LANGUAGE),
    known={},
    frames=Frames(LANGUAGE),
)


def said(text: str, intent: str, *slots: SlotValue, awaited: str = "") -> Said:
    pending = Hypothesis("things", intent, slots)
    return said_of(hear(text, None), pending, HELD, context(), awaited=awaited)


def values(found: Said) -> dict[str, str]:
    return {each.name: each.normalised or each.value for each in found.values}


def test_a_correction_alone_is_for_what_was_said_and_one_with_an_answer_for_both() -> None:
    before = (slot("amount", "5"), slot("from", "yards"))
    assert values(said("no, miles", "Convert", *before, awaited="to")) == {"from": "miles"}
    both = said("no, seven, and miles", "Convert", *before, awaited="to")
    assert values(both) == {"amount": "7", "to": "miles"}
    assert both.plain
    assert both.corrects


def test_the_words_that_put_something_right_are_no_words_of_their_own() -> None:
    found = said("on second thought, liters", "Convert", slot("from", "miles"))
    assert (found.plain, found.corrects) == (True, True)


def test_the_second_of_a_second_thought_is_no_day() -> None:
    found = said("on second thought, opera", "See", slot("show", "game night"))
    assert values(found) == {"show": "opera"}
    assert (found.plain, found.corrects) == (True, True)


@pytest.mark.parametrize("text", ["I actually meant liters", "I really just meant liters"])
def test_stress_does_not_hide_that_something_is_put_right(text: str) -> None:
    assert said(text, "Convert", slot("from", "miles")).corrects


def test_words_beside_a_slot_in_the_samples_are_small_words_of_the_intent() -> None:
    assert said("my opera plan", "See").plain
    assert not said("my opera ticket", "See").plain


def test_a_day_that_begins_within_a_name_is_the_day_alone() -> None:
    found = said("game night on Monday", "See", awaited="show")
    assert [each.value for each in found.values] == ["game night", "on Monday"]
    assert found.plain


def test_a_name_loses_its_article_and_nothing_else() -> None:
    (one,) = said("the opera", "See").values
    assert one.value == "opera"
    (other,) = said("please, game night, thanks", "See").values
    assert other.value == "game night"


def test_what_was_put_right_takes_the_place_of_what_was_held() -> None:
    pending = Hypothesis("things", "Convert", (slot("amount", "5"), slot("from", "yards")))
    found = said("no, miles", "Convert", *pending.slots, awaited="to")
    mended = merged(pending, found, CONVERT, context())
    assert {each.name: each.value for each in mended.slots} == {"amount": "5", "from": "miles"}


def test_nothing_is_said_of_an_intent_that_the_skill_does_not_have() -> None:
    assert said("miles", "Nothing") == Said()


def test_a_day_and_a_time_are_said_in_words_of_their_own() -> None:
    found = said("March 9th at half past seven in the evening", "Meet", awaited="day")
    assert {each.name: (each.value, each.normalised) for each in found.values} == {
        "day": ("March 9th", "2027-03-09"),
        "time": ("half past seven in the evening", "19:30"),
    }


def test_a_month_belongs_to_its_day() -> None:
    found = said("the 10th of March at 5:45 pm", "Meet", awaited="day")
    assert {each.name: each.normalised for each in found.values} == {
        "day": "2027-03-10",
        "time": "17:45",
    }
    assert not any(each.value.startswith("March") for each in found.values)


def test_one_word_that_is_a_day_and_a_time_stays_whole() -> None:
    found = said("tonight", "Meet", awaited="day")
    assert {each.value for each in found.values} == {"tonight"}


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("80 seven guests", {"total": "80", "guests": "7"}),
        ("seven guests, 80", {"total": "80", "guests": "7"}),
        ("no, five guests", {"guests": "5"}),
        ("no, five", {"total": "5"}),  # nothing tells: it is for what was asked
    ],
)
def test_a_word_beside_a_number_tells_whose_it_is(text: str, amounts: dict[str, str]) -> None:
    number = "AMAZON.NUMBER"
    share = Intent(
        "Share",
        samples=("share {total} among {guests} guests",),
        slots=(Slot("total", number), Slot("guests", number)),
    )
    language = replace(LANGUAGE, intents=(share,))
    held = replace(HELD, language=language, resolver=Resolver(language))
    found = said_of(
        hear(text, None), Hypothesis("things", "Share"), held, context(), awaited="total"
    )
    assert {x.name: x.normalised for x in found.values} == amounts


@pytest.mark.parametrize("text", ["for two, tomorrow at six", "tomorrow at six for two"])
@pytest.mark.parametrize("awaited", ["people", "day", "time"])
def test_a_number_after_at_is_a_time_and_one_after_for_is_none(text: str, awaited: str) -> None:
    found = said(text, "Seat", awaited=awaited)
    assert values(found) == {"people": "2", "day": "2026-05-05", "time": "06:00"}
    assert found.plain


def test_an_um_is_no_word_before_a_time_in_english() -> None:
    found = said("um 4 people at 7", "Seat", awaited="people")
    assert values(found)["people"] == "4"


def test_the_words_of_a_day_are_its_own() -> None:
    found = said("for two, tomorrow at six", "Seat", awaited="people")
    assert [each.value for each in found.values] == ["two", "tomorrow", "six"]
