"""What is personal is taken out, whatever stands around it; all else is left as it was."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.events.scrub import is_private, scrub, scrub_slots, text_id, words_of

CARRIERS = st.sampled_from(
    [
        "call {} please",
        "{}",
        "remind me that {} is for work",
        "schick das an {} bitte",
        "({}),",
        "was it {}? yes",
    ]
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("mail anna.berg@example.com please", "mail <email> please"),
        ("write to anna dot berg at example dot com", "write to <email>"),
        ("call +49 (170) 123-45 67", "call <number>"),
        ("call oh one seven zero one two three four five", "call <number>"),
        ("pay with 4111 1111 1111 1111 now", "pay with <number> now"),
        ("send it to DE89 3704 0044 0532 0130 00", "send it to <account>"),
        ("my pin is 4711 thanks", "my pin <secret>"),
        ("unlock the door with pin code four seven one one", None),
        ("meine Geheimzahl lautet 4711", "meine Geheimzahl <secret>"),
        ("my password is Hunter.2, open the door", "my password <secret>, open the door"),
        ("take me to 12 main street", "take me to <address>"),
        ("fahr zur Hauptstraße 12b", "fahr zur <address>"),
        ("emmène moi 12 rue de la paix", "emmène moi <address>"),
    ],
)
def test_personal_data_is_replaced_by_its_kind(text: str, clean: str | None) -> None:
    assert scrub(text) == (clean or "unlock the door with pin code <secret>")
    assert is_private(scrub(text))


@pytest.mark.parametrize(
    "text",
    [
        "wake me at six thirty",
        "set a timer for 10 20 30",
        "play one two three four by some band",
        "remind me on 2024-10-11",
        "what happened on 24/12/1990",
        "change my password",
        "how do I reset my pin",
        "turn the lights to 50 %",
        "play 24 hours from tulsa",
        "buy 3 tickets at the cinema",
        "stell den wecker auf 7 uhr 15",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert scrub(text) == text
    assert not is_private(text)


@given(
    CARRIERS,
    st.lists(st.sampled_from("0123456789"), min_size=7, max_size=19),
    st.sampled_from(["", " ", "-", ".", " - ", "/"]),
    st.integers(1, 6),
)
def test_no_long_run_of_digits_survives(
    carrier: str, digits: list[str], gap: str, size: int
) -> None:
    groups = ["".join(digits[at : at + size]) for at in range(0, len(digits), size)]
    said = gap.join(groups)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}", said):
        return  # a date
    assert sum(each.isdigit() for each in scrub(carrier.format(said))) < 7


@given(CARRIERS, st.emails())
def test_no_address_of_mail_survives(carrier: str, address: str) -> None:
    assert address not in scrub(carrier.format(address))


@given(
    st.sampled_from(["pin", "PIN code", "passcode", "door code", "Kennwort", "contraseña"]),
    st.sampled_from([" is ", " ", ": ", " = "]),
    st.integers(0, 99_999_999),
)
def test_no_code_survives_after_its_word(word: str, link: str, code: int) -> None:
    assert str(code) not in scrub(f"the {word}{link}{code}")


@given(st.text(max_size=60))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once


@given(st.text(alphabet="abcdefghij klmnopqrstuvwxyz'", max_size=80))
def test_words_alone_are_only_taken_out_after_a_word_for_a_secret(text: str) -> None:
    clean = scrub(text)
    assert clean == text or re.search("<(secret|email|number)>", clean)


def test_masks_stand_out_from_words_that_are_said() -> None:
    assert words_of(scrub("Call 0170 1234567!")) == "call <number>"
    assert words_of("call number") == "call number"
    assert words_of("3 < 5") == "3 5"


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_text_has_one_number_in_each_language(one: str, other: str) -> None:
    assert 0 <= text_id("en", one) < 2**63
    assert (text_id("en", one) == text_id("en", other)) == (one == other)
    assert text_id("en", one) != text_id("de", one)


def test_slots_are_scrubbed_value_by_value() -> None:
    slots = {"pin": 4711, "contactNumber": "0170 1234567", "time": "07:30", "list": ["a@b.org"]}
    assert json.loads(scrub_slots(json.dumps(slots))) == {
        "pin": "<secret>",
        "contactNumber": "<number>",
        "time": "07:30",
        "list": ["<email>"],
    }
    assert scrub_slots('{"room": "hall"}') == '{"room": "hall"}'
    assert scrub_slots("no json 0170 1234567") == "no json <number>"
