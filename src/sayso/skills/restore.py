"""How a foreign file stays lossless: what our fields alone would not write back goes to `extra`.

Importing keeps, beside each noun, the keys whose raw form differs from what the noun's fields would
be written as. Exporting puts them back while they still read as the fields say; once a person has
edited a field, the field wins. The key `$` of an `extra` holds notes of our own, never exported:
`absent` lists keys that the source left out, `said` slot values that stood inside its samples.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

OURS = "$"


def leftover(raw: Mapping[str, Any], plain: Mapping[str, Any], **notes: Any) -> dict[str, Any]:
    """The `extra` of a noun: `raw` as it came, `plain` as its fields alone would be written."""
    kept = {k: v for k, v in raw.items() if k != OURS and not (k in plain and same(plain[k], v))}
    absent = sorted(key for key in plain if key not in raw)
    ours = {"absent": absent, **notes}
    ours = {key: note for key, note in ours.items() if note}
    return {**kept, OURS: ours} if ours else kept


def restore(
    plain: Mapping[str, Any],
    extra: Mapping[str, Any],
    unchanged: Callable[[dict[str, Any]], bool],
) -> dict[str, Any]:
    """The foreign form of a noun. unchanged: whether that form still reads as the noun does."""
    kept = {key: value for key, value in extra.items() if key != OURS}
    absent = notes(extra).get("absent", ())
    exact = {k: v for k, v in {**plain, **kept}.items() if k not in absent}
    touches_fields = bool(absent) or not plain.keys().isdisjoint(kept)
    return exact if not touches_fields or unchanged(exact) else {**kept, **plain}


def notes(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    """Our own notes in an `extra`."""
    ours = extra.get(OURS)
    return ours if isinstance(ours, Mapping) else {}


def same(one: Any, other: Any) -> bool:
    """Equality of JSON: unlike Python's, 1, 1.0 and true differ."""
    return canonical(one) == canonical(other)


def canonical(node: Any) -> str:
    """JSON text that is the same for the same data, whatever the order of keys.

    Raises TypeError or ValueError for what is no JSON.
    """
    return json.dumps(
        node, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
