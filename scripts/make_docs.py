"""Write what can be generated of the docs: `docs/settings.md` and `docs/cli.md`.

    python scripts/make_docs.py                 # both pages
    python scripts/make_docs.py --transcript    # and the README's transcript, by playing the demo

A test fails while a page is stale. The transcript is not tested for its milliseconds, only for
saying what the demo says.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sayso.cli.app import app
from sayso.settings import FILE_NAME, Settings

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BEGIN = "<!-- transcript: written by scripts/make_docs.py --transcript -->\n"
END = "<!-- end of transcript -->\n"
SHOWN = 9  # turns of the demo in the README
_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--transcript", action="store_true", help="play the demo into the README")
    arguments = parser.parse_args()
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    if arguments.transcript:
        text = README.read_text(encoding="utf-8")
        README.write_text(with_transcript(text, play_demo()), encoding="utf-8")


def pages() -> dict[Path, str]:
    """The generated pages: path -> text."""
    return {
        ROOT / "docs" / "settings.md": settings_page(),
        ROOT / "docs" / "cli.md": cli_page(),
    }


def settings_page() -> str:
    lines = [
        "<!-- written by scripts/make_docs.py -->",
        "# Settings",
        "",
        f"`{FILE_NAME}`, at the top of a home. All of it may be left out; an unknown key is wrong,",
        "so that a typing mistake does not pass for a setting. It is read when a home is opened:",
        "restart a server after a change.",
    ]
    for heading, rows in tables(Settings, ""):
        lines += ["", f"## {heading}" if heading else "## Top level", ""]
        lines += ["| key | what | default |", "| --- | --- | --- |", *rows]
    return "\n".join(lines) + "\n"


def tables(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Each TOML table as its heading and the rows of its own keys, outer tables first."""
    own, nested = [], []
    for name, setting in model.model_fields.items():
        inner, repeated = table_of(setting.annotation)
        if inner is None:
            own.append(setting_row(name, setting))
            continue
        path = f"{prefix}{name}"
        heading = f"`[[{path}]]`, as often as needed" if repeated else f"`[{path}]`"
        below = list(tables(inner, f"{path}."))
        nested += [(heading, below[0][1]), *below[1:]]
    yield "", own
    yield from nested


def table_of(kind: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model behind a setting that is a table, and whether it may be repeated."""
    repeated = get_origin(kind) is tuple
    inner = get_args(kind)[0] if repeated else kind
    is_table = isinstance(inner, type) and issubclass(inner, BaseModel)
    return (inner if is_table else None), repeated


def setting_row(name: str, setting: FieldInfo) -> str:
    limits = [limit for item in setting.metadata for limit in spoken_limits(item)]
    kind = ", ".join([spoken_type(setting.annotation), *limits])
    default = "required" if setting.is_required() else ""
    if setting.default not in (None, PydanticUndefined):
        default = f"`{toml(setting.default)}`"
    return f"| `{name}` | {setting.description} *{kind}* | {default} |"


def spoken_limits(item: Any) -> list[str]:
    words = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}", "lt": "less than {}"}
    words |= {"min_length": "at least {} of them", "pattern": "matches `{}`"}
    found = ((words[name], getattr(item, name, None)) for name in words)
    return [text.format(value) for text, value in found if value is not None]


def spoken_type(kind: Any) -> str:
    """A type as a person who writes TOML calls it."""
    parts = get_args(kind)
    if get_origin(kind) is Annotated:
        return spoken_type(parts[0])
    if get_origin(kind) is Literal:
        return " or ".join(f"`{toml(part)}`" for part in parts)
    if get_origin(kind) is tuple:
        return f"list of {spoken_type(parts[0])}"
    if get_origin(kind) is Mapping:
        return f"table of {spoken_type(parts[1])}"
    if type(None) in parts:
        return spoken_type(next(part for part in parts if part is not type(None)))
    return _TYPES[kind]


def toml(value: Any) -> str:
    """A default as it would stand in the file; JSON's forms are TOML's for these."""
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def cli_page() -> str:
    lines = [
        "<!-- written by scripts/make_docs.py -->",
        "# Command line",
        "",
        "Exit codes: 0 done, 1 a goal was missed or something was found wrong, 2 an error, 130",
        "interrupted. Results go to standard output, progress and complaints to standard error.",
    ]
    for name, command in commands(typer.main.get_command(app)):
        lines += ["", f"## sayso {name}", "", *verb(name, command)]
    return "\n".join(lines) + "\n"


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every verb by the words that call it; those of a group stand in its place."""
    for name, command in vars(group)["commands"].items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def verb(name: str, command: Any) -> Iterator[str]:
    """One verb: what it does, how it is called, what may be told."""
    places = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    yield " ".join(command.help.split())
    yield ""
    yield "```"
    yield " ".join(["sayso", name, *map(place, places), *(["[OPTIONS]"] if options else [])])
    yield "```"
    if places or options:
        yield ""
        yield "| | | default |"
        yield "| --- | --- | --- |"
    for parameter in (*places, *options):
        yield f"| `{spelled(parameter)}` | {parameter.help or ''} | {default_of(parameter)} |"


def place(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    if parameter.is_flag:
        return names
    return f"{names} {parameter.metavar or parameter.name.upper()}"


def default_of(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.default
    nothing = default is None or default is False or default == []
    return "" if nothing or callable(default) else f"`{default}`"


def play_demo() -> str:
    """What `sayso demo` prints where nobody is there to talk."""
    command = [sys.executable, "-m", "sayso", "demo"]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8"
    )
    return done.stdout


def with_transcript(readme: str, played: str) -> str:
    """The README with its transcript replaced by the first turns of a demo."""
    turns = re.split(r"\n(?=\w+> )", played)  # what rings before a turn ends the one before
    block = f"{BEGIN}```\n" + "\n".join(turns[:SHOWN]).rstrip() + f"\n```\n{END}"
    if BEGIN not in readme or END not in readme:
        raise SystemExit(f"{README}: the marks of the transcript are missing; put them back")
    before, _, rest = readme.partition(BEGIN)
    return before + block + rest.partition(END)[2]


if __name__ == "__main__":
    main()
