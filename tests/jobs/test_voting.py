"""Who speaks for what was learnt is counted by text and language, and form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from sayso.events.engines import Engine
from sayso.events.scrub import text_id
from sayso.jobs.voting import FORM, LABEL, REWRITE, of_example, of_form, of_rewrite, vote
from sayso.stores.store import Store
from sayso.types.lessons import Evidence, Label, Rewrite, RewriteState, Span

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RADIO = Rewrite(
    *("1", "en", "radio", "play the radio", RewriteState.LIVE),
    Evidence(40, 30, 0.1, 0.2, 0.9, 0.8, 9.0),
    NOW,
)
PORCH, HALL = (
    Label(f"Fire up the {room}!", "lights", "On", "en-US", (Span("room", 12, 12 + len(room)),))
    for room in ("porch", "hall")
)


def counts(engine: Engine, home: Path, said: list[tuple[int, str, str]]) -> dict[str, list[int]]:
    """Votes by kind. Each of `said` is a person, a language and folded words."""
    rows = [{"user": user, "text": text_id(tongue, words)} for user, tongue, words in said]
    parquet.write_table(pa.Table.from_pylist(rows), home / "turns.parquet")
    turns = engine.read(home / "turns.parquet")
    with Store.open("sqlite:///sayso.db", home) as store:
        vote(engine, store.votes, turns, [RADIO], [PORCH, HALL], NOW)
        found = {kind: store.votes.counts(kind) for kind in (REWRITE, LABEL, FORM)}
    assert set(found[REWRITE]) <= {of_rewrite(RADIO)}
    assert set(found[LABEL]) <= {of_example(PORCH), of_example(HALL)}
    assert set(found[FORM]) <= {of_form(PORCH)} == {of_form(HALL)}
    return {kind: sorted(each.values()) for kind, each in found.items()}


def test_one_person_has_one_vote_and_the_same_words_of_another_language_none(
    engine: Engine, tmp_path: Path
) -> None:
    said = [(1, "en", "radio"), (1, "en", "radio"), (2, "en", "radio"), (3, "de", "radio")]
    assert counts(engine, tmp_path, said) == {REWRITE: [2], LABEL: [], FORM: []}


def test_people_speak_for_a_form_together(engine: Engine, tmp_path: Path) -> None:
    said = [(1, "en", "fire up the porch"), (2, "en", "fire up the hall"), (2, "en", "stop")]
    assert counts(engine, tmp_path, said) == {REWRITE: [], LABEL: [1, 1], FORM: [2]}
