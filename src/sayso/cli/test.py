"""`sayso test`: scripted dialogues are played in a copy of a home, and what differs is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, progress, table

if TYPE_CHECKING:
    from sayso.evaluation.script import Script, Step
    from sayso.runtime.home import Home

DIALOGUES, CONVERSATION = "dialogues", "conversation.yaml"  # of a home, where no file is named
STORE = "sqlite:///sayso.db"


@dataclass(frozen=True, slots=True)
class Played:
    """A dialogue, and the turns of it that were not as expected: place from 1 on, and step."""

    file: str
    phenomenon: str
    script: Script
    wrong: Sequence[tuple[int, Step]]


def play_dialogues(
    home: HomeFolder,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files of dialogues, or folders with such; else HOME/dialogues/ and "
            "HOME/conversation.yaml."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play scripted dialogues and tell what was not as expected; see docs/dialogues.md.

    They are played in a copy of the home: nothing is logged, kept or learned. Exits with 1 if a
    dialogue fails.
    """
    from sayso.evaluation.script import read_scripts

    read = {path: read_scripts(path) for path in _files(files or _own(home))}
    count = sum(len(each.scripts) for each in read.values())
    played: list[Played] = []
    with _copy(home) as opened, progress(quiet=as_json) as tell:
        for path, each in read.items():
            for script in each.scripts:
                wrong = _wrong(opened, script)
                played.append(Played(str(path), each.phenomenon, script, wrong))
                tell("playing", len(played), count)
    if as_json:
        print_json(_json(played))
    else:
        _show(played)
    if any(each.wrong for each in played):
        raise typer.Exit(1)


def _own(home: Path) -> Sequence[Path]:
    """What a home has to play. Raises HomeError where there is no home."""
    from sayso.settings import read_settings

    read_settings(home)
    conversation = home / CONVERSATION
    return [home / DIALOGUES, *([conversation] if conversation.is_file() else ())]


def _files(named: Sequence[Path]) -> list[Path]:
    """Files in the order given, those of a folder by name. Raises EvaluationError for none."""
    from sayso.errors import EvaluationError

    found = [file for path in named for file in _in(path)]
    if not found:
        raise EvaluationError(f"{named[0]}: no dialogues; write some as docs/dialogues.md shows")
    return found


def _in(path: Path) -> Sequence[Path]:
    folder = path.is_dir() or not path.suffix  # a folder that is not there has none
    return sorted(path.glob("*.y*ml")) if folder else [path]


def _wrong(home: Home, script: Script) -> list[tuple[int, Step]]:
    from sayso.evaluation.script import play

    return [(n, step) for n, step in enumerate(play(home, script), 1) if step.problems]


@contextmanager
def _copy(home: Path) -> Iterator[Home]:
    """The home opened elsewhere, with a log of its own: what is tried out is no experience."""
    from sayso import bundle
    from sayso.encoders import Encoders
    from sayso.learned import LEARNED
    from sayso.runtime.home import Home
    from sayso.runtime.serving import BUNDLE
    from sayso.runtime.skill_files import SKILLS
    from sayso.settings import read_settings
    from sayso.stores.store import Store

    settings = read_settings(home)
    bundle.current(home / BUNDLE)  # before anything is copied: is there something trained?
    understanding = settings.understanding
    encoder = Encoders.load(understanding.encoder, understanding.encoders)
    with TemporaryDirectory(prefix="sayso-test-") as scratch:
        folder = Path(scratch).resolve()
        for part in (SKILLS, BUNDLE, LEARNED):
            if (home / part).is_dir():
                unused = shutil.ignore_patterns("__pycache__")
                shutil.copytree(home / part, folder / part, ignore=unused)
        with Home(folder, settings, encoder, Store.open(STORE, folder)) as opened:
            yield opened


def _json(played: Sequence[Played]) -> dict[str, Any]:
    return {
        "dialogues": len(played),
        "passed": sum(not each.wrong for each in played),
        "phenomena": [
            {"phenomenon": name, "dialogues": of, "passed": passed}
            for name, passed, of in _phenomena(played)
        ],
        "failures": [
            {
                "file": each.file,
                "phenomenon": each.phenomenon,
                "dialogue": each.script.name,
                "turn": place,
                "user": step.line.user,
                "say": step.line.say,
                "reply": step.reply.speech,
                "problems": step.problems,
            }
            for each in played
            for place, step in each.wrong
        ],
    }


def _phenomena(played: Sequence[Played]) -> Iterator[tuple[str, int, int]]:
    """Phenomenon, dialogues of it that went as expected, all of them; in the order of the files."""
    for name in dict.fromkeys(each.phenomenon for each in played):
        of = [each for each in played if each.phenomenon == name]
        yield name, sum(not each.wrong for each in of), len(of)


def _show(played: Sequence[Played]) -> None:
    out = console()
    for each in played:
        if not each.wrong:
            continue
        out.print(f"{each.file}: {each.script.name}", style="red")
        for place, step in each.wrong:
            said = step.line.say or "(silence)"
            out.print(f"  {place} {step.line.user}> {said}\n      {step.reply.speech}")
            for problem in step.problems:
                out.print(f"      {problem}", style="yellow")
        out.print()
    shown = table("phenomenon", "passed", "of")
    for name, passed, of in _phenomena(played):
        shown.add_row(name, str(passed), str(of))
    shown.add_row("all", str(sum(not each.wrong for each in played)), str(len(played)))
    out.print(shown)
