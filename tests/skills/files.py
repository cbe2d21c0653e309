"""Skills and models for the tests of this room."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TIMER = """\
name: Kitchen Timer
invocation: kitchen timer
locale: [en-US, en-GB]
description: Timers that ring.
examples: [set a timer for ten minutes]
intents:
  SetTimer:
    samples:
      - set a timer for {duration}
      - start the {name} timer for {duration}
    slots:
      duration: {type: AMAZON.DURATION, required: true, ask: "For how long?"}
      name: TIMER_NAME
  StopRinging:
    - be quiet
    - no
  AMAZON.HelpIntent:
types:
  TIMER_NAME:
    - egg
    - {value: laundry, id: wash, synonyms: [washing, washing machine]}
fulfilment:
  replies:
    SetTimer: A timer for {{ duration }}.
"""

PROMPTS = [
    {"id": "Elicit.1", "variations": [{"type": "PlainText", "value": "Which color?"}]},
    {
        "id": "Confirm.1",
        "variations": [{"type": "SSML", "value": "<speak>Paint <b>it</b>?</speak>"}],
    },
    {"id": "Validate.1", "variations": [{"type": "PlainText", "value": "Not that one."}]},
]

PAINTER: dict[str, Any] = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "wall painter",
            "modelConfiguration": {"fallbackIntentSensitivity": {"level": "HIGH"}},
            "intents": [
                {"name": "AMAZON.StopIntent", "samples": []},
                {
                    "name": "Paint",
                    "slots": [
                        {"name": "color", "type": "COLOR", "samples": ["in {color}", "{color}"]},
                        {"name": "coats", "type": "AMAZON.NUMBER"},
                    ],
                    "samples": ["paint the wall {color}", "put on {coats} coats of {color}"],
                },
                {"name": "Undo", "slots": [], "samples": ["undo that"]},
            ],
            "types": [
                {
                    "name": "COLOR",
                    "values": [
                        {"id": "r", "name": {"value": "red", "synonyms": ["crimson"]}},
                        {"id": "", "name": {"value": "sea green", "synonyms": []}},
                        {"name": {"value": "blue"}},
                    ],
                }
            ],
        },
        "dialog": {
            "delegationStrategy": "ALWAYS",
            "intents": [
                {
                    "name": "Paint",
                    "confirmationRequired": True,
                    "prompts": {"confirmation": "Confirm.1"},
                    "slots": [
                        {
                            "name": "color",
                            "type": "COLOR",
                            "elicitationRequired": True,
                            "confirmationRequired": False,
                            "prompts": {"elicitation": "Elicit.1"},
                            "validations": [
                                {"type": "hasEntityResolutionMatch", "prompt": "Validate.1"}
                            ],
                        }
                    ],
                }
            ],
        },
        "prompts": PROMPTS,
    },
    "version": "3",
}


def write(folder: Path, name: str, content: str | bytes | Any) -> Path:
    """A file of that text, those bytes, or that JSON."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text, encoding="utf-8")
    return file
