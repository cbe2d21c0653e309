"""Turns of dialogues, heard: words and vectors, each text once, with a file that keeps them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rich.progress import track

from sayso.encoders.encoder import Encoder
from sayso.understanding.contract import Heard
from sayso.understanding.heard import hear_all, words


def hear_texts(
    texts: Iterable[str], encoder: Encoder, cache: Path | None = None
) -> dict[str, Heard]:
    """What the engine hears of each text. cache: a folder that keeps vectors for the next time."""
    distinct = list(dict.fromkeys(texts))
    key = zlib.crc32("\n".join([encoder.fingerprint, *distinct]).encode())
    kept = cache / f"heard-{key:08x}.npz" if cache is not None else None
    if kept is not None and kept.exists():
        return _kept(distinct, kept)
    found: list[Heard] = []
    for start in track(range(0, len(distinct), 512), "hearing"):
        found += hear_all(distinct[start : start + 512], encoder)
    if kept is not None:
        states = [x.states for x in found if x.states is not None]
        pooled = [x.pooled for x in found if x.pooled is not None]
        np.savez(
            kept,
            states=np.concatenate(states).astype(np.float16),
            pooled=np.stack(pooled).astype(np.float16),
        )
        return _kept(distinct, kept)
    return dict(zip(distinct, found, strict=True))


def _kept(texts: list[str], kept: Path) -> dict[str, Heard]:
    with np.load(kept) as data:
        states, pooled = data["states"], data["pooled"].astype(np.float32)
    found, at = {}, 0
    for place, (text, silent) in enumerate(zip(texts, hear_all(texts, None), strict=True)):
        count = len(words(silent.utterance.text))
        found[text] = Heard(silent.utterance, silent.words, pooled[place], states[at : at + count])
        at += count
    return found
