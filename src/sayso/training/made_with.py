"""What fits a skill beside the skill itself: this Sayso and the libraries that it counts with.

Two that differ may fit the same skill differently, so what one has fitted is nothing to the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import sayso

LIBRARIES = ("numpy", "onnxruntime")
_DOORS = ("cli", "server", "examples", "__pycache__")  # rooms that fit nothing
_READ = (".py", ".json", ".txt", ".tsv", ".yaml")


@cache
def versions() -> Mapping[str, str]:
    """Name -> version of Sayso, with a digest of its files, and of the libraries."""
    return {
        "sayso": f"{sayso.__version__} ({_digest()})",
        **{name: version(name) for name in LIBRARIES},
    }


def difference(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """What two of them disagree on, in words; "" where they are the same."""
    names = [name for name in {**ours, **theirs} if theirs.get(name) != ours.get(name)]
    return ", ".join(
        f"{name} {theirs.get(name, 'nothing')} and not {ours.get(name, 'nothing')}"
        for name in names
    )


def _digest() -> str:
    """Of the files of the package: between two releases its version says nothing."""
    root = Path(sayso.__file__).parent
    found = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.suffix in _READ and inside.parts[0] not in _DOORS:
            found.update(f"{inside.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]
