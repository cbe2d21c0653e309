"""A small home of our own with skills of several kinds, written to a folder and trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sayso.encoders import Encoder
from sayso.evaluation.overheard import Called
from sayso.skills import read_skills
from sayso.training.train import train
from sayso.types.calls import CallKind

SETTINGS = 'locales = ["en-US"]\ntime_zone = "Europe/Berlin"\n'

EGGS = """\
name: Egg Timer
invocation: egg timer
description: Boils eggs to the minute.
intents:
  Boil:
    samples:
      - boil my egg for {length}
      - cook the egg for {length}
      - egg for {length} please
      - i want my egg done in {length}
      - start boiling an egg
      - please boil an egg for me
    slots:
      length: {type: AMAZON.DURATION, required: true, ask: For how long?}
  Left:
    samples:
      - how long does my egg need
      - is the egg done yet
      - how much longer for the egg
      - when will the egg be ready
fulfilment:
  python: handler:handle
  timeout_s: 2
"""
EGGS_HANDLER = """\
from datetime import timedelta


def handle(request):
    if request.kind == "launch":
        return {"speech": "How long shall I boil it?", "ended": False}
    if request.intent == "Boil":
        length = request.slot("length")
        request.storage["boiling"] = length
        due = request.now + timedelta(minutes=int(length.strip("PTM")))
        ring = {"key": "egg", "speech": "Your egg is done.", "due": due}
        return {"speech": f"Boiling for {length}.", "announce": [ring]}
    if request.intent == "Left":
        return f"It boils for {request.storage.get('boiling', 'nobody knows how long')}."
    return "Okay."
"""
DOOR = """\
name: Front Door
invocation: front door
description: Locks and unlocks the front door.
intents:
  Unlock:
    samples:
      - unlock the front door
      - open up the entrance
      - let the visitor in
      - unlock the entrance please
      - release the lock of the door
    confirm: [Shall I really unlock the door?]
  Lock:
    samples:
      - lock the front door
      - lock the entrance
      - secure the door for the night
      - please lock up
fulfilment:
  replies:
    Unlock: [The door is open.]
    Lock: [The door is locked.]
"""
GUIDE = """\
name: City Guide
invocation: city guide
description: Tells stories about towns.
intents:
  Story:
    samples:
      - tell me a story about {town}
      - what happened in {town}
      - something interesting about {town}
      - the history of {town}
    slots:
      town: TOWN
  AMAZON.YesIntent: {}
  AMAZON.FallbackIntent: {}
types:
  TOWN:
    - {value: Brook End, id: brook, synonyms: [brookend]}
    - {value: Stone Hill, id: stone}
    - Upper Marsh
fulfilment:
  python: handler:handle
"""
GUIDE_HANDLER = """\
def handle(request):
    if request.intent == "Story":
        town = request.slots.get("town")
        if town is None or not town.matched:
            return "I know no such town."
        request.attributes["town"] = town.id
        return {"speech": f"Long ago in {town}... Want more?", "ended": False}
    if request.intent == "AMAZON.YesIntent":
        return f"More of {request.attributes['town']}."
    if request.intent == "AMAZON.FallbackIntent":
        return {"speech": "Towns are all I know.", "ended": False}
    return "Welcome."
"""
SKILLS = {
    "eggs": (EGGS, EGGS_HANDLER),
    "door": (DOOR, None),
    "guide": (GUIDE, GUIDE_HANDLER),
}


def make_home(folder: Path, encoder: Encoder) -> Path:
    """Write the home and train it."""
    folder.mkdir(parents=True)
    (folder / "sayso.toml").write_text(SETTINGS)
    for name, (skill, handler) in SKILLS.items():
        (folder / "skills" / name).mkdir(parents=True)
        (folder / "skills" / name / "skill.yaml").write_text(skill)
        if handler is not None:
            (folder / "skills" / name / "handler.py").write_text(handler)
    train(read_skills(folder / "skills"), folder / "bundle", encoder=encoder)
    return folder


def ended(calls: Sequence[Called]) -> list[tuple[str, str | None]]:
    """Skills whose sessions are over, and why."""
    over = CallKind.SESSION_ENDED
    return [(each.call.skill, each.call.reason) for each in calls if each.call.kind is over]
