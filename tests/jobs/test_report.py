"""The report's figures and pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from sayso.events.engines import Engine
from sayso.jobs import charts
from sayso.jobs.daily import Day, Share, by_day
from sayso.jobs.report import TELLING, Behind, Report, markdown, write_report
from sayso.types.lessons import Arm

SECRET = "play maj and dragons"


def share(value: float, people: int = 50) -> Share:
    return Share(200, people, value, value - 0.02, value + 0.02)


DAYS = (
    Day("2026-05-04", share(0.175)),
    Day("2026-05-05", share(0.15), applied=share(0.02), held_out=share(0.9)),
    Day("2026-05-06", share(0.129), applied=share(0.03)),
)
REPORT = Report(
    at="2026-05-07T03:00:00+00:00",
    resumed=False,
    rows={},
    turns=600,
    people=50,
    texts=90,
    defects=0.15,
    evidence={"helpful=no": 3},
    rephrased=0.08,
    candidates=2,
    barred={},
    states={"live": 1},
    days=DAYS,
    learnt={"rewrites, live": 1, "requests": 1200, "examples": 38},
    behind=(Behind("3f2a", "live", 40, 12), Behind("77bc", "canary", 11, 3)),
)


def drawn(folder: Path, report: Report = REPORT) -> str:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: sayso[learn]")
    folder.mkdir(exist_ok=True)
    write_report(folder, report)
    return (folder / "report.md").read_text()


def test_each_picture_is_there_and_said_in_words(tmp_path: Path) -> None:
    told = drawn(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(TELLING)
    for name in charts.CHARTS:
        assert f"]({name})" in told
    assert "17.5% on 2026-05-04, 12.9% on 2026-05-06" in told
    assert "1,200 requests, 38 examples" in told
    assert "11 at least" in told


def test_pictures_name_their_axes_and_need_no_colour(tmp_path: Path) -> None:
    drawn(tmp_path)
    days = (tmp_path / charts.DAYS).read_text()
    for words in ("turns that went wrong (%)", "day (UTC)", "all turns", "held out", "applied"):
        assert words in days
    people = (tmp_path / charts.PEOPLE).read_text()
    assert "3f2a (live)" in people
    for name in charts.CHARTS:
        ElementTree.parse(tmp_path / name)  # it is whole


def test_the_same_figures_give_the_same_file_without_a_date_of_its_making(tmp_path: Path) -> None:
    drawn(tmp_path / "one")
    drawn(tmp_path / "other")
    for name in charts.CHARTS:
        content = (tmp_path / "one" / name).read_bytes()
        assert content == (tmp_path / "other" / name).read_bytes()
        assert b"dc:date" not in content
        assert SECRET.encode() not in content


def test_nothing_to_show_is_no_picture(tmp_path: Path) -> None:
    nothing = replace(REPORT, days=(), learnt={"requests": 0, "examples": 0}, behind=())
    assert "](" not in drawn(tmp_path, nothing)


def test_without_the_library_the_report_is_words_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    write_report(tmp_path, REPORT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md"]
    assert json.loads((tmp_path / "report.json").read_text())["days"][0]["day"] == "2026-05-04"
    assert markdown(REPORT).startswith("# What was learnt")


def test_a_days_share_is_of_people_and_so_is_its_interval(engine: Engine) -> None:
    import ibis

    chance = np.random.default_rng(0)
    day = 86_400_000_000
    rows: list[dict[str, object]] = []
    verdicts: list[dict[str, int]] = []
    for person in range(400):
        for _ in range(int(chance.integers(1, 6))):
            number = len(rows)
            arm = str(Arm.HELD_OUT) if number % 50 == 0 else None
            at = (20_000 + number % 2) * day + number
            rows.append({"number": number, "user": person, "at": at, "arm": arm})
            verdicts.append({"turn": number, "defect_bp": int(chance.integers(0, 2)) * 10_000})
    kinds = {"number": "int64", "user": "int64", "at": "int64", "arm": "string"}
    turns = engine.keep(ibis.memtable(rows, schema=kinds), "t")
    told = ibis.memtable(verdicts, schema={"turn": "int64", "defect_bp": "int64"})
    days = by_day(turns, engine.keep(told, "v"))
    assert [each.day for each in days] == ["2024-10-04", "2024-10-05"]
    assert sum(each.all.turns for each in days) == len(rows)
    assert days[0].applied is None
    assert days[0].held_out is not None
    assert days[1].held_out is None
    for each in days:
        assert each.all.low < each.all.value < each.all.high
        # Turns of a person are drawn one by one here: the interval is that of a share.
        width = 1.96 * np.sqrt(0.25 / each.all.turns)
        assert each.all.high - each.all.value == pytest.approx(width, rel=0.15)


def test_of_one_person_nothing_follows(engine: Engine) -> None:
    import ibis

    kinds = {"number": "int64", "user": "int64", "at": "int64", "arm": "string"}
    rows = [{"number": 0, "user": 1, "at": 0, "arm": None}]
    turns = engine.keep(ibis.memtable(rows, schema=kinds), "t")
    verdict = {"turn": "int64", "defect_bp": "int64"}
    told = ibis.memtable([{"turn": 0, "defect_bp": 2500}], schema=verdict)
    (day,) = by_day(turns, engine.keep(told, "v"))
    assert (day.all.value, day.all.low, day.all.high) == (0.25, 0.0, 1.0)
