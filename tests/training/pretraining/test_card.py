"""The papers say what is true of the folder."""

from __future__ import annotations

import json
from pathlib import Path

from sayso.encoders.files import MODEL, SCALES, TOKENIZER, WORDS, read_card, verify
from sayso.training.pretraining.card import write_papers
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.sources import SOURCES


def papers(folder: Path, recipe: Recipe) -> str:
    for name in (MODEL, WORDS, SCALES, TOKENIZER, "LICENSE"):
        (folder / name).write_text(f"the bytes of {name}")
    write_papers(folder, "ours", 24, recipe, SOURCES[1:3], {"seconds": 7})
    return (folder / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_loader_finds_every_file_and_its_checksum(tmp_path: Path) -> None:
    papers(tmp_path, Recipe())
    card = read_card(tmp_path)
    verify(tmp_path, card)
    assert (card.name, card.dimension, card.max_tokens) == ("ours", 24, 128)
    assert {path.name for path in tmp_path.iterdir()} == {*card.sha256, "encoder.json"}


def test_people_read_what_it_was_made_from_and_how(tmp_path: Path) -> None:
    text = papers(tmp_path, Recipe(without=("clinc150",), seed=42))
    assert text.startswith("# ours\n")
    assert "a vector of 24 numbers" in text
    for source in SOURCES[1:3]:
        assert f"| {source.name} | {source.licence} | {source.attribution} |" in text
    assert SOURCES[0].attribution not in text
    assert "| `seed` | 42 |" in text
    assert "| `without` | clinc150 |" in text
    assert "| seconds | 7 |" in text


def test_programs_read_the_same(tmp_path: Path) -> None:
    papers(tmp_path, Recipe(without=("clinc150",)))
    card = json.loads((tmp_path / "encoder.json").read_text(encoding="utf-8"))
    assert card["recipe"]["without"] == ["clinc150"]
    assert card["sets"] == ["banking77", "hwu64"]
    assert card["measured"] == {"seconds": 7}
    assert card["source"]["licence"] == "Apache-2.0"


def test_an_encoder_that_learnt_nothing_says_so(tmp_path: Path) -> None:
    for name in (MODEL, WORDS, SCALES, TOKENIZER):
        (tmp_path / name).write_text("")
    write_papers(tmp_path, "cut", 24, Recipe(distil_steps=0, task_steps=0), (), {})
    text = (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "No text: " in text
    assert "then by learning many tasks" not in text
