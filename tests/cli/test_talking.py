"""say, explain, and what they do with odd words."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.stores.store import Store
from tests.cli.conftest import Sayso, shell


def test_say_answers_and_shows_the_decision_with_its_milliseconds(home: Path, sayso: Sayso) -> None:
    result = sayso("say", home, "greet Anna", "--user", "ana")
    assert result.code == 0
    speech, decision = result.out.splitlines()
    assert speech == "Hello Anna!"
    assert decision.startswith("greeter.Hello  name=Anna")
    assert " ms" in decision


def test_say_as_json_is_the_whole_reply_and_the_turn_is_logged(home: Path, sayso: Sayso) -> None:
    reply = sayso("say", home, "strike the gong", "--user", "ana", "--json").json
    assert reply["speech"] == "Bong."
    assert reply["decision"]["chosen"]["skill"] == "gong"
    assert reply["trace"]["timings"]["total"] > 0
    with Store.open("sqlite:///sayso.db", home) as store:
        assert [turn.user for turn in store.interactions()] == ["ana"]


def test_turns_of_one_user_are_one_conversation_unless_named(home: Path, sayso: Sayso) -> None:
    turns = [
        sayso("say", home, "hello there", "--user", "ana", *more, "--json").json
        for more in ((), (), ("--conversation", "kitchen"))
    ]
    assert [turn["turn"] for turn in turns] == [1, 2, 1]
    assert turns[2]["conversation"] == "kitchen"


@pytest.mark.parametrize(
    "text", ["🥚🔔", "разбуди меня в шесть", "叫我起床", "a\x07b\x1b[31m c", "[red]:wave:"]
)
def test_any_script_gets_an_answer(home: Path, sayso: Sayso, text: str) -> None:
    for verb in ("say", "explain"):
        result = sayso(verb, home, text)
        assert result.code == 0, result.err
        assert "\x1b" not in result.out


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\u200b"])
def test_no_words_are_an_error_that_names_the_text(home: Path, sayso: Sayso, text: str) -> None:
    for verb in ("say", "explain"):
        result = sayso(verb, home, text)
        assert result.code == 2
        assert result.err.startswith("error: text: ")


def test_ten_thousand_words_are_too_many(home: Path, sayso: Sayso) -> None:
    result = sayso("say", home, "word " * 10_000)
    assert result.code == 2
    assert "text: is 50000 characters long; at most 2000 are read" in result.err


def test_bytes_that_are_no_text_do_no_harm(home: Path, sayso: Sayso) -> None:
    assert sayso("say", home, "hello \udcff there").code in (0, 2)


def test_a_locale_that_nobody_speaks_is_named(home: Path, sayso: Sayso) -> None:
    result = sayso("say", home, "bonjour", "--locale", "fr-FR")
    assert result.code == 2
    assert 'locale: "fr-FR" is not spoken here, only en-US' in result.err


def test_explain_tells_everything_that_led_to_the_decision(home: Path, sayso: Sayso) -> None:
    result = sayso("explain", home, "Say hello  to Anna")
    assert result.code == 0
    for said in (
        'read as   "Say hello to Anna"',
        "decision  act",
        "threshold",
        "shortlist",
        "nearest examples",
        "say hello to",
        "readings",
        "slots",
        "13-17",
        "runner-up",
        "would flip",
    ):
        assert said in result.out


def test_explain_as_json_logs_nothing(home: Path, sayso: Sayso) -> None:
    explanation = sayso("explain", home, "strike the gong", "--json").json
    assert explanation["decision"]["chosen"]["intent"] == "Strike"
    assert {"text", "nearest", "contributions", "none", "runner_up", "flips"} <= explanation.keys()
    with Store.open("sqlite:///sayso.db", home) as store:
        assert store.count() == 0


def test_no_color_is_respected_and_a_poor_terminal_is_survived(home: Path) -> None:
    result = shell(
        "say", home, "grüß mir 🥚", NO_COLOR="1", FORCE_COLOR="1", PYTHONIOENCODING="ascii"
    )
    assert result.code == 0, result.err
    assert "\x1b[3" not in result.out  # no colour; dim and bold are none


def test_json_is_plain_ascii_where_the_terminal_knows_no_more(home: Path) -> None:
    result = shell("say", home, "greet Zoë", "--json", PYTHONIOENCODING="ascii")
    assert "Zo" in result.json["speech"]


AROUND = ("--device-state", "gong.power=on", "--capability", "none", "--happened", "gong")


def test_what_goes_on_around_is_told_and_explained(home: Path, sayso: Sayso) -> None:
    found = sayso("explain", home, "strike the gong", *AROUND, "--json").json
    situation = found["decision"]["hypotheses"][0]["situation"]
    assert {"state: the gong is on", "events: gong has just rung"} <= situation.keys()
    assert "state: the gong is on +" in sayso("explain", home, "strike the gong", *AROUND).out
    reply = sayso("say", home, "strike the gong", *AROUND, "--place", "gong hall", "--json").json
    assert "place: this is the gong hall" in reply["decision"]["chosen"]["situation"]


def test_a_state_without_a_value_is_an_error(home: Path, sayso: Sayso) -> None:
    result = sayso("say", home, "strike the gong", "--device-state", "oven")
    assert result.code == 2
    assert '"oven" is not THING=STATE' in result.err
