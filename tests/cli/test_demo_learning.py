"""`sayso demo --learn`: what the days showed, and what did it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sayso.cli import demo_learning
from sayso.cli.demo_learning import GLOBAL, MINED, PERSONAL, Day, Saved, _saved, _together
from sayso.evaluation.households.truth import Cause, Kind, Truth
from tests.cli.conftest import Sayso
from tests.events.logs import turn

TULIPS = Saved("play two lips", "play tulips", GLOBAL, 7)
LAMP = Saved("dim the lump", "dim the lamp", PERSONAL, 2)
DAYS = (
    Day(1, 100, 0.2, 0.2, 0, 0, [], []),
    Day(2, 100, 0.1, 0.18, 9, 1, [TULIPS, LAMP], ['"a" is read as "b" from now on: 6 people']),
)


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> None:
    def days(tell: object) -> Iterator[Day]:
        yield from DAYS

    monkeypatch.setattr(demo_learning, "_days", days)


@pytest.mark.usefixtures("lived")
def test_the_last_lines_name_what_did_it(sayso: Sayso) -> None:
    said = " ".join(sayso("demo", "--learn").out.split())
    assert "What did it, 9 requests in all" in said
    assert f'7 x "play two lips" read as "play tulips" ({GLOBAL})' in said
    assert said.index("two lips", said.index("What did it")) < said.rindex("dim the lump")
    assert "20.0% of requests went wrong on the first day, 10.0% on the last" in said
    assert "without learning it would have been 18.0%" in said


@pytest.mark.usefixtures("lived")
def test_programs_get_the_same(sayso: Sayso) -> None:
    first, second = sayso("demo", "--learn", "--json").json
    assert first["saved"] == []
    assert second["saved"][0]["said"] == "play two lips"
    assert second["saved"][0]["times"] == 7


def truth(id: str, *, right: bool | None, plain: bool | None) -> Truth:
    words = "play tulips"
    return Truth(
        id, 0, 1, "ana", "g", "music", "Play", "{}", "{}", Kind.REQUEST, words, words, right, plain,
        Cause.NONE,
    )  # fmt: skip


def test_saved_is_what_only_the_other_reading_did() -> None:
    rewrites = {"a": "online-global", "b": "online-global", "c": "ab12", "d": "online-personal"}
    rows = [
        turn("play two lips", id=id, text="play tulips", rewrite=rewrite)
        for id, rewrite in rewrites.items()
    ]
    told = [
        truth("a", right=True, plain=False),
        truth("b", right=True, plain=False),
        truth("c", right=True, plain=True),
        truth("d", right=False, plain=False),
    ]
    assert _saved(rows, told) == [Saved("play two lips", "play tulips", GLOBAL, 2)]
    told[2] = truth("c", right=True, plain=False)
    assert [each.by for each in _saved(rows, told)] == [GLOBAL, MINED]


def test_what_was_asked_about_is_said_so() -> None:
    row = turn("dim the lump", id="a", outcome="ask", rewrite="online-personal", skill="lights")
    (one,) = _saved([row], [truth("a", right=True, plain=False)])
    assert str(one) == f'"dim the lump" answered with: did you mean lights.play? ({PERSONAL})'


def test_days_add_up() -> None:
    assert _together([LAMP, TULIPS, LAMP])[1].times == 4
