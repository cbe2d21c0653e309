import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.online.differences import Crossing, difference, other_value

NUMBERS = ("two", "three", "five", "ten", "12", "forty")
DAYS = ("today", "tomorrow", "on monday", "next friday", "on march third")
WAYS = (("on", "off"), ("up", "down"))
FRAMES = ("turn {way} the {thing}", "please turn the {thing} {way}", "{thing} {way}")
THINGS = ("kitchen light", "heating", "radio in the hall", "volume")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("turn on the light", "turn off the light"),
        ("lock the front door", "unlock the front door"),
        ("don't call mum", "call mum"),
        ("set a timer for ten minutes", "set a timer for five minutes"),
        ("set a timer", "set a timer for five minutes"),
        ("wake me at seven", "wake me at half past seven"),
        ("weather tomorrow", "weather today"),
        ("add milk to the list", "remove milk from the list"),
        ("buy the second one", "buy the third one"),
        ("start the vacuum", "stop the vacuum"),
    ],
)
def test_what_is_said_is_never_read_as_the_opposite_or_another_number_or_time(
    said: str, meant: str
) -> None:
    assert difference(said, meant, "en-US").crossing is Crossing.NEVER
    assert difference(meant, said, "en-US").crossing is Crossing.NEVER


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("play maj and dragons", "play imagine dragons"),
        ("turn of the kitchen light", "turn off the kitchen light"),
        ("whats the whether tomorrow", "whats the weather tomorrow"),
        ("wake me up at seven", "set an alarm for seven"),
        ("set a timer for ten minutes", "set a timer for 10 minutes"),
        ("i'm in the mood for jazz", "play some jazz"),
    ],
)
def test_other_words_for_the_same_are_free(said: str, meant: str) -> None:
    assert difference(said, meant, "en-US").crossing is Crossing.NONE


def test_a_way_that_was_not_said_is_asked_about() -> None:
    found = difference("the kitchen light", "turn off the kitchen light", "en-US")
    assert found.crossing is Crossing.ASK
    assert found.what == "off is put in"


@pytest.mark.parametrize(
    ("said", "meant", "locale"),
    [
        ("mach das licht an", "mach das licht aus", "de-DE"),
        ("schließe das fenster", "öffne das fenster", "de-DE"),
        ("enciende la luz", "apaga la luz", "es-ES"),
        ("allume la lampe", "éteins la lampe", "fr-FR"),
        ("mach das licht an", "mach das licht nicht an", "de-DE"),
    ],
)
def test_contraries_of_other_tongues_are_told_apart(said: str, meant: str, locale: str) -> None:
    assert difference(said, meant, locale).crossing is Crossing.NEVER
    assert difference(meant, said, locale).crossing is Crossing.NEVER


def test_a_tongue_with_few_rules_is_asked_about_and_keeps_its_figures() -> None:
    assert difference("mach das licht an", "licht an", "de-DE").crossing is Crossing.ASK
    other = difference("timer 10 minuten", "timer 5 minuten", "de-DE")
    assert other.crossing is Crossing.NEVER


@given(
    st.sampled_from(FRAMES),
    st.sampled_from(FRAMES),
    st.sampled_from(WAYS),
    st.sampled_from(THINGS),
    st.booleans(),
)
def test_no_phrasing_turns_a_way_round(
    said: str, meant: str, ways: tuple[str, str], thing: str, other: bool
) -> None:
    here, there = ways[other], ways[not other]
    found = difference(
        said.format(way=here, thing=thing), meant.format(way=there, thing=thing), "en-US"
    )
    assert found.crossing is Crossing.NEVER


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.sampled_from(DAYS))
def test_no_number_becomes_another(said: str, meant: str, day: str) -> None:
    found = difference(f"order {said} pizzas {day}", f"order {meant} pizzas {day}", "en-US")
    assert (found.crossing is Crossing.NEVER) is (said != meant)


@given(st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_no_day_becomes_another(said: str, meant: str) -> None:
    found = difference(f"what's on {said}", f"what's on {meant}", "en-US")
    assert (found.crossing is Crossing.NEVER) is (said != meant)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en-US", "de-DE", "ja-JP"]))
def test_any_two_texts_can_be_compared_and_the_order_does_not_hide_a_crossing(
    said: str, meant: str, locale: str
) -> None:
    there, back = difference(said, meant, locale), difference(meant, said, locale)
    assert (there.crossing is Crossing.NEVER) is (back.crossing is Crossing.NEVER)


def test_a_value_that_is_known_does_not_give_way_to_another() -> None:
    known = {"song": "We Don't Talk About Bruno"}
    said, meant = "play we dont talk about bruno", "play we dont talk anymore"
    found = other_value(known, said, meant, {"song": "we don't talk anymore"}, own=True)
    assert found.crossing is Crossing.NEVER


def test_who_habitually_asks_for_more_than_they_said_has_not_said_another_thing() -> None:
    known, slots = {"city": "Wilkerson"}, {"city": "wilkerson california"}
    said, meant = "weather in wilkerson", "weather in wilkerson california"
    assert other_value(known, said, meant, slots, own=True).crossing is Crossing.NONE
    assert other_value(known, said, meant, slots, own=False).crossing is Crossing.NEVER
