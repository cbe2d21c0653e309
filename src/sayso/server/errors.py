"""Errors become answers here, and only here: one table, one shape of JSON, no stack trace.

    {"error": {"type": "request", "message": "...", "field": "device.id"}}

A 4xx says what to do. A 5xx says only which request failed; the rest is in the server's log, under
the same request id, because a message may hold paths of this machine.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException

from sayso.errors import (
    BundleError,
    FulfilmentError,
    RequestError,
    SaysoError,
    SkillError,
    StoreError,
)
from sayso.server.metrics import Meters

log = logging.getLogger("sayso.server")

# The nearest ancestor of an error counts.
STATUS: Mapping[type[SaysoError], tuple[int, str]] = {
    RequestError: (422, "request"),
    SkillError: (422, "skill"),
    FulfilmentError: (502, "fulfilment"),
    StoreError: (503, "store"),
    BundleError: (503, "bundle"),
    SaysoError: (500, "internal"),
}
_TYPES = {
    400: "json",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type",
    503: "busy",
}
_APOLOGIES = {
    500: "Something went wrong here; the server's log tells more under this request id",
    502: "A skill's back-end failed; the server's log tells more under this request id",
    503: "Not available right now; try again, the server's log tells more under this request id",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a request; field is a dotted path, empty for the whole."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    field: dotted path of the culprit, such as `device.id`; None where no field is to blame.
    problems: every complaint, where there are several; the first is also in message and field.
    request_id: of a 5xx, to be found in the server's log.
    """

    type: str
    message: str
    field: str | None = None
    problems: Sequence[Complaint] = ()
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """The body of every answer that is not a success."""

    error: Problem


class Refusal(HTTPException):
    """A request that is turned down at the door, before any room hears of it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, headers)
        self.field = field


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint for OpenAPI; what every endpoint may answer is added."""
    return {status: {"model": ErrorReply} for status in sorted({*statuses, 500, 503})}


def install(app: FastAPI, meters: Meters) -> None:
    """Give every error its one handler."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        return _reply(meters, _of_http(error), error.status_code, error.headers)  # type: ignore[attr-defined]

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        return _reply(meters, _of_validation(error.errors()), 422)  # type: ignore[attr-defined]

    async def ours(request: Request, error: Exception) -> JSONResponse:
        status, problem = of_error(error)  # type: ignore[arg-type]
        if status >= 500:
            log.error("request %s: %s: %s", problem.request_id, request.url.path, error)
        return _reply(meters, problem, status)

    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        problem = _apology(500, "internal")
        # The server logs the traceback once we are done; the note puts the id beside it.
        error.add_note(f"request {problem.request_id}: {request.method} {request.url.path}")
        return _reply(meters, problem, 500)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(SaysoError, ours)
    app.add_exception_handler(Exception, unforeseen)


def of_error(error: SaysoError) -> tuple[int, Problem]:
    """Status and problem for an error of ours, by the table."""
    status, kind = next(STATUS[parent] for parent in type(error).__mro__ if parent in STATUS)
    if status >= 500:
        return status, _apology(status, kind)
    if isinstance(error, SkillError):
        return status, _of_skill(error)
    field = error.field or None if isinstance(error, RequestError) else None
    return status, Problem(kind, str(error), field)


def _apology(status: int, kind: str) -> Problem:
    return Problem(kind, _APOLOGIES[status], request_id=uuid.uuid4().hex)


def _of_http(error: Any) -> Problem:
    kind = _TYPES.get(error.status_code, "http")
    return Problem(kind, str(error.detail), getattr(error, "field", None))


def _of_skill(error: SkillError) -> Problem:
    complaints = [_complaint(problem) for problem in error.problems]
    first = complaints[0] if complaints else Complaint("", str(error))
    several = complaints if len(complaints) > 1 else ()
    return Problem("skill", first.message, first.field or None, several)


def _complaint(problem: str) -> Complaint:
    """`intents.0.name: what; what to do` names its field before the first colon."""
    field, colon, message = problem.partition(": ")
    return Complaint(field, message) if colon and " " not in field else Complaint("", problem)


def _of_validation(errors: Sequence[Any]) -> Problem:
    complaints = [_located(error["loc"], error["msg"]) for error in errors]
    several = complaints if len(complaints) > 1 else ()
    return Problem("request", complaints[0].message, complaints[0].field or None, several)


def _located(where: Sequence[str | int], message: str) -> Complaint:
    return Complaint(".".join(str(step) for step in where[1:]), message)


_AS_JSON = TypeAdapter(ErrorReply)


def _reply(
    meters: Meters, problem: Problem, status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    meters.errors.labels(problem.type).inc()
    body = _AS_JSON.dump_python(ErrorReply(problem), mode="json", exclude_defaults=True)
    return JSONResponse(body, status, headers)
