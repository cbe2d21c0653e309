"""How the command line speaks: words for people, JSON for programs, progress bars for both eyes.

Colours respect NO_COLOR; progress and complaints go to standard error, results to standard output.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sayso.training.progress import Progress as Tell

HomeFolder = Annotated[Path, typer.Argument(metavar="HOME", help="A folder made by `sayso new`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs to read.")]
User = Annotated[str, typer.Option(help="Who speaks.")]
Locale = Annotated[str | None, typer.Option(help="Locale spoken; the home's first if not given.")]


def console(*, stderr: bool = False) -> Console:
    """A console for people; rich leaves colours out for NO_COLOR and for pipes."""
    from rich.console import Console

    # What people and skills say may hold brackets and colons: nothing is markup here.
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def table(*columns: str, title: str | None = None) -> Table:
    """A plain table; what is too wide for the terminal goes on in the next line."""
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def complain(error: Exception | str) -> None:
    """An error, in words, on standard error."""
    from rich.text import Text

    field = getattr(error, "field", "")
    message = f"{field}: {error}" if field else str(error)
    console(stderr=True).print(Text.assemble(("error: ", "bold red"), message))


def print_json(value: Any) -> None:
    """Any noun as JSON."""
    _write_json(value, indent=2)


def print_line(value: Any) -> None:
    """Any noun as JSON in one line, at once: an item of a list that has no end."""
    _write_json(value, indent=None)
    sys.stdout.flush()


def _write_json(value: Any, indent: int | None) -> None:
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=not unicode, indent=indent) + "\n")


def plain(value: Any) -> Any:
    """A noun as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)
    return [plain(item) for item in value]


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Tell]:
    """A progress bar with the time left, one line a stage, on standard error."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("elapsed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True), disable=quiet) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell
