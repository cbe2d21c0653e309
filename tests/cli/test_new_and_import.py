"""new, import, key: what writes into a home."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from sayso.settings import read_settings
from sayso.skills import read_skill
from sayso.types.skills import FulfilmentKind
from tests.cli.conftest import Sayso

ALEXA = Path(__file__).parents[2] / "examples" / "alexa"
MODEL = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "night light",
            "intents": [
                {"name": "GlowIntent", "slots": [], "samples": ["glow a little", "shine softly"]},
                {"name": "AMAZON.StopIntent", "samples": []},
            ],
            "types": [],
        }
    }
}


def test_new_makes_a_home_and_never_touches_an_old_one(tmp_path: Path, sayso: Sayso) -> None:
    home = tmp_path / "my [home]"
    result = sayso("new", home, "--time-zone", "Asia/Tokyo")
    assert result.code == 0
    assert f"sayso train {home}" in result.out
    assert read_settings(home).time_zone == "Asia/Tokyo"
    assert read_skill(home / "skills" / "greeter").name == "Greeter"
    assert "is a home already" in sayso("new", home).err
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").touch()
    assert "not empty" in sayso("new", tmp_path / "full").err


def test_new_refuses_an_unknown_time_zone(tmp_path: Path, sayso: Sayso) -> None:
    result = sayso("new", tmp_path / "home", "--time-zone", "Mars/Base")
    assert result.code == 2
    assert "Mars/Base" in result.err
    assert not (tmp_path / "home").exists()


def test_import_says_what_became_of_every_line(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    (tmp_path / "en-US.json").write_text(json.dumps(MODEL))
    result = sayso("import", tmp_path / "en-US.json", "--to", tmp_path / "home")
    assert result.code == 0, result.err
    assert "read" in result.out
    [folder] = (tmp_path / "home" / "skills").glob("*light*")
    assert read_skill(folder).languages[0].intent("GlowIntent") is not None
    again = sayso("import", tmp_path / "en-US.json", "--to", tmp_path / "home", "--json")
    assert again.code == 2
    assert "--replace" in again.err
    replaced = sayso(
        "import", tmp_path / "en-US.json", "--to", tmp_path / "home", "--replace", "--json"
    )
    assert replaced.json["skills"] == {folder.name: str(folder)}
    assert replaced.json["format"] == "alexa"


def test_import_for_clients_leaves_them_what_has_no_back_end(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    (tmp_path / "en-US.json").write_text(json.dumps(MODEL))
    kinds = []
    for source in (tmp_path / "en-US.json", ALEXA / "lost-lighthouse"):
        result = sayso("import", source, "--to", tmp_path / "home", "--client", "--json")
        assert result.code == 0, result.err
        (folder,) = result.json["skills"].values()
        kinds.append(read_skill(Path(folder)).fulfilment.kind)
    assert kinds == [FulfilmentKind.CLIENT, FulfilmentKind.ALEXA]


def test_import_needs_a_home_and_a_skill(tmp_path: Path, sayso: Sayso) -> None:
    (tmp_path / "model.json").write_text(json.dumps(MODEL))
    assert "sayso new" in sayso("import", tmp_path / "model.json", "--to", tmp_path / "no").err
    sayso("new", tmp_path / "home")
    for content in ("{", "[]", '{"interactionModel": 3}', "\x00"):
        (tmp_path / "model.json").write_text(content)
        result = sayso("import", tmp_path / "model.json", "--to", tmp_path / "home")
        assert result.code == 2
        assert "model" in result.err
    assert sayso("import", tmp_path / "gone", "--to", tmp_path / "home").code == 2
    assert [x.name for x in (tmp_path / "home" / "skills").iterdir()] == ["greeter"]


def test_key_is_shown_once_and_kept_as_its_hash(tmp_path: Path, sayso: Sayso) -> None:
    home = tmp_path / "home"
    sayso("new", home)
    talk = sayso("key", home, "--user", 'an"a', "--json").json
    admin = sayso("key", home, "--role", "admin").out.split()[0]
    keys = read_settings(home).server.keys
    assert [(key.role, key.user) for key in keys] == [("talk", 'an"a'), ("admin", None)]
    assert [key.sha256 for key in keys] == [
        sha256(secret.encode()).hexdigest() for secret in (talk["key"], admin)
    ]
    assert talk["key"] not in (home / "sayso.toml").read_text()


def test_key_of_nobody_or_of_an_unknown_role_is_refused(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    for arguments in ((), ("--role", "king", "--user", "ana")):
        result = sayso("key", tmp_path / "home", *arguments)
        assert result.code == 2
        assert "--role is talk, with --user NAME, or admin" in result.err


def test_key_leaves_settings_that_it_cannot_extend_as_they_were(
    tmp_path: Path, sayso: Sayso
) -> None:
    home = tmp_path / "home"
    sayso("new", home)
    before = "[server]\nkeys = []\n"
    (home / "sayso.toml").write_text(before)
    result = sayso("key", home, "--role", "admin")
    assert result.code == 2
    assert "add it by hand" in result.err
    assert (home / "sayso.toml").read_text() == before
    assert {path.name for path in home.iterdir()} == {"sayso.toml", "skills"}


def test_sentences_kept_for_tests_can_be_played(tmp_path: Path, sayso: Sayso) -> None:
    home = tmp_path / "home"
    sayso("new", home)
    rows = [
        {"inputs": {"utterance": text}, "expected": [{"intent": {"name": name}}]}
        for text, name in (("glow a little", "GlowIntent"), ("dance", "DanceIntent"))
    ]
    for name, content in (("models/en-US.json", MODEL), ("nlu.json", {"data": rows})):
        (tmp_path / "light" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "light" / name).write_text(json.dumps(content))
    told = sayso("import", tmp_path / "light", "--to", home, "--json").json
    assert told["tests"] == {"night-light": ["nlu"]}
    file = home / "skills" / "night-light" / "tests" / "nlu.jsonl"
    assert sayso("train", home).code == 0
    assert sayso("eval", home, file, "--json").json["intent_accuracy"] == 1.0
    again = sayso("import", tmp_path / "light", "--to", home, "--replace")
    assert "1 rows of a test set: sayso eval" in again.out


def test_words_alone_are_told_as_such(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    words = tmp_path / "lamp" / "locale" / "en-us"
    words.mkdir(parents=True)
    (words / "off.voc").write_text("switch off\n")
    told = sayso("import", tmp_path / "lamp", "--to", tmp_path / "home")
    assert told.code == 0, told.err
    assert "lamp: words alone; write intents that use them" in told.out
