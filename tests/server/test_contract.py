"""The API keeps what /openapi.json promises, whatever is sent to it."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.server.conftest import Knock, SmallHome, as_app, keyed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]

# The stream never ends; tests/server/test_events.py listens to it over a socket.
schema = schemathesis.openapi.from_asgi("/openapi.json", as_app(SmallHome(rasa=True))).exclude(
    path="/v1/events"
)


@pytest.mark.slow
@schema.parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: Case) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Host": "localhost"})


def test_every_endpoint_but_operations_asks_for_a_key(knock: Knock) -> None:
    paths = knock("GET", "/openapi.json").json()["paths"]
    open_to_all = {
        path
        for path, methods in paths.items()
        for operation in methods.values()
        if "security" not in operation
    }
    assert open_to_all == {"/healthz", "/metrics"}
    home, _ = keyed(("admin", None))
    for path, methods in paths.items():
        for method in methods:
            where = path.replace("{skill_id}", "x").replace("{user}", "ana")
            expected = 200 if path in open_to_all else 401
            body = {"json": {"text": "x"}} if method in ("post", "put") else {}
            assert Knock(home)(method.upper(), where, **body).status_code == expected, path


def test_errors_are_documented_in_one_shape_everywhere(knock: Knock) -> None:
    page = knock("GET", "/openapi.json").json()
    assert "HTTPValidationError" not in json.dumps(page)
    for methods in page["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    reference = answer["content"]["application/json"]["schema"]["$ref"]
                    assert reference.endswith("/ErrorReply")
