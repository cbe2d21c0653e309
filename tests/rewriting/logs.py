"""Small logs as tables of turns, verdicts and texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from sayso.events.engines import Engine
from sayso.rewriting.ballots import DAY

TURNS = pa.schema(
    [
        ("number", pa.int64()),
        ("at", pa.int64()),
        ("user", pa.int64()),
        ("text", pa.int64()),
        ("read", pa.int64()),
        ("language", pa.string()),
        ("outcome", pa.string()),
        ("skill", pa.string()),
        ("intent", pa.string()),
        ("slots", pa.string()),
        ("side_effects", pa.bool_()),
        ("rewrite", pa.string()),
        ("arm", pa.string()),
    ]
)
VERDICTS = pa.schema(
    [
        ("turn", pa.int64()),
        ("defect_bp", pa.int32()),
        ("evidence", pa.string()),
        ("rephrased_by", pa.int64()),
        ("rephrased_bp", pa.int32()),
    ]
)
TEXTS = pa.schema(
    [
        ("text", pa.int64()),
        ("language", pa.string()),
        ("words", pa.string()),
        ("shown", pa.string()),
        ("private", pa.bool_()),
        ("turns", pa.int64()),
        ("users", pa.int64()),
    ]
)


@dataclass
class Log:
    """Turns that are told one by one."""

    turns: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    language: str = "en"

    def text(self, words: str) -> int:
        return self.words.setdefault(words, 100 + len(self.words))

    def said(
        self,
        user: int,
        words: str,
        *,
        well: bool = True,
        again: str | None = None,
        read: str | None = None,
        day: int = 0,
        rewrite: str | None = None,
        arm: str | None = None,
        reading: tuple[str, str, str] | None = None,
        side_effects: bool = False,
    ) -> None:
        """One turn; where it was said `again` in other words, that one after it, with success."""
        number = len(self.turns)
        skill, intent, slots = reading or ("skill", words, "{}")
        self.turns.append(
            {
                "number": number,
                "at": day * DAY + number,
                "user": user,
                "text": self.text(words),
                "read": self.text(read or words),
                "language": self.language,
                "outcome": "act",
                "skill": skill,
                "intent": intent,
                "slots": slots,
                "side_effects": side_effects,
                "rewrite": rewrite,
                "arm": arm,
            }
        )
        self.verdicts.append(
            {
                "turn": number,
                "defect_bp": 500 if well and again is None else 9500,
                "evidence": "",
                "rephrased_by": number + 1 if again is not None else None,
                "rephrased_bp": 9000 if again is not None else 0,
            }
        )
        if again is not None:
            self.said(user, again, day=day)

    def tables(self, engine: Engine) -> tuple[Any, Any, Any]:
        """Turns, verdicts and texts, kept by an engine."""
        users: dict[int, set[int]] = {}
        for turn in self.turns:
            users.setdefault(turn["text"], set()).add(turn["user"])
        texts = [
            {
                "text": text,
                "language": self.language,
                "words": words,
                "shown": words.capitalize(),
                "private": words in self.private,
                "turns": len(self.turns),
                "users": len(users.get(text, ())),
            }
            for words, text in self.words.items()
        ]
        made = (
            ("turns", self.turns, TURNS),
            ("verdicts", self.verdicts, VERDICTS),
            ("texts", texts, TEXTS),
        )
        for name, rows, schema in made:
            folder = engine.work / f"given-{name}"
            folder.mkdir(exist_ok=True)
            parquet.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "part.parquet")
        turns, verdicts, named = (engine.read(engine.work / f"given-{x[0]}") for x in made)
        return turns, verdicts, named


def alike(one: Any, other: Any) -> list[float]:
    """Everything is like everything."""
    return [1.0 for _ in zip(one, other, strict=True)]


def mishears(log: Log, people: int = 40, day: int = 0) -> None:
    """Forty people ask to play maj and dragons, in vain, and say it again; as many say it right."""
    for user in range(people):
        log.said(user, "play maj and dragons", again="play imagine dragons", day=day)
    for user in range(people, 2 * people):
        log.said(user, "play imagine dragons", day=day)
