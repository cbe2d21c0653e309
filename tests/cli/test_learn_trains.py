"""`sayso learn` trains the skills where it took new examples, and only there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from sayso import bundle, learned
from sayso.jobs import learn as job
from sayso.jobs.lessons import Examples
from sayso.jobs.unlearning import learnt as held
from sayso.types.lessons import Label, LabelSource
from tests.cli.conftest import Sayso, shell
from tests.cli.homes import add_gong

TAUGHT = Label("let the big one ring out", "gong", "Strike", "en-US", source=LabelSource.LOG)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trained home whose log gives just this example: how it is found is tested elsewhere."""
    home = tmp_path / "home"
    assert shell("new", home).code == 0
    shutil.rmtree(home / "skills")
    (home / "skills").mkdir()
    add_gong(home)
    assert shell("train", home).code == 0
    assert shell("say", home, "strike the gong").code == 0
    found = Examples([TAUGHT], [], "1 new example; taken", {})
    monkeypatch.setattr(job, "find_examples", lambda *_: found)
    return home


def learnt(home: Path, sayso: Sayso) -> tuple[str, str]:
    """What the run said, and the version of the bundle that serves after it."""
    result = sayso("learn", home)
    assert result.code == 0, result.err
    return " ".join(result.out.split()), bundle.current(home / "bundle").name


def test_new_examples_are_learnt_at_once_and_once(home: Path, sayso: Sayso) -> None:
    before = bundle.current(home / "bundle").name
    said, version = learnt(home, sayso)
    assert version != before
    assert f"Trained with the new examples; version {version} serves." in said
    assert held(home, [TAUGHT.text]) == {("gong", TAUGHT.text)}
    assert learnt(home, sayso)[1] == version
    sayso("rollback", home)
    assert learnt(home, sayso)[1] == before, "who went back stays there"


@pytest.mark.parametrize("settings", ["train = false", "approval = true", "log = false"])
def test_whoever_wants_to_train_by_hand_does(home: Path, sayso: Sayso, settings: str) -> None:
    (home / "sayso.toml").write_text(f"format = 1\n[learning]\n{settings}\n")
    before = bundle.current(home / "bundle").name
    said, version = learnt(home, sayso)
    assert version == before
    assert "Trained" not in said
    assert learned.current(home / "learned") is not None


def test_what_is_switched_off_is_not_learnt(home: Path, sayso: Sayso) -> None:
    learnt(home, sayso)
    assert sayso("rewrites", "off", home).code == 0
    said, _ = learnt(home, sayso)
    assert "Trained" in said, "without the example"
