"""What `sayso learn` made of a person goes with the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from sayso import learned
from sayso.cli import main
from sayso.jobs.forget import Steps, forget
from sayso.jobs.learn import Means, learn
from sayso.jobs.withdraw import withdraw
from sayso.rewriting.kept import read_population
from sayso.stores.store import Lease, Store
from sayso.types.lessons import Signal, SignalKind
from sayso.types.readings import Decision, Outcome, Utterance
from sayso.types.turns import Interaction
from tests.stores.nouns import a_context, a_turn

SAID, MEANT = "play maj and dragons", "play imagine dragons"
BEGAN = datetime.now(UTC) - timedelta(days=1)
STEPS = Steps(lambda: None, withdraw)


def says(store: Store, text: str, user: str, number: int, *, well: bool) -> None:
    """A turn of a user that goes well, or is not understood."""
    turn: Interaction = a_turn(number, user=user, at=BEGAN + timedelta(seconds=6 * number))
    turn = replace(turn, utterance=Utterance(text, text))
    if not well:
        reply = replace(turn.reply, speech="Sorry, I did not get that.")
        turn = replace(turn, decision=Decision(Outcome.ABSTAIN), reply=reply)
    lease = store.begin(user, turn.conversation)
    assert isinstance(lease, Lease)
    store.finish(lease, turn, a_context(number, user=user))
    if well:
        played = Signal(user, turn.conversation, number, SignalKind.PLAYED, 200.0, BEGAN)
        assert store.signals.keep([played], BEGAN) == [True]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which thirty people, no more than it takes, have taught a rewrite."""
    folder = tmp_path / "home"
    (folder / "skills").mkdir(parents=True)
    (folder / "sayso.toml").write_text("format = 1\n[learning]\nrewrite_people = 30\n")
    with Store.open("sqlite:///sayso.db", folder) as store:
        for number in range(30):
            says(store, SAID, f"p{number}", 1, well=False)
            says(store, MEANT, f"p{number}", 2, well=True)
            says(store, MEANT, f"q{number}", 1, well=True)
    learn(folder, Means(memory=500))
    return folder


def test_a_rewrite_that_one_too_few_speak_for_is_gone_from_every_file(home: Path) -> None:
    assert [each.said for each in read_population(home / learned.LEARNED)] == [SAID]
    done = forget(home, "p7", STEPS)
    assert done.votes > 0
    assert "too few others said so: 1" in done.withdrawn[0]
    assert read_population(home / learned.LEARNED) == []
    for path in (home / learned.LEARNED).rglob("*"):
        assert not path.is_file() or b"maj and" not in path.read_bytes(), path


def test_one_who_taught_no_rewrite_takes_none_away(home: Path) -> None:
    done = forget(home, "q7", STEPS)
    assert not [told for told in done.withdrawn if told.startswith("Rewrites")]
    assert [each.said for each in read_population(home / learned.LEARNED)] == [SAID]


def test_the_verb_withdraws_it_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["users", "forget", str(home), "p7", "--yes"])
    assert "Rewrites removed, since too few others said so: 1." in capsys.readouterr().out
