"""Imports of raw archives: every row is looked for, and what is missing counts."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from benchmarks.imported_rows import reads_as
from benchmarks.imports import ECOSYSTEMS, MODELS, UTTERANCES, measure, measure_alexa

pa = pytest.importorskip("pyarrow")

NLU = """\
nlu:
- intent: faq/hours
  examples: |
    - how long in [old town](place)?
- lookup: place
  examples: |
    - harbour
"""


def archive(place: Path, files: dict[str, str], rows: list[tuple[str, str, str]]) -> Path:
    """An ecosystem's two files. rows: intent, text, kind, all of the skill `city guide`."""
    from pyarrow import parquet

    place.mkdir()
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    with pa.output_stream(str(place / "raw.tar.zst"), compression="zstd") as out:
        out.write(raw.getvalue())
    columns = ("intent", "text", "kind")
    table = {name: [row[n] for row in rows] for n, name in enumerate(columns)}
    count = len(rows)
    table |= {"skill": ["city guide"] * count, "locale": ["en-US"] * count}
    table["plain"] = [""] * count
    parquet.write_table(pa.table(table), place / "utterances.parquet")
    return place


def test_rows_that_come_back_are_counted_and_others_named(tmp_path: Path) -> None:
    rows = [
        ("faq/hours", "How long in old town?", "utterance"),
        ("faq/hours", "how long in harbour?", "utterance"),
        ("faq/hours", "how long in atlantis?", "utterance"),
        ("hours", "how long in harbour?", "utterance"),
        ("place", "harbour", "entity"),
        ("place", "harbour", "regex"),
    ]
    place = archive(tmp_path / "rasa", {"city_guide/data/nlu.yml": NLU}, rows)
    account = measure(ECOSYSTEMS["rasa"], place)
    figures = account.figures()
    assert (figures["rows"], figures["back"], figures["share_back"]) == (5, 3, 0.6)
    assert (figures["files_unaccounted"], figures["files_that_do_not_add_up"]) == (0, 0)
    assert account.missing == [
        "city guide / faq/hours: how long in atlantis?",
        "city guide / hours: how long in harbour?",
    ]


def test_what_is_refused_is_told_and_its_rows_are_missing(tmp_path: Path) -> None:
    rows = [("faq/hours", "how long?", "utterance")]
    place = archive(tmp_path / "rasa", {"city_guide/nlu.yml": "nlu:\n- intent: [\n"}, rows)
    figures = measure(ECOSYSTEMS["rasa"], place).figures()
    assert (figures["rows"], figures["share_back"]) == (1, 0.0)
    assert figures["refused"][0].startswith("city_guide: /nlu.yml:")


def test_what_is_kept_alone_counts_apart_from_what_can_be_said(tmp_path: Path) -> None:
    said = 'U: dim it\nUT: @x.lamp-strip(name="a").dim();\nU: darker\nUT: @x.lamp-strip.dim();\n'
    rows = [
        ("x.lamp", "dim it", "user_turn_train"),
        ("(dialogue)", "darker", "user_turn_train"),
        ("x.other", "dim it", "user_turn_train"),
    ]
    files = {"city_guide/x.lamp-strip/eval/train/annotated.txt": said}
    account = measure(ECOSYSTEMS["thingpedia"], archive(tmp_path / "tt", files, rows))
    figures = account.figures()
    assert (figures["rows"], figures["back"], figures["back_as_said"]) == (3, 2, 1)
    assert account.missing == ["city guide / x.other: dim it"]


def test_samples_of_alexa_models_are_looked_for_in_their_locale(tmp_path: Path) -> None:
    from pyarrow import parquet

    spoken = {"invocationName": "x y", "intents": [{"name": "Go", "samples": ["go now"]}]}
    model = json.dumps({"interactionModel": {"languageModel": spoken}})
    models = {"skill_id": ["a", "a"], "locale": ["en-US", "de-DE"], "model": [model, model]}
    rows = {"skill": ["a"] * 3, "locale": ["en-US", "de-DE", "fr-FR"], "intent": ["Go"] * 3}
    rows["text"] = ["go now", "los", "va"]
    for names, table in ((MODELS, models), (UTTERANCES, rows)):
        nothing = {column: pa.array([], pa.string()) for column in table}
        parquet.write_table(pa.table(table), tmp_path / names[0])
        parquet.write_table(pa.table(nothing), tmp_path / names[1])
    figures = measure_alexa(tmp_path).figures()
    assert (figures["rows"], figures["back"], figures["rows_without_files"]) == (2, 1, 1)


def test_a_sample_reads_as_a_text_by_any_cut_of_its_values() -> None:
    shape = ("laps of", {"max", "max verstappen"}, {"monza", "verstappen"}, None)
    assert reads_as(shape, "laps of max verstappen monza today")
    assert reads_as(shape, "laps of max verstappen today")
    assert not reads_as(shape, "laps of max monza")
    assert not reads_as(shape, "laps of lewis monza today")
