"""What a trained home says in Rasa's words; tests/server/test_rasa.py has the endpoints."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from sayso.protocols.rasa import FALLBACK, Parsed, messages, parsed
from sayso.runtime.home import Home
from sayso.types.calls import Card
from sayso.types.readings import Decision, Hypothesis, Outcome
from sayso.types.turns import Reply
from tests.server.conftest import running

DOC = Path(__file__).parents[2] / "docs" / "rasa-http.md"


def parse(home: Home, text: str) -> Parsed:
    return parsed(text, home.decide(text), home.engine.skills)


def test_skill_from_rasa_keeps_its_names_roles_and_retrieval_intents(home: Home) -> None:
    found = parse(home, "a table in Rome for four")
    assert found.intent.name == "book_table"
    entities = [(x.entity, x.value, x.start, x.end, x.role) for x in found.entities]
    assert entities == [("city", "Rome", 11, 15, None), ("guests", "four", 20, 24, "adults")]
    assert parse(home, "when are you open?").intent.name == "faq/hours"


def test_other_skills_are_skill_dot_intent_and_values_are_resolved(home: Home) -> None:
    found = parse(home, "dim the  big lamp to forty")
    assert found.intent.name == "lamps.Dim"
    entities = [(x.entity, x.value, found.text[x.start : x.end]) for x in found.entities]
    assert entities == [("lamp", "ceiling lamp", "big lamp"), ("percent", "40", "forty")]


def test_what_nobody_means_is_the_fallback_before_the_readings(home: Home) -> None:
    found = parse(home, "flurb the wug")
    assert found.intent.name == FALLBACK
    assert found.intent_ranking[0] == found.intent
    assert found.intent.confidence == 1 - found.intent_ranking[1].confidence
    assert found.entities == []


def test_nothing_that_comes_near_is_an_intent_without_a_name(home: Home) -> None:
    found = parsed("x", Decision(Outcome.ABSTAIN), home.engine.skills)
    assert (found.intent.name, found.intent.confidence, found.intent_ranking) == (None, 0.0, [])


def test_options_become_buttons_that_choose_by_number(home: Home) -> None:
    options = (Hypothesis("lamps", "Dim"), Hypothesis("tea", "Brew"))
    reply = Reply("Which one?", decision=Decision(Outcome.ASK, options=options))
    (said,) = messages(reply, "ana", "en-US", home.engine.skills)
    assert [(x.title, x.payload) for x in said.buttons] == [("Lamps", "1"), ("Tea", "2")]


def test_a_skill_that_is_gone_makes_no_button(home: Home) -> None:
    options = (Hypothesis("lamps", "Dim"), Hypothesis("gone", "Brew"))
    reply = Reply("Which one?", decision=Decision(Outcome.ASK, options=options))
    assert messages(reply, "ana", "en-US", home.engine.skills)[0].buttons == ()


def test_image_is_a_message_of_its_own_and_silence_is_none(home: Home) -> None:
    picture = Reply("Look.", card=Card(image="https://example.com/a.png"))
    said = messages(picture, "ana", "en-US", {})
    assert [(x.text, x.image) for x in said] == [
        ("Look.", None),
        (None, "https://example.com/a.png"),
    ]
    assert messages(Reply(""), "ana", "en-US", {}) == []


def test_what_programs_get_is_a_custom_message(home: Home) -> None:
    (spoken, left) = messages(home.turn("let the sun in"), "ana", "en-US", home.engine.skills)
    assert spoken.text == "Here comes the sun."
    assert left.custom == {"intent": "Open", "slots": {}}


def test_two_requests_have_a_custom_message_each(home: Home) -> None:
    reply = home.turn("close the shutters in the study and let the sun in")
    said = messages(reply, "ana", "en-US", home.engine.skills)
    assert [x.custom["intent"] for x in said if x.custom] == ["Close", "Open"]


def exchanges() -> list[tuple[str, Any, Any]]:
    """(path, request, answer) of each example in the page."""
    text = DOC.read_text(encoding="utf-8")
    found = re.findall(
        r"`POST (/\S+)`[^\n]*\n\n```json\n(.*?)```\n\n```json\n(.*?)```", text, re.DOTALL
    )
    return [(path, json.loads(asked), json.loads(answer)) for path, asked, answer in found]


def rounded(node: Any) -> Any:
    if isinstance(node, float):
        return round(node, 1)
    if isinstance(node, dict):
        return {key: rounded(value) for key, value in node.items()}
    return [rounded(each) for each in node] if isinstance(node, list) else node


def test_the_examples_of_the_page_are_answered_as_they_say(home: Home) -> None:
    assert len(exchanges()) >= 3
    with running(home) as url, httpx.Client(base_url=url) as client:
        for path, asked, answer in exchanges():
            assert rounded(client.post(path, json=asked).json()) == rounded(answer), path


@pytest.mark.parametrize("turns", [["dim the desk lamp", "forty"]])
def test_a_sender_goes_on_with_their_own_conversation(home: Home, turns: list[str]) -> None:
    with running(home) as url, httpx.Client(base_url=url) as client:

        def say(sender: str, message: str) -> str:
            body = {"sender": sender, "message": message}
            (answer,) = client.post("/webhooks/rest/webhook", json=body).json()
            assert answer["recipient_id"] == sender
            return str(answer["text"])

        assert say("ana", turns[0]) == "To how many percent?"
        assert "40" not in say("bob", turns[1])
        assert say("ana", turns[1]) == "The desk lamp is at forty percent."
