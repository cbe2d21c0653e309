"""The table phrases.tsv: what people say, and the value it should have.

A row is `blind` if it was written before anybody looked at what the grammar could do, `developed`
if the grammar was improved with it in sight, and `fresh` if it was written after that.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

TABLE = Path(__file__).with_name("phrases.tsv")
NONE = "-"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row. values: the value expected of us first, then others that would be as right.

    now: aware, in the zone of the row. A value of None means that there must be none.
    """

    part: str
    type: str
    words: str
    values: tuple[str | None, ...]
    locale: str
    now: datetime

    @property
    def id(self) -> str:
        """What a test is called."""
        return f"{self.type}: {self.words} ({self.locale}, {self.now:%Y-%m-%d %H:%M})"


def phrases() -> Iterator[Phrase]:
    """Every row of the table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            values = (None if value == NONE else value for value in row["expected"].split(" or "))
            now = datetime.fromisoformat(row["now"]).astimezone(ZoneInfo(row["zone"]))
            kind = f"AMAZON.{row['type']}"
            yield Phrase(row["set"], kind, row["phrase"], tuple(values), row["locale"], now)
