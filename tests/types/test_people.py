from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.types.people import HALF_LIFE, MOST_BEFORE, MOST_DEVICES, Person, Use

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
turns = st.lists(
    st.tuples(
        st.integers(0, 100).map(lambda hours: NOON + timedelta(hours=7 * hours)),
        st.sampled_from(["speaker", "car"]),
    ),
    min_size=1,
    max_size=6,
)


def used(*turns: tuple[datetime, str]) -> Use:
    use = Use()
    for at, device in turns:
        use = use.again(at, device)
    return use


def test_a_turn_counts_one_and_tells_its_hour_and_device() -> None:
    berlin = NOON.astimezone(ZoneInfo("Europe/Berlin"))
    assert used((berlin, "car")) == Use(1.0, NOON, {13: 1.0}, {"car": 1.0})


def test_a_use_counts_half_after_the_half_life() -> None:
    use = used((NOON, "car"), (NOON + HALF_LIFE, "speaker"))
    assert use.count == pytest.approx(1.5)
    assert use.hours == pytest.approx({12: 1.5})
    assert use.devices == pytest.approx({"car": 0.5, "speaker": 1.0})
    assert use.weight(NOON + 2 * HALF_LIFE) == pytest.approx(0.75)


def test_a_clock_that_went_backwards_takes_nothing_away() -> None:
    assert used((NOON, "car")).weight(NOON - HALF_LIFE) == 1.0


@given(turns, st.randoms())
def test_the_order_of_turns_makes_no_difference(
    turns: list[tuple[datetime, str]], chance: object
) -> None:
    one = used(*turns)
    chance.shuffle(turns)  # type: ignore[attr-defined]
    other = used(*turns)
    assert other.last == one.last
    assert other.count == pytest.approx(one.count)
    assert other.hours == pytest.approx(one.hours)
    assert other.devices == pytest.approx(one.devices)


def test_only_the_most_used_devices_are_told_apart() -> None:
    use = used(*[(NOON, "speaker")] * 2, *[(NOON, f"device {n}") for n in range(50)])
    assert len(use.devices) == MOST_DEVICES
    assert use.devices["speaker"] == 2.0
    assert use.count == 52


def test_what_is_not_installed_leaves_no_trace() -> None:
    use = used((NOON, "car"))
    person = Person(("alarms", "gone"), {"gone": use, "alarms": use}, neutral=True)
    assert person.among({"alarms"}.__contains__) == Person(("alarms",), {"alarms": use}, True)


def test_a_use_tells_what_went_before_and_only_the_most_usual_is_kept() -> None:
    use = Use()
    for before in ("bell", "bell", *(f"thing {number}" for number in range(50))):
        use = use.again(NOON, "speaker", [before])
    assert len(use.after) == MOST_BEFORE
    assert use.after["bell"] == 2.0
