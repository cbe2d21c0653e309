"""What is suggested: the article's examples, and what may never happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.bundle import Segment
from sayso.encoders import Encoder
from sayso.rewriting.online.write import write
from sayso.types.readings import Outcome
from sayso.understanding.fold import fold
from sayso.understanding.online import (
    NOBODY,
    Asked,
    Entry,
    Habits,
    Index,
    Layer,
    Online,
    Projection,
    Ranker,
    Thresholds,
    Undone,
    habits,
    shipped_ranker,
)
from sayso.understanding.online.figures import KEEP, MEANT
from sayso.understanding.online.suggest import always

DAY_S = 86_400.0
NOW_S = 1_772_000_000.0
WEATHER, MUSIC, LIGHTS, DOORS = "weather", "music", "lights", "doors"


def request(
    text: str, skill: str, intent: str, slots: str = "{}", turns: int = 40, **more: object
) -> Entry:
    entry = Entry(fold(text), text, skill, intent, slots, turns, people=max(1, turns // 3))
    return replace(entry, **more)  # type: ignore[arg-type]


GLOBAL = [
    request("what's the weather in Wilkerson", WEATHER, "Get", '{"city": "Wilkerson"}', 300),
    request(
        "what's the weather in Wilkerson Washington",
        WEATHER,
        "Get",
        '{"city": "Wilkerson, Washington"}',
        900,
    ),
    request("what's the weather in Wilkinsburg", WEATHER, "Get", '{"city": "Wilkinsburg"}', 60),
    request("play we don't talk about bruno", MUSIC, "Play", '{"song": "bruno"}', 5000),
    request("play we don't talk anymore", MUSIC, "Play", '{"song": "anymore"}', 2000),
    request("play imagine dragons", MUSIC, "Play", '{"artist": "imagine dragons"}', 3000),
    request("turn off the kitchen light", LIGHTS, "Off", '{"room": "kitchen"}', 4000),
    request("turn on the kitchen light", LIGHTS, "On", '{"room": "kitchen"}', 4000),
    request("set a timer for ten minutes", "timer", "Set", '{"length": "PT10M"}', 3000),
    request("unlock the front door", DOORS, "Unlock", '{"door": "front"}', 900, side_effects=True),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def online(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Online:
    path = tmp_path_factory.mktemp("online") / "en.index"
    vectors = shipped_ranker().projection(_vectors(encoder, [x.shown for x in GLOBAL]))
    write(path, GLOBAL, vectors)
    return Online({"en": Index(Segment(path))})


def _vectors(
    encoder: Encoder, texts: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.stack([one.pooled for one in encoder.encode(texts)])


def of(encoder: Encoder, *entries: Entry) -> Habits:
    mine = [replace(entry, people=1, last_s=NOW_S - 2 * DAY_S) for entry in entries]
    return habits(mine, encoder, shipped_ranker().projection, now_s=NOW_S)


def heard(encoder: Encoder, text: str, **more: object) -> Asked:
    asked = Asked(
        fold(text), encoder.encode([text])[0].pooled, "en-US", now_s=NOW_S, unresolved=0.0
    )
    return replace(asked, runner_up=0.05, **more)  # type: ignore[arg-type]


def lost(encoder: Encoder, text: str) -> Asked:
    """A request of which nothing much was understood."""
    return heard(encoder, text, confidence=0.1, outcome=Outcome.ABSTAIN)


def misread(encoder: Encoder, text: str, skill: str, intent: str, **values: str) -> Asked:
    """A request that was read, with a value that nobody knows."""
    asked = heard(encoder, text, skill=skill, intent=intent, values=values, confidence=0.6)
    return replace(asked, outcome=Outcome.ACT, unresolved=1.0)


def read(encoder: Encoder, text: str, skill: str, intent: str, **values: str) -> Asked:
    """A request that was read well."""
    asked = heard(encoder, text, skill=skill, intent=intent, values=values, known=values)
    return replace(asked, confidence=0.97, outcome=Outcome.ACT)


def test_a_misheard_name_is_found_among_what_people_ask_for(
    online: Online, encoder: Encoder
) -> None:
    found = online.suggest(misread(encoder, "play imagin dragens", MUSIC, "Play", artist="x"))
    assert found is not None
    assert found.meant == "play imagine dragons"
    assert found.applies
    assert found.layer is Layer.GLOBAL
    assert "1000 people" in found.reason


CALIFORNIA = "what's the weather in Wilkerson California"


def ana(encoder: Encoder, turns: int = 12, others: int = 0) -> Habits:
    said = "what's the weather in Wilkerson Washington"
    return of(
        encoder,
        request(CALIFORNIA, WEATHER, "Get", '{"city": "Wilkerson California"}', turns),
        request("turn off the kitchen light", LIGHTS, "Off", '{"room": "kitchen"}', 9),
        *([request(said, WEATHER, "Get", '{"city": "w w"}', others)] if others else []),
    )


def test_the_town_that_ana_always_means(online: Online, encoder: Encoder) -> None:
    asked = read(encoder, "what's the weather in Wilkerson", WEATHER, "Get", city="Wilkerson")
    found = online.suggest(asked, ana(encoder))
    assert found is not None
    assert found.meant == CALIFORNIA
    assert found.applies
    assert found.layer is Layer.PERSONAL
    # The same for people who ask for it now and then: they are taken at their word.
    assert online.suggest(asked, ana(encoder, turns=2)) is None
    # And for everyone else.
    assert online.suggest(asked) is None


def test_who_asked_for_the_plain_thing_as_well_is_taken_at_their_word(
    online: Online, encoder: Encoder
) -> None:
    said = "what's the weather in Wilkerson"
    asked = read(encoder, said, WEATHER, "Get", city="Wilkerson")
    both = of(
        encoder,
        request(CALIFORNIA, WEATHER, "Get", '{"city": "Wilkerson California"}', 12),
        request(said, WEATHER, "Get", '{"city": "Wilkerson"}', 9),
    )
    assert online.suggest(asked, both) is None


def test_a_room_that_was_not_named_is_not_guessed_from_habit(
    online: Online, encoder: Encoder
) -> None:
    mine = of(
        encoder,
        request("turn off the light in the hall", LIGHTS, "Off", '{"room": "hall"}', 60),
    )
    asked = heard(encoder, "turn off the light", skill=LIGHTS, intent="Off", confidence=0.97)
    assert online.suggest(replace(asked, outcome=Outcome.ACT), mine) is None


def test_who_has_no_habits_keeps_what_everyone_means(online: Online, encoder: Encoder) -> None:
    asked = read(encoder, "what's the weather in Wilkerson", WEATHER, "Get", city="Wilkerson")
    assert online.suggest(asked) is None
    bob = of(encoder, request("play imagine dragons", MUSIC, "Play", '{"artist": "i"}', 30))
    assert online.suggest(asked, bob) is None


@pytest.mark.parametrize("known", [True, False])
def test_a_favourite_song_is_not_heard_where_another_was_named(
    online: Online, encoder: Encoder, known: bool
) -> None:
    fan = of(
        encoder, request("play we don't talk anymore", MUSIC, "Play", '{"song": "anymore"}', 50)
    )
    text = "play we don't talk about bruno"
    say = read if known else misread
    assert online.suggest(say(encoder, text, MUSIC, "Play", song="bruno"), fan) is None
    text = "play we don't talk anymore"
    assert online.suggest(say(encoder, text, MUSIC, "Play", song="anymore"), fan) is None
    other = of(
        encoder, request("play we don't talk about bruno", MUSIC, "Play", '{"song": "b"}', 50)
    )
    found = online.suggest(say(encoder, text, MUSIC, "Play", song="anymore"), other)
    assert found is None or not found.applies


def test_another_thing_for_the_list_is_no_mishearing_of_the_last_one(
    online: Online, encoder: Encoder
) -> None:
    mine = of(encoder, request("add milk to the to do list", "list", "Add", '{"item": "milk"}', 1))
    asked = misread(encoder, "add oat flakes to the to do list", "list", "Add", item="oat flakes")
    eager = Online(online.indexes, _eager())
    for looking in (online, eager):
        found = looking.suggest(asked, mine)
        assert found is None or not found.applies


def test_what_was_understood_and_known_stays_as_it_is(online: Online, encoder: Encoder) -> None:
    for entry in GLOBAL:
        assert online.suggest(read(encoder, entry.shown, entry.skill, entry.intent)) is None


def test_what_a_person_took_back_is_not_suggested_to_them_again(
    online: Online, encoder: Encoder
) -> None:
    asked = misread(encoder, "play imagin dragens", MUSIC, "Play", artist="x")
    undone = Undone(frozenset({("play imagin dragens", "play imagine dragons")}))
    found = online.suggest(asked, NOBODY, undone)
    assert found is None or found.meant != "play imagine dragons"
    assert online.suggest(asked, NOBODY) is not None


def test_what_is_costly_is_asked_about(encoder: Encoder, online: Online) -> None:
    eager = Online(online.indexes, _eager())
    found = eager.suggest(lost(encoder, "unlok the front door"))
    assert found is not None
    assert found.meant == "unlock the front door"
    assert not found.applies
    assert "not lightly undone" in found.reason


def _eager() -> Ranker:
    """A ranker that takes anything for what was meant."""
    return Ranker(
        always(0.01, KEEP),
        always(0.99, MEANT),
        shipped_ranker().projection,
        Thresholds(0.0, 0.0, 0.0),
    )


WORDS = ("turn", "on", "off", "the", "kitchen", "light", "timer", "ten", "five", "unlock", "not")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_even_an_eager_ranker_changes_no_way_number_or_costly_thing(
    online: Online, encoder: Encoder, text: str
) -> None:
    found = Online(online.indexes, _eager()).suggest(lost(encoder, text))
    if found is None or not found.applies:
        return
    said, meant = set(text.split()), set(found.meant.split())
    assert not found.side_effects
    assert ("on" in said and "off" in meant and "off" not in said) is False
    assert ("off" in said and "on" in meant and "on" not in said) is False
    assert not (meant & {"ten", "five"}) ^ (said & {"ten", "five"})


def test_nothing_said_suggests_nothing_and_a_home_without_an_index_has_habits(
    encoder: Encoder,
) -> None:
    assert Online().suggest(Asked("", None, "en-US")) is None
    mine = of(encoder, request("play imagine dragons", MUSIC, "Play", '{"artist": "i"}', 30))
    found = Online().suggest(misread(encoder, "play imagin dragens", MUSIC, "Play", a="x"), mine)
    assert found is not None
    assert found.layer is Layer.PERSONAL


def test_without_an_encoder_sounds_alone_find_requests(online: Online) -> None:
    plain = Online(online.indexes, Ranker(always(0.3, KEEP), always(0.9, MEANT), Projection()))
    looked = plain.consider(Asked("play maj and dragons", None, "en-US"))
    assert "play imagine dragons" in [one.entry.words for one in looked.found]


def test_a_question_is_asked_where_it_is_worth_more_than_going_on() -> None:
    limits = Thresholds()
    assert limits.asks(0.5, 0.95, 0.45, Outcome.ACT)
    assert not limits.asks(0.1, 1.0, 0.9, Outcome.ACT)
    assert limits.asks(0.6, 0.9, 0.1, Outcome.ABSTAIN)
    assert not limits.asks(0.6, 0.7, 0.1, Outcome.ABSTAIN)


def test_a_layer_that_is_off_suggests_nothing(encoder: Encoder) -> None:
    mine = of(encoder, request("play imagine dragons", MUSIC, "Play", '{"artist": "i"}', 30))
    asked = misread(encoder, "play imagin dragens", MUSIC, "Play", a="x")
    assert Online().suggest(asked, mine) is not None
    assert Online(personal=False).suggest(asked, mine) is None
