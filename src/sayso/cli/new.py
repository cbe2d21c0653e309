"""`sayso new`: a home to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, console, print_json

_SETTINGS = """\
# Settings of this home; docs/settings.md lists all of them.
format = 1
locales = ["en-US"]
time_zone = "{time_zone}"

[understanding]
engine = "shared"      # or "maxent-crf", the linear baseline

[routing]
caution = 0.6          # how sure Sayso must be to act
"""
_SKILL = """\
# A first skill: change it, then run `sayso train`. docs/skill-format.md has all there is.
name: Greeter
invocation: greeter
description: Says hello and remembers its manners.
intents:
  Hello:
    samples:
      - hello there
      - good morning
      - good evening to you
      - hi how are you
      - greet {name}
      - say hello to {name}
      - wish {name} a good day
    slots:
      name: AMAZON.FirstName
  Thanks:
    samples:
      - thank you
      - thanks a lot
      - that was kind of you
      - much appreciated
fulfilment:
  replies:
    Hello:
      - "Hello{% if slots.name %} {{ slots.name }}{% endif %}!"
    Thanks:
      - You're welcome.
      - My pleasure.
"""


def new(
    home: Annotated[Path, typer.Argument(metavar="HOME", help="Folder to make.")],
    time_zone: Annotated[str, typer.Option(help="IANA name, such as Europe/Berlin.")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Make a home: a folder with sayso.toml and skills/, one small skill in it."""
    from sayso.errors import HomeError, RequestError
    from sayso.runtime.requests import zone
    from sayso.settings import FILE_NAME

    try:
        zone(time_zone)
    except RequestError as error:
        raise HomeError(f"--time-zone: {error}") from error
    if (home / FILE_NAME).exists():
        raise HomeError(f"{home}: is a home already; nothing was changed")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise HomeError(f"{home}: exists and is not empty; name a new folder")
    (home / "skills" / "greeter").mkdir(parents=True)
    (home / "skills" / "greeter" / "skill.yaml").write_text(_SKILL, encoding="utf-8")
    (home / FILE_NAME).write_text(_SETTINGS.format(time_zone=time_zone), encoding="utf-8")
    if as_json:
        print_json({"home": str(home), "skills": ["greeter"]})
        return
    console().print(f"Made {home} with one skill. Next:\n  sayso train {home}\n  sayso chat {home}")
