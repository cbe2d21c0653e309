from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sayso import errors
from sayso.errors import BundleError, FulfilmentError, SaysoError, SkillError, StoreError
from sayso.server.errors import STATUS, of_error
from tests.server.conftest import Knock, SmallHome

TURN = {"text": "hi"}


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (StoreError("/secret/sayso.db: locked"), 503, "store"),
        (BundleError("/secret/bundle: damaged"), 503, "bundle"),
        (FulfilmentError("/secret/handler.py failed"), 502, "fulfilment"),
        (SaysoError("/secret"), 500, "internal"),
        (ZeroDivisionError("/secret"), 500, "internal"),
    ],
)
def test_server_side_error_tells_a_request_id_and_nothing_else(
    error: Exception, status: int, kind: str, home: SmallHome, caplog: pytest.LogCaptureFixture
) -> None:
    home.failure = error
    with caplog.at_level(logging.ERROR):
        answer = Knock(home)("POST", "/v1/turns", json=TURN)
    problem = answer.json()["error"]
    assert (answer.status_code, problem["type"]) == (status, kind)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    logged = caplog.text + "".join(getattr(error, "__notes__", []))
    assert problem["request_id"] in logged


def test_every_error_of_ours_has_a_status() -> None:
    ours = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in ours:
        assert issubclass(kind, SaysoError)
        assert any(parent in STATUS for parent in kind.__mro__)


def test_complaints_about_a_skill_name_their_fields() -> None:
    status, problem = of_error(
        SkillError("intents.0.samples: empty; add one", "it is all wrong: really")
    )
    assert (status, problem.field, problem.message) == (422, "intents.0.samples", "empty; add one")
    assert [each.field for each in problem.problems] == ["intents.0.samples", ""]


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/turns", 405, "method_not_allowed"),
        ("PATCH", "/v1/skills/x", 405, "method_not_allowed"),
    ],
)
def test_wrong_address_is_answered_in_the_same_shape(
    method: str, path: str, status: int, kind: str, knock: Knock
) -> None:
    answer = knock(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["type"] == kind


def test_docs_list_every_type_of_error(knock: Knock) -> None:
    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    from sayso.server.errors import _TYPES

    for kind in {*_TYPES.values(), *(kind for _, kind in STATUS.values())}:
        assert f"`{kind}`" in page
