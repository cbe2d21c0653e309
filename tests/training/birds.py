"""Small skills to train, and a training in a process of its own, which may be killed.

python -m tests.training.birds FOLDER COUNT
"""

from __future__ import annotations

import sys
from pathlib import Path

from sayso.types.skills import Intent, Language, Skill

NAMES = ("owl", "wren", "robin", "heron", "swift", "stork", "raven", "crane", "finch", "eagle")


def bird(name: str, *locales: str) -> Skill:
    samples = (f"how does the {name} sing", f"play me the {name}", f"where does a {name} nest")
    intents = (Intent("Sing", samples[:2]), Intent("Nest", samples[2:]))
    return Skill(
        name, name.title(), languages=[Language(x, name, intents=intents) for x in locales]
    )


def birds(count: int) -> list[Skill]:
    return [bird(f"{name}{at // len(NAMES) or ''}", "en-US") for at, name in _numbered(count)]


def _numbered(count: int) -> list[tuple[int, str]]:
    return [(at, NAMES[at % len(NAMES)]) for at in range(count)]


def contents(version: Path) -> dict[str, bytes]:
    """The files of a version."""
    return {path.name: path.read_bytes() for path in version.iterdir()}


def main(folder: str, count: str) -> None:
    from sayso.training import fitting, side_by_side
    from sayso.training import train as module

    fitting.BATCH, side_by_side.LITTLE, module.MOST_CALIBRATED = 4, 1, 3
    module.train(birds(int(count)), folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
