"""A small home that others' clients talk to: lamps, a tea timer that rings, a bot from Rasa,
and shutters that whoever asks has to move."""

from __future__ import annotations

from pathlib import Path

LAMPS = """\
name: Lamps
invocation: lamps
locale: en-US
intents:
  Dim:
    samples:
      - dim the {lamp} to {percent} percent
      - dim the {lamp}
      - set the brightness of the {lamp} to {percent}
      - make the {lamp} less bright
    slots:
      lamp: {type: LAMP, required: true, ask: Which lamp?}
      percent: {type: AMAZON.NUMBER, required: true, ask: To how many percent?}
types:
  LAMP: [{value: ceiling lamp, synonyms: [big lamp]}, desk lamp]
fulfilment:
  replies: {Dim: "The {{ slots.lamp }} is at {{ slots.percent }} percent."}
"""
TEA = """\
name: Tea
invocation: tea
locale: en-US
intents:
  Brew:
    samples: [brew some tea, put the kettle on, I would like a cup of tea, make me tea]
fulfilment:
  python: handler:handle
"""
HANDLER = """\
from sayso.fulfilment.handler import Announce, Response


def handle(request):
    return Response("The kettle is on.", announce=[Announce("tea", "Tea is ready.", in_s=0.1)])
"""
SHUTTERS = """\
name: Shutters
invocation: shutters
locale: en-US
intents:
  Close:
    samples:
      - close the shutters in the {room}
      - close the shutters
      - let the shutters down in the {room}
      - lower the {room} shutters
    slots:
      room: {type: ROOM, required: true, ask: In which room?}
  Open:
    samples: [open all shutters, let the sun in, pull the shutters up]
types:
  ROOM: [{value: bedroom, synonyms: [sleeping room]}, study]
fulfilment:
  client: true
  replies: {Open: Here comes the sun.}
"""
NLU = """\
version: "3.1"
nlu:
- intent: book_table
  examples: |
    - a table in [Rome](city) for [four]{"entity": "guests", "role": "adults"}
    - book a table in [Oslo](city)
    - reserve a table for [two]{"entity": "guests", "role": "adults"} people
    - please book us a table in [Rome](city)
- intent: faq/hours
  examples: |
    - when are you open?
    - what are your opening hours
    - at what time do you close
- lookup: city
  examples: |
    - Rome
    - Oslo
"""
DOMAIN = """\
version: "3.1"
intents: [book_table, faq]
entities:
- city
- guests: {roles: [adults]}
responses:
  utter_booked:
  - text: Booked.
  utter_faq/hours:
  - text: From nine to five.
"""


def write_home(home: Path) -> None:
    """Skills of a home, not trained yet."""
    for name, skill in (("lamps", LAMPS), ("tea", TEA), ("shutters", SHUTTERS)):
        folder = home / "skills" / name
        folder.mkdir(parents=True)
        (folder / "skill.yaml").write_text(skill)
    (home / "skills/tea/handler.py").write_text(HANDLER)
    (home / "sayso.toml").write_text(
        "format = 1\n[server]\nrasa = true\n[fulfilment]\nworkers = 1\n"
    )


def write_bot(folder: Path) -> None:
    """A Rasa project to import."""
    (folder / "data").mkdir(parents=True)
    (folder / "data/nlu.yml").write_text(NLU)
    (folder / "domain.yml").write_text(DOMAIN)
