"""A home's own log -> examples to fit a ranker on: what people said next is what they had meant.

The log is cut in time: requests and habits are of what came before, examples of what came after,
so that no request is found because it is its own answer. What failed and was said again in vain is
followed to what worked. Turns that second thoughts changed are left out, as the log no longer tells
how they were read; those held out from it stand for them. Of the first reading a log tells less
than the engine knows at the turn. Where it does not tell how a turn was read that had no answer,
nothing is fitted: see `_tells_readings`.
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
from sayso.types.lessons import Arm
from sayso.types.readings import Outcome
from sayso.understanding.online.entries import Asked, Entry
from sayso.understanding.online.habits import MOST, NOBODY, Habits
from sayso.understanding.online.index import Index
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.ranker import Ranker
from sayso.understanding.online.suggest import ONLINE, Online

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from sayso.events.engines import Engine

BEFORE = 0.7  # share of the log's time that requests and habits are taken from
FINE_BP, WRONG_BP = 2_500, 4_000  # defects: at most, of turns that went well; at least, of others
SAID_AGAIN_BP = 4_000  # basis points from which on a later turn says what was meant
MOST_FINE, MOST_WRONG = 8_000, 5_000  # turns that are looked at, evenly drawn
MOST_WEIGHT = 10.0  # of a turn that was held out: it stands for those that were not
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
    if not _tells_readings(turns):
        return serving, False, "the log does not tell how what was not understood was read"
    mined = mine(engine, turns, verdicts, texts, cut)
    lacking = _lacking(mined)
    if lacking:
        return serving, False, lacking
    before = turns.filter(turns.at < cut)
    past = gather(engine, before, verdicts, texts)
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


def _tells_readings(turns: ir.Table) -> bool:
    """Whether turns without an answer have their likeliest reading.

    Half of all that second thoughts mend was not understood at all. Fitted without those readings,
    a ranker takes them for something it has never met when it serves, and judged without them it
    still looks better than one that needs them: 12 % of defects repaired in place of 22.
    """
    lost = turns.filter(turns.outcome == Outcome.ABSTAIN.value)
    found = lost.aggregate(all=lost.count(), told=lost.skill.count()).to_pyarrow().to_pylist()[0]
    return bool(2 * found["told"] >= found["all"])


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
        meant_by="number",
        meant="words",
        meant_skill="skill",
        meant_intent="intent",
        meant_slots="slots",
        meant_bp="defect_bp",
    )
    followed = _followed(judged.filter(judged.at >= cut), judged.view())
    asked = followed.join(words, "text").left_join(later, "meant_by")
    fine = asked.filter(asked.defect_bp <= FINE_BP)
    wrong = asked.filter((asked.defect_bp >= WRONG_BP) & (asked.meant_bp <= FINE_BP))
    wanted = ["user", "at", "words", "language", "skill", "intent", "slots", "outcome"]
    wanted += ["side_effects", "defect_bp", "number"]
    wanted += [name for name in asked.columns if name.startswith("meant") and name != "meant_by"]
    wanted += [name for name in ("confidence", "device_type", "arm") if name in asked.columns]
    after: list[Row] = []
    for kind, table, most in (("fine", fine, MOST_FINE), ("wrong", wrong, MOST_WRONG)):
        kept = engine.keep(table.select(*wanted), f"online_{kind}")
        every = 1 + int(kept.count().to_pyarrow().as_py()) // most
        drawn = kept.filter(kept.number % every == 0).order_by("number")
        after += [{**row, "weight": every} for row in drawn.to_pyarrow().to_pylist()]
    after = _standing(after, judged)
    people = {row["user"] for row in after}
    made = engine.keep(own, "online_own").to_pyarrow().to_pylist()
    return Mined(after, [row for row in made if row["user"] in people])


def _followed(asked: ir.Table, other: ir.Table) -> ir.Table:
    """Turns as they were heard, with `meant_by`: what was said again, or again in its place."""
    plain = asked.filter(asked.text == asked.read)
    if "arm" in plain.columns:
        plain = plain.filter(plain.arm.isnull() | (plain.arm == Arm.HELD_OUT.value))
    again = (plain.rephrased_bp >= SAID_AGAIN_BP).ifelse(plain.rephrased_by, None)
    in_vain = (other.defect_bp > FINE_BP) & (other.rephrased_bp >= SAID_AGAIN_BP)
    hop = other.filter(in_vain).select(first="number", then="rephrased_by")
    first = plain.mutate(first=again)
    followed = first.left_join(hop, "first")
    return followed.mutate(meant_by=followed.then.fill_null(followed.first))


def _standing(rows: Sequence[Row], judged: ir.Table) -> list[Row]:
    """Rows that were held out from second thoughts count for those that were not."""
    if "arm" not in judged.columns or not any(row.get("arm") for row in rows):
        return list(rows)
    tried = judged.filter(judged.rewrite.startswith(ONLINE)).arm.value_counts()
    counts = {row["arm"]: row["arm_count"] for row in tried.to_pyarrow().to_pylist()}
    held = counts.get(Arm.HELD_OUT.value, 0)
    weight = min(MOST_WEIGHT, sum(counts.values()) / held) if held else 1.0
    return [{**row, "weight": row["weight"] * (weight if row["arm"] else 1.0)} for row in rows]


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
        mine = known.get(row["user"], NOBODY)
        yield Case(_asked(row, vectors), right, meant, mine, row["user"], row["weight"])


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
