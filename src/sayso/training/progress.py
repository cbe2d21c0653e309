"""How training says how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how far training is: `done` of `total` units of the named stage."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...  # noqa: D102
