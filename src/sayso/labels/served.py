"""What goes well is learnt, too: a request that several people made with success, as it was read.

Beside examples of what failed, these hold the models to what people are content with, and make what
is only just understood surer: a word that is misheard then costs less.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sayso.feedback.voices import one_voice_each
from sayso.labels.pairs import by_value
from sayso.labels.paraphrased import form_of, in_words
from sayso.types.lessons import Label, LabelSource

if TYPE_CHECKING:
    from ibis.expr.types import Table

WEIGHT = 0.5  # of such a label, beside 1 of a sample that a developer wrote
DEFECT_BP = 1500  # mean of a text, one voice a person, from which on it does not surely go well
MOST = 20_000  # texts
MOST_OF_FORM = 3  # texts that differ in values alone


def served(turns: Table, verdicts: Table, texts: Table, *, people: int) -> Table:
    """One row a text and its reading: shown, language, skill, intent, slots, people.

    Those of most people first, and no more than `MOST`.
    people: who must have said it. Only what was said out of the blue, read as it was said, acted
    upon without a question, and held nothing private.
    """
    import ibis

    acted = turns.filter(
        (turns.outcome == "act")
        & (turns.basis == "words")
        & (turns.text == turns.read)
        & turns.skill.notnull()
        & turns.intent.notnull()
        & ~turns.failed
        & ~turns.refused
    ).select("user", "text", "language", "skill", "intent", "slots", turn="number")
    told = acted.join(verdicts.select("turn", "defect_bp"), "turn")
    found = one_voice_each(told, "text", "language", "skill", "intent", "slots")
    well = found.filter((found.people >= people) & (found.defect_bp < DEFECT_BP))
    known = well.join(texts.filter(~texts.private).select("text", "shown"), "text").select(
        "shown", "language", "skill", "intent", "slots", "people"
    )
    return known.order_by(ibis.desc("people"), "shown", "skill", "intent", "slots").limit(MOST)


def as_labels(rows: Iterable[dict[str, Any]], locale: Callable[[str], str]) -> list[Label]:
    """Rows of `served`, in their order, as labels; without those whose slots have no place there.

    locale: of the labels, for a language.
    """
    forms: dict[tuple[str, ...], list[Label]] = defaultdict(list)
    for row in rows:
        slots = json.loads(row["slots"] or "{}")
        spans = by_value(row["shown"], row["skill"], row["intent"], slots)
        if spans is None:
            continue
        label = Label(
            row["shown"],
            row["skill"],
            row["intent"],
            locale(row["language"]),
            tuple(spans),
            source=LabelSource.LOG,
            weight=WEIGHT,
        )
        form = form_of(row["shown"], in_words(row["shown"], spans))
        forms[label.locale, label.skill, label.intent, form].append(label)
    return [label for labels in forms.values() for label in labels[:MOST_OF_FORM]]
