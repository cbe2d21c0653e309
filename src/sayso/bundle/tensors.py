"""A model as the bytes of a safetensors file, and back: arrays and JSON, nothing that is ever run.

The reader is our own: it looks at a file of a dozen small arrays ten times faster than the
library, copies nothing, and trusts no number in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.bundle.layout import Packed

DTYPES = {
    "BOOL": np.dtype(np.bool_),
    "I8": np.dtype(np.int8),
    "U8": np.dtype(np.uint8),
    "I16": np.dtype("<i2"),
    "U16": np.dtype("<u2"),
    "I32": np.dtype("<i4"),
    "U32": np.dtype("<u4"),
    "I64": np.dtype("<i8"),
    "U64": np.dtype("<u8"),
    "F16": np.dtype("<f2"),
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_METADATA = "__metadata__"


def pack(packed: Packed) -> bytes:
    """8 bytes of the header's length; the header, JSON; the arrays, end to end, little-endian."""
    settings = json.dumps(packed.settings, ensure_ascii=False, sort_keys=True)
    header: dict[str, Any] = {_METADATA: {"settings": settings}}
    bodies = []
    start = 0
    # Widest first, as the library does, so that every array starts at a multiple of its width.
    for name, array in sorted(packed.tensors.items(), key=lambda x: (-x[1].itemsize, x[0])):
        body = array.tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [start, start + len(body)],
        }
        bodies.append(body)
        start += len(body)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *bodies])


def unpack(content: bytes | memoryview) -> Packed:
    """What `pack` gave; its arrays are read-only views of `content`. Raises ValueError."""
    start = 8 + int.from_bytes(content[:8], "little")
    if not 8 < start <= len(content):
        raise ValueError("its header is cut off")
    header = json.loads(str(content[8:start], "utf-8"))
    if not isinstance(header, dict):
        raise ValueError("its header is no table")
    try:
        settings = json.loads(header.pop(_METADATA)["settings"])
        tensors = {name: _array(content, start, each) for name, each in header.items()}
    except (KeyError, TypeError) as error:
        raise ValueError(f"its header lacks {error}") from error
    return Packed(tensors, settings)


def _array(content: bytes | memoryview, start: int, said: Mapping[str, Any]) -> NDArray[Any]:
    shape = said["shape"]
    first, last = said["data_offsets"]
    if first < 0 or min(shape, default=0) < 0:
        raise ValueError("an array lies outside of the file")
    # numpy itself refuses what would end after the content.
    array: NDArray[Any] = np.ndarray(shape, DTYPES[said["dtype"]], content, start + first)
    if array.nbytes != last - first:
        raise ValueError("an array is not as long as its header says")
    return array
