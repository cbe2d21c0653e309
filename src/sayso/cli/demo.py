"""`sayso demo`: the example home plays a scripted conversation, then listens."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from sayso.cli.output import AsJson, console, print_json
from sayso.cli.say import decision_line


def demo(
    keep: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the example home in this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy the example home, train it, play its conversation; then talk, on a terminal."""
    from sayso.cli.chat import talk
    from sayso.cli.train import train_home
    from sayso.evaluation.script import play, read_script
    from sayso.runtime.home import Home

    with _example_home(keep) as folder:
        train_home(folder, quiet=as_json)
        script = read_script(folder / "conversation.yaml")
        out = console()
        with Home.open(folder) as home:
            played = []
            for step in play(home, script):
                played.append(step)
                if as_json:
                    continue
                for event in step.rang:
                    out.print(f"  [{event.skill}] {event.speech}", style="yellow", markup=False)
                out.print(f"{step.line.user}> {step.line.say}", style="bold", markup=False)
                out.print(f"  {step.reply.speech}", markup=False)
                out.print(f"  {decision_line(step.reply)}", style="dim", markup=False)
            if as_json:
                print_json(played)
            elif sys.stdin.isatty():
                out.print('\nYour turn. "exit" or Ctrl-D ends it.', style="bold")
                talk(home, user="you")


@contextmanager
def _example_home(keep: Path | None) -> Iterator[Path]:
    """The example home in a folder that may be written, kept or passing."""
    from sayso.errors import HomeError

    if keep is not None:
        if keep.exists():
            raise HomeError(f"{keep}: exists; name a new folder")
        shutil.copytree(example_home(), keep)
        yield keep
        return
    with TemporaryDirectory(prefix="sayso-demo-") as scratch:
        yield Path(shutil.copytree(example_home(), Path(scratch) / "home"))


def example_home() -> Path:
    """The example home as shipped: in the package, or beside it in a source folder."""
    import sayso

    package = Path(sayso.__file__).parent
    shipped = package / "examples" / "home"
    return shipped if shipped.is_dir() else package.parent.parent / "examples" / "home"
