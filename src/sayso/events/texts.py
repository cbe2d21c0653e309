"""What people said, each text once: folded, scrubbed, numbered.

Python meets each distinct form once, never each turn; turns then know a text by its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.events.engines import Engine
from sayso.events.scrub import is_private, scrub, scrub_slots, text_id, words_of
from sayso.skills.refusals import is_refusal

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Schema
    from ibis.expr.types import Column, Table

SPEECH = 160  # characters of a reply that are looked at: a refusal comes first


def language_column(locale: Column) -> Column:
    """`types.locales.language_of` of a column; empty where unknown."""
    return locale.fill_null("").lower().replace("_", "-").split("-")[0].fill_null("")


def forms(engine: Engine, rows: Table) -> Table:
    """All distinct forms of what was said or read, with their texts.

    Columns: language, form, words, shown, private, text (id), turns (in which it was said).
    """
    said = rows.select(language=language_column(rows.locale), form=rows.said, n=1)
    rewritten = rows.filter(rows.text.notnull() & (rows.text != rows.said))
    read = rewritten.select(language=language_column(rewritten.locale), form=rewritten.text, n=0)
    every = said.union(read).group_by("language", "form").aggregate(turns=lambda t: t.n.sum())
    return engine.map_batches(every, _folded, _form_schema(), "forms")


def _form_schema() -> Schema:
    import ibis

    return ibis.schema(
        {
            "language": "string",
            "form": "string",
            "words": "string",
            "shown": "string",
            "private": "boolean",
            "text": "int64",
            "turns": "int64",
        }
    )


def _folded(batch: pa.RecordBatch) -> pa.RecordBatch:
    import pyarrow as pa

    languages, said = batch["language"].to_pylist(), batch["form"].to_pylist()
    shown = [scrub(" ".join(form.split())) for form in said]
    words = [words_of(text) for text in shown]
    return pa.record_batch(
        {
            "language": languages,
            "form": said,
            "words": words,
            "shown": shown,
            "private": pa.array(map(is_private, shown), pa.bool_()),
            "text": pa.array(map(text_id, languages, words), pa.int64()),
            "turns": batch["turns"].cast(pa.int64()),
        }
    )


def texts(engine: Engine, forms: Table, turns: Table) -> Table:
    """One row a text: text, language, words, shown, private, turns, users. See the forms' columns.

    shown: the form that was said most often, the first in the alphabet of several.
    """
    import ibis

    order = ibis.window(group_by="text", order_by=[ibis.desc("turns"), "shown"])
    ranked = forms.mutate(place=ibis.row_number().over(order))
    each = ranked.group_by("text").aggregate(
        language=ranked.language.min(),
        words=ranked.words.min(),
        shown=ranked.shown.min(where=ranked.place == 0),
        private=ranked.private.cast("int8").max() > 0,
        turns=ranked.turns.sum(),
    )
    pairs = turns.select("text", "user").distinct()
    people = pairs.group_by(said="text").aggregate(users=pairs.count())
    joined = each.left_join(people, each.text == people.said)
    return engine.keep(joined.drop("said").mutate(users=joined.users.fill_null(0)), "texts")


def refused(engine: Engine, rows: Table) -> Table:
    """The replies that turn a request down: language, speech (its first SPEECH characters)."""
    import ibis

    every = rows.select(
        language=language_column(rows.locale), speech=rows.speech.substr(0, SPEECH)
    ).distinct()
    told = engine.map_batches(
        every.filter(every.speech.notnull()),
        _refused,
        ibis.schema({"language": "string", "speech": "string", "refused": "boolean"}),
        "replies",
    )
    return told.filter(told.refused)


def _refused(batch: pa.RecordBatch) -> pa.RecordBatch:
    import pyarrow as pa

    languages, speeches = batch["language"].to_pylist(), batch["speech"].to_pylist()
    found = [is_refusal(*each) for each in zip(speeches, languages, strict=True)]
    return pa.record_batch(
        {"language": languages, "speech": speeches, "refused": pa.array(found, pa.bool_())}
    )


def clean_slots(engine: Engine, rows: Table) -> Table:
    """The slots in which something is personal: slots, clean. Others are as they were."""
    import ibis

    # Whatever `scrub` may find has a digit, an @, or a name of a slot that says it is secret.
    suspicious = rows.slots.re_search(
        "[0-9].*[0-9].*[0-9]|@|[Pp]in|[Pp]ass|[Cc]od|[Cc]ard|[Aa]ccount"
    )
    every = rows.filter(suspicious | rows.slots.contains(" dot ")).select("slots").distinct()
    schema = ibis.schema({"slots": "string", "clean": "string"})
    told = engine.map_batches(every, _clean, schema, "slots")
    return told.filter(told.slots != told.clean)


def _clean(batch: pa.RecordBatch) -> pa.RecordBatch:
    import pyarrow as pa

    slots = batch["slots"].to_pylist()
    return pa.record_batch({"slots": slots, "clean": [scrub_slots(each) for each in slots]})
