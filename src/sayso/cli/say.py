"""`sayso say`: one turn from the shell."""

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
from sayso.cli.output import AsJson, HomeFolder, Locale, User, console, print_json
from sayso.types.lessons import Arm
from sayso.types.readings import Outcome

if TYPE_CHECKING:
    from sayso.types.turns import Reply


def say(
    home: HomeFolder,
    text: Annotated[str, typer.Argument(help="What is said.")],
    user: User = "anonymous",
    conversation: Annotated[
        str | None, typer.Option(help="Conversation it belongs to; the user's own if not given.")
    ] = None,
    locale: Locale = None,
    device_type: DeviceType = "unknown",
    device_state: DeviceState = [],  # noqa: B006
    capability: Capability = [],  # noqa: B006
    place: Place = "",
    happened: Happened = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Say one thing; prints the reply. The turn is logged, and the skill really acts."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        reply = opened.turn(
            text,
            user=user,
            conversation=conversation,
            locale=locale,
            device=device_of(device_type, device_state, capability, place),
            happened=happened_of(happened, opened.engine.skills),
        )
    if as_json:
        print_json(reply)
        return
    console().print(reply.speech)
    console().print(decision_line(reply), style="dim")


def decision_line(reply: Reply) -> str:
    """The decision and its milliseconds, in one line: `timer.SetTimer duration=PT5M 93% 6.1 ms`."""
    decision, timings = reply.decision, reply.trace.timings
    words = [str(decision.outcome)]
    if decision.chosen is not None:
        chosen = decision.chosen
        words = [f"{chosen.skill}.{chosen.intent}"]
        words += [f"{slot.name}={slot.normalised or slot.value}" for slot in chosen.slots]
        words.append(f"{chosen.confidence:.0%}")
    backend = timings.get("backend", 0.0)
    words.append(f"{timings.get('total', 0.0) - backend:.1f} ms")
    words += [f"+ {backend:.1f} ms skill"] if backend >= 0.1 else []
    rewriting = reply.trace.rewriting
    if (
        rewriting is not None
        and rewriting.arm == Arm.APPLIED
        and decision.outcome is not Outcome.ASK
    ):
        words.append(f'read as "{rewriting.meant}"')
    words += [f"({reply.trace.failure})"] if reply.trace.failure else []
    return "  ".join(words)
