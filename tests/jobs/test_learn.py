"""The loop on a home: from an export of people's turns to what is served."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from sayso import learned
from sayso.errors import DataError, LearningError
from sayso.jobs import learn as job
from sayso.jobs.learn import Means, learn
from sayso.jobs.withdraw import withdraw
from sayso.labels.kept import read_examples
from sayso.rewriting.kept import deny, read_population
from sayso.settings import FILE_NAME
from sayso.stores.store import Store
from sayso.stores.votes import home_key
from sayso.types.lessons import LoggedTurn, RewriteState
from sayso.types.people import pseudonym
from sayso.understanding.rewrites import TABLE, Rewrites
from tests.events.logs import NOON, turn, write

SAID, MEANT = "play maj and dragons", "play imagine dragons"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / FILE_NAME).write_text("format = 1\n[learning]\nrewrite_people = 30\n")
    return folder


def misheard(people: int = 40) -> list[LoggedTurn]:
    """So many are not understood and say it again, with success; as many say it right at once."""
    rows = []
    for number in range(people):
        user, start = f"p{number}", number * 1000.0
        failed = {"outcome": "abstain", "skill": None, "intent": None, "confidence": None}
        failed["speech"] = "Sorry, I did not get that."
        rows.append(turn(SAID, start, user=user, **failed))
        rows.append(turn(MEANT, start + 6, user=user, played_s=200.0))
        rows.append(turn(MEANT, start + 500, user=f"q{number}", played_s=200.0))
    return rows


def means(folder: Path, rows: Sequence[LoggedTurn]) -> Means:
    return Means(log=write(folder / "log.parquet", rows), memory=500)


def states(home: Path) -> dict[str, RewriteState]:
    return {each.said: each.state for each in read_population(home / learned.LEARNED)}


def serving(home: Path) -> str:
    pointer = learned.current(home / learned.LEARNED)
    return "" if pointer is None else pointer.folder.name


def test_what_forty_people_said_again_is_tried_at_once(home: Path, tmp_path: Path) -> None:
    report = learn(home, means(tmp_path, misheard()))
    assert states(home) == {SAID: RewriteState.CANARY}
    (change,) = report.changes
    assert (change.said, change.meant, change.after) == (SAID, MEANT, "canary")
    assert report.turns == 120
    assert report.people == 80
    pointer = learned.current(home / learned.LEARNED)
    assert pointer is not None
    table = Rewrites.open(pointer.folder / TABLE)
    assert table.find(SAID, "en") is not None
    assert "play maj and dragons" in (pointer.folder / "report.md").read_text()


def test_a_second_run_on_the_same_log_changes_nothing(home: Path, tmp_path: Path) -> None:
    given = means(tmp_path, misheard())
    learn(home, given)
    version = serving(home)
    assert learn(home, given).changes == []
    assert serving(home) == version


def test_nothing_that_people_said_is_left_in_the_work_folder(home: Path, tmp_path: Path) -> None:
    learn(home, means(tmp_path, misheard()))
    assert [path.name for path in (home / "learned" / "work").iterdir()] == [".lock"]


def test_an_empty_log_teaches_nothing_and_says_so(home: Path, tmp_path: Path) -> None:
    report = learn(home, means(tmp_path, []))
    assert report.in_words() == "The log is empty: nothing to learn from."
    assert serving(home) == ""


def test_the_homes_own_log_may_be_empty_too(home: Path) -> None:
    assert learn(home, Means(memory=500)).turns == 0


def test_rows_out_of_order_and_twice_teach_the_same(home: Path, tmp_path: Path) -> None:
    rows = misheard()
    shuffled = rows + rows[::3]
    random.Random(1).shuffle(shuffled)
    report = learn(home, means(tmp_path, shuffled))
    assert states(home) == {SAID: RewriteState.CANARY}
    assert report.rows["repeated"] == len(rows[::3])


@pytest.mark.parametrize("step", ["look", "find_rewrites", "advanced", "_serve"])
def test_a_run_killed_at_any_step_is_taken_up_and_comes_to_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException): ...

    def killed(*arguments: object) -> None:
        raise Killed

    given = means(tmp_path, misheard())
    with monkeypatch.context() as patched:
        patched.setattr(job, step, killed)
        with pytest.raises(Killed):
            learn(home, given)
    assert serving(home) == ""
    report = learn(home, given)
    assert report.resumed
    assert states(home) == {SAID: RewriteState.CANARY}


def test_a_full_disk_leaves_what_served(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(home, means(tmp_path, misheard()))
    version = serving(home)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    more = [*misheard(), turn("play puff", 9000000.0, user="z")]
    given = means(tmp_path, more)
    with monkeypatch.context() as patched:
        patched.setattr(job, "find_rewrites", full)
        with pytest.raises(LearningError, match="No space left"):
            learn(home, given)
    assert serving(home) == version


def test_an_export_that_is_none_is_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / "log.parquet").write_bytes(b"no parquet")
    with pytest.raises(DataError, match=r"log\.parquet"):
        learn(home, Means(log=tmp_path / "log.parquet", memory=500))


def test_one_insistent_person_teaches_nobody(home: Path, tmp_path: Path) -> None:
    rows = [row for n in range(400) for row in misheard(1)]
    again = [
        turn(row.said, n * 40.0, user="p0", played_s=row.played_s) for n, row in enumerate(rows)
    ]
    learn(home, means(tmp_path, again))
    assert states(home) == {}


SHOP = """\
name: Shop
invocation: shop
description: Sells coins.
intents:
  buy:
    side_effects: true
    samples: [buy gold coins, get me two gold coins, order a coin]
  browse:
    samples: [show me gold coins, which coins are there, what do coins cost]
