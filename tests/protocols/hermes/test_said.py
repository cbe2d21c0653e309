from __future__ import annotations

import json
from typing import Any

import pytest

from sayso.protocols.hermes.nlu import meant
from sayso.protocols.hermes.said import Said, intent_name, slot_message
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.skills import Intent, Language, Skill


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("AMAZON.NUMBER", "12.5", {"kind": "Number", "value": 12.5}),
        ("AMAZON.NUMBER", "?", {"kind": "Custom", "value": "?"}),
        ("AMAZON.Ordinal", "2", {"kind": "Ordinal", "value": 2}),
        ("AMAZON.DATE", "2026-05-04", {"kind": "Custom", "value": "2026-05-04"}),
        ("AMAZON.DURATION", "P1X", {"kind": "Custom", "value": "P1X"}),
        ("ROOM", "Hall", {"kind": "Custom", "value": "Hall"}),
    ],
)
def test_value_has_its_kind(type: str, value: str, expected: dict[str, Any]) -> None:
    slot = SlotValue("s", type, "said", normalised=value)
    assert slot_message(slot, "said")["value"] == expected


def test_duration_has_its_parts() -> None:
    slot = SlotValue("s", "AMAZON.DURATION", "an hour", normalised="PT1H30M")
    value = slot_message(slot, "for an hour")["value"]
    assert (value["kind"], value["hours"], value["minutes"], value["days"]) == (
        "Duration",
        1,
        30,
        0,
    )


def test_what_is_not_known_is_left_out_and_any_script_is_written() -> None:
    said = Said("t", {"text": "grüß 🥚", "id": None, "list": []})
    assert json.loads(said.payload) == {"text": "grüß 🥚", "list": []}
    assert Said("t", {"text": "\ud800"}).payload == b'{"text": "?"}'


def test_intent_of_snips_keeps_its_name_and_splits_no_topic() -> None:
    note: dict[str, Any] = {"$": {"snips": {"utterances": []}}}
    theirs, ours = Intent("lights/on#", extra=note), Intent("Off")
    skill = Skill("lights", "Lights", languages=(Language("en-US", "l", intents=(theirs, ours)),))
    skills = {"lights": skill}
    assert intent_name(Hypothesis("lights", "lights/on#"), skills) == "lights_on_"
    assert intent_name(Hypothesis("lights", "Off"), skills) == "lights.Off"
    assert intent_name(Hypothesis("gone", "a+b"), {}) == "gone.a_b"


def test_filter_takes_the_best_that_is_likely_enough() -> None:
    tea, dim = Hypothesis("tea", "Brew", confidence=0.7), Hypothesis("l", "Dim", confidence=0.6)
    doubtful = Hypothesis("l", "Off", confidence=0.1)
    decision = Decision(Outcome.ACT, tea, hypotheses=(tea, dim, doubtful), threshold=0.5)
    assert meant(decision, None, {}) is tea
    assert meant(decision, ("l.Dim", "l.Off"), {}) is dim
    assert meant(decision, ("l.Off",), {}) is None
    assert meant(decision, (), {}) is None
    assert meant(Decision(Outcome.ABSTAIN), ("l.Off",), {}) is None
