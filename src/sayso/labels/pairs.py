"""The log as pairs: what failed, what was said next that means the same and worked, how often."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sayso.labels.aligned import placed
from sayso.labels.paraphrased import LEAST_SAME, Paraphrase
from sayso.types.lessons import CERTAIN, Span

if TYPE_CHECKING:
    from ibis.expr.types import Table

MOST = 100_000  # pairs that are looked at, those of most people first
Places = Callable[[str, str, str, Mapping[str, str]], "tuple[Span, ...] | None"]


def pairs(turns: Table, verdicts: Table, texts: Table) -> Table:
    """One row for two texts and one reading of the second.

    failed, well: ids of the texts; shown_failed, shown_well; language; skill, intent, slots: how
    the second was read; people; users: who they are; same_bp, failed_bp, well_bp: means of the
    probabilities that they say the same, that the first was a defect, and that the second was.
    Nothing that was private.
    """
    defects = verdicts.select("turn", "defect_bp")
    one = verdicts.filter(
        verdicts.rephrased_by.notnull() & (verdicts.rephrased_bp >= int(LEAST_SAME * CERTAIN))
    ).select(first="turn", second="rephrased_by", same_bp="rephrased_bp", first_bp="defect_bp")
    before = turns.select(first="number", failed="text")
    after = turns.filter(
        (turns.outcome == "act") & turns.skill.notnull() & turns.intent.notnull() & ~turns.failed
    ).select("user", "language", "skill", "intent", "slots", second="number", well="text")
    told = one.join(before, "first").join(after, "second")
    told = told.join(defects.select(second="turn", second_bp="defect_bp"), "second")
    told = told.filter(told.failed != told.well)
    grouped = told.group_by("failed", "well", "language", "skill", "intent", "slots").aggregate(
        people=told.user.nunique(),
        users=told.user.collect(distinct=True),
        turns=told.count(),
        same=told.same_bp.sum(),
        first=told.first_bp.sum(),
        last=told.second_bp.sum(),
    )
    for name in ("failed", "well"):
        known = texts.filter(~texts.private)
        known = known.select(**{name: "text", f"shown_{name}": "shown"})
        grouped = grouped.join(known, name)
    count = grouped.turns
    return grouped.select(
        *("failed", "well", "shown_failed", "shown_well", "language", "skill", "intent", "slots"),
        *("people", "users"),
        same_bp=grouped.same // count,
        failed_bp=grouped["first"] // count,
        well_bp=grouped["last"] // count,
    )


def by_value(text: str, skill: str, intent: str, slots: Mapping[str, str]) -> Any:
    """Places of slots whose values stand in the text as they are; None where one does not.

    What was said as "half past six" is logged as 18:30: reading the text anew finds more.
    """
    del skill, intent
    return placed(text, list(slots.items()))


def paraphrases(
    table: Table, locale: Callable[[str], str], places: Places = by_value, least_people: int = 1
) -> Iterator[Paraphrase]:
    """The rows of `pairs` whose slots have places in what was said.

    locale: of the labels, for a language. places: of the slots (name -> logged value) of a text as
    a skill's intent read it; a home reads its texts anew. least_people: of a pair.
    """
    import ibis

    rows = table.filter(table.people >= least_people)
    rows = rows.order_by(ibis.desc("people"), "failed", "well", "skill", "intent", "slots")
    for row in rows.limit(MOST).to_pyarrow().to_pylist():
        slots = json.loads(row["slots"] or "{}")
        found = places(row["shown_well"], row["skill"], row["intent"], slots)
        if found is not None:
            yield Paraphrase(
                row["shown_failed"],
                row["shown_well"],
                row["skill"],
                row["intent"],
                found,
                locale(row["language"]),
                frozenset(row["users"]),
                row["same_bp"] / CERTAIN,
                1 - row["failed_bp"] / CERTAIN,
                1 - row["well_bp"] / CERTAIN,
            )
