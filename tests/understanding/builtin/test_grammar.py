"""Tables that Lark made of the grammar files, and the parser that reads them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from sayso.understanding.builtin.english import grammar, pieces
from sayso.understanding.builtin.grammar import TABLES

ROOT = Path(__file__).parents[3]


def test_the_tables_are_those_of_the_grammar_files() -> None:
    made = runpy.run_path(str(ROOT / "scripts/make_grammars.py"))
    kept = (made["FOLDER"] / TABLES).read_bytes()
    assert made["tables"]() == kept, "stale; run: python scripts/make_grammars.py"


def test_a_word_that_may_not_come_has_no_meaning_and_ends_all_lengths() -> None:
    said = pieces("number", "two hundred point monday five")
    assert grammar("number").meaning(said) is None
    assert grammar("number").lengths(said) == [2, 1]


def test_a_sentence_that_ends_too_early_has_no_meaning() -> None:
    said = pieces("number", "two point")
    assert grammar("number").meaning(said) is None
    assert grammar("number").meaning(said[:1]) == 2


@pytest.mark.parametrize("kind", ["number", "ordinal", "duration", "when"])
def test_nothing_said_has_no_meaning(kind: str) -> None:
    assert grammar(kind).meaning([]) is None
    assert grammar(kind).lengths([]) == []
