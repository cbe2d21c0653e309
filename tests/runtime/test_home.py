"""A home: turns are understood, fulfilled, remembered and logged; skills come and go."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sayso
from sayso import bundle
from sayso.errors import BundleError, HomeError, RequestError, SkillError
from sayso.runtime.archive import pack_home, unpack_home
from sayso.runtime.home import Home
from sayso.skills import read_skill
from sayso.training.kept import NAME as TRAINING
from sayso.types.context import Device, Happening
from sayso.types.lessons import SignalKind
from sayso.types.readings import Alternative, Outcome
from sayso.types.turns import TurnRequest

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_a_turn_is_fulfilled_and_logged(home: Home) -> None:
    reply = home.turn("please boil my egg for four minutes", user="ana", now=NOW)
    assert reply.speech == "Boiling for PT4M."
    assert reply.ended
    (logged,) = home.store.interactions(user="ana")
    assert logged.reply == reply
    assert logged.utterance.text == "please boil my egg for four minutes"
    assert logged.decision.chosen is not None
    assert logged.decision.propensity == 1.0
    assert {"hear", "backend", "total"} <= set(reply.trace.timings)
    assert set(reply.trace.versions) == {"bundle", "skill"}


def test_a_missing_slot_is_asked_for_and_its_answer_goes_on(home: Home) -> None:
    first = home.turn("start boiling an egg", user="ana", now=NOW)
    assert (first.speech, first.ended) == ("For how long?", False)
    second = home.turn("make it five minutes", user="ana", now=NOW)
    assert second.speech == "Boiling for PT5M."


def test_two_people_talk_without_mixing(home: Home) -> None:
    home.turn("start boiling an egg", user="ana", now=NOW)
    other = home.turn("six minutes", user="ben", now=NOW)
    assert other.decision.chosen is None or other.decision.chosen.skill != "eggs"
    assert home.turn("six minutes", user="ana", now=NOW).speech == "Boiling for PT6M."


def test_a_question_is_forgotten_after_a_long_silence(home: Home) -> None:
    home.turn("start boiling an egg", user="ana", now=NOW)
    later = home.turn("ten minutes", user="ana", now=NOW + timedelta(hours=1))
    assert later.speech != "Boiling for PT10M."


@pytest.mark.parametrize(("answer", "speech"), [("yes", "The door is open."), ("no", "Okay.")])
def test_a_risky_request_is_confirmed_first(home: Home, answer: str, speech: str) -> None:
    asked = home.turn("unlock the front door", now=NOW)
    assert (asked.speech, asked.ended) == ("Shall I really unlock the door?", False)
    assert home.turn(answer, now=NOW).speech == speech


def test_a_session_goes_on_with_its_attributes(home: Home) -> None:
    first = home.turn("tell me a story about stone hill", now=NOW)
    assert not first.ended
    assert home.turn("yes", now=NOW).speech == "More of stone."
    assert home.turn("yes", now=NOW).decision.outcome is Outcome.ABSTAIN


def test_a_session_that_does_not_understand_uses_its_fallback(home: Home) -> None:
    home.turn("tell me a story about stone hill", now=NOW)
    assert home.turn("flurb the wozzle glim", now=NOW).speech == "Towns are all I know."


def test_an_unknown_value_never_becomes_a_known_one(home: Home) -> None:
    reply = home.turn("ask city guide for a story about gotham city", now=NOW)
    assert reply.speech == "I know no such town."


def test_the_next_best_of_the_recogniser_is_tried(home: Home) -> None:
    heard = (Alternative("lark a fond or", 0.5), Alternative("lock the front door", 0.4))
    reply = home.turn(alternatives=heard, now=NOW)
    assert reply.speech == "The door is locked."


def test_a_repeated_key_acts_once_and_gets_the_first_reply(home: Home) -> None:
    first = home.turn("boil my egg for three minutes", now=NOW, idempotency_key="k1")
    second = home.turn("boil my egg for nine minutes", now=NOW, idempotency_key="k1")
    assert second == first
    assert home.store.count() == 1


def test_what_is_due_rings_for_its_user_alone(home: Home) -> None:
    home.turn("boil my egg for three minutes", user="ana", now=NOW)
    assert home.ring(NOW + timedelta(minutes=2)) == 0
    assert home.ring(NOW + timedelta(minutes=3)) == 1
    assert [event.speech for event in home.events(user="ana")] == ["Your egg is done."]
    assert home.events(user="ben") == []


def test_what_rang_is_known_in_the_next_turn_on_that_device(home: Home) -> None:
    home.turn("boil my egg for three minutes", user="ana", now=NOW)
    home.ring(NOW + timedelta(minutes=3))
    for minutes in (2, 4, 50):
        home.turn("is the egg done yet", user="ana", now=NOW + timedelta(minutes=minutes))
    attic = Device("attic")
    home.turn("is the egg done yet", user="ana", device=attic, now=NOW + timedelta(minutes=5))
    told = [turn.request.happened for turn in home.store.interactions()[1:]]
    assert told == [(), (Happening(skill="eggs", at=NOW + timedelta(minutes=3)),), (), ()]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (TurnRequest(""), "text"),
        (TurnRequest("\x00\x01"), "text"),
        (TurnRequest("word " * 10_000), "text"),
        (TurnRequest("hello", user=""), "user"),
        (TurnRequest("hello", user="a\nb"), "user"),
        (TurnRequest("hello", conversation="c" * 500), "conversation"),
        (TurnRequest("hello", device=Device(id="")), "device.id"),
        (TurnRequest("hello", device=Device(place="a\nb")), "device.place"),
        (TurnRequest("hello", happened=[Happening(at=datetime(2026, 5, 4))]), "happened.at"),
        (TurnRequest("hello", locale="fr-FR"), "locale"),
        (TurnRequest("hello", time_zone="Mars/Base"), "time_zone"),
        (TurnRequest("hello", now=datetime(2026, 1, 1)), "now"),
    ],
)
def test_a_bad_request_names_its_field_and_is_not_logged(
    home: Home, request_: TurnRequest, field: str
) -> None:
    with pytest.raises(RequestError) as caught:
        home.take(request_)
    assert caught.value.field == field
    assert home.store.count() == 0


def test_a_handler_that_raises_is_an_apology_and_a_trace(home: Home) -> None:
    handler = home.folder / "skills" / "eggs" / "handler.py"
    handler.write_text("def handle(request):\n    raise ValueError('burnt')\n")
    reply = home.turn("is the egg done yet", now=NOW)
    assert "Egg Timer" in reply.speech
    assert "burnt" in (reply.trace.failure or "")
    assert "burnt" not in reply.speech


def test_a_skill_is_installed_live_and_survives_a_restart(home: Home) -> None:
    skill = replace(read_skill(home.folder / "skills" / "door"), id="gate", name="Garden Gate")
    version = home.install(skill)
    assert "gate" in home.engine.skills
    assert (home.folder / "skills" / "gate" / "skill.yaml").is_file()
    with Home.open(home.folder) as again:
        assert {held.version for held in again.engine.installed("gate")} == {version}


def test_an_installed_skill_reaches_another_process_at_its_next_turn(home: Home) -> None:
    with Home.open(home.folder) as other:
        home.uninstall("door")
        assert other.turn("lock the front door", now=NOW).decision.chosen is None
        assert "door" not in other.engine.skills


def test_an_uninstalled_skill_is_put_away_and_not_deleted(home: Home) -> None:
    home.uninstall("eggs")
    (kept,) = (home.folder / "removed").iterdir()
    assert (kept / "handler.py").is_file()
    with pytest.raises(SkillError):
        home.uninstall("eggs")


def test_a_failed_install_leaves_everything_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (home.folder / "skills" / "door" / "skill.yaml").read_text()
    version = bundle.current(home.folder / "bundle").name
    changed = replace(read_skill(home.folder / "skills" / "door"), name="Changed")

    def full(*args: object, **named: object) -> None:
        raise BundleError("the disk is full")

    monkeypatch.setattr(bundle, "change", full)
    with pytest.raises(BundleError):
        home.install(changed)
    assert (home.folder / "skills" / "door" / "skill.yaml").read_text() == before
    assert bundle.current(home.folder / "bundle").name == version
    assert home.engine.skills["door"].name == "Front Door"


def test_a_home_without_a_bundle_says_what_to_run(folder: Path) -> None:
    shutil.rmtree(folder / "bundle")
    with pytest.raises(BundleError, match="sayso train"):
        Home.open(folder)


def test_a_folder_that_is_no_home_says_so(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="sayso new"):
        sayso.open(tmp_path)


def test_a_bundle_of_another_encoder_says_to_retrain(folder: Path) -> None:
    found = bundle.read(folder / "bundle")
    bundle.write(
        folder / "bundle",
        found.parts.values(),
        engine=found.manifest.engine,
        encoder={"name": "other", "fingerprint": "0" * 64},
        routing=found.manifest.routing,
        written_by="",
    )
    with pytest.raises(BundleError, match=r"another encoder \(other, .*sayso train"):
        Home.open(folder)


def test_a_backup_restores_the_log_the_skills_and_what_they_keep(
    home: Home, tmp_path: Path
) -> None:
    home.turn("boil my egg for three minutes", user="ana", now=NOW)
    pack_home(home.folder, tmp_path / "home.zip")
    unpack_home(tmp_path / "home.zip", tmp_path / "copy")
    with Home.open(tmp_path / "copy") as copy:
        assert copy.store.interactions() == home.store.interactions()
        assert copy.turn("is the egg done yet", user="ana", now=NOW).speech == (
            "It boils for PT3M."
        )


def test_a_backup_of_nonsense_leaves_no_home(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    with pytest.raises(HomeError):
        unpack_home(tmp_path / "bad.zip", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.slow
def test_a_kill_during_training_leaves_the_old_bundle_serving(folder: Path) -> None:
    version = bundle.current(folder / "bundle").name
    code = (
        "import sys; sys.argv = ['sayso', 'train', sys.argv[1]]; from sayso.cli import main; main()"
    )
    training = subprocess.Popen([sys.executable, "-c", code, str(folder)], stderr=subprocess.PIPE)
    while not (folder / "bundle" / TRAINING).exists() and training.poll() is None:
        time.sleep(0.001)
    os.kill(training.pid, signal.SIGKILL)
    training.communicate()
    assert training.returncode == -signal.SIGKILL, "training ended before it could be killed"
    assert bundle.current(folder / "bundle").name == version
    with Home.open(folder) as home:
        assert home.turn("lock the front door", now=NOW).speech == "The door is locked."


def test_a_damaged_bundle_swapped_in_leaves_the_old_one_serving(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    (home.folder / "bundle" / "CURRENT").write_text("000099-nowhere")
    assert home.turn("lock the front door", now=NOW).speech == "The door is locked."
    assert "goes on serving" in caplog.text


def test_a_client_tells_how_a_turn_went(home: Home) -> None:
    reply = home.turn("boil my egg for five minutes", user="ana", conversation="c1")
    assert home.signal("ana", "c1", reply.turn, "barge_in", 800) is True
    assert home.signal("ana", "c1", reply.turn, SignalKind.UNDONE) is True
    assert home.signal("ben", "c1", reply.turn, SignalKind.UNDONE) is False
    kept = home.store.signals.of_turn("ana", "c1", reply.turn)
    assert [(each.kind, each.value) for each in kept] == [("barge_in", 800.0), ("undone", 1.0)]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("shrug", 1, "no kind of signal; there are barge_in, played, helpful, undone"),
        ("helpful", 2, "must be 0 or 1 for helpful"),
        ("played", -1, "must be 0 to 604800 seconds for played"),
        ("barge_in", float("nan"), "must be 0 to 3600000 milliseconds for barge_in"),
    ],
)
def test_a_signal_that_makes_no_sense_is_refused(
    home: Home, kind: str, value: float, message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        home.signal("ana", "c1", 1, kind, value)
