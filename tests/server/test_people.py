"""What a person has enabled, over HTTP: their own for a talk key, anybody's for an admin."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from sayso.types.people import EnabledBy
from tests.server.conftest import Knock, SmallHome, keyed
from tests.server.test_skills import GREETER


@pytest.fixture
def home() -> SmallHome:
    home = SmallHome()
    home.installed["greeter"] = GREETER
    return home


def test_an_enabled_skill_is_listed_with_its_date_and_by_whom(knock: Knock) -> None:
    answer = knock("PUT", "/v1/users/ana/skills/greeter")
    assert answer.status_code == 200
    assert answer.json() == knock("GET", "/v1/users/ana/skills/greeter").json()
    listed = knock("GET", "/v1/users/ana/skills").json()
    assert (listed["user"], listed["neutral"]) == ("ana", False)
    (skill,) = listed["skills"]
    assert (skill["id"], skill["enabled"], skill["by"]) == ("greeter", True, "admin")
    assert knock("GET", "/v1/users/ben/skills").json()["skills"] == []


def test_a_disabled_skill_is_gone_and_may_be_disabled_again(knock: Knock) -> None:
    knock("PUT", "/v1/users/ana/skills/greeter")
    for _ in range(2):
        assert knock("DELETE", "/v1/users/ana/skills/greeter").status_code == 204
    assert knock("GET", "/v1/users/ana/skills/greeter").json()["enabled"] is False


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_skill_is_not_found(method: str, home: SmallHome, knock: Knock) -> None:
    answer = knock(method, "/v1/users/ana/skills/greetr")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert (error["type"], "did you mean" in error["message"]) == ("not_found", True)
    assert home.chosen["ana"] == {}


def test_nobody_in_particular_enables_nothing(knock: Knock) -> None:
    answer = knock("PUT", "/v1/users/anonymous/skills/greeter")
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "user"


def test_the_neutral_switch_is_shown_and_set(knock: Knock) -> None:
    for on in (True, False):
        body = {"neutral": on}
        assert knock("PUT", "/v1/users/ana/ranking", json=body).json() == body
        assert knock("GET", "/v1/users/ana/ranking").json() == body
        assert knock("GET", "/v1/users/ana/skills").json()["neutral"] is on


@pytest.mark.parametrize("body", [{}, {"neutral": "yes"}, {"neutral": True, "k": 1}, []])
def test_a_switch_is_on_or_off(knock: Knock, body: object) -> None:
    assert knock("PUT", "/v1/users/ana/ranking", json=body).status_code == 422


def test_a_search_is_for_the_user_that_it_names(home: SmallHome, knock: Knock) -> None:
    query = {"text": "something that greets", "user": "ana", "k": 3}
    found = knock("GET", "/v1/catalogue", params=query).json()["skills"]
    assert [skill["id"] for skill in found] == ["greeter"]
    assert home.sought == [("something that greets", "ana", 3, None)]


@pytest.mark.parametrize(
    ("query", "field"),
    [({}, "text"), ({"text": " "}, "text"), ({"text": "x", "k": 0}, "k"), ({"text": ""}, "text")],
)
def test_a_search_that_makes_no_sense_names_its_field(
    knock: Knock, query: dict[str, str | int], field: str
) -> None:
    answer = knock("GET", "/v1/catalogue", params=query)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field


def test_a_talk_key_sees_and_changes_its_own_user_alone() -> None:
    home, [key] = keyed(("talk", "ana"))
    home.installed["greeter"] = GREETER
    knock = Knock(home, **{"X-API-Key": key})
    assert knock("PUT", "/v1/users/ana/skills/greeter").json()["by"] == EnabledBy.PERSON
    assert knock("GET", "/v1/catalogue", params={"text": "hi"}).status_code == 200
    assert home.sought[0][1] == "ana"
    for method, path in (
        ("GET", "/v1/users/ben/skills"),
        ("GET", "/v1/users/ben/skills/greeter"),
        ("PUT", "/v1/users/ben/skills/greeter"),
        ("DELETE", "/v1/users/ben/skills/greeter"),
        ("GET", "/v1/users/ben/ranking"),
        ("PUT", "/v1/users/ben/ranking"),
        ("GET", "/v1/catalogue?text=hi&user=ben"),
    ):
        body = {"json": {"neutral": True}} if "PUT" in method and "ranking" in path else {}
        answer = knock(method, path, **body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (403, "user"), path
    assert home.chosen["ben"] == {}
    assert home.neutrals == set()


def test_a_user_of_any_script_has_an_address(home: SmallHome, knock: Knock) -> None:
    knock("PUT", f"/v1/users/{quote('Zoë 🦜')}/skills/greeter")
    assert home.chosen["Zoë 🦜"] == {"greeter": EnabledBy.ADMIN}
