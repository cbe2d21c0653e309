"""`sayso explain`: why a sentence is read as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.around import (
    Capability,
    DeviceState,
    DeviceType,
    Happened,
    Place,
    device_of,
    happened_of,
)
from sayso.cli.output import AsJson, HomeFolder, Locale, User, console, print_json, table

if TYPE_CHECKING:
    from rich.table import Table

    from sayso.runtime.explain import Explanation
    from sayso.types.readings import Hypothesis

READINGS = 5  # shown to people; --json has all


def explain(
    home: HomeFolder,
    text: Annotated[str, typer.Argument(help="The sentence to explain.")],
    user: User = "anonymous",
    locale: Locale = None,
    device_type: DeviceType = "unknown",
    device_state: DeviceState = [],  # noqa: B006
    capability: Capability = [],  # noqa: B006
    place: Place = "",
    happened: Happened = [],  # noqa: B006
    after: Annotated[
        list[str], typer.Option("--after", help="What was said before it; may be repeated.")
    ] = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Say why: shortlist, nearest examples, slots, scores, threshold, what would flip it."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        explanation = opened.explain(
            text,
            user=user,
            locale=locale,
            device=device_of(device_type, device_state, capability, place),
            happened=happened_of(happened, opened.engine.skills),
            after=after,
        )
    if as_json:
        print_json(explanation)
        return
    requests = (explanation, *explanation.then)
    for at, each in enumerate(requests, 1):
        if len(requests) > 1:
            console().rule(f"request {at} of {len(requests)}")
        _show(each)


def _show(explanation: Explanation) -> None:
    out, decision = console(), explanation.decision
    rewriting = explanation.rewriting
    if rewriting is not None:
        out.print(f'said      "{rewriting.said}"')
        verb = "show" if rewriting.layer == "mined" else "list"
        out.print(f"learnt    {rewriting.id} ({rewriting.arm}); see: sayso rewrites {verb}")
    out.print(f'read as   "{explanation.text}"')
    out.print(f"decision  {decision.outcome}: {decision.reason}")
    out.print(
        f"threshold {decision.threshold:g}; none of these is meant: {explanation.none:.1%} likely"
    )
    asking = "; such a turn may be asked about" if _may_be_asked(explanation) else ""
    out.print(f"misgiving it goes wrong with a chance of {explanation.misgiving:.1%}{asking}")
    out.print(_shortlist(explanation))
    out.print(_nearest(explanation))
    if explanation.doubts:
        out.print(_doubts(explanation))
    out.print(_readings(explanation))
    if decision.chosen is not None and decision.chosen.slots:
        out.print(_slots(decision.chosen))
        for name, whence in decision.chosen.carried.items():
            out.print(f"carried   {name}: {whence}")
    if explanation.runner_up is not None:
        up = explanation.runner_up
        out.print(f"runner-up {up.skill}.{up.intent}, {up.confidence:.1%} sure")
    for flip in explanation.flips:
        out.print(f"would flip: {flip.change} -> {flip.outcome}")


def _may_be_asked(explanation: Explanation) -> bool:
    from sayso.dialogue.helpful import MIDDLING

    low, high = MIDDLING
    return explanation.decision.chosen is not None and low <= explanation.misgiving <= high


def _shortlist(explanation: Explanation) -> Table:
    shown = table("skill", "score", title="\nshortlist")
    for skill, score in explanation.decision.shortlist:
        shown.add_row(skill, f"{score:.3f}")
    return shown


def _nearest(explanation: Explanation) -> Table:
    shown = table("skill", "intent", "example", "cosine", title="\nnearest examples")
    for near in explanation.nearest:
        shown.add_row(near.skill, near.intent or "(about it)", near.text, f"{near.cosine:.3f}")
    return shown


def _doubts(explanation: Explanation) -> Table:
    shown = table("skill", "turned down", "cosine", "costs", title="\nturned down before")
    for skill, doubt in explanation.doubts.items():
        shown.add_row(skill, doubt.text, f"{doubt.cosine:.3f}", f"{doubt.lost:.2f}")
    return shown


def _readings(explanation: Explanation) -> Table:
    shown = table("skill", "intent", "sure", "score", "made of", title="\nreadings")
    pairs = zip(explanation.decision.hypotheses, explanation.contributions, strict=True)
    for hypothesis, contributions in list(pairs)[:READINGS]:
        besides = {**hypothesis.personal, **hypothesis.situation}
        made_of = "  ".join(f"{k} {v:+.2f}" for k, v in {**contributions, **besides}.items() if v)
        shown.add_row(
            hypothesis.skill,
            hypothesis.intent,
            f"{hypothesis.confidence:.1%}",
            f"{hypothesis.score:.2f}",
            made_of,
        )
    return shown


def _slots(chosen: Hypothesis) -> Table:
    shown = table("slot", "words", "span", "value", "id", "status", title="\nslots")
    for slot in chosen.slots:
        span = "before" if slot.start is None else f"{slot.start}-{slot.end}"
        value = slot.normalised or ""
        shown.add_row(slot.name, slot.value, span, value, slot.id or "", str(slot.status))
    return shown
