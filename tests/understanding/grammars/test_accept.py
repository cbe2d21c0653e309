"""What a skill's own grammar accepts, and how it reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.formats.grammar import sample
from sayso.skills.grammar import read
from sayso.skills.restore import OURS
from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue
from sayso.understanding.grammars import Accepted, Grammar, grammar_of
from sayso.understanding.heard import hear
from sayso.understanding.values.shelf import build

LAMP = TypeValue("bedroom lamp", extra={OURS: {"of": [{"domain": "light"}]}})
BLIND = TypeValue("left blind", extra={OURS: {"of": [{"domain": "cover"}]}})
BOTH = TypeValue("door", extra={OURS: {"of": [{"domain": "cover"}, {"domain": "lock"}]}})
TYPES = (
    SlotType("area", (TypeValue("bedroom"), TypeValue("living room", synonyms=("lounge",)))),
    SlotType("name", (LAMP, BLIND, BOTH, TypeValue("radio"))),
)
SLOTS = (
    Slot("area", "area"),
    Slot("name", "name"),
    Slot("level", "AMAZON.NUMBER"),
    Slot("query", "AMAZON.SearchQuery"),
    Slot("day", "AMAZON.DATE"),
)


def grammar(templates: Sequence[Any] | Mapping[str, Sequence[Any]], **beside: Any) -> Grammar:
    intents = templates if isinstance(templates, Mapping) else {"It": templates}
    language = Language(
        "en-US",
        intents=tuple(
            Intent(name, ("x",), SLOTS, extra={OURS: {"grammar": blocks}})
            for name, blocks in intents.items()
        ),
        types=TYPES,
        extra={OURS: {"grammar": beside}},
    )
    made = grammar_of(language)
    assert made is not None
    return made


def read_by(held: Grammar, text: str, place: str = "") -> tuple[str, dict[str, str]] | None:
    found = held.accept(hear(text, None), place)
    return (found.intent, _slots(found, text)) if found is not None else None


def _slots(found: Accepted, text: str) -> dict[str, str]:
    return {tag.name: text[tag.start : tag.end] for tag in found.tags}


def test_alternatives_options_and_rules_are_accepted_and_nothing_else() -> None:
    held = grammar(["<turn> on [all] the light[s] (in|of) {area}"], rules={"turn": "(turn|switch)"})
    assert read_by(held, "Switch on the lights in living room!") == ("It", {"area": "living room"})
    assert read_by(held, "turn on all the light of lounge") == ("It", {"area": "lounge"})
    for said in (
        "turn on lights in lounge",
        "turn on the lights in",
        "turn on the lights in spain",
    ):
        assert read_by(held, said) is None


def test_every_sentence_of_a_template_is_accepted() -> None:
    template = "(set|turn [(up|down)]) [the] dim[mer]s[ to] (max|[all ]the way) [now]"
    held = grammar([template])
    for sentence in sample(read(template), {}, most=300, least=300):
        assert read_by(held, sentence) == ("It", {}), sentence


def test_a_things_own_name_says_more_than_its_kind() -> None:
    held = grammar({"Area": ["turn on {area} lamp"], "Thing": ["turn on {name}"]})
    assert read_by(held, "turn on bedroom lamp") == ("Thing", {"name": "bedroom lamp"})
    assert read_by(held, "turn on lounge lamp") == ("Area", {"area": "lounge"})


def test_any_words_come_last_and_are_as_few_as_can_be() -> None:
    held = grammar({"Play": ["play {query} [on {name}]"], "Radio": ["play {name}"]})
    assert read_by(held, "play radio") == ("Radio", {"name": "radio"})
    assert read_by(held, "play my song on radio") == ("Play", {"query": "my song", "name": "radio"})
    found = held.accept(hear("play my song", None))
    assert found is not None
    assert found.free == pytest.approx(len("my song") / len("play my song"))


def test_values_have_to_be_what_a_template_asks() -> None:
    held = grammar(
        {
            "Open": [{"say": ["open {name}"], "of": {"domain": ["cover"]}}],
            "Unlock": [{"say": ["open {name}"], "of": {"domain": ["lock"]}}],
            "Else": [{"say": ["touch {name}"], "not_of": {"domain": ["cover", "light"]}}],
        }
    )
    assert read_by(held, "open left blind") == ("Open", {"name": "left blind"})
    assert read_by(held, "open bedroom lamp") is None
    assert read_by(held, "touch bedroom lamp") is None
    assert read_by(held, "touch door") == ("Else", {"name": "door"})  # one of two doors
    assert read_by(held, "touch radio") == ("Else", {"name": "radio"})  # nobody said what it is


def test_numbers_keep_to_their_range() -> None:
    held = grammar(["to {0..100:level} percent", "half {0..10/2:level}"])
    assert read_by(held, "to twenty five percent") == ("It", {"level": "twenty five"})
    assert read_by(held, "to 100 percent") == ("It", {"level": "100"})
    assert read_by(held, "to 101 percent") is None
    assert read_by(held, "to 2.5 percent") is None
    assert read_by(held, "half 2.5") == ("It", {"level": "2.5"})


def test_a_number_within_a_longer_one_is_found() -> None:
    held = grammar(["{0..9:level} and a half minutes"])
    assert read_by(held, "two and a half minutes") == ("It", {"level": "two"})


def test_a_builtin_type_is_read_by_its_own_grammar() -> None:
    held = grammar(["what is on {day}"])
    assert read_by(held, "what is on next friday") == ("It", {"day": "next friday"})
    assert read_by(held, "what is on fire") is None


def test_words_that_say_nothing_are_passed_anywhere() -> None:
    held = grammar(["turn on {name}"], skip=["please", "would you"])
    assert read_by(held, "Would you please turn on please radio please") == (
        "It",
        {"name": "radio"},
    )


def test_a_word_may_be_asked_for() -> None:
    held = grammar([{"say": ["[how long] [timer] left"], "words": ["timer"]}])
    assert read_by(held, "timer left") == ("It", {})
    assert read_by(held, "how long left") is None


def test_the_place_of_the_device_fills_what_is_left_to_it() -> None:
    held = grammar({"All": ["lights on"], "Here": [{"say": ["lights on"], "place": "area"}]})
    here, nowhere = (held.accept(hear("lights on", None), place) for place in ("lounge", ""))
    assert here is not None
    assert nowhere is not None
    assert (here.intent, here.place) == ("Here", "area")
    assert (nowhere.intent, nowhere.place) == ("All", None)


def test_a_possessive_ends_a_slot() -> None:
    held = grammar(["what is {name}'s state"])
    assert read_by(held, "what is the radio's state") is None
    assert read_by(held, "what is radio's state") == ("It", {"name": "radio"})


def test_what_a_conversation_adds_is_a_value_too() -> None:
    held = grammar(["turn on {name}"])
    heard = hear("turn on disco ball", None)
    added = type(heard)(
        heard.utterance, heard.words, entities=(SlotType("name", (TypeValue("disco ball"),)),)
    )
    assert held.accept(heard) is None
    found = held.accept(added)
    assert found is not None
    assert _slots(found, heard.utterance.text) == {"name": "disco ball"}


def test_a_template_that_cannot_be_taken_leaves_the_others() -> None:
    held = grammar(["turn (on", "use <nothing>", "{nobody} on", "(a|b)" * 30, "radio on"])
    assert read_by(held, "radio on") == ("It", {})
    assert read_by(held, "turn on") is None


def test_a_language_without_templates_has_no_grammar() -> None:
    assert grammar_of(Language("en-US", intents=(Intent("It", ("turn on",)),))) is None


def test_a_template_of_more_sentences_than_anyone_could_list_is_taken() -> None:
    held = grammar([" ".join(f"[w{at}] [(x{at}|y{at}|z{at})]" for at in range(30))])
    assert read_by(held, " ".join(f"y{at}" for at in range(30))) == ("It", {})
    assert read_by(held, "w3 w1") is None


@pytest.mark.parametrize("last", ["", "[x] ", "{name} "])
def test_rules_that_double_forty_times_are_left_out(last: str) -> None:
    rules = {f"r{at}": f"<r{at + 1}><r{at + 1}>" for at in range(40)} | {"r40": last}
    held = grammar(["<r0> on", "radio on"], rules=rules)
    assert read_by(held, "radio on") == ("It", {})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_sentence_breaks_it(text: str) -> None:
    held = grammar(["play {query} [on {name}]", "<x>", "to {0..100:level}"], rules={"x": "y [z]"})
    held.accept(hear(text, None), "lounge")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab{}<>[]()|", max_size=6),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["say", "of", "not_of", "words", "place", "rules", "skip", "a"]), below
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(JSON, JSON, JSON)
def test_notes_of_another_form_are_passed_over(intent: Any, beside: Any, of: Any) -> None:
    kind = SlotType("name", (TypeValue("radio", extra={OURS: {"of": of}}),))
    good = ["turn on {name}", {"say": ["open {name}"], "of": {"a": ["b"]}}]
    language = Language(
        "en-US",
        intents=(
            Intent("Bad", ("x",), SLOTS, extra={OURS: {"grammar": intent}}),
            Intent("Good", ("x",), SLOTS, extra={OURS: {"grammar": good}}),
        ),
        types=(kind,),
        extra={OURS: {"grammar": beside}},
    )
    held = grammar_of(language)
    assert held is not None
    assert held.accept(hear("turn on radio", None)) is not None
    held.accept(hear("open radio", None))


def test_names_of_very_many_values_are_accepted_too() -> None:
    rooms = build([TypeValue("blue room"), TypeValue("room of the owls")], "en")
    language = Language(
        "en-US",
        intents=(Intent("Good", ("x",), SLOTS, extra={OURS: {"grammar": ["light {area} now"]}}),),
        types=(SlotType("area", rooms),),
    )
    held = grammar_of(language)
    assert held is not None
    assert read_by(held, "light room of the owls now") == ("Good", {"area": "room of the owls"})
    assert read_by(held, "light room of owls now") is None
