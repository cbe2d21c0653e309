"""Skills come and go: nobody else's score changes, nothing stays behind, nobody sees half of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sayso
from sayso import bundle
from sayso.encoders import Encoder
from sayso.runtime import load
from sayso.runtime.engine import Engine
from sayso.runtime.home import Home
from sayso.training.train import train
from sayso.types.context import Context
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.shortlist import register, registering

BIRDS = ("owl", "wren", "robin", "heron", "swift", "finch")
ASKED = [f"how does a {name} sing" for name in BIRDS] + ["what is it that nests there"]
HERE = Context("", datetime(2026, 11, 21, tzinfo=UTC))


def bird(name: str, *locales: str) -> Skill:
    samples = (f"how does the {name} sing", f"play me the {name}", f"where does a {name} nest")
    intents = (Intent("Sing", samples[:2]), Intent("Nest", samples[2:]))
    languages = [Language(x, f"{name} songs", intents=intents) for x in locales or ("en-US",)]
    return Skill(name, f"{name.title()} Songs", languages=languages)


@pytest.fixture(params=["memory", "register"])
def trained(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A bundle whose skills are few enough for memory, or searched as if they were very many."""
    if request.param == "register":
        for module in (load, register, registering):
            monkeypatch.setattr(module, "LARGE", 3)
    train([bird(name) for name in BIRDS], tmp_path / "bundle", encoder=encoder)
    return tmp_path


@pytest.fixture
def engine(trained: Path, encoder: Encoder) -> Engine:
    return sayso.load(trained / "bundle", encoder=encoder)


def scores(engine: Engine) -> list[dict[str, float]]:
    return [dict(engine.shortlist(text, 20)) for text in ASKED]


def test_a_skill_that_is_added_changes_no_score_and_leaves_no_trace(engine: Engine) -> None:
    before = scores(engine)
    engine.add(bird("quillander"))
    after = scores(engine)
    assert all("quillander" in found for found in after)
    assert [{k: v for k, v in x.items() if k != "quillander"} for x in after] == before
    engine.remove("quillander")
    assert scores(engine) == before
    assert "quillander" not in engine.skills


def test_a_trained_skill_that_is_removed_is_gone_and_may_come_back(engine: Engine) -> None:
    before = scores(engine)
    engine.remove("owl")
    assert all("owl" not in found for found in scores(engine))
    assert not engine.knows("owl")
    assert engine.decide("open owl songs", HERE).chosen is None
    engine.add(bird("owl"))
    for was, now in zip(before, scores(engine), strict=True):
        assert now == pytest.approx(was, abs=1e-3)


def test_a_changed_skill_takes_the_place_of_the_trained_one(engine: Engine) -> None:
    told = Intent("Tell", ("recite the ballad of zanzibar", "the zanzibar one please"))
    language = replace(bird("owl").languages[0], intents=(told,))
    engine.add(replace(bird("owl"), languages=(language,)))
    assert len(engine.skills) == len(BIRDS)
    assert engine.understand("recite the ballad of zanzibar")[0].skill == "owl"
    sung = engine.understand("how does the owl sing")
    assert not any((x.skill, x.intent) == ("owl", "Sing") for x in sung)


def test_a_trained_skill_is_opened_by_its_name(engine: Engine) -> None:
    chosen = engine.decide("open heron songs", HERE).chosen
    assert chosen is not None
    assert chosen.skill == "heron"


def test_eight_threads_see_whole_versions(engine: Engine) -> None:
    plain = engine.shortlist(ASKED[0], 20)
    fresh = engine.fit(bird("quillander"))
    engine.put(fresh)
    grown = engine.shortlist(ASKED[0], 20)
    engine.remove("quillander")

    def work(number: int) -> list[list[tuple[str, float]]]:
        found = []
        for _ in range(12):
            if number == 0:
                engine.put(fresh)
                engine.remove("quillander")
            found.append(engine.shortlist(ASKED[0], 20))
        return found

    with ThreadPoolExecutor(8) as pool:
        for each in [x for xs in pool.map(work, range(8)) for x in xs]:
            assert each in (plain, grown)


def test_what_one_process_changed_another_one_takes_up(trained: Path, encoder: Encoder) -> None:
    (trained / "sayso.toml").write_text('locales = ["en-US"]\n')
    with Home.open(trained) as one, Home.open(trained) as other:
        one.install(bird("quillander"))
        one.uninstall("wren")
        assert {skill.id for skill in other.skills()} == {*BIRDS, "quillander"} - {"wren"}
        assert scores(one.engine) == scores(other.engine)
    with Home.open(trained) as again:
        assert {skill.id for skill in again.skills()} == {*BIRDS, "quillander"} - {"wren"}
        assert again.engine.shortlist("how does the quillander sing", 1)[0][0] == "quillander"


def test_going_back_brings_the_scores_of_that_day_to_every_process(
    trained: Path, encoder: Encoder
) -> None:
    (trained / "sayso.toml").write_text('locales = ["en-US"]\n')
    with Home.open(trained) as one, Home.open(trained) as other:
        before = scores(one.engine)
        one.install(bird("quillander"))
        assert scores(one.engine) != before
        bundle.go_back(trained / "bundle")
        for home in (one, other):
            assert {skill.id for skill in home.skills()} == {*BIRDS}
            assert scores(home.engine) == before


def test_a_bundle_from_before_there_were_registers_is_read(trained: Path, encoder: Encoder) -> None:
    version = bundle.current(trained / "bundle")
    (version / "en.register").unlink()
    manifest = json.loads((version / "bundle.json").read_text())
    del manifest["files"]["en.register"], manifest["changed"], manifest["version"]
    manifest["format"] = 2
    name = f"000001-{bundle.layout.digest(manifest)}"
    (version / "bundle.json").write_text(json.dumps({**manifest, "version": name}))
    version.rename(version.parent / name)
    (trained / "bundle" / "CURRENT").write_text(name)
    engine = sayso.load(trained / "bundle", encoder=encoder)
    assert engine.shortlist("how does the heron sing", 1)[0][0] == "heron"


def test_no_skills_at_all_find_nothing(encoder: Encoder, tmp_path: Path) -> None:
    engine = sayso.load(train([], tmp_path, encoder=encoder), encoder=encoder)
    assert engine.shortlist("anything", 5) == []
    engine.add(bird("owl"))
    assert [name for name, _ in engine.shortlist("anything", 5)] == ["owl"]