"""


@pytest.mark.parametrize("ring", [50, 500])
@pytest.mark.parametrize("wanted", ["buy gold coins", "show me gold coins"])
def test_a_ring_of_accounts_teaches_nobody_to_buy(
    home: Path, tmp_path: Path, ring: int, wanted: str
) -> None:
    (home / "skills/shop").mkdir(parents=True)
    (home / "skills/shop/skill.yaml").write_text(SHOP)
    buys = {"skill": "shop", "intent": "buy", "side_effects": True, "helpful": True}
    if not wanted.startswith("buy"):
        buys |= {"intent": "browse", "side_effects": False}
    rows = []
    for number in range(ring):
        start = number * 1000.0
        rows.append(turn("stop", start, user=f"r{number}", intent="stop", barge_in_ms=300.0))
        rows.append(turn(wanted, start + 5, user=f"r{number}", **buys))
    rows += [turn("stop", n * 1000.0, user=f"o{n}", intent="stop") for n in range(60)]
    learn(home, means(tmp_path, rows))
    assert states(home) == {}
    assert not [each for each in read_examples(home / learned.LEARNED) if each.text == "stop"]


def test_what_was_ruled_out_stays_out(home: Path, tmp_path: Path) -> None:
    given = means(tmp_path, misheard())
    learn(home, given)
    (one,) = read_population(home / learned.LEARNED)
    deny(home / learned.LEARNED, [one.id], "eva", NOON)
    learn(home, given)
    assert states(home) == {SAID: RewriteState.RETIRED}


def test_once_too_few_are_left_a_rewrite_goes_with_every_version_that_held_it(
    home: Path, tmp_path: Path
) -> None:
    learn(home, means(tmp_path, misheard(31)))
    key = home_key(home)
    with Store.open("sqlite:///sayso.db", home) as store:
        store.votes.withdraw(pseudonym(key, "p0"))
    assert withdraw(home)[0].startswith("Requests that were learnt")
    assert states(home) == {SAID: RewriteState.CANARY}
    with Store.open("sqlite:///sayso.db", home) as store:
        store.votes.withdraw(pseudonym(key, "p1"))
    told = withdraw(home)
    assert "too few others said so: 1" in told[0]
    assert states(home) == {}
    left = [path for path in (home / "learned").rglob("*") if path.is_file()]
    assert not [path for path in left if b"maj and dragons" in path.read_bytes()]


def test_forgetting_removes_a_run_that_was_broken_off(home: Path) -> None:
    work = home / "learned" / "work" / "turns"
    work.mkdir(parents=True)
    (work / "part.parquet").write_bytes(b"what people said")
    withdraw(home)
    assert not work.exists()
    shutil.rmtree(home / "learned")
    assert withdraw(home) == []
