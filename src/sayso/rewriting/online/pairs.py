"""A home's own log -> examples to fit a ranker on: what people said next is what they had meant.

The log is cut in time: requests and habits are of what came before, examples of what came after,
so that no request is found because it is its own answer. Of the first reading a log tells less than
the engine knows at the turn: what it lacks is missing in these figures, and the trees are used to
that.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Segment
from sayso.rewriting.online.examples import Case, Examples, collect
from sayso.rewriting.online.fit import refit, too_few
from sayso.rewriting.online.gather import Pooled, gather, make_indexes
from sayso.types.turns import Outcome
from sayso.understanding.online.entries import Asked, Entry
from sayso.understanding.online.habits import MOST, NOBODY, Habits
from sayso.understanding.online.index import Index
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.ranker import Ranker
from sayso.understanding.online.suggest import Online

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from sayso.events.engines import Engine

BEFORE = 0.7  # share of the log's time that requests and habits are taken from
FINE_BP, WRONG_BP = 1_500, 5_000  # defects: at most, of turns that went well; at least, of others
REPHRASED = 5_000  # basis points from which on a later turn says what was meant
MOST_CASES = 30_000
_PARTS = 5  # of the people: three to fit on, one to choose thresholds, one to judge by
_SECOND = 1_000_000  # microseconds
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mined:
    """after: rows of turns to learn from; own: of what people asked for with success before."""

    after: Sequence[Row]
    own: Sequence[Row]


def learn_ranker(
    engine: Engine,
    turns: ir.Table,
    verdicts: ir.Table,
    texts: ir.Table,
    pooled: Callable[[str], Pooled | None],
    serving: Ranker,
    folder: Path,
) -> tuple[Ranker, bool, str]:
    """The ranker that is to serve, whether it is new, and why.

    folder: for an index that only this needs.
    """
    cut = _cut(turns)
    if cut is None:
        return serving, False, "the log is empty"
    mined = mine(engine, turns, verdicts, texts, cut)
    lacking = _lacking(mined)
    if lacking:
        return serving, False, lacking
    before = turns.filter(turns.at < cut)
    past = gather(engine, before, verdicts, texts, people=2)
    folder.mkdir(parents=True, exist_ok=True)
    made = make_indexes(folder, past, pooled, serving.projection)
    indexes = {tongue: Index(Segment(path)) for tongue, path in made.items()}
    examples = collect(Online(indexes, serving), cases(mined, pooled, serving.projection))
    return refit(*parts(examples), serving)


def parts(examples: Examples) -> tuple[Examples, Examples, Examples]:
    """To fit on, to choose thresholds on, to judge by: of different people."""
    part = _part(examples.person)
    return examples.of(part < 3), examples.of(part == 3), examples.of(part == 4)


def _part(person: NDArray[np.int64]) -> NDArray[np.uint64]:
    number = (person.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    part: NDArray[np.uint64] = number % np.uint64(_PARTS)
    return part


def _lacking(mined: Mined) -> str:
    """What a home surely has too little of to fit on; "" if nothing. Figures of turns cost far more
    than this look at them.
    """
    right = np.array([row["defect_bp"] <= FINE_BP for row in mined.after], np.bool_)
    fitted = _part(np.array([row["user"] for row in mined.after], np.int64)) < 3
    return too_few(int((right & fitted).sum()), int((~right & fitted).sum()))


def _cut(turns: ir.Table) -> int | None:
    first, last = turns.at.min().to_pyarrow().as_py(), turns.at.max().to_pyarrow().as_py()
    return None if first is None else int(first + BEFORE * (last - first))


def mine(engine: Engine, turns: ir.Table, verdicts: ir.Table, texts: ir.Table, cut: int) -> Mined:
    """Turns after a moment whose end is known well enough, and each person's requests before."""
    judged = turns.join(
        verdicts.select("defect_bp", "rephrased_by", "rephrased_bp", number="turn"), "number"
    )
    words = texts.filter(~texts.private).select("text", "words", "shown")
    well = judged.filter((judged.at < cut) & (judged.outcome == "act"))
    well = well.filter(well.defect_bp <= FINE_BP)
    own = well.group_by("user", "read", "language", "skill", "intent", "slots").agg(
        n=well.count(), last=well.at.max(), side_effects=well.side_effects.any()
    )
    own = own.join(words.select("words", "shown", read="text"), "read").drop("read")
    other = judged.view()  # or Ibis takes its columns for those of the turn itself
    named = other.join(words.select("words", read="text"), "read")
    later = named.select(
        rephrased_by="number",
        meant="words",
        meant_skill="skill",
        meant_intent="intent",
        meant_slots="slots",
        meant_bp="defect_bp",
    )
    plain = judged.filter((judged.at >= cut) & (judged.text == judged.read))
    asked = plain.join(words, "text").left_join(later, "rephrased_by")
    again = (asked.rephrased_bp >= REPHRASED) & (asked.meant_bp <= FINE_BP)
    known = asked.filter((asked.defect_bp <= FINE_BP) | ((asked.defect_bp >= WRONG_BP) & again))
    chosen = known.order_by(["user", "number"]).limit(MOST_CASES)
    wanted = ["user", "at", "words", "language", "skill", "intent", "slots", "outcome"]
    wanted += ["side_effects", "defect_bp"]
    wanted += [name for name in known.columns if name.startswith("meant")]
    wanted += [name for name in ("confidence", "device_type") if name in known.columns]
    after = engine.keep(chosen.select(*wanted), "online_examples").to_pyarrow().to_pylist()
    people = {row["user"] for row in after}
    kept = engine.keep(own, "online_own").to_pyarrow().to_pylist()
    return Mined(after, [row for row in kept if row["user"] in people])


