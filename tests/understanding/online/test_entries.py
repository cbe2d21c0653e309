from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sayso.bundle import Segment
from sayso.rewriting.online.write import write
from sayso.types.context import Context, Device
from sayso.types.readings import (
    Candidate,
    Decision,
    Hypothesis,
    Outcome,
    ResolutionStatus,
    SlotValue,
)
from sayso.understanding.heard import hear
from sayso.understanding.online import Asked, Entry, Index, asked
from sayso.understanding.online.sounds import alike, grams

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_what_is_asked_says_what_the_engine_made_of_the_words() -> None:
    room = SlotValue(
        "room",
        "ROOM",
        "kitchen",
        normalised="Kitchen",
        status=ResolutionStatus.MATCHED,
        candidates=(Candidate("Kitchen", score=1.0),),
    )
    level = SlotValue("level", "LEVEL", "tween")
    first = Hypothesis("lights", "Dim", (room, level), confidence=0.7)
    same = Hypothesis("lights", "Dim", (room,), confidence=0.6)
    other = Hypothesis("heating", "Set", confidence=0.2)
    decision = Decision(Outcome.ACT, first, hypotheses=(first, same, other))
    context = Context("c", NOW, device=Device(type="speaker"))
    found = asked(hear("Dim the Kitchen, to tween!", None), decision, context)
    assert found.words == "dim the kitchen to tween"
    assert (found.skill, found.intent) == ("lights", "Dim")
    assert found.values == {"room": "Kitchen", "level": "tween"}
    assert found.known == {"room": "Kitchen"}
    assert (found.confidence, found.runner_up, found.unresolved) == (0.7, 0.2, 0.5)
    assert found.device == "speaker"


def test_what_nobody_understood_can_be_asked_about() -> None:
    found = asked(
        hear("wops the heating set to", None), Decision(Outcome.ABSTAIN), Context("c", NOW)
    )
    assert found.skill is None
    assert found.outcome is Outcome.ABSTAIN


def test_words_divided_elsewhere_sound_alike() -> None:
    said, meant = grams("play maj and dragons"), grams("play imagine dragons")
    assert alike(said, meant) > 0.4
    assert alike(said, grams("turn off the light")) < 0.1


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_have_a_likeness(one: str, other: str) -> None:
    assert 0 <= alike(grams(one), grams(other)) <= 1
    assert alike(grams(one), grams(one)) in (0.0, 1.0)


def test_many_threads_find_the_same_in_one_index(tmp_path: Path) -> None:
    texts = [
        f"{do} the {what} lamp" for do in ("dim", "check") for what in ("hall", "attic", "den")
    ]
    write(tmp_path / "en", [Entry(text, text) for text in texts], None)
    index = Index(Segment(tmp_path / "en"))

    def find(text: str) -> list[str]:
        return [one.entry.words for one in index.near(Asked(text, None, "en-US"), None)]

    alone = [find(text) for text in texts * 10]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(find, texts * 10)) == alone
