"""`sayso eval`: how well a home reads a test set."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import (
    AsJson,
    HomeFolder,
    Locale,
    complain,
    console,
    print_json,
    progress,
    table,
)

if TYPE_CHECKING:
    from sayso.evaluation.score import Report

# Measures of which more is better.
GOALS = ("intent_accuracy", "macro_f1", "slot_f1", "out_of_scope_recall", "acted_right")


def evaluate(
    home: HomeFolder,
    tests: Annotated[
        Path, typer.Argument(help="Parquet, CSV, JSON lines, or an Alexa NLU evaluation set.")
    ],
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="MEASURE=VALUE", help="Exit with 1 if below; repeatable."),
    ] = None,
    locale: Locale = None,
    as_json: AsJson = False,
) -> None:
    """Measure intent accuracy, macro F1, slot F1, SemER, out-of-scope recall and latency."""
    from sayso.evaluation.score import evaluate as evaluate_tests
    from sayso.evaluation.testset import read_tests
    from sayso.runtime.home import Home

    goals = [_goal(text) for text in least or ()]
    rows = read_tests(tests)
    with Home.open(home) as opened, progress(quiet=as_json) as tell:
        report = evaluate_tests(
            rows,
            opened.engine,
            locale=locale or opened.settings.locales[0],
            now=datetime.now(UTC),
            done=lambda count: tell("evaluating", count, len(rows)),
        )
    missed = report.missed(goals)
    if as_json:
        print_json({**report.to_json(), "missed": missed})
    else:
        _show(report)
    for problem in missed:
        complain(problem)
    if missed:
        raise typer.Exit(1)


def _goal(text: str) -> tuple[str, float]:
    """A measure and its least value; what is misspelt is told before the work begins."""
    from sayso.errors import EvaluationError

    name, _, value = (part.strip() for part in text.partition("="))
    if name not in GOALS:
        raise EvaluationError(f'--min "{text}": no such goal; there are {", ".join(GOALS)}')
    try:
        return name, float(value)
    except ValueError:
        raise EvaluationError(f'--min "{text}": write it as intent_accuracy=0.9') from None


def _show(report: Report) -> None:
    shown = table("measure", "value")
    for name, value in report.to_json().items():
        if isinstance(value, float):
            shown.add_row(name, f"{value:.2f}" if name.endswith("_ms") else f"{value:.4f}")
        elif isinstance(value, int):
            shown.add_row(name, str(value))
    console().print(shown)
    if report.confusions:
        wrong = table("expected", "read as", "times", title="\nmost confused")
        for expected, read, count in report.confusions:
            wrong.add_row(expected, read, str(count))
        console().print(wrong)
