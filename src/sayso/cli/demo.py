"""`sayso demo`: the example home plays a scripted conversation, then listens."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, console, print_json
from sayso.cli.say import decision_line

if TYPE_CHECKING:
    from sayso.evaluation.script import Step

SCRIPT = "conversation.yaml"


def demo(
    keep: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the example home in this folder.")
    ] = None,
    learn: Annotated[
        bool,
        typer.Option(
            "--learn", help="Watch simulated people teach it instead (extra `learn`, 2 minutes)."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the example home, train it, play its conversation; then talk, on a terminal."""
    if learn:
        from sayso.cli.demo_learning import show_learning

        show_learning(as_json)
        return
    from sayso.cli.chat import talk
    from sayso.cli.train import train_home
    from sayso.evaluation.script import play, read_script
    from sayso.runtime.home import Home

    with _example_home(keep) as folder:
        train_home(folder, quiet=as_json)
        script = read_script(folder / SCRIPT)
        with Home.open(folder) as home:
            if as_json:
                print_json(list(play(home, script)))
                return
            for step in play(home, script):
                _show(step)
            if sys.stdin.isatty():
                console().print('\nYour turn. "exit" or Ctrl-D ends it.', style="bold")
                talk(home, user="you")


def _show(step: Step) -> None:
    out = console()
    for event in step.rang:
        out.print(f"  [{event.skill}] {event.speech}", style="yellow")
    out.print(f"{step.line.user}> {step.line.say}", style="bold")
    out.print(f"  {step.reply.speech}")
    out.print(f"  {decision_line(step.reply)}", style="dim")


@contextmanager
def _example_home(keep: Path | None) -> Iterator[Path]:
    """A copy of the example home in a folder that may be written, kept or passing."""
    from sayso.errors import HomeError

    if keep is None:
        with TemporaryDirectory(prefix="sayso-demo-") as scratch:
            yield _copy_to(Path(scratch) / "home")
        return
    if keep.exists():
        raise HomeError(f"{keep}: exists; name a new folder")
    yield _copy_to(keep)


def _copy_to(folder: Path) -> Path:
    """Copies what was written by hand; whoever tried the original out may have trained it."""
    from sayso.runtime.skill_files import SKILLS
    from sayso.settings import FILE_NAME

    source = example_home()
    shutil.copytree(source / SKILLS, folder / SKILLS, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (FILE_NAME, SCRIPT):
        shutil.copy(source / name, folder)
    return folder


def example_home() -> Path:
    """The example home as shipped: in the package, or beside it in a source folder."""
    import sayso

    package = Path(sayso.__file__).parent
    shipped = package / "examples" / "home"
    return shipped if shipped.is_dir() else package.parent.parent / "examples" / "home"
