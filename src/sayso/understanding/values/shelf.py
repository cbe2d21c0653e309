"""Very many values of a slot type, in arrays that are memory-mapped as they lie on disk.

A `Shelf` is a sequence of `TypeValue`s like any other, each made when it is asked for. Beside the
texts lie three indices: of names by how they are spelled without spaces, of phrases as the slot
tagger sees them, and of trigrams and sounds (`grams`). A million values take some 140 MB on disk,
and in memory no more than what was touched.

    text, name_at     UTF-8 of all names end to end; name n is text[name_at[n] : name_at[n + 1]]
    name_of           names of value v are name_of[v] to name_of[v + 1], its own before synonyms
    ids, id_at        likewise, an id a value; the byte 255 stands for none
    extras            JSON, place of a value -> what else the developer wrote of it
    keys, key_names   CRC-32 of each name's key in ascending order, and whose it is
    phrases           BLAKE2b, 64 bits, of each name as words, in ascending order
    grams.*           see `grams`
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from sayso.types.skills import TypeValue
from sayso.understanding.values import grams
from sayso.understanding.values.names import folded, plain
from sayso.understanding.values.phrases import forms_of

Array = NDArray[Any]

RULES = 1  # of folding and hashing; a shelf of other rules would not find its own names
_NO_ID = b"\xff"


class Shelf(Sequence[TypeValue]):
    """Values and their indices. Immutable, safe to share among threads."""

    def __init__(self, arrays: Mapping[str, Array], tongue: str) -> None:
        """arrays: as `build` made them; tongue: whose articles do not count, as it was built."""
        self.arrays = arrays
        self.tongue = tongue
        self._text, self._name_at = arrays["text"], arrays["name_at"]
        self._name_of = arrays["name_of"]
        self._ids, self._id_at = arrays["ids"], arrays["id_at"]
        self._keys, self._key_names = arrays["keys"], arrays["key_names"]
        self._phrases = arrays["phrases"]
        prefix = "grams."
        self._grams = grams.Grams(
            {name[len(prefix) :]: each for name, each in arrays.items() if name.startswith(prefix)}
        )

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._name_of) - 1

    @overload
    def __getitem__(self, at: int) -> TypeValue: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[TypeValue]: ...
    def __getitem__(self, at: int | slice) -> TypeValue | Sequence[TypeValue]:
        """The value at a place, or the values of a slice."""
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        place = range(len(self))[at]
        first, last = int(self._name_of[place]), int(self._name_of[place + 1])
        names = [self.name(n) for n in range(first, last)]
        return TypeValue(names[0], self._id(place), tuple(names[1:]), self._extras.get(place, {}))

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence has the same values in the same order."""
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    @property
    def names(self) -> int:
        """How many names there are, synonyms included."""
        return len(self._name_at) - 1

    def name(self, at: int) -> str:
        """A name, as the developer wrote it."""
        return bytes(self._text[self._name_at[at] : self._name_at[at + 1]]).decode(
            "utf-8", "surrogatepass"
        )

    def owner(self, at: int) -> tuple[str, str | None]:
        """Value and id that a name stands for."""
        place = int(np.searchsorted(self._name_of, self._name_of.dtype.type(at), "right")) - 1
        return self.name(int(self._name_of[place])), self._id(place)

    def exact(self, key: str) -> list[int]:
        """Names of that key: folded, without spaces."""
        crc = np.uint32(_crc(key))
        first = int(np.searchsorted(self._keys, crc))
        found = []
        while first < len(self._keys) and self._keys[first] == crc:
            found.append(int(self._key_names[first]))
            first += 1
        return [at for at in found if self.folded(at).replace(" ", "") == key]

    def near(self, name: str) -> list[int]:
        """The few names that share most with a folded one."""
        return self._grams.nearest(name)

    def folded(self, at: int) -> str:
        """A name, folded."""
        return folded(plain(self.name(at)), self.tongue)

    def holds(self, phrases: Array) -> NDArray[np.bool_]:
        """Which of these hashes (see `phrase`) are names."""
        if not len(self._phrases):
            return np.zeros(len(phrases), np.bool_)
        at = np.searchsorted(self._phrases, phrases)
        held: NDArray[np.bool_] = self._phrases.take(at, mode="clip") == phrases
        return held

    def _id(self, place: int) -> str | None:
        given = bytes(self._ids[self._id_at[place] : self._id_at[place + 1]])
        return None if given == _NO_ID else given.decode("utf-8", "surrogatepass")

    @cached_property
    def _extras(self) -> dict[int, Mapping[str, Any]]:
        extras = json.loads(bytes(self.arrays["extras"]))
        return {int(place): extra for place, extra in extras.items()}


def build(values: Sequence[TypeValue], tongue: str) -> Shelf:
    """A shelf of these values. A million take about half a minute and 1 GB while it is built."""
    names = [name for value in values for name in (value.value, *value.synonyms)]
    counts = [1 + len(value.synonyms) for value in values]
    keys = np.empty(len(names), np.uint32)
    words = []
    for at, name in enumerate(names):
        words.append(folded(plain(name), tongue))
        keys[at] = _crc(words[-1].replace(" ", ""))
    order = np.argsort(keys, kind="stable").astype(np.int32)
    text, name_at = _joined(name.encode("utf-8", "surrogatepass") for name in names)
    ids, id_at = _joined(
        _NO_ID if value.id is None else value.id.encode("utf-8", "surrogatepass")
        for value in values
    )
    phrases = np.array([phrase(forms_of(name)) for name in names], np.uint64)
    extras = {place: dict(value.extra) for place, value in enumerate(values) if value.extra}
    arrays: dict[str, Array] = {
        "text": text,
        "name_at": name_at,
        "name_of": np.concatenate(([0], np.cumsum(counts, dtype=np.uint32))).astype(np.uint32),
        "ids": ids,
        "id_at": id_at,
        "extras": np.frombuffer(json.dumps(extras).encode(), np.uint8),
        "keys": keys[order],
        "key_names": order,
        "phrases": np.unique(phrases),
    }
    index = grams.build(words)
    return Shelf({**arrays, **{f"grams.{name}": each for name, each in index.items()}}, tongue)


def phrase(forms: Sequence[str]) -> int:
    """A 64-bit hash of words as the slot tagger sees them."""
    text = " ".join(forms).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def _crc(key: str) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass"))


def _joined(texts: Iterable[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Texts end to end, and where each begins; the last entry is the end of all."""
    parts = list(texts)
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    at = np.concatenate(([0], ends)).astype(np.uint32)
    return np.frombuffer(b"".join(parts), np.uint8), at
