"""One skill as bytes: a table of its pieces, and the pieces, each checksummed.

8 bytes     magic, `SAYSO-2` and a line feed
4, 4 bytes  length of the table, and its CRC-32; little-endian
table       JSON: skill, version, pieces: name -> [offset after the table, length, CRC-32, length
            once inflated]; blanks up to a multiple of 64 bytes of the entry
pieces      zlib streams; one of a MiB and more as it is, at a multiple of 64 bytes

The piece `definition` is JSON; `<locale>/store`, `<locale>/examples`, `<locale>/values` and
`<locale>/descriptions` are safetensors (see `tensors.py`). An entry begins at a multiple of 64
bytes of its segment.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from mmap import mmap
from typing import Any

from sayso.bundle.layout import Packed, Part
from sayso.bundle.segments import Segment
from sayso.bundle.tensors import pack, unpack
from sayso.errors import BundleError

MAGIC = b"SAYSO-2\n"
DEFINITION, STORE, EXAMPLES, VALUES = "definition", "store", "examples", "values"
DESCRIPTIONS = "descriptions"
_OPTIONAL = (VALUES, DESCRIPTIONS)  # a skill has them, or has none
MAPPED = 1 << 20  # bytes from which a piece is kept as it is, and memory-mapped
ALIGNED = 64
_HEAD = struct.Struct("<8sII")
_FIRST_READ = 1 << 14  # bytes; all of a small skill, and of any other its head and table
_Span = tuple[int, int, int, int]


def encode(part: Part) -> bytes:
    """A skill as an entry; equal skills give equal bytes."""
    pieces, spans, start = [], {}, 0
    for name, content in _plain(part).items():
        large = len(content) >= MAPPED
        piece = content if large else zlib.compress(content, 6)
        gap = -start % ALIGNED if large else 0
        start += gap
        spans[name] = [start, len(piece), zlib.crc32(piece), len(content)]
        pieces += [bytes(gap), piece]
        start += len(piece)
    said = {"skill": part.skill, "version": part.version, "pieces": spans}
    table = json.dumps(said, separators=(",", ":")).encode()
    table += b" " * (-(_HEAD.size + len(table)) % ALIGNED)
    return b"".join([_HEAD.pack(MAGIC, len(table), zlib.crc32(table)), table, *pieces])


def _plain(part: Part) -> dict[str, bytes]:
    """The pieces by name."""
    plain = {DEFINITION: json.dumps(part.definition, ensure_ascii=False).encode()}
    for locale, store in part.locales.items():
        plain[f"{locale}/{STORE}"] = pack(store)
        plain[f"{locale}/{EXAMPLES}"] = pack(part.examples.get(locale, Packed()))
        for kind, packed in ((VALUES, part.values), (DESCRIPTIONS, part.descriptions)):
            if locale in packed and packed[locale].tensors:
                plain[f"{locale}/{kind}"] = pack(packed[locale])
    return plain


def _span(offset: int, length: int, checksum: int, plain: int) -> _Span:
    return int(offset), int(length), int(checksum), int(plain)


def pieces_at(content: bytes | mmap, at: int) -> Iterator[bytes]:
    """The pieces, unpacked, of an entry that begins there; none of what is damaged."""
    try:
        _, size, _ = _HEAD.unpack_from(content, at)
        start = at + _HEAD.size + size
        spans = json.loads(content[at + _HEAD.size : start])["pieces"].values()
        places = [_span(*span) for span in spans]
    except (struct.error, ValueError, KeyError, TypeError, AttributeError):
        return
    for offset, length, _, plain in places:
        piece = content[start + offset :][:length]
        with suppress(zlib.error):
            yield piece if plain >= MAPPED else zlib.decompress(piece)


class Entry:
    """An entry in a segment, its table read and checked. Raises BundleError for any damage."""

    def __init__(self, segment: Segment, offset: int, length: int, skill: str) -> None:
        self._segment = segment
        self._where = f"{segment.path}: skill {skill}"
        first = segment.read(offset, min(length, _FIRST_READ))
        if len(first) < _HEAD.size:
            raise self._damaged("its entry is cut off")
        magic, size, checksum = _HEAD.unpack_from(first)
        if magic != MAGIC:
            raise self._damaged("its entry does not begin with the mark of this format")
        self._start = offset + _HEAD.size + size
        self._room = length - _HEAD.size - size
        if self._room < 0:
            raise self._damaged("its table is cut off")
        self._first, self._offset = first, offset
        table = self._read(offset + _HEAD.size, size)
        if zlib.crc32(table) != checksum:
            raise self._damaged("its table does not match its checksum")
        try:
            said = json.loads(table.decode())
            self.version = str(said["version"])
            self._pieces = {name: _span(*span) for name, span in said["pieces"].items()}
            owner = said["skill"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(f"its table lacks {error}") from error
        if owner != skill:
            raise self._damaged(f"its entry is that of {owner}")

    def locales(self) -> tuple[str, ...]:
        """Locales that have a local store, in order."""
        end = f"/{STORE}"
        return tuple(name[: -len(end)] for name in self._pieces if name.endswith(end))

    def definition(self) -> Mapping[str, Any]:
        """The skill's definition."""
        found: Mapping[str, Any] = json.loads(str(self._piece(DEFINITION), "utf-8"))
        return found

    def packed(self, locale: str, kind: str) -> Packed:
        """The local store (STORE), the examples, the values or the descriptions of a locale.

        One that has no values, or no descriptions, is empty.
        """
        name = f"{locale}/{kind}"
        if kind in _OPTIONAL and name not in self._pieces:
            return Packed()
        try:
            return unpack(self._piece(name))
        except ValueError as error:
            raise self._damaged(f"{name}: {error}") from error

    def lengths(self) -> Mapping[str, int]:
        """Bytes of each piece on disk."""
        return {name: length for name, (_, length, *_) in self._pieces.items()}

    def plain_length(self, name: str) -> int:
        """Bytes of a piece once inflated, 0 for one that there is not."""
        return self._pieces.get(name, (0, 0, 0, 0))[3]

    def _piece(self, name: str) -> bytes | memoryview:
        if name not in self._pieces:
            raise self._damaged(f"it has no {name}")
        offset, length, checksum, size = self._pieces[name]
        if not 0 <= offset <= offset + length <= self._room:
            raise self._damaged(f"{name} is cut off")
        if size >= MAPPED:  # checked with the whole file, and too large to be read for nothing
            return self._segment.map(self._start + offset, length)
        content = self._read(self._start + offset, length)
        if zlib.crc32(content) != checksum:
            raise self._damaged(f"{name} does not match its checksum")
        try:
            # No more than was said: a few bytes shall not fill the memory.
            plain = zlib.decompressobj().decompress(content, size + 1)
        except (zlib.error, ValueError, OverflowError) as error:
            raise self._damaged(f"{name}: {error}") from error
        if len(plain) != size:
            raise self._damaged(f"{name} has another length than its table says")
        return plain

    def _read(self, offset: int, length: int) -> bytes:
        """Those bytes of the segment, from what was read at first where it has them."""
        at = offset - self._offset
        if at + length <= len(self._first):
            return self._first[at : at + length]
        return self._segment.read(offset, length)

    def _damaged(self, what: str) -> BundleError:
        return BundleError(f"{self._where}: damaged ({what}); retrain with: sayso train")
