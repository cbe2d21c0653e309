"""`sayso bench`: what Sayso's claims of speed and memory come to on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.output import AsJson, console, print_json, progress, table

if TYPE_CHECKING:
    from sayso.training.progress import Progress
    from sayso.types.skills import Skill

LOCALE = "en-US"
SMALLER = (1_000, 10_000)  # sizes of the curve, besides the one asked for

bench = typer.Typer(
    epilog="Begin with: sayso bench selection --skills 2000 --index-only",
    no_args_is_help=True,
)


@bench.callback()
def benches() -> None:
    """Measure speed and memory on this machine."""


@bench.command("selection", epilog="Example: sayso bench selection --skills 100000 --json")
def selection(
    skills: Annotated[int, typer.Option(min=500, help="How many skills.")] = 10_000,
    samples: Annotated[int, typer.Option(min=1, help="Samples of a made-up skill, about.")] = 5,
    data: Annotated[
        Path | None,
        typer.Option(help="Real skills to stay near, as `sayso import` reads; else the example's."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Folder to train in; used again if it is there.")
    ] = None,
    index_only: Annotated[
        bool, typer.Option("--index-only", help="Train no models: nothing is decided or added.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the right one of very many skills: latency, memory and what the index loses."""
    from sayso.evaluation.crowd import asked, crowd
    from sayso.evaluation.scale import ASKED, measure

    with _folder(keep) as folder, progress(quiet=as_json) as tell:
        made = list(crowd(_skills(data), skills, locale=LOCALE, samples=samples))
        curve: list[dict[str, Any]] = []
        sizes = [*(x for x in SMALLER if x < skills), skills]
        rounds = len(sizes) + (not index_only)
        for size in sizes:
            place, said = folder / f"index-{size}", asked(made[:size], ASKED)
            seconds = _indexed(made[:size], place, tell)
            tell("asking", len(curve), rounds)
            found = measure("index", place, said)
            curve.append({"skills": size, "index_s": seconds, **found})
            tell("asking", len(curve), rounds)
        result: dict[str, Any] = {"samples": samples, **curve[-1]}
        if not index_only:
            place = folder / f"bundle-{skills}"
            seconds = _trained(made, place, tell)
            result |= {"train_s": seconds, **measure("engine", place, asked(made, ASKED))}
            tell("asking", rounds, rounds)
        result["growth"] = round(curve[-1]["p99_ms"] / curve[0]["p99_ms"], 2)
        result["curve"] = curve
    if as_json:
        print_json(result)
    else:
        _show(result)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where it is trained: a folder that stays, or one that goes with the run."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
    else:
        with TemporaryDirectory() as made:
            yield Path(made)


def _skills(data: Path | None) -> Sequence[Skill]:
    from sayso.cli.demo import example_home
    from sayso.skills import read_skills

    if data is not None:
        return read_skills(data)
    return read_skills(example_home() / "skills")


def _indexed(skills: Sequence[Skill], folder: Path, tell: Progress) -> float | None:
    """Write the register of the skills; in how many seconds, None where it was there."""
    from sayso.encoders import Encoder
    from sayso.training.registering import register_alone

    if (folder / "en.register").is_file():
        return None
    start = time.perf_counter()
    register_alone(skills, folder, Encoder.load(threads=2), tell)
    return round(time.perf_counter() - start, 1)


def _trained(skills: Sequence[Skill], folder: Path, tell: Progress) -> float | None:
    """Train the skills, models and all; in how many seconds, None where that was done."""
    from sayso.training.train import train

    if (folder / "CURRENT").is_file():
        return None
    start = time.perf_counter()
    train(skills, folder, progress=tell)
    return round(time.perf_counter() - start, 1)


def _show(result: dict[str, Any]) -> None:
    shown = table("skills", "p50 ms", "p99 ms", "recall kept", "resident MB", "built in s")
    for each in result["curve"]:
        keys = ("skills", "p50_ms", "p99_ms", "recall_kept", "resident_mb", "index_s")
        shown.add_row(*(str(each[key]) for key in keys))
    console().print(shown)
    if "decision_p99_ms" in result:
        console().print(
            f"with models: a decision {result['decision_p50_ms']} ms (p99 "
            f"{result['decision_p99_ms']}), adding a skill {result['add_ms']} ms, "
            f"{result['resident_mb']} MB resident; built in {result['train_s']} s"
        )
