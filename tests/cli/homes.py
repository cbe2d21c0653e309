"""A small home for the command line: what `sayso new` makes, and a gong that rings by itself."""

from __future__ import annotations

from pathlib import Path

GONG = """\
name: Gong
invocation: gong
description: Strikes a gong, at once and once more a moment later.
intents:
  Strike:
    samples:
      - strike the gong
      - ring the gong
      - sound the gong please
      - hit that gong
      - let me hear the gong
      - gong twice for me
  Count:
    samples:
      - how often was the gong struck
      - count the strokes of the gong
      - how many times did it ring so far
      - number of gong strokes
fulfilment:
  python: handler:handle
"""
HANDLER = """\
from datetime import timedelta


def handle(request):
    struck = request.storage.get("struck", 0)
    if request.intent == "Count":
        return f"It was struck {struck} times."
    request.storage["struck"] = struck + 1
    due = request.now + timedelta(seconds=0.5)
    return {"speech": "Bong.", "announce": [{"key": "echo", "speech": "Echo!", "due": due}]}
"""
SCRIPT = """\
start: "2026-11-20T17:40:00"
time_zone: Europe/Berlin
turns:
  - say: strike the gong
    expect: {outcome: act, skill: gong, intent: Strike, reply_contains: bong}
  - say: how often was the gong struck
    now: +1m
    expect: {outcome: act, skill: gong, intent: Count, reply_contains: 1 times, rings: Echo}
"""


def add_gong(home: Path) -> None:
    """Put the gong beside the skills of a home."""
    folder = home / "skills" / "gong"
    folder.mkdir()
    (folder / "skill.yaml").write_text(GONG)
    (folder / "handler.py").write_text(HANDLER)
