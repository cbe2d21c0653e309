"""skills: list, search, enable, disable, neutral."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Sayso, shell


def test_a_search_finds_a_skill_by_what_it_does(home: Path, sayso: Sayso) -> None:
    sayso("skills", "enable", home, "gong", "--user", "ana")
    result = sayso("skills", "search", home, "something that strikes a gong", "--user", "ana")
    assert result.code == 0, result.err
    first = result.out.splitlines()[1].split()
    assert first[:3] == ["enabled", "gong", "Gong"]
    assert "Strikes a gong" in result.out
    found = sayso("skills", "search", home, "say hello", "-k", 1, "--json").json["skills"]
    assert [(skill["id"], skill["enabled"]) for skill in found] == [("greeter", False)]


def test_what_a_person_enables_is_theirs_alone(home: Path, sayso: Sayso) -> None:
    result = sayso("skills", "enable", home, "gong", "greeter", "--user", "ana")
    assert result.out == "2 enabled for ana.\n"
    again = sayso("skills", "enable", home, "gong", "--user", "ana")
    assert again.out == "0 enabled for ana; 1 was so before.\n"
    for user, ids in (("ana", ["gong", "greeter"]), ("ben", [])):
        listed = sayso("skills", "list", home, "--user", user, "--json").json
        assert [skill["id"] for skill in listed["skills"]] == ids
    assert "sayso skills search" in sayso("skills", "list", home, "--user", "ben").out


def test_what_is_disabled_is_no_longer_listed(home: Path, sayso: Sayso) -> None:
    sayso("skills", "enable", home, "gong", "--user", "ana")
    result = sayso("skills", "disable", home, "gong", "--user", "ana", "--json")
    assert result.json == {"user": "ana", "disabled": 1, "skills": ["gong"]}
    assert sayso("skills", "list", home, "--user", "ana", "--json").json["skills"] == []


def test_without_a_user_every_skill_is_listed(home: Path, sayso: Sayso) -> None:
    listed = sayso("skills", "list", home, "--json").json
    assert [skill["id"] for skill in listed["skills"]] == ["gong", "greeter"]
    assert "Strikes a gong" in sayso("skills", "list", home).out


def test_what_was_said_shows_as_a_habit(home: Path, sayso: Sayso) -> None:
    sayso("say", home, "strike the gong", "--user", "ana")
    (skill,) = sayso("skills", "list", home, "--user", "ana", "--json").json["skills"]
    assert (skill["id"], skill["enabled"], skill["use"]["count"]) == ("gong", False, 1.0)
    assert sayso("skills", "list", home, "--user", "ana").out.rstrip().endswith("1.0")


def test_the_neutral_switch_is_shown(home: Path, sayso: Sayso) -> None:
    assert sayso("skills", "neutral", home, "on", "--user", "ana").code == 0
    sayso("skills", "enable", home, "gong", "--user", "ana")
    assert "Neutral ranking is on" in sayso("skills", "list", home, "--user", "ana").out
    off = sayso("skills", "neutral", home, "off", "--user", "ana", "--json")
    assert off.json == {"user": "ana", "neutral": False}
    assert sayso("skills", "list", home, "--user", "ana", "--json").json["neutral"] is False


def test_wrong_words_are_exit_code_2_and_say_what_to_do(home: Path, sayso: Sayso) -> None:
    unknown = sayso("skills", "enable", home, "gonk", "--user", "ana")
    assert (unknown.code, unknown.err) == (
        2,
        'error: no skill "gonk" is installed; did you mean gong?\n',
    )
    for arguments in (
        ["enable", home, "gong"],
        ["enable", home, "gong", "--user", "anonymous"],
        ["neutral", home, "maybe", "--user", "ana"],
        ["search", home, " ", "--user", "ana"],
        ["search", home, "gong", "-k", "0"],
        ["list", home / "nowhere"],
        ["forget", home],
    ):
        result = sayso("skills", *arguments)
        assert result.code == 2
        assert result.err


def test_no_color_is_respected(home: Path, sayso: Sayso) -> None:
    sayso("skills", "enable", home, "gong", "--user", "ana")
    words = ("skills", "list", home, "--user", "ana")
    assert "\x1b[3" not in shell(*words, NO_COLOR="1", FORCE_COLOR="1").out
    assert "\x1b[3" in shell(*words, FORCE_COLOR="1", NO_COLOR="").out
