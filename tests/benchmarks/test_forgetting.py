"""What a home has lost by growing."""

from __future__ import annotations

from benchmarks.forgetting import FIGURES, MEASURES, Seen, accuracy, kept, moved_most, over_orders

from sayso.types.lessons import Label


def asked(*skills: str) -> list[Label]:
    return [Label(f"request {n}", "set", skill, "en-US") for n, skill in enumerate(skills)]


def seen(*skills: str | None) -> list[Seen]:
    return [Seen(skill, skill, skill) for skill in skills]


OLD = asked("owl", "owl", "tide", "tide")


def test_requests_that_moved_to_a_fitting_new_skill_are_not_lost() -> None:
    before, after = seen("owl", "owl", "tide", "owl"), seen("owl", "wren", "wren", "owl")
    figures = kept(before, after, before, OLD, ["owl", "wren", "tide", "tide"], {"wren"})
    assert (figures["moved"], figures["fitting"]) == (2, 1)
    assert figures["old_lost"]["acted"] == 33.33
    assert figures["old_lost_with_fitting"]["acted"] == 50.0
    assert figures["old_lost_not_moved"]["acted"] == 0.0
    assert figures["went_wrong"] == {"new skill": 2}


def test_a_request_that_is_no_longer_acted_upon_is_lost_though_its_reading_is_right() -> None:
    before = seen("owl", "owl", "tide", "tide")
    after = [*before[:3], Seen(None, "tide", "tide")]
    figures = kept(before, after, before, OLD, ["owl", "owl", "tide", "tide"], {"wren"})
    assert figures["old_lost"] == {"acted": 25.0, "reading": 0.0, "shortlist": 0.0}
    assert figures["went_wrong"] == {"not acted": 1}


def test_accuracy_is_the_share_that_reach_their_skill() -> None:
    assert accuracy(seen("owl", None, "tide", "owl"), OLD, "acted") == 0.5


def test_a_score_that_moved_is_found_and_new_skills_have_none_to_move() -> None:
    before = [{"owl": 0.5, "tide": 0.2}, {"owl": 0.1}]
    after = [{"owl": 0.5, "tide": 0.2, "wren": 0.9}, {"owl": 0.4, "wren": 0.1}]
    assert round(moved_most(before, after), 6) == 0.3
    assert moved_most(before, before) == 0.0


def test_an_interval_needs_all_five_orders() -> None:
    runs = [{figure: dict.fromkeys(MEASURES, float(n)) for figure in FIGURES} for n in range(5)]
    whole = over_orders(runs)["old_lost"]["acted"]
    assert (whole["mean"], whole["worst"]) == (2.0, 4.0)
    assert whole["low"] < 1.0 < 3.0 < whole["high"]
    assert over_orders(runs[:2])["old_lost"]["acted"] == {"mean": 0.5}
