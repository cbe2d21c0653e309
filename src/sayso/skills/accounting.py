"""What became of every line of an imported file: read, mapped, or skipped with the reason.

A line is a scalar of the JSON: a sample, the name of an intent, the id of a value. The total is
counted from the raw JSON by `leaves`, which knows nothing of models, so that adding up is a check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LONGEST = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source. where: its path; what: its text; note: mapped to what, or why not."""

    where: str
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class Accounting:
    """The account of an import.

    total: lines of the source.
    read: kind of line -> how many were taken as they stand.
    mapped: lines that were taken in another form.
    skipped: lines that Sayso does not use. They are kept, and written back on export.
    """

    total: int = 0
    read: Mapping[str, int] = field(default_factory=dict)
    mapped: Sequence[Line] = ()
    skipped: Sequence[Line] = ()

    @property
    def adds_up(self) -> bool:
        """Whether every line was read, mapped or skipped, and none twice."""
        return self.total == sum(self.read.values()) + len(self.mapped) + len(self.skipped)

    def rows(self) -> list[tuple[str, int, str]]:
        """Rows of a table: what became of the lines, how many, which kind or why."""
        mapped = Counter(line.note for line in self.mapped)
        skipped = Counter(line.note for line in self.skipped)
        return [
            *(("read", count, kind) for kind, count in sorted(self.read.items())),
            *(("mapped", count, note) for note, count in mapped.most_common()),
            *(("skipped", count, reason) for reason, count in skipped.most_common()),
        ]

    def table(self) -> str:
        """The rows as lines of text, with the total below."""
        lines = [f"{what:<8} {count:>7}  {which}" for what, count, which in self.rows()]
        verdict = "every line accounted for" if self.adds_up else "these do not add up"
        return "\n".join([*lines, f"{'total':<8} {self.total:>7}  {verdict}"])

    def __add__(self, other: Accounting) -> Accounting:
        return Accounting(
            self.total + other.total,
            dict(Counter(self.read) + Counter(other.read)),
            (*self.mapped, *other.mapped),
            (*self.skipped, *other.skipped),
        )


class Ledger:
    """Where an importer writes down what it does with each line."""

    def __init__(self) -> None:
        self._read: Counter[str] = Counter()
        self._mapped: list[Line] = []
        self._skipped: list[Line] = []

    def read(self, kind: str) -> None:
        """A line was taken as it stands."""
        self._read[kind] += 1

    def map(self, where: str, what: Any, note: str) -> None:
        """A line was taken in another form: `note` says which."""
        self._mapped.append(Line(where, _short(what), note))

    def skip(self, where: str, node: Any, reason: str) -> None:
        """Nothing at or below `node` is used, for that reason."""
        self._skipped += [Line(where + path, _short(leaf), reason) for path, leaf in leaves(node)]

    def close(self, source: Any) -> Accounting:
        """The account; `source` is the raw JSON, counted here afresh."""
        total = sum(1 for _ in leaves(source))
        return Accounting(total, dict(self._read), tuple(self._mapped), tuple(self._skipped))


def leaves(node: Any) -> Iterator[tuple[str, Any]]:
    """Every scalar at or below `node`, with its path below it (`.types[2].name`)."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from ((f".{key}{path}", leaf) for path, leaf in leaves(child))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from ((f"[{index}]{path}", leaf) for path, leaf in leaves(child))
    else:
        yield "", node


def deeper_than(most: int, node: Any) -> bool:
    """Whether more than so many levels lie at or below `node`; to be asked before `leaves`."""
    level = [node]
    for _ in range(most):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(node: Any) -> list[Any]:
    if isinstance(node, Mapping):
        return list(node.values())
    return node if isinstance(node, list) else []


def _short(what: Any) -> str:
    text = what if isinstance(what, str) else repr(what)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
