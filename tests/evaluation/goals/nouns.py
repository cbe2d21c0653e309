"""A skill with lamps, and what people want of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

NOW = datetime(2026, 11, 18, 17, 40, tzinfo=ZoneInfo("Europe/Berlin"))
ROOMS = SlotType("ROOM", (TypeValue("living room", synonyms=("lounge",)), TypeValue("hall")))
DIM = Intent(
    "Dim",
    samples=("lower the {room} lamp", "dim to {level}"),
    slots=(
        Slot("level", "AMAZON.NUMBER", required=True, ask=("How low?",)),
        Slot("room", "ROOM"),
    ),
)
SKILLS = (
    Skill(
        "lamps", "Lamps", languages=(Language("en-US", "lamps", intents=(DIM,), types=(ROOMS,)),)
    ),
)
ERRANDS: Mapping[str, Any] = {
    "manners": {
        "hesitations": ["", "hm"],
        "agreements": ["yes"],
        "around": ["{}"],
        "corrections": ["no, {}"],
        "at_once": ["{wrong}, no, {right}"],
        "giving_up": ["cancel"],
    },
    "lamps.Dim": {
        "wordings": [
            "make it {level} in the {room}",
            "dim the {room}",
            "dim a lamp",
            "make it {level}",
        ],
        "slots": {
            "level": {"from": 10, "to": 90, "piece": "to {}"},
            "room": {"often": 0.5, "piece": "in the {}"},
        },
    },
}


def written(folder: Path, table: Mapping[str, Any]) -> Path:
    path = folder / "errands.yaml"
    path.write_text(yaml.safe_dump(dict(table)))
    return path
