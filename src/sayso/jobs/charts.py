"""The report's pictures: how days went, what was learnt, how many people stand behind it.

SVG, words as words, told apart by marks and hatches as well as by shades. They hold numbers, dates
and ids, and no word that anybody said; the same figures give the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.jobs.daily import Day, Share

if TYPE_CHECKING:
    from sayso.jobs.report import Behind, Report

DAYS, LEARNT, PEOPLE = "days.svg", "learnt.svg", "people.svg"
CHARTS = (DAYS, LEARNT, PEOPLE)
MOST_BARS = 30  # rewrites shown, those of most people first
_DARK, _LIGHT = "#1f1f1f", "#9a9a9a"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that was drawn, and what it shows in words."""

    file: str
    alt: str


def draw(folder: Path, report: Report) -> list[Chart]:
    """Draw what there is to show, into a folder; nothing where matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        return []
    drawn = []
    if report.days:
        drawn.append(_drawn(folder, DAYS, _days_in_words(report.days), _days, report.days))
    if any(report.learnt.values()):
        told = ", ".join(f"{count:,} {name}" for name, count in report.learnt.items())
        drawn.append(_drawn(folder, LEARNT, f"What was learnt: {told}.", _learnt, report.learnt))
    if report.behind:
        fewest = min(each.people for each in report.behind)
        alt = f"People behind each of {len(report.behind):,} rewrites, {fewest:,} at least."
        drawn.append(_drawn(folder, PEOPLE, alt, _people, report.behind[:MOST_BARS]))
    return drawn


def _drawn(folder: Path, file: str, alt: str, fill: Callable[[Any, Any], None], what: Any) -> Chart:
    with _axes(folder / file) as axes:
        fill(axes, what)
    return Chart(file, alt)


@contextmanager
def _axes(path: Path) -> Iterator[Any]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # The figure alone, no window, no state of its own: a server may draw it.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "sayso", "font.size": 9}):
        figure = Figure(figsize=(7, 3.4), layout="constrained")
        axes = figure.add_subplot()
        yield axes
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _days(axes: Any, days: Sequence[Day]) -> None:
    """Share of turns that went wrong by day, beside those applied and those held out."""
    places = list(range(len(days)))
    every = [each.all for each in days]
    low, high = ([100 * getattr(each, end) for each in every] for end in ("low", "high"))
    axes.fill_between(places, low, high, color=_LIGHT, alpha=0.35, linewidth=0, label="95 %")
    values = [100 * each.value for each in every]
    axes.plot(places, values, color=_DARK, marker="o", markersize=4, label="all turns")
    for name, mark, dashes, aside in (
        ("applied", "s", "--", -0.08),
        ("held_out", "^", ":", 0.08),
    ):
        known = [(at, getattr(each, name)) for at, each in enumerate(days) if getattr(each, name)]
        if known:
            _with_errors(axes, known, name.replace("_", " "), mark, dashes, aside)
    step = max(1, len(days) // 10)
    axes.set_xticks(places[::step], [each.day for each in days][::step], rotation=30, ha="right")
    axes.set(xlabel="day (UTC)", ylabel="turns that went wrong (%)", ylim=(0, None))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _with_errors(
    axes: Any,
    known: Sequence[tuple[int, Share]],
    name: str,
    mark: str,
    dashes: str,
    aside: float,
) -> None:
    values = [100 * share.value for _, share in known]
    below = [100 * (share.value - share.low) for _, share in known]
    above = [100 * (share.high - share.value) for _, share in known]
    axes.errorbar(
        [at + aside for at, _ in known],
        values,
        yerr=(below, above),
        color=_DARK,
        marker=mark,
        markersize=5,
        markerfacecolor="white",
        linestyle=dashes,
        linewidth=1,
        capsize=2,
        label=name,
    )


def _days_in_words(days: Sequence[Day]) -> str:
    first, last = days[0], days[-1]
    told = f"Turns that went wrong: {first.all.value:.1%} on {first.day}"
    if first is not last:
        told += f", {last.all.value:.1%} on {last.day}"
    sides = ((last.applied, "where something learnt was applied"), (last.held_out, "held out"))
    besides = [f"{share.value:.1%} {what}" for share, what in sides if share is not None]
    return f"{told}{', of these ' if besides else ''}{' and '.join(besides)}."


def _learnt(axes: Any, learnt: Mapping[str, int]) -> None:
    """How many of each kind."""
    names, counts = list(learnt)[::-1], list(learnt.values())[::-1]
    bars = axes.barh(names, counts, color="white", edgecolor=_DARK, hatch="//")
    axes.bar_label(bars, [f"{count:,}" for count in counts], padding=3)
    axes.set(xlabel="how many (logarithmic)", ylabel="what was learnt")
    axes.set_xscale("symlog", linthresh=1)
    axes.margins(x=0.15)  # room for the last figure


def _people(axes: Any, behind: Sequence[Behind]) -> None:
    """Two bars a rewrite: who said it, and who went on to what is meant."""
    places = list(range(len(behind)))[::-1]
    said, meant = [each.people for each in behind], [each.voters for each in behind]
    axes.barh([at + 0.2 for at in places], said, 0.4, color=_LIGHT, edgecolor=_DARK, label="said")
    axes.barh(
        [at - 0.2 for at in places],
        meant,
        0.4,
        color="white",
        edgecolor=_DARK,
        hatch="///",
        label="went on to what is meant",
    )
    axes.set_yticks(places, [f"{each.id} ({each.state})" for each in behind])
    axes.set(xlabel="people", ylabel="rewrite")
    axes.legend(frameon=False)
    axes.figure.set_size_inches(7, max(2.2, 1.2 + 0.32 * len(behind)))
