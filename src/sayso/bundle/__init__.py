"""A trained folder: training writes it, every predictor reads it; `layout.py` has the layout."""

from sayso.bundle.layout import MANIFEST, Bundle, Manifest, Packed, Part
from sayso.bundle.reading import current, read, read_manifest, stamp
from sayso.bundle.writing import alone, write

__all__ = [
    "MANIFEST",
    "Bundle",
    "Manifest",
    "Packed",
    "Part",
    "alone",
    "current",
    "read",
    "read_manifest",
    "stamp",
    "write",
]
