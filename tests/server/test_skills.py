from __future__ import annotations

from typing import Any

import pytest

from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill
from tests.server.conftest import Knock, SmallHome, keyed

GREETER = Skill(
    "greeter",
    "Greeter",
    "Greets.",
    (Language("en-US", "greeter", intents=(Intent("Greet", ("hello there",)),)),),
    Fulfilment(replies={"Greet": ("Hello.",)}),
)


@pytest.fixture
def body(home: SmallHome, knock: Knock) -> dict[str, Any]:
    """The greeter as JSON, as the server itself shows it."""
    home.installed["greeter"] = GREETER
    shown: dict[str, Any] = knock("GET", "/v1/skills/greeter").json()
    home.installed.clear()
    return shown


def test_installed_skill_is_live_and_comes_back_as_it_was(
    home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    answer = knock("PUT", "/v1/skills/greeter", json=body)
    assert (answer.status_code, answer.json()) == (200, {"id": "greeter", "version": "v1"})
    assert home.installed["greeter"] == GREETER
    assert knock("GET", "/v1/skills/greeter").json() == body


def test_id_may_be_left_to_the_address(home: SmallHome, knock: Knock, body: Any) -> None:
    del body["id"]
    assert knock("PUT", "/v1/skills/greeter", json=body).status_code == 200
    assert home.installed["greeter"] == GREETER


def test_id_that_contradicts_the_address_is_refused(
    home: SmallHome, knock: Knock, body: Any
) -> None:
    answer = knock("PUT", "/v1/skills/another", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "id"
    assert home.installed == {}


@pytest.mark.parametrize("path", ["..%2F..%2Fetc", "%2e%2e", ".hidden", "UP PER", "a%00b", "a%0Ab"])
def test_id_is_checked_before_any_path_is_made_of_it(
    path: str, home: SmallHome, knock: Knock, body: Any
) -> None:
    del body["id"]
    answer = knock("PUT", f"/v1/skills/{path}", json=body)
    assert answer.status_code in (404, 405, 422)
    assert home.installed == {}


@pytest.mark.parametrize("kind", ["python", "alexa"])
def test_code_may_not_come_over_http(
    kind: str, home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    body["fulfilment"] = {kind: "os:system"}
    answer = knock("PUT", "/v1/skills/greeter", json=body)
    assert answer.status_code == 403
    assert answer.json()["error"]["field"] == f"fulfilment.{kind}"
    assert home.installed == {}


@pytest.mark.parametrize(
    ("kind", "service"),
    [
        ("mcp", {"command": "sh", "args": ["-c", "true"]}),
        ("mcp", {"url": "https://x.example/mcp", "headers": {"X": "${HOME}"}}),
        ("openapi", {"url": "https://x.example", "headers": {"X": "${PATH}"}}),
    ],
)
def test_programs_and_the_environment_are_not_for_those_who_come_over_http(
    kind: str, service: dict[str, Any], home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    body["fulfilment"] = {kind: service}
    assert knock("PUT", "/v1/skills/greeter", json=body).status_code == 403
    assert home.installed == {}


def test_https_endpoint_may_come_over_http(
    home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    body["fulfilment"] = {"https": "https://skills.example/greeter"}
    assert knock("PUT", "/v1/skills/greeter", json=body).status_code == 200
    assert home.installed["greeter"].fulfilment.kind is FulfilmentKind.HTTPS


@pytest.mark.parametrize("url", ["http://skills.example/", "file:///etc/passwd", "https://a:b@c/"])
def test_other_endpoints_are_refused(
    url: str, home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    body["fulfilment"] = {"https": url}
    answer = knock("PUT", "/v1/skills/greeter", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "fulfilment.https"
    assert home.installed == {}


def test_skill_that_makes_no_sense_is_refused_with_its_complaint(
    home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    body["languages"] = "none"
    answer = knock("PUT", "/v1/skills/greeter", json=body)
    assert answer.status_code == 422
    assert "languages" in str(answer.json()["error"])
    assert home.installed == {}


def test_template_that_cannot_be_read_is_refused(
    home: SmallHome, knock: Knock, body: dict[str, Any]
) -> None:
    body["fulfilment"]["replies"]["Greet"] = ["Hello {{ unclosed"]
    answer = knock("PUT", "/v1/skills/greeter", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "skill"
    assert home.installed == {}


def test_uninstalled_skill_is_gone(home: SmallHome, knock: Knock) -> None:
    home.installed["greeter"] = GREETER
    assert knock("DELETE", "/v1/skills/greeter").status_code == 204
    assert home.installed == {}
    for method in ("DELETE", "GET"):
        answer = knock(method, "/v1/skills/greeter")
        assert answer.status_code == 404
        assert answer.json()["error"]["type"] == "not_found"


def test_list_comes_in_pages(home: SmallHome, knock: Knock) -> None:
    for number in range(5):
        skill = Skill(f"s{number}", f"Skill {number}", languages=GREETER.languages)
        home.installed[skill.id] = skill
    seen, after = [], ""
    while after is not None:
        page = knock("GET", "/v1/skills", params={"limit": 2, "after": after}).json()
        assert page["total"] == 5
        seen += [skill["id"] for skill in page["skills"]]
        after = page["next"]
    assert seen == ["s0", "s1", "s2", "s3", "s4"]
    assert knock("GET", "/v1/skills", params={"limit": 0}).json()["error"]["field"] == "limit"


def test_only_an_admin_sees_how_a_skill_is_fulfilled() -> None:
    home, [talk, admin] = keyed(("talk", "ana"), ("admin", None))
    home.installed["greeter"] = GREETER
    knock = Knock(home)
    assert (
        "fulfilment" not in knock("GET", "/v1/skills/greeter", headers={"X-API-Key": talk}).json()
    )
    assert "fulfilment" in knock("GET", "/v1/skills/greeter", headers={"X-API-Key": admin}).json()


def test_a_skill_is_approved_by_an_admin_with_a_name(home: SmallHome, knock: Knock) -> None:
    home.installed["greeter"] = GREETER
    assert knock("PUT", "/v1/skills/greeter/approval?by=ana").status_code == 204
    assert home.approved == {"greeter": "ana"}
    assert knock("PUT", "/v1/skills/nobody/approval").status_code == 404
    assert home.approved == {"greeter": "ana"}
