"""What the teacher, Sayso's packaged sentence encoder, says of the pretraining texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.transferring.pretraining import Teacher
from sayso.encoders import Encoder
from sayso.types.readings import Utterance
from sayso.understanding.heard import hear_all

STATES = 128  # strongest directions of the words' states that are taught
SEEN_FIRST = 2_500  # texts that these directions are found in


def learn_from(texts: Sequence[str], encoder: Path | None, cache: Path) -> Teacher:
    """Vectors of the texts; those of all texts ever asked for are kept in the cache's folder."""
    teacher = Encoder.load(encoder)
    path = cache / f"teacher-{teacher.fingerprint[:8]}.npz"
    known = _read(path) if path.is_file() else None
    wanted = sorted(set(texts))
    if known is not None and all(text in known.pooled for text in wanted):
        return known
    said = [Utterance(text, text) for text in wanted]
    first = np.concatenate(
        [x.states for x in hear_all(said[:: len(said) // SEEN_FIRST + 1], teacher)]
    )
    mean = first.mean(0)
    _, directions = np.linalg.eigh(np.cov((first - mean).T))
    basis = directions[:, ::-1][:, :STATES]
    pooled: dict[str, Any] = {}
    states: dict[str, Any] = {}
    for start in range(0, len(said), 256):
        for one in hear_all(said[start : start + 256], teacher):
            pooled[one.utterance.text] = np.asarray(one.pooled, np.float16)
            states[one.utterance.text] = ((one.states - mean) @ basis).astype(np.float16)
    np.savez(
        path,
        texts=np.array(wanted),
        pooled=np.stack([pooled[x] for x in wanted]),
        states=np.concatenate([states[x] for x in wanted]),
        lengths=np.array([len(states[x]) for x in wanted]),
    )
    return Teacher(pooled, states)


def _read(path: Path) -> Teacher:
    kept = np.load(path)
    texts, ends, states = kept["texts"].tolist(), np.cumsum(kept["lengths"]), kept["states"]
    starts = ends - kept["lengths"]
    return Teacher(
        dict(zip(texts, kept["pooled"], strict=True)),
        {x: states[a:b] for x, a, b in zip(texts, starts, ends, strict=True)},
    )
