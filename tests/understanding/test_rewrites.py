from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import LearningError
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.lessons import Arm, Evidence, Rewrite, RewriteState
from sayso.types.readings import Utterance
from sayso.understanding.fold import fold
from sayso.understanding.rewrites import NO_REWRITES, Rewrites, Shares, pack_table, table_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVIDENCE = Evidence(40, 30, 0.1, 0.2, 0.9, 0.8, 9.0)


def rewrite(
    said: str, meant: str, state: RewriteState = RewriteState.LIVE, language: str = "en"
) -> Rewrite:
    return Rewrite(f"id-{said}", language, said, meant, state, EVIDENCE, NOW)


def heard(table: Rewrites, text: str, **context: object) -> Utterance:
    at = Context(conversation="c", now=NOW, user="ana")
    return table.apply(Utterance(text, text), replace(at, **context))  # type: ignore[arg-type]


def people(table: Rewrites, text: str, count: int = 400) -> list[str]:
    """What was done for each of so many people."""
    done = [heard(table, text, user=f"p{n}").rewriting for n in range(count)]
    return [one.arm for one in done if one is not None]


ALL = Shares(canary=1.0, holdout=0.0)


def test_a_rewritten_text_is_read_and_what_was_said_is_kept() -> None:
    found = heard(table_of([rewrite("play maj", "play Imagine")], ALL), "Play maj!")
    assert (found.text, found.raw) == ("play Imagine", "Play maj!")
    assert found.rewriting is not None
    assert (found.rewriting.said, found.rewriting.arm) == ("Play maj!", Arm.APPLIED)


def test_other_words_and_other_languages_are_left_alone() -> None:
    table = table_of([rewrite("play maj", "play Imagine")], ALL)
    assert heard(table, "play marge").rewriting is None
    assert heard(table, "play maj", locale="de-DE").rewriting is None
    assert heard(NO_REWRITES, "play maj").rewriting is None


def test_an_answer_and_a_word_within_a_session_are_not_rewritten() -> None:
    table = table_of([rewrite("play maj", "play Imagine")], ALL)
    assert heard(table, "play maj", awaiting=Awaiting(Asked.SLOT)).rewriting is None
    assert heard(table, "play maj", active="quiz").rewriting is None


def test_a_live_rewrite_is_left_out_for_one_in_ten() -> None:
    arms = people(table_of([rewrite("play maj", "x")]), "play maj")
    assert 0.05 < arms.count(Arm.HELD_OUT) / len(arms) < 0.16


def test_who_was_in_the_holdout_of_a_canary_may_get_it_later_and_never_the_other_way() -> None:
    canary = people(table_of([rewrite("play maj", "x", RewriteState.CANARY)]), "play maj")
    live = people(table_of([rewrite("play maj", "x")]), "play maj")
    assert canary.count(Arm.APPLIED) < live.count(Arm.APPLIED)
    gained = zip(canary, live, strict=True)
    assert all(after == Arm.APPLIED for before, after in gained if before == Arm.APPLIED)


def test_in_the_shadow_nothing_is_applied() -> None:
    found = heard(table_of([rewrite("play maj", "x", RewriteState.SHADOW)], ALL), "play maj")
    assert found.text == "play maj"
    assert found.rewriting is not None
    assert found.rewriting.arm == Arm.SHADOW


@pytest.mark.parametrize("state", [RewriteState.PROPOSED, RewriteState.RETIRED])
def test_what_is_only_proposed_or_retired_is_not_even_looked_up(state: RewriteState) -> None:
    assert heard(table_of([rewrite("play maj", "x", state)], ALL), "play maj").rewriting is None


def test_an_unknown_speaker_stays_on_one_side_for_a_conversation() -> None:
    table = table_of([rewrite("play maj", "x", RewriteState.CANARY)])
    for number in range(20):
        conversation = f"c{number}"
        arms = {
            heard(table, "play maj", user="anonymous", conversation=conversation).text
            for _ in range(3)
        }
        assert len(arms) == 1


@given(st.dictionaries(st.text(min_size=1).map(fold), st.text(), max_size=12))
def test_every_rewrite_of_a_table_is_found_whatever_its_letters(meant: dict[str, str]) -> None:
    spoken = {k.replace("\0", " "): v.replace("\0", " ") for k, v in meant.items()}
    spoken = {k: v.encode(errors="ignore").decode() for k, v in spoken.items()}
    table = table_of([rewrite(*pair) for pair in spoken.items()], ALL)
    for said, then in spoken.items():
        found = table.find(said, "en")
        assert found is not None
        assert found.meant == then


def test_a_table_is_read_from_disk_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(pack_table([rewrite(f"say {n}", f"mean {n}") for n in range(100)]))
    table = Rewrites.open(path, ALL)
    assert len(table) == 100
    assert heard(table, "say 42").text == "mean 42"


@pytest.mark.parametrize("content", [b"", b"nonsense" * 9])
def test_a_damaged_table_is_named_with_the_way_back(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table"
    path.write_bytes(content)
    with pytest.raises(LearningError, match="sayso rewrites rollback"):
        Rewrites.open(path)


def test_two_rewrites_whose_hashes_are_equal_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import numpy as np

    def same(language: str, words: str) -> np.uint64:
        return np.uint64(7)

    monkeypatch.setattr("sayso.understanding.rewrites.key_of", same)
    pairs: Sequence[tuple[str, str]] = [("one", "1"), ("two", "2"), ("three", "3")]
    table = table_of([rewrite(*pair) for pair in pairs], ALL)
    assert [heard(table, said).text for said, _ in pairs] == [meant for _, meant in pairs]
    assert heard(table, "four").rewriting is None
