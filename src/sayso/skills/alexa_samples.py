"""Sample utterances as found in the wild -> templates of ours.

Early models wrote an example value into the braces (`call me {bob|name}`); others spell a slot in
another case, name one that the intent does not declare, or leave a brace open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.templates import said, stray_brace

_BRACED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Samples:
    """Templates, and the values that stood inside their braces: slot name -> values."""

    texts: Sequence[str] = ()
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass
class _Sample:
    """One sample on its way: `unknown` is a slot it names that nobody declared."""

    unknown: str | None = None
    said: list[tuple[str, str]] = field(default_factory=list)


def read_samples(
    raw: Any, where: str, declared: Collection[str], book: Ledger, kind: str = "samples"
) -> Samples:
    """The samples of an intent or a slot; `declared` are the slots they may name."""
    if not isinstance(raw, list):
        book.skip(where, raw, f"{kind} is not a list")
        return Samples()
    texts: dict[str, bool] = {}
    values: dict[str, dict[str, bool]] = {}
    order: list[str] = []
    for index, sample in enumerate(raw):
        text = _read_sample(sample, f"{where}[{index}]", declared, book, kind, values)
        if text is not None and (text == sample or text not in texts):
            texts[text] = True
            order.append(text)
    return Samples(tuple(order), {name: tuple(some) for name, some in values.items()})


def _read_sample(
    sample: Any,
    where: str,
    declared: Collection[str],
    book: Ledger,
    kind: str,
    values: dict[str, dict[str, bool]],
) -> str | None:
    if not isinstance(sample, str) or not said(sample):
        book.skip(where, sample, "an empty sample" if isinstance(sample, str) else "not a text")
        return None
    found = _Sample()
    text = _BRACED.sub(lambda match: _slot(match[1], declared, found), sample)
    if found.unknown is not None:
        book.skip(where, sample, "names a slot that its intent does not declare")
        return None
    for name, value in found.said:
        values.setdefault(name, {})[value] = True
    if stray_brace(text):
        text = _without_stray_braces(text)
    if not said(text):
        book.skip(where, sample, "an empty sample")
        return None
    if text == sample:
        book.read(kind)
    else:
        book.map(where, sample, "sample with plain {slot} marks")
    return text


def _slot(inside: str, declared: Collection[str], found: _Sample) -> str:
    left, bar, right = (part.strip() for part in inside.partition("|"))
    for name, value in ((right, left), (left, "")) if bar else ((left, ""),):
        declared_name = _declared(name, declared)
        if declared_name:
            found.said += [(declared_name, value)] if said(value) else []
            # As it stands where nothing has to change: spaces inside braces do no harm.
            return "{" + (inside if inside.strip() == declared_name else declared_name) + "}"
    found.unknown = inside
    return ""


def _declared(name: str, declared: Collection[str]) -> str | None:
    if name in declared:
        return name
    return next((known for known in declared if known.casefold() == name.casefold()), None)


def _without_stray_braces(text: str) -> str:
    parts = re.split(r"(\{\s*\w[\w.-]*\s*\})", text)
    literals = (part.replace("{", " ").replace("}", " ") for part in parts[::2])
    return "".join(a + b for a, b in zip(literals, [*parts[1::2], ""], strict=True)).strip()
