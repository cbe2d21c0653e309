"""Small skills and calls for the tests of this room."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sayso.types.calls import Call, CallKind
from sayso.types.context import Context, Device
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill, Slot, SlotType

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=ZoneInfo("Europe/Berlin"))
FORECAST = Intent(
    "Forecast",
    slots=(Slot("city", "City"), Slot("day", "AMAZON.DATE"), Slot("items", "AMAZON.SearchQuery")),
)
ENGLISH = Language("en-US", "weather", intents=(FORECAST,), types=(SlotType("City"),))


def skill(
    fulfilment: Fulfilment | None = None,
    *,
    id: str = "weather",
    language: Language = ENGLISH,
    folder: Path | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Skill:
    """A skill that forecasts the weather."""
    return Skill(
        id,
        "Weather Wise",
        languages=(language,),
        fulfilment=fulfilment or Fulfilment(),
        folder=str(folder) if folder else None,
        extra=extra or {},
    )


def python_skill(
    folder: Path, source: str, *, id: str = "weather", timeout_s: float = 5.0, **files: str
) -> Skill:
    """A skill answered by `handle` of the given source; files: more modules beside it."""
    return _coded(folder, FulfilmentKind.PYTHON, "handler:handle", source, id, timeout_s, files)


def ask_skill(folder: Path, source: str, *, timeout_s: float = 5.0, **files: str) -> Skill:
    """A skill answered by the `lambda_handler` of the given source."""
    handler = "lambda/lambda_function.py:lambda_handler"
    return _coded(folder, FulfilmentKind.ALEXA, handler, source, "weather", timeout_s, files)


def _coded(
    folder: Path,
    kind: FulfilmentKind,
    handler: str,
    source: str,
    id: str,
    timeout_s: float,
    files: Mapping[str, str],
) -> Skill:
    place, _, _ = handler.partition(":")
    main = folder / f"{place.removesuffix('.py')}.py"
    write(main, source)
    for name, text in files.items():
        write(main.parent / f"{name}.py", text)
    made = Fulfilment(kind, handler=handler, timeout_s=timeout_s)
    return skill(made, id=id, folder=folder)


def write(file: Path, source: str) -> None:
    """Write a source file, indented as its test is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(source))


def replies(*templates: str, timeout_s: float = 5.0) -> Skill:
    """A skill that answers `Forecast` with one of these templates."""
    return skill(Fulfilment(replies={"Forecast": templates}, timeout_s=timeout_s))


def asking(
    *slots: SlotValue, intent: str = "Forecast", confirmed: bool = False, id: str = "weather"
) -> Call:
    """A call for an intent with these slots."""
    return Call(CallKind.INTENT, id, Hypothesis(id, intent, slots), confirmed=confirmed)


LAUNCH = Call(CallKind.LAUNCH, "weather")
ENDED = Call(CallKind.SESSION_ENDED, "weather", new_session=False, reason="USER_INITIATED")


def city(words: str, *candidates: Any, normalised: str | None = None) -> SlotValue:
    """The slot `city`, resolved where there are candidates."""
    from sayso.types.readings import ResolutionStatus

    status = ResolutionStatus.MATCHED if candidates else ResolutionStatus.NOT_MATCHED
    return SlotValue(
        "city", "City", words, normalised=normalised, status=status, candidates=candidates
    )


def context(
    attributes: Mapping[str, Any] | None = None, *, user: str = "ana", turn: int = 0
) -> Context:
    """A moment in Berlin."""
    return Context(
        "c1",
        NOW,
        user=user,
        device=Device("kitchen", "speaker", {"volume": 3}),
        time_zone="Europe/Berlin",
        attributes=attributes or {},
        turn=turn,
    )


def event(slots: Sequence[SlotValue] = (), **changes: Any) -> dict[str, Any]:
    """The wire form of a call for `Forecast`."""
    from sayso.fulfilment.python import describe

    return {**describe(asking(*slots), context()), **changes}
