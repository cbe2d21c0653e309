from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.transferring.measures import Counts
from benchmarks.transferring.report import at_size, gains, speed

pytest.importorskip("matplotlib", reason="draws with the extra `train`")

from benchmarks.transferring.curves import draw


def row(target: str, size: int, errors: list[float], wrong: int = 1, largest: int = 8) -> Any:
    counts = Counts(utterances=10, intent_wrong=wrong, wrong=wrong, kept=10 - wrong, mixed=wrong)
    elapsed = [float(epoch) for epoch in range(1, len(errors) + 1)]
    named = {"target": target, "size": size, "largest": largest}
    return {**named, "counts": counts.as_dict(), "errors": errors, "elapsed": elapsed}


def test_a_target_with_fewer_utterances_gives_all_it_has() -> None:
    rows = [row("small", 5, []), row("small", 8, []), row("big", 25, [], largest=40)]
    assert [x["size"] for x in at_size(rows, "25")] == [8, 25]


def test_speed_is_the_ratio_of_epochs_to_the_others_best() -> None:
    slow, fast = row("x", 5, [0.9, 0.5, 0.4, 0.4]), row("x", 5, [0.4, 0.3])
    found = speed([(fast, slow)])
    assert found["faster_epochs"] == {"median": 3.0, "mean": 3.0}


def test_never_getting_there_counts_as_zero() -> None:
    found = speed([(row("x", 5, [0.9, 0.8]), row("x", 5, [0.4]))])
    assert found["reached"] == 0
    assert found["faster_epochs"]["mean"] == 0


def test_fewer_errors_compare_means_over_targets() -> None:
    mine = {"a": row("a", 5, [0.1], wrong=1), "b": row("b", 5, [0.1], wrong=2)}
    base = {"a": row("a", 5, [0.1], wrong=4), "b": row("b", 5, [0.1], wrong=2)}
    assert gains(mine, base)["fewer_semer"]["mean"] == pytest.approx(0.5)


def test_curves_are_drawn_the_same_twice(tmp_path: Path) -> None:
    figure = {"mean": 0.2, "low": 0.1, "high": 0.3}
    by_method = {"shared": {"intent_error": figure, "slot_f1": None, "semer": figure}}
    groups = {"skills": {"targets": 3, "sizes": {"5": by_method, "all": by_method}}}
    draw(groups, tmp_path / "one")
    draw(groups, tmp_path / "two")
    one, two = ((tmp_path / x / "skills.svg").read_text("utf-8") for x in ("one", "two"))
    assert one == two
    assert ">shared<" in one
