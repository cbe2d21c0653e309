"""Examples of the runs before: they stay, unless what they taught went wrong.

What an example repairs fails no more, so that the log soon holds nothing that would give it again.
Found anew each time, it would be lost, fail, and be found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sayso.events.scrub import text_id
from sayso.feedback.voices import one_voice_each
from sayso.types.lessons import CERTAIN, Label
from sayso.types.locales import language_of
from sayso.understanding.fold import fold

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from sayso.events.engines import Engine

WRONG_BP = (
    CERTAIN // 2
)  # mean defect, one voice a person, of what is read as an example says: it goes


def lasting(
    engine: Engine,
    turns: Table,
    verdicts: Table,
    before: Sequence[Label],
    *,
    people: int,
) -> list[Label]:
    """Those that may stay.

    turns, verdicts: of the log, see `events` and `feedback.judge`. people: who must have been read
    as an example says before it is judged.
    """
    ids = {text_id(language_of(each.locale), fold(each.text)): each for each in before}
    if not ids:
        return []
    said = turns.filter(turns.text.isin(sorted(ids))).select(
        "text", "user", "skill", "intent", turn="number"
    )
    told = said.join(verdicts.select("turn", "defect_bp"), "turn")
    found = one_voice_each(told, "text", "skill", "intent")
    wrong = {
        (row["text"], row["skill"], row["intent"])
        for row in engine.fetch(found).to_pylist()
        if row["people"] >= people and row["defect_bp"] >= WRONG_BP
    }
    return [each for item, each in ids.items() if (item, each.skill, each.intent) not in wrong]
