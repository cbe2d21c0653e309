"""After a person was forgotten, no byte of what they alone had said is left."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.errors import HomeError, LearningError
from sayso.jobs.forget import Forgotten, Steps, forget
from sayso.jobs.searching import Texts
from sayso.jobs.work import running
from sayso.stores import tables
from sayso.stores.database import Database
from sayso.stores.store import Lease, Store
from sayso.stores.votes import home_key
from sayso.types.context import Context
from sayso.types.lessons import Signal, SignalKind
from sayso.types.people import pseudonym
from sayso.types.readings import Alternative, Utterance
from sayso.types.turns import Interaction
from tests.stores.nouns import NOW, a_context, a_turn

quick = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
said_texts = st.lists(st.text(st.characters(), min_size=8, max_size=200), min_size=1, max_size=5)
numbers = itertools.count()
NOTHING = Steps(lambda: None)


@pytest.fixture
def home(tmp_path: Path, store_url: str) -> Path:
    """A home with nothing but a store."""
    folder = tmp_path / "home"
    (folder / "skills").mkdir(parents=True)
    url = f"sqlite:///{folder}/sayso.db" if store_url.startswith("sqlite") else store_url
    (folder / "sayso.toml").write_text(f'[store]\nurl = "{url}"\n')
    return folder


def opened(home: Path) -> Store:
    return Store.open((home / "sayso.toml").read_text().split('"')[1], home)


def says(store: Store, text: str, number: int, user: str) -> Interaction:
    """A turn in which a user says so, with all that comes of it."""
    turn = a_turn(number, user=user, conversation=f"{user}-c")
    utterance = Utterance(text, text, (Alternative(text[::-1]),))
    turn = replace(turn, request=replace(turn.request, text=text), utterance=utterance)
    lease = store.begin(user, turn.conversation)
    assert isinstance(lease, Lease)
    context: Context = replace(a_context(number, user=user), last_speech=f"You said {text}")
    store.finish(lease, turn, context)
    store.signals.keep([Signal(user, turn.conversation, number, SignalKind.UNDONE, 1, NOW)], NOW)
    store.signals.take_back(user, text, f"{text} indeed", NOW)
    return turn


def left(home: Path, texts: Sequence[str]) -> set[str]:
    """Texts that any file of the home holds, as bytes."""
    found: set[str] = set()
    for path in home.rglob("*"):
        if path.is_file():
            found |= Texts(texts).found(path.read_bytes())
    return found


@pytest.mark.usefixtures("home")
@quick
@given(said=said_texts, others=said_texts)
def test_no_byte_is_left_of_what_one_person_alone_said(
    home: Path, said: list[str], others: list[str]
) -> None:
    with opened(home) as store:
        for text in said:
            says(store, text, next(numbers), "ana")
        for text in others:
            says(store, text, next(numbers), "ben")
        kept = [each.utterance.text for each in store.interactions("ben", limit=10_000)]
    done = forget(home, "ana", NOTHING)
    assert done.rows["interactions"] == len(said)
    assert done.rows["signals"] == len(said)
    everything = "\n".join([*kept, *(text[::-1] for text in kept)])
    alone = [
        text for text in said if not Texts([text]).found(everything.encode("utf-8", "replace"))
    ]
    assert left(home, [text for text in alone if text.isascii()]) == set()
    with opened(home) as store:
        assert store.rows_of("ana") == {}
        assert [x.utterance.text for x in store.interactions("ben", limit=10_000)] == kept


def test_votes_are_withdrawn_and_learning_is_told(home: Path) -> None:
    with opened(home) as store:
        says(store, "sing me the song of the whale", 1, "ana")
        ana, ben = (pseudonym(home_key(home), user) for user in ("ana", "ben"))
        store.votes.replace("rewrite", {7: [ana, ben]}, NOW)
    told: list[Path] = []

    def withdraw(home: Path) -> Sequence[str]:
        told.append(home)
        return ["Rewrite 7: retired."]

    done = forget(home, "ana", replace(NOTHING, withdraw=withdraw))
    assert (done.votes, done.withdrawn, told) == (1, ["Rewrite 7: retired."], [home])
    with opened(home) as store:
        assert store.votes.counts("rewrite") == {7: 1}


def test_nothing_is_removed_while_learning_is_under_way(home: Path) -> None:
    with opened(home) as store:
        says(store, "sing me the song of the whale", 1, "ana")
    under_way = pytest.raises(LearningError, match="learning is under way; wait until it is done")
    with running(home / "learned", {}, NOW), under_way:
        forget(home, "ana", NOTHING)
    with opened(home) as store:
        assert store.rows_of("ana")
    assert forget(home, "ana", NOTHING).rows["interactions"] == 1


def test_a_file_of_any_room_that_holds_a_text_is_named(home: Path) -> None:
    with opened(home) as store:
        says(store, "sing me the song of the whale", 1, "ana")
    table = home / "learned" / "table.json"
    table.parent.mkdir()
    table.write_text(json.dumps({"said": "sing me the song of the whale"}))
    with pytest.raises(HomeError, match=rf'texts of "ana" are left in\n  {table}: 1 texts'):
        forget(home, "ana", NOTHING)
    with pytest.raises(HomeError, match=r"table\.json"):  # not forgotten by the next run
        forget(home, "ana", NOTHING)
    table.unlink()
    assert forget(home, "ana", NOTHING).sought > 0
    assert not (home / ".forgetting").exists()  # nothing is kept of what was sought
    assert forget(home, "ana", NOTHING).sought == 0


def test_a_run_that_was_killed_is_taken_up(home: Path) -> None:
    with opened(home) as store:
        says(store, "sing me the song of the whale", 1, "ana")
    (home / "learned.txt").write_text("sing me the song of the whale")

    def killed(home: Path) -> Sequence[str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(home, "ana", replace(NOTHING, withdraw=killed))
    with opened(home) as store:
        assert store.rows_of("ana") == {}
    with pytest.raises(HomeError, match=r"learned\.txt: 1 texts"):
        forget(home, "ana", NOTHING)


def test_what_a_developer_wrote_or_another_said_is_no_trace(home: Path) -> None:
    (home / "skills" / "whales.txt").write_text("sing me the song of the whale")
    (home / "notes.txt").write_text("sing me the song of the whale, or open the garden gate")
    with opened(home) as store:
        says(store, "sing me the song of the whale", 1, "ana")
        says(store, "open the garden gate", 2, "ana")
        says(store, "please open the garden gate now", 1, "ben")
    done: Forgotten = forget(home, "ana", NOTHING)
    assert done.shared >= 2


def test_exports_in_the_home_lose_the_rows_of_the_person(home: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with opened(home) as store:
        says(store, "sing me the song of the whale", 1, "ana")
        says(store, "open the garden gate", 1, "ben")
        store.export(home / "exports" / "monday")
    done = forget(home, "ana", NOTHING)
    assert done.exported == {"exports/monday/part-00000.parquet": 1}
    rows: list[dict[str, Any]] = parquet.read_table(home / "exports" / "monday").to_pylist()
    assert [row["user"] for row in rows] == ["ben"]


def test_a_backup_that_holds_a_row_of_the_person_is_removed(home: Path) -> None:
    with opened(home) as store:
        says(store, "stop", 1, "ana")
        says(store, "stop", 1, "ben")
        store.backup(home / "both.zip")
    assert forget(home, "ana", NOTHING).backups == ["both.zip"]
    with opened(home) as store:
        store.backup(home / "ben.zip")
    assert forget(home, "ana", NOTHING).backups == []


def test_the_write_ahead_log_is_empty_and_no_page_is_free(home: Path) -> None:
    with opened(home) as store:
        if not store.files:
            pytest.skip("the files of PostgreSQL are the server's")
        for number in range(50):
            says(store, f"sing me song number {number} of the whale", number, "ana")
    forget(home, "ana", NOTHING)
    database = Database(f"sqlite:///{home}/sayso.db")
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0
        assert connection.execute(sa.select(tables.interactions)).first() is None
    database.close()
    log = home / "sayso.db-wal"
    assert not log.exists() or log.stat().st_size == 0
