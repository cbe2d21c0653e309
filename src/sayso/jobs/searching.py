"""Many texts sought in many bytes at once, however they are written there.

A text is sought as it is, in lower case and folded, in UTF-8, UTF-16 and as JSON escapes it. The
bytes are looked at eight at a time: a table tells which eight may begin a text, and only there it
is compared. Texts of fewer than eight bytes are not sought: they are everywhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from sayso.understanding.fold import fold

SHORTEST = 8  # bytes
LONGEST = 4096  # bytes of a text that are compared
_FEWEST, _MOST = 16, 26  # bits of a place in the table
_ROOM = 32  # places for each that is taken
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads what is alike


class Texts:
    """Texts to be sought. Matches regardless of the case of ASCII letters."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = frozenset(text for text in texts if _sought(text))
        patterns: dict[bytes, set[str]] = defaultdict(set)
        for text in self.texts:
            for pattern in _written(text):
                patterns[pattern[:LONGEST]].add(text)
        self._known: dict[int, dict[int, dict[bytes, set[str]]]] = {}
        for pattern, of in patterns.items():
            begin = int.from_bytes(pattern[:SHORTEST], "little")
            self._known.setdefault(begin, {}).setdefault(len(pattern), {})[pattern] = of
        begins = np.fromiter(self._known, np.uint64, len(self._known))
        bits = min(max((_ROOM * len(begins)).bit_length(), _FEWEST), _MOST)
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, np.bool_)
        self._table[self._places(begins)] = True

    def __len__(self) -> int:
        return len(self.texts)

    def without(self, texts: Iterable[str]) -> Texts:
        """The others."""
        return Texts(self.texts - frozenset(texts))

    def found(self, content: bytes) -> set[str]:
        """Those that the content holds."""
        if not self.texts:
            return set()
        lowered = content.lower()
        found: set[str] = set()
        for shift in range(min(SHORTEST, len(lowered))):
            count = (len(lowered) - shift) // SHORTEST
            if not count:
                break
            eights = np.frombuffer(lowered, "<u8", count, shift)
            for at in np.flatnonzero(self._table[self._places(eights)]).tolist():
                lengths = self._known.get(int(eights[at]), {})
                start = shift + SHORTEST * at
                for length, patterns in lengths.items():
                    found |= patterns.get(lowered[start : start + length], set())
        return found

    def _places(self, eights: np.ndarray) -> np.ndarray:
        places: np.ndarray = (eights.astype(np.uint64) * _FACTOR) >> self._shift
        return places

    def found_in(self, contents: Iterable[bytes]) -> set[str]:
        """Those that any of the contents holds."""
        found: set[str] = set()
        for content in contents:
            found |= self.found(content)
        return found


def _sought(text: str) -> bool:
    return len(text.encode("utf-8", "surrogatepass")) >= SHORTEST


def _written(text: str) -> Iterator[bytes]:
    """The bytes that a text may be, in lower case as far as ASCII goes, SHORTEST at least."""
    for spelt in {text, text.casefold(), fold(text)}:
        escaped = json.dumps(spelt)[1:-1]
        quoted = json.dumps(spelt, ensure_ascii=False)[1:-1]
        for form, encoding in (
            (spelt, "utf-8"),
            (spelt, "utf-16-le"),
            (spelt, "utf-16-be"),
            (escaped, "utf-8"),
            (quoted, "utf-8"),
        ):
            pattern = form.encode(encoding, "surrogatepass").lower()
            if len(pattern) >= SHORTEST:
                yield pattern
