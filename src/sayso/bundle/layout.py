"""A trained folder: training writes it, every predictor reads it. The layout, as data:

    home/bundle/
      CURRENT                   name of the version that serves; swapped by rename
      versions/<version>/
        bundle.json             Manifest: format, engine, encoder, routing, SHA-256 of the others
        index                   where each skill's entry stands: a line a skill, fields of `Place`
        <number>.skills         segments: entries of skills, one after another, never changed
        <tongue>.register       what the shortlist looks through, as it was on the day of training

An entry (`entry.py`) holds one skill: its definition, and for each locale a local store (what its
model has learnt), its examples (what the shortlist compares with), vectors of its descriptions and
catalogues of very many values. A piece is read, checked and unpacked when it is asked for; a large
one is memory-mapped.

A version is written whole under a temporary name, synced, renamed, and only then pointed to, so
that a full disk or a kill leaves the old one serving. A change writes the changed skills into a new
segment and links the others; small segments are merged as they come, so there are never many. A
version's name ends in a digest of its manifest, which holds the digests of its files: whatever was
damaged since is noticed. Nothing is ever pickled. docs/bundle.md has every byte.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

FORMAT = 3
OLDEST = 2  # of the formats that are read; 2 has no registers
CURRENT = "CURRENT"
MANIFEST, INDEX, SEGMENT = "bundle.json", "index", ".skills"
REGISTER = ".register"
VERSION = re.compile(r"([0-9]{6,})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Packed:
    """A model at rest: arrays by name, and what else it needs as JSON."""

    tensors: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A skill at rest.

    version: hash of the definition, which is JSON; locales: locale -> local store;
    examples: locale -> what the shortlist knows of the skill; values: locale -> catalogues too
        large for the definition; descriptions: locale -> vectors of what is said of its slots;
        all for the same locales or fewer.
    """

    skill: str
    version: str
    definition: Mapping[str, Any]
    locales: Mapping[str, Packed]
    examples: Mapping[str, Packed] = field(default_factory=dict)
    values: Mapping[str, Packed] = field(default_factory=dict)
    descriptions: Mapping[str, Packed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `bundle.json` says.

    engine: `shared` or `maxent-crf`; encoder: name and fingerprint of the weights it was trained
        with (empty where none); routing: weights and calibration of the ranker.
    files: name below the version's folder -> SHA-256.
    changed: skills that were put or removed since the registers were written.
    refused: skills whose examples say what they have turned down.
    """

    version: str
    engine: str
    encoder: Mapping[str, str]
    routing: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
    written_by: str = ""
    changed: Sequence[str] = ()
    refused: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a skill's entry stands: bytes [offset, offset + length) of a segment.

    version: as in `Part`; digest: 32 hex digits of the entry's SHA-256, equal for equal entries.
    """

    version: str
    digest: str
    segment: str
    offset: int
    length: int


def digest(manifest: Mapping[str, Any]) -> str:
    """Of all that a manifest says but its version's name, which ends in it."""
    said = {name: value for name, value in manifest.items() if name != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:8]
