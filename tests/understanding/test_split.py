"""Where a sentence comes apart into requests: read by an engine of a few lines."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.types.readings import Decision, Hypothesis, Outcome, ResolutionStatus, SlotValue
from sayso.understanding.split import MOST, PLACES, places, split

LIGHTS = ("kitchen", "porch", "hallway")
REQUESTS = (
    # intent, how it is said, its slot, the slot's known values
    ("TurnOn", r"turn on the (\w+)(?: light)?", "light", LIGHTS),
    ("SetAlarm", r"set an alarm for (\w+)", "AMAZON.TIME", ("six", "seven")),
    ("AddItem", r"add (\w+)(?: and (\w+))?(?: to the list)?", "item", ()),
    ("AddItem", r"(?:a )?(\w+) to the list", "item", ()),
    ("AddItem", r"put in the (\w+)", "item", ()),
    ("Remind", r"remind me to (.+)", "task", ()),
    ("Play", r"play (\w+)", "genre", ("jazz", "blues")),
    ("Lights", r"lights out", "", ()),
    ("Roll", r"roll", "", ()),
    ("Leave", r"i'm leaving", "", ()),
    ("Lock", r"(?:i'm leaving, )?lock the door", "", ()),
    ("Off", r"turn the (\w+)(?: light on)?(?: light)? off", "light", LIGHTS),
    ("TurnOn", r"the (\w+) light on", "light", LIGHTS),
)


def read(text: str) -> Decision:
    """Acts upon what is one of REQUESTS from end to end; half understands what begins like one."""
    for intent, said, slot, known in REQUESTS:
        found = re.fullmatch(said, text)
        if found:
            slots = tuple(
                SlotValue(
                    slot,
                    slot,
                    value,
                    found.start(group),
                    found.end(group),
                    status=ResolutionStatus.MATCHED
                    if value in known
                    else ResolutionStatus.NOT_MATCHED,
                )
                for group, value in enumerate(found.groups(), 1)
                if value
            )
            chosen = Hypothesis("home", intent, slots, confidence=0.99, features={"carrier": 1.0})
            return Decision(Outcome.ACT, chosen, hypotheses=(chosen,))
    for intent, said, _, _ in REQUESTS:
        if re.match(said, text):
            chosen = Hypothesis("home", intent, confidence=0.6, features={"carrier": 0.3})
            return Decision(Outcome.ASK, hypotheses=(chosen,))
    return Decision(Outcome.ABSTAIN)


def parts(text: str, locale: str = "en-US", least: float = 0.0) -> tuple[str, ...]:
    return split(text, read(text), read, locale, least=least)


@pytest.mark.parametrize(
    "text",
    [
        "turn on the kitchen light and set an alarm for six",
        "turn on the kitchen light and then set an alarm for six",
        "turn on the kitchen light, set an alarm for six",
        "turn on the kitchen light, and also set an alarm for six",
        "turn on the kitchen light. set an alarm for six",
    ],
)
def test_two_requests_come_apart_at_what_joins_them(text: str) -> None:
    assert parts(text) == ("turn on the kitchen light", "set an alarm for six")


def test_three_requests_come_apart_and_a_fourth_stays_with_the_third() -> None:
    said = ["lights out", "play jazz", "set an alarm for six", "add milk"]
    assert parts(", ".join(said[:3])) == tuple(said[:3])
    assert len(parts(" and ".join(said))) <= MOST


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("turn on the kitchen and add milk to the list", True),
        ("put in the kitchen and a milk to the list", False),
    ],
)
def test_a_verb_as_short_as_an_article_begins_a_request_all_the_same(
    text: str, apart: bool
) -> None:
    items = tuple(
        SlotValue("item", "item", value, text.index(value), text.index(value) + len(value))
        for value in ("kitchen", "milk")
    )
    whole = Hypothesis("home", "AddItem", items, confidence=0.67, features={"carrier": 0.3})
    found = split(text, Decision(Outcome.ACT, whole, hypotheses=(whole,)), read, "en-US")
    assert (len(found) > 1) is apart


def test_the_second_leans_on_what_the_first_began() -> None:
    assert parts("turn on the kitchen light and the porch light") == (
        "turn on the kitchen light",
        "turn on the porch light",
    )
    assert parts("set an alarm for six and another one for seven") == (
        "set an alarm for six",
        "set an alarm for seven",
    )


@pytest.mark.parametrize(
    "text",
    [
        "add salt and pepper to the list",  # two values of one list
        "remind me to call mum and lights out",  # a value reaches across
        "play rock and stone",  # the rest is no request
        "play rock and roll",  # a word alone behind a value is more of the value
        "i'm leaving, lock the door",  # known as a whole
        "play jazz and blues",  # two bare names
        "turn on the kitchen light, please",  # a courtesy
        "thank you and lights out",
        "turn on the kitchen light and make it quick",
        "and lights out",
        "lights out and",
        "lights out",
    ],
)
def test_one_request_stays_whole_though_it_holds_an_and(text: str) -> None:
    assert parts(text) == (text,)


def test_while_a_question_is_open_both_must_be_sure_and_none_leans() -> None:
    assert parts("lights out and play jazz", least=0.95) == ("lights out", "play jazz")
    assert parts("lights out and play jazz", least=0.995) == ("lights out and play jazz",)
    text = "turn on the kitchen light and the porch light"
    assert parts(text, least=0.95) == (text,)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de-DE", "mach das licht aus und stell den wecker"),
        ("es-ES", "apaga la luz y pon la alarma"),
        ("fr-FR", "éteins la lumière et puis mets le réveil"),
        ("it-IT", "spegni la luce e poi metti la sveglia"),
        ("pt-BR", "apaga a luz e toca jazz"),
    ],
)
def test_other_tongues_have_conjunctions_of_their_own(locale: str, text: str) -> None:
    assert len(places(text, locale)) == 1
    assert places(text, "ja-JP") == []


def test_only_so_many_places_are_looked_at() -> None:
    said: list[str] = []

    def counted(text: str) -> Decision:
        said.append(text)
        return read(text)

    text = " and ".join(["lights out"] * 100)
    assert len(places(text, "en-US")) == PLACES
    assert len(split(text, read(text), counted, "en-US")) <= MOST
    assert len(said) <= 60


@given(st.text(alphabet="abcdn, .und", max_size=60), st.sampled_from(["en-US", "de-DE", "xx"]))
def test_no_text_makes_splitting_fail_and_nothing_is_lost(text: str, locale: str) -> None:
    for place in places(text, locale):
        assert 0 < place.end <= place.start < len(text)
    assert parts(text, locale)


def test_what_is_a_sample_by_itself_leans_on_nothing() -> None:
    def knowing(text: str) -> Decision:
        decision = read(text)
        if decision.chosen is None or text != "the porch light on":
            return decision
        features = {**decision.chosen.features, "framed": 1.0}
        return replace(decision, chosen=replace(decision.chosen, features=features))

    said = "turn the kitchen light off and the porch light on"
    assert split(said, read(said), knowing, "en-US")[1] == "the porch light on"
