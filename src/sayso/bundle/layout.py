"""A trained folder: training writes it, every predictor reads it. The layout, as data:

    home/bundle/
      CURRENT                      name of the version that serves; swapped by rename
      versions/<version>/
        bundle.json                Manifest: format, engine, encoder, routing, skills with checksums
        <skill>/skill.json         the skill as it was trained
        <skill>/<locale>.safetensors   arrays, with the model's JSON in the header

A version is written whole under a temporary name, synced, renamed, and only then pointed to, so
that a full disk or a kill leaves the old one serving. Unchanged files are hard-linked from the
version before. A version's name ends in a digest of its manifest, which holds the digests of its
files: whatever was damaged since is noticed. Nothing is ever pickled.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
CURRENT = "CURRENT"
MANIFEST = "bundle.json"
DEFINITION, MODEL = "skill.json", ".safetensors"
VERSION = re.compile(r"([0-9]{6,})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Packed:
    """A model at rest: arrays by name, and what else it needs as JSON."""

    tensors: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A skill at rest: its definition as JSON, and a packed model for each locale it speaks.

    version: hash of the definition; locales: locale -> model.
    """

    skill: str
    version: str
    definition: Mapping[str, Any]
    locales: Mapping[str, Packed]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `bundle.json` says.

    engine: `shared` or `maxent-crf`; encoder: name and fingerprint of the weights it was trained
        with (empty where none); routing: weights and calibration of the ranker.
    parts: skill -> its version; files: path below the version's folder -> SHA-256.
    """

    version: str
    engine: str
    encoder: Mapping[str, str]
    routing: Mapping[str, Any]
    parts: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
    written_by: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A version as read from disk."""

    folder: Path
    manifest: Manifest
    parts: Mapping[str, Part]


def digest(manifest: Mapping[str, Any]) -> str:
    """Of all that a manifest says but its version's name, which ends in it."""
    said = {name: value for name, value in manifest.items() if name != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:8]


def unpack(content: bytes) -> Packed:
    """What `pack` gave. Nothing in it is ever run."""
    from safetensors.numpy import load

    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    return Packed(load(content), json.loads(header.get("__metadata__", {}).get("settings", "{}")))


def pack(packed: Packed) -> bytes:
    """A model as the bytes of a safetensors file."""
    from safetensors.numpy import save

    tensors = {name: np.ascontiguousarray(array) for name, array in packed.tensors.items()}
    settings = json.dumps(packed.settings, ensure_ascii=False, sort_keys=True)
    return save(tensors, metadata={"settings": settings})