def cases(
    mined: Mined, pooled: Callable[[str], Pooled | None], projection: Projection
) -> Iterator[Case]:
    """Each turn as it was, and whether another request would have been right."""
    vectors = _vectors(mined, pooled)
    by_user: dict[int, list[Row]] = defaultdict(list)
    for row in mined.own:
        by_user[row["user"]].append(row)
    known = {user: _habits(rows, vectors, projection) for user, rows in by_user.items()}
    for row in mined.after:
        right = row["defect_bp"] <= FINE_BP
        meant = partial(_means, row=row, right=right)
        yield Case(_asked(row, vectors), right, meant, known.get(row["user"], NOBODY), row["user"])


def _means(entry: Entry, *, row: Row, right: bool) -> bool:
    """Whether a request is what the person meant: its words, or its reading."""
    start = "" if right else "meant_"
    if entry.words == (row["words"] if right else row["meant"]):
        return True
    reading = (row[f"{start}skill"], row[f"{start}intent"], row[f"{start}slots"])
    return entry.skill != "" and entry.reading == reading


def _asked(row: Row, vectors: Mapping[tuple[str, str], Any]) -> Asked:
    try:
        values = {str(name): str(value) for name, value in json.loads(row["slots"]).items()}
    except (ValueError, AttributeError, TypeError):
        values = {}
    confidence = row.get("confidence")
    return Asked(
        row["words"],
        vectors.get((row["language"], row["words"])),
        row["language"],
        row["skill"],
        row["intent"],
        values,
        confidence=float("nan") if confidence is None else float(confidence),
        outcome=Outcome(row["outcome"]),
        side_effects=bool(row["side_effects"]),
        device=row.get("device_type") or "unknown",
        now_s=row["at"] / _SECOND,
    )


def _habits(
    rows: Sequence[Row], vectors: Mapping[tuple[str, str], Any], projection: Projection
) -> Habits:
    entries = {
        row["words"]: Entry(
            row["words"],
            row["shown"],
            row["skill"] or "",
            row["intent"] or "",
            row["slots"],
            turns=int(row["n"]),
            side_effects=bool(row["side_effects"]),
            last_s=row["last"] / _SECOND,
        )
        for row in sorted(rows, key=lambda x: (x["n"], x["words"]))[-MOST:]
    }
    found = [vectors.get((rows[0]["language"], words)) for words in entries]
    known = [each for each in found if each is not None]
    whole = len(known) == len(found)
    return Habits(tuple(entries.values()), projection(np.stack(known)) if whole else None)


def _vectors(mined: Mined, pooled: Callable[[str], Pooled | None]) -> Mapping[tuple[str, str], Any]:
    """(language, words) -> the encoder's vector."""
    texts: dict[str, set[str]] = defaultdict(set)
    for row in (*mined.after, *mined.own):
        texts[row["language"]].add(row["words"])
    found: dict[tuple[str, str], Any] = {}
    for language, words in texts.items():
        read = pooled(language)
        if read is not None:
            ordered = sorted(words)
            found |= {
                (language, x): vector for x, vector in zip(ordered, read(ordered), strict=True)
            }
    return found
