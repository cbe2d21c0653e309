"""A trained folder: training writes it, every predictor reads it; `layout.py` has the layout."""

from sayso.bundle.entry import encode as encode_part
from sayso.bundle.layout import MANIFEST, Manifest, Packed, Part, Place
from sayso.bundle.purging import close_up, drop, said_in
from sayso.bundle.reading import current, read, read_manifest, read_places, read_version, stamp
from sayso.bundle.segments import Segment
from sayso.bundle.stored import Bundle, Stored
from sayso.bundle.tensors import pack as pack_tensors
from sayso.bundle.tensors import unpack as unpack_tensors
from sayso.bundle.versions import Version, go_back, versions
from sayso.bundle.writing import alone, change, write

__all__ = [
    "MANIFEST",
    "Bundle",
    "Manifest",
    "Packed",
    "Part",
    "Place",
    "Segment",
    "Stored",
    "Version",
    "alone",
    "change",
    "close_up",
    "current",
    "drop",
    "encode_part",
    "go_back",
    "pack_tensors",
    "read",
    "read_manifest",
    "read_places",
    "read_version",
    "said_in",
    "stamp",
    "unpack_tensors",
    "versions",
    "write",
]
