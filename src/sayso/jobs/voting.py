"""Who said what is rewritten or learnt: noted by number, so that a vote can be withdrawn.

A vote is cast for a number of what was said: of a rewrite and of an example that of its text, as
`events` has it; of an example's form, what people who differ in values alone have in common.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sayso.events.scrub import text_id
from sayso.labels.paraphrased import form_of, in_words
from sayso.stores.votes import Votes
from sayso.types.lessons import Label, Rewrite
from sayso.types.locales import language_of
from sayso.understanding.fold import fold

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from sayso.events.engines import Engine

REWRITE, LABEL, FORM = "rewrite", "label", "form"  # kinds of a vote


def vote(
    engine: Engine,
    votes: Votes,
    turns: Table,
    population: Sequence[Rewrite],
    examples: Sequence[Label],
    now: datetime,
) -> None:
    """Note who speaks for what was learnt, in the place of those noted before.

    turns: see `events`. Whoever said one text of a form speaks for the form.
    """
    rewritten = {of_rewrite(each) for each in population}
    taught = {of_example(each) for each in examples}
    speakers = _speakers(engine, turns, rewritten | taught)
    forms: dict[int, list[int]] = {of_form(each): [] for each in examples}
    for each in examples:
        forms[of_form(each)] += speakers.get(of_example(each), ())
    for kind, items in ((REWRITE, rewritten), (LABEL, taught)):
        votes.replace(kind, {item: speakers.get(item, ()) for item in items}, now)
    votes.replace(FORM, forms, now)


def of_rewrite(rewrite: Rewrite) -> int:
    """What votes for a rewrite are cast for: what is said."""
    return text_id(rewrite.language, rewrite.said)


def of_example(example: Label) -> int:
    """What votes for an example are cast for: its text, whatever its case and stops."""
    return text_id(language_of(example.locale), fold(example.text))


def of_form(example: Label) -> int:
    """What votes for its form are cast for: people count together who differ in values alone."""
    form = form_of(example.text, in_words(example.text, example.spans))
    words = "\0".join((example.skill, example.intent, form))
    return text_id(language_of(example.locale), words)


def _speakers(engine: Engine, turns: Table, texts: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Text -> who said it."""
    if not texts:
        return {}
    said = turns.filter(turns.text.isin(sorted(texts))).select("text", "user").distinct()
    held = engine.fetch(said)
    found: dict[int, list[int]] = {}
    for text, user in zip(held["text"].to_pylist(), held["user"].to_pylist(), strict=True):
        found.setdefault(text, []).append(user)
    return found
