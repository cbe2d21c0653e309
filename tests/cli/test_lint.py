"""lint: exit codes, what people read, what programs read, what is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Sayso

OWLS = """\
name: Owls
intents:
  Hoot:
    samples:
      - hoot for me
      - let me hear an owl
      - call the barn owl
"""
BIRDS = """\
name: Birds
intents:
  Sound: [Hoot for me!, sing like a robin, chirp now]
"""
MUSIC = """\
name: Music
intents:
  Play:
    samples: ["play {song}", stop the record player]
    slots: {song: SONG}
types:
  SONG: [jolene, yesterday]
"""
CHESS = """\
name: Chess
intents:
  Play: [play yesterday, set up the pieces, move my queen]
"""


@pytest.fixture
def skills(tmp_path: Path) -> Path:
    """A folder with skills that do not collide."""
    write(tmp_path / "skills", owls=OWLS, music=MUSIC)
    return tmp_path / "skills"


def write(skills: Path, **files: str) -> None:
    for name, text in files.items():
        (skills / name).mkdir(parents=True)
        (skills / name / "skill.yaml").write_text(text)


def test_skills_that_do_not_collide_are_exit_code_0(skills: Path, sayso: Sayso) -> None:
    result = sayso("lint", skills)
    assert result.code == 0
    assert result.out == "2 skills, 5 samples: 0 errors, 0 warnings, 0 notes\n"


def test_an_error_says_both_places_and_what_to_do(skills: Path, sayso: Sayso) -> None:
    write(skills, birds=BIRDS)
    result = sayso("lint", skills)
    assert result.code == 1
    assert "error: same words: Hoot for me!" in result.out
    assert f"{skills}/owls/skill.yaml:5: owls.Hoot: hoot for me" in result.out
    assert f"{skills}/birds/skill.yaml:3: birds.Sound: Hoot for me!" in result.out
    assert "-> leave it to one of them" in result.out
    assert "3 skills, 8 samples: 1 error, 0 warnings, 0 notes" in result.out


def test_warnings_fail_only_where_it_is_strict(skills: Path, sayso: Sayso) -> None:
    write(skills, chess=CHESS)
    assert sayso("lint", skills).code == 0
    result = sayso("lint", skills, "--strict")
    assert result.code == 1
    assert f"taken by {skills}/music/skill.yaml:4: music.Play: play {{song}}" in result.out


def test_json_has_everything(skills: Path, sayso: Sayso) -> None:
    write(skills, birds=BIRDS, chess=CHESS)
    report = sayso("lint", skills, "--json", "--limit", 1).json
    assert report["counts"] == {"errors": 1, "warnings": 1, "notes": 0, "accepted": 0}
    error, warning = report["findings"]
    assert (error["severity"], error["kind"]) == ("error", "same words")
    assert {(site["skill"], site["line"]) for site in error["sites"]} == {("owls", 5), ("birds", 3)}
    assert warning["taker"]["sample"] == "play {song}"
    assert report["skills"] == 4


def test_only_what_concerns_a_skill_fails(skills: Path, sayso: Sayso) -> None:
    write(skills, birds=BIRDS, chess=CHESS)
    assert sayso("lint", skills, "--skill", "birds").code == 1
    result = sayso("lint", skills, "--skill", "music", "--json")
    assert result.code == 0
    assert [one["severity"] for one in result.json["findings"]] == ["warning"]


def test_a_skill_is_tried_before_it_is_added(skills: Path, tmp_path: Path, sayso: Sayso) -> None:
    write(tmp_path, birds=BIRDS)
    result = sayso("lint", skills, "--skill", tmp_path / "birds")
    assert result.code == 1
    assert f"{tmp_path}/birds/skill.yaml:3" in result.out
    assert sayso("lint", skills).code == 0


def test_a_skill_that_is_nowhere_is_exit_code_2(skills: Path, sayso: Sayso) -> None:
    result = sayso("lint", skills, "--skill", "larks")
    assert result.code == 2
    assert 'no skill "larks" is here' in result.err


def test_what_was_accepted_does_not_fail_again(skills: Path, tmp_path: Path, sayso: Sayso) -> None:
    known = tmp_path / "known.json"
    write(skills, birds=BIRDS)
    assert sayso("lint", skills, "--write-baseline", known).code == 0
    result = sayso("lint", skills, "--accept", known)
    assert result.code == 0
    assert "0 errors, 0 warnings, 0 notes; 1 accepted" in result.out
    write(skills, larks=BIRDS.replace("Birds", "Larks"))
    assert sayso("lint", skills, "--accept", known).code == 1


def test_a_locale_that_no_skill_speaks_has_no_samples(skills: Path, sayso: Sayso) -> None:
    write(skills, birds=BIRDS)
    result = sayso("lint", skills, "--locale", "de-DE")
    assert (result.code, result.out) == (
        0,
        "3 skills, 0 samples: 0 errors, 0 warnings, 0 notes\n",
    )


def test_a_home_is_linted_as_its_files_are_now(home: Path, sayso: Sayso) -> None:
    assert sayso("lint", home).code == 0
    file = home / "skills" / "gong" / "skill.yaml"
    file.write_text(file.read_text().replace("invocation: gong", "invocation: greeter"))
    result = sayso("lint", home, "--json")
    assert result.code == 1
    assert [one["kind"] for one in result.json["findings"]] == ["same name"]


def test_a_limit_says_how_many_more_there_are(skills: Path, sayso: Sayso) -> None:
    write(skills, birds=BIRDS, chess=CHESS)
    assert "... and 1 more" in sayso("lint", skills, "--limit", 1).out


def test_a_folder_without_skills_is_exit_code_2(tmp_path: Path, sayso: Sayso) -> None:
    assert sayso("lint", tmp_path / "nowhere").code == 2
