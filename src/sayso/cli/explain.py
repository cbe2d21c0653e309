"""`sayso explain`: why a sentence is read as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, Locale, User, console, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from sayso.runtime.explain import Explanation
    from sayso.types.turns import Hypothesis

READINGS = 5  # shown to people; --json has all


def explain(
    home: HomeFolder,
    text: Annotated[str, typer.Argument(help="The sentence to explain.")],
    user: User = "anonymous",
    locale: Locale = None,
    as_json: AsJson = False,
) -> None:
    """Say why: shortlist, nearest examples, slots, scores, threshold, what would flip it."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        explanation = opened.explain(text, user=user, locale=locale)
    if as_json:
        print_json(explanation)
        return
    _show(explanation)


def _show(explanation: Explanation) -> None:
    out, decision = console(), explanation.decision
    out.print(f'read as   "{explanation.text}"', markup=False)
    out.print(f"decision  {decision.outcome}: {decision.reason}", markup=False)
    out.print(
        f"threshold {decision.threshold:g}; the score of none of these is {explanation.none:.2f}"
    )
    out.print(_shortlist(explanation))
    out.print(_nearest(explanation))
    out.print(_readings(explanation))
    if decision.chosen is not None and decision.chosen.slots:
        out.print(_slots(decision.chosen))
    if explanation.runner_up is not None:
        up = explanation.runner_up
        out.print(f"runner-up {up.skill}.{up.intent}, {up.confidence:.1%} sure", markup=False)
    for flip in explanation.flips:
        out.print(f"would flip: {flip.change} -> {flip.outcome}", markup=False)


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _shortlist(explanation: Explanation) -> Table:
    table = _table("\nshortlist", "skill", "score")
    for skill, score in explanation.decision.shortlist:
        table.add_row(skill, f"{score:.3f}")
    return table


def _nearest(explanation: Explanation) -> Table:
    table = _table("\nnearest examples", "skill", "intent", "example", "cosine")
    for near in explanation.nearest:
        table.add_row(near.skill, near.intent or "(about it)", near.text, f"{near.cosine:.3f}")
    return table


def _readings(explanation: Explanation) -> Table:
    table = _table("\nreadings", "skill", "intent", "sure", "score", "made of")
    pairs = zip(explanation.decision.hypotheses, explanation.contributions, strict=True)
    for hypothesis, contributions in list(pairs)[:READINGS]:
        made_of = "  ".join(f"{k} {v:+.2f}" for k, v in contributions.items() if v)
        table.add_row(
            hypothesis.skill,
            hypothesis.intent,
            f"{hypothesis.confidence:.1%}",
            f"{hypothesis.score:.2f}",
            made_of,
        )
    return table


def _slots(chosen: Hypothesis) -> Table:
    table = _table("\nslots", "slot", "words", "span", "value", "id", "status")
    for slot in chosen.slots:
        span = f"{slot.start}-{slot.end}"
        value = slot.normalised or ""
        table.add_row(slot.name, slot.value, span, value, slot.id or "", str(slot.status))
    return table
