"""doctor: what it finds in a home that is well, and in one that is not."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from tests.cli.conftest import Result, Sayso

NOWHERE = "postgresql://sayso@127.0.0.1:9/sayso"  # port 9 discards; nobody listens


def remedies(result: Result) -> dict[str, str]:
    assert result.json["healthy"] == (result.code == 0)
    return {x["what"]: x["remedy"] for x in result.json["findings"] if x["remedy"]}


def test_a_home_that_is_well(home: Path, sayso: Sayso) -> None:
    result = sayso("doctor", home)
    assert result.code == 0, result.out
    for said in ("Python 3", "onnxruntime", Encoder.load().fingerprint, "2: gong, greeter"):
        assert said in result.out
    assert remedies(sayso("doctor", home, "--json")) == {}


def test_no_home_at_all(tmp_path: Path, sayso: Sayso) -> None:
    found = remedies(sayso("doctor", tmp_path / "nowhere", "--json"))
    assert found.keys() == {"settings"}
    assert "sayso new" in found["settings"]


def test_a_bundle_behind_its_skill_files(home: Path, sayso: Sayso) -> None:
    file = home / "skills" / "gong" / "skill.yaml"
    file.write_text(file.read_text().replace("hit that gong", "bang that gong"))
    shutil.copytree(home / "skills" / "greeter", home / "skills" / "usher")
    result = sayso("doctor", home, "--json")
    assert result.code == 1
    found = remedies(result)
    assert found == {"bundle": f"gong, usher: changed since training; run: sayso train {home}"}


def test_everything_that_is_wrong_is_found_at_once(home: Path, sayso: Sayso) -> None:
    (home / "skills" / "gong" / "skill.yaml").write_text("name: [")
    (home / "sayso.db").write_bytes(b"not a database at all, but long enough to look at")
    (home / "sayso.toml").write_text(
        '[server]\nhost = "0.0.0.0"\n[understanding]\nencoder = "/no/such/folder"\n'
    )
    found = remedies(sayso("doctor", home, "--json"))
    assert found.keys() == {"keys", "encoder", "languages", "skills", "bundle", "store"}
    assert "sayso key" in found["keys"]
    assert "/no/such/folder" in found["encoder"]
    assert "skill.yaml:" in found["skills"]
    assert "no SQLite database" in found["store"]


def test_another_engine_than_the_bundle_was_trained_for(home: Path, sayso: Sayso) -> None:
    with (home / "sayso.toml").open("r+") as file:
        text = file.read().replace('engine = "shared"', 'engine = "maxent-crf"')
        file.seek(0)
        file.write(text)
    found = remedies(sayso("doctor", home, "--json"))
    assert "trained for engine shared" in found["bundle"]


def test_postgres_out_of_reach(home: Path, sayso: Sayso) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed: sayso[postgres]")
    with (home / "sayso.toml").open("a") as file:
        file.write(f'[store]\nurl = "{NOWHERE}"\n')
    found = remedies(sayso("doctor", home, "--json"))
    assert "start the server or mend the url" in found["store"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_may_not_be_written(home: Path, sayso: Sayso) -> None:
    home.chmod(0o500)
    try:
        assert "may not be written" in remedies(sayso("doctor", home, "--json"))["permissions"]
    finally:
        home.chmod(0o700)


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ({"command": "no-such-program"}, "no-such-program is not found; install it"),
        ({"command": "sh", "env": ["NOT_SET"]}, "the environment variable NOT_SET is not set"),
        ({"command": "sh", "env": ["PATH"]}, ""),
    ],
)
def test_what_a_skills_server_needs_is_looked_for(
    home: Path, sayso: Sayso, service: dict[str, object], told: str
) -> None:
    doc = {"intents": {"find": ["find notes"]}, "fulfilment": {"mcp": service}}
    folder = home / "skills" / "notes"
    folder.mkdir()
    (folder / "skill.yaml").write_text(json.dumps(doc))
    found = {x["what"]: x for x in sayso("doctor", home, "--json").json["findings"]}
    assert told in found["services"]["remedy"]
    assert bool(found["services"]["remedy"]) is bool(told)
