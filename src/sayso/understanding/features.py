"""Hashed features of words and utterances, the same for both engines, in training and serving.

A feature is a 32-bit hash: no vocabulary of strings is kept, and what one skill has computed for an
utterance serves the next (`lru_cache` by text). Two features of a skill collide once in a million.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.heard import words

Hashes = NDArray[np.uint32]

_BEFORE, _AFTER = 1, 2  # stand for the word before the first and after the last
_SHAPES = ((re.compile(r"[^\W\d_]+"), "a"), (re.compile(r"\d+"), "9"))
_CACHED_TEXTS = 512


def normal(word: str) -> str:
    """A word as features see it: NFKC, lower case, straight apostrophe, all digits alike."""
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word).replace("’", "'")
    return word.lower()


def mix(hashes: Hashes, salt: int) -> Hashes:
    """The same hashes as features of another kind."""
    return _mixed(hashes, np.uint32(_salted(salt)))


def _salted(salt: int) -> int:
    return salt * 0x9E3779B1 & 0xFFFFFFFF


def _mixed(hashes: Hashes, salted: np.uint32 | Hashes) -> Hashes:
    mixed: Hashes = (hashes ^ salted) * np.uint32(0x85EBCA6B)
    return mixed


_KINDS = np.array([_salted(20 + kind) for kind in range(17)], np.uint32)  # of a word's features


def hashed(values: Sequence[str]) -> Hashes:
    """(len(values),) a hash each."""
    codes = [zlib.crc32(value.encode("utf-8", "surrogatepass")) for value in values]
    return np.array(codes, dtype=np.uint32)


@lru_cache(maxsize=_CACHED_TEXTS)
def word_grams(text: str, longest: int) -> Hashes:
    """Word n-grams of 1 to `longest` words, in no order, each as often as it occurs."""
    ids = hashed([normal(word.text) for word in words(text)])
    padded = np.concatenate(([np.uint32(_BEFORE)], ids, [np.uint32(_AFTER)])).astype(np.uint32)
    grams = [mix(ids, 1)]
    for length in range(2, longest + 1):
        run = padded[: len(padded) - length + 1]
        for offset in range(1, length):
            run = mix(run, 2) + padded[offset : len(padded) - length + 1 + offset]
        grams.append(mix(run, length))
    return np.concatenate(grams)


@lru_cache(maxsize=_CACHED_TEXTS)
def character_grams(text: str, shortest: int, longest: int) -> Hashes:
    """Character n-grams within words, word ends marked; in no order."""
    spelled = [f" {normal(word.text)} " for word in words(text)]
    return hashed(
        [
            f"c{word[at : at + length]}"
            for word in spelled
            for length in range(shortest, min(longest, len(word)) + 1)
            for at in range(len(word) - length + 1)
        ]
    )


@lru_cache(maxsize=_CACHED_TEXTS)
def word_contexts(text: str) -> Hashes:
    """(words, 17): each word's own form, affixes and shape, its neighbours, and its place."""
    forms = [normal(word.text) for word in words(text)]
    if not forms:
        return np.zeros((0, 17), np.uint32)
    own, shapes, *affixes = hashed(
        [
            *forms,
            *(_shape(word.text) for word in words(text)),
            *(form[:3] for form in forms),
            *(form[-3:] for form in forms),
            *(form[-2:] for form in forms),
        ]
    ).reshape(5, -1)
    before, after = _shifted(own, 1), _shifted(own, -1)
    before2, after2 = _shifted(own, 2), _shifted(own, -2)
    columns = [own, *affixes, shapes, before, after, before2, after2]
    columns += [mix(before, 2) + own, mix(own, 2) + after, mix(before2, 2) + before]
    columns += [mix(after, 2) + after2, _shifted(shapes, 1), _shifted(shapes, -1)]
    columns += [*_places(len(forms))]
    return _mixed(np.ascontiguousarray(np.array(columns).T), _KINDS)


def _places(length: int) -> tuple[Hashes, Hashes]:
    """Relative place in fifths, and whether first or last."""
    at = np.arange(length)
    ends = (at == 0) + 2 * (at == length - 1)
    return (5 * at // length).astype(np.uint32), ends.astype(np.uint32)


def _shifted(hashes: Hashes, by: int) -> Hashes:
    """Each place takes the hash `by` places before it; beyond the ends a mark."""
    moved = np.full_like(hashes, _BEFORE if by > 0 else _AFTER)
    if by > 0:
        moved[by:] = hashes[:-by]
    else:
        moved[:by] = hashes[-by:]
    return moved


def _shape(word: str) -> str:
    """`Bob` -> `Aa`, `7:30` -> `9:9`: runs of letters and of digits, case of the first letter."""
    shape = word
    for run, sign in _SHAPES:
        shape = run.sub(sign, shape)
    return shape[:6].upper() if word[:1].isupper() else shape[:6]
