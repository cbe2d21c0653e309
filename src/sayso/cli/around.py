"""What goes on around, as the verbs that read a sentence are told it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from sayso.types.context import Device, Happening

DeviceType = Annotated[
    str, typer.Option("--device-type", help="What is spoken to: speaker, car, tv.")
]
DeviceState = Annotated[
    list[str],
    typer.Option(
        "--device-state",
        metavar="THING=STATE",
        help="What is reported, such as oven=on or oven.power=on; may be repeated.",
    ),
]
Capability = Annotated[
    list[str],
    typer.Option(
        "--capability",
        help='What the device has, such as screen; may be repeated; "none" if it has nothing.',
    ),
]
Place = Annotated[str, typer.Option("--place", help="Where the device is, such as kitchen.")]
Happened = Annotated[
    list[str],
    typer.Option(
        "--happened",
        help='What happened just before, such as "the doorbell rang"; may be repeated.',
    ),
]


def device_of(type: str, state: Sequence[str], capabilities: Sequence[str], place: str) -> Device:
    """The device that these options speak of. Exits if a state is not THING=STATE."""
    from sayso.types.context import Device

    has = tuple(name for name in capabilities if name != "none") if capabilities else None
    return Device(type=type, state=_state(state), capabilities=has, place=place)


def happened_of(texts: Sequence[str], skills: Container[str]) -> Sequence[Happening]:
    """What happened; the id of an installed skill stands for that skill's ringing."""
    from sayso.types.context import Happening

    return tuple(
        Happening(skill=text) if text in skills else Happening(text=text) for text in texts
    )


def _state(pairs: Sequence[str]) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not (path and equals):
            raise typer.BadParameter(f'"{pair}" is not THING=STATE', param_hint="--device-state")
        *outer, last = path.split(".")
        inner = state
        for name in outer:
            below = inner.get(name)
            inner[name] = below if isinstance(below, dict) else {}
            inner = inner[name]
        inner[last] = value
    return state
