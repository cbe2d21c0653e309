"""Operations of a web service as a back-end: where values go, and what comes of the answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sayso.fulfilment import Backends
from sayso.types.calls import Answer
from sayso.types.readings import SlotValue
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Service, Skill, Slot
from tests.fulfilment.skills import ENDED, LAUNCH, asking, context


@dataclass
class Library:
    """A web service that notes what it is asked, and answers as it is told to."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    kind: str = "application/json"
    body: bytes = b'{"books": 2}'
    wait: threading.Event = field(default_factory=threading.Event)
    slow: bool = False


def slot(name: str, place: str, *path: str, kind: str = "", multiple: bool = False) -> Slot:
    ours = {"argument": list(path or (name,)), "place": place, **({"kind": kind} if kind else {})}
    return Slot(name, "AMAZON.SearchQuery", multiple=multiple, extra={"$": ours})


def intent(name: str, *slots: Slot, **noted: str) -> Intent:
    return Intent(name, slots=slots, extra={"$": noted})


INTENTS = (
    intent(
        "find",
        slot("topic", "query"),
        slot("years", "query", kind="integer", multiple=True),
        method="get",
        path="/books",
    ),
    intent("end", slot("number", "path", kind="integer"), method="delete", path="/loans/{number}"),
    intent(
        "lend",
        slot("title", "body", "book", "title"),
        slot("days", "body", kind="integer"),
        slot("urgent", "body", kind="boolean"),
        method="post",
        path="/loans",
        body="application/json",
    ),
    intent(
        "ask",
        slot("question", "body"),
        method="post",
        path="/desk",
        body="application/x-www-form-urlencoded",
    ),
    intent("draw", slot("what", "body"), method="post", path="/x", body="multipart/form-data"),
    Intent("plain", slots=(Slot("word", "AMAZON.SearchQuery"),)),
)


@pytest.fixture
def library() -> Iterator[Library]:
    state = Library()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size).decode()
            noted = {"method": self.command, "path": self.path, "body": body}
            state.asked.append({**noted, "headers": dict(self.headers)})
            if state.slow:
                state.wait.wait(10)
            self.send_response(state.status)
            self.send_header("Content-Type", state.kind)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield state
    state.wait.set()
    server.shutdown()
    server.server_close()


def skill(library: Library, timeout_s: float = 5.0, **headers: str) -> Skill:
    service = Service(url=library.url, headers=headers)
    made = Fulfilment(FulfilmentKind.OPENAPI, service=service, timeout_s=timeout_s)
    language = Language("en-US", "library", intents=INTENTS)
    return Skill("weather", "Library", languages=(language,), fulfilment=made)


@pytest.fixture
def backends(tmp_path: Path) -> Iterator[Backends]:
    with Backends(
        home=tmp_path, private_addresses=True, environment={"LIBRARY_TOKEN": "s3cret"}
    ) as made:
        yield made


def ask(backends: Backends, skill: Skill, intent: str, *said: tuple[str, str]) -> Answer:
    slots = [SlotValue(name, "", value) for name, value in said]
    return backends.answer(skill, asking(*slots, intent=intent), context())


def test_values_go_into_the_query(backends: Backends, library: Library) -> None:
    said = (("topic", "bees & honey"), ("years", "1999"), ("years", "2001"))
    found = ask(backends, skill(library), "find", *said)
    (asked,) = library.asked
    assert asked["method"] == "GET"
    assert asked["path"] == "/v1/books?topic=bees+%26+honey&years=1999&years=2001"
    assert (found.speech, found.data, found.ended) == ("books: 2", {"books": 2}, True)


def test_values_go_into_the_path_and_nowhere_else(backends: Backends, library: Library) -> None:
    library.status, library.body = 204, b""
    ended = ask(backends, skill(library), "end", ("number", "7"))
    assert (library.asked[0]["method"], library.asked[0]["path"]) == ("DELETE", "/v1/loans/7")
    assert (ended.speech, ended.failure) == ("Okay.", None)


def test_a_value_cannot_break_out_of_its_place(backends: Backends, library: Library) -> None:
    inner = intent("get", slot("name", "path"), method="get", path="/books/{name}")
    made = skill(library)
    language = Language("en-US", "library", intents=(inner,))
    made = Skill(made.id, made.name, languages=(language,), fulfilment=made.fulfilment)
    ask(backends, made, "get", ("name", "../loans?all=1"))
    assert library.asked[0]["path"] == "/v1/books/..%2Floans%3Fall%3D1"


def test_values_go_into_the_body_each_of_its_type(backends: Backends, library: Library) -> None:
    said = (("title", "Bees"), ("days", "14"), ("urgent", "true"))
    ask(backends, skill(library), "lend", *said)
    asked = library.asked[0]
    assert json.loads(asked["body"]) == {"book": {"title": "Bees"}, "days": 14, "urgent": True}
    assert asked["headers"]["Content-Type"] == "application/json"


def test_forms_are_filled_in_and_other_bodies_are_not_sent(
    backends: Backends, library: Library
) -> None:
    ask(backends, skill(library), "ask", ("question", "is it open?"))
    assert library.asked[0]["body"] == "question=is+it+open%3F"
    drawn = ask(backends, skill(library), "draw", ("what", "a bee"))
    assert "multipart/form-data is not sent" in (drawn.failure or "")
    assert len(library.asked) == 1


def test_an_intent_of_ones_own_needs_no_notes(backends: Backends, library: Library) -> None:
    ask(backends, skill(library), "plain", ("word", "bee"))
    assert library.asked[0]["path"] == "/v1/plain?word=bee"


def test_secrets_come_from_the_environment(backends: Backends, library: Library) -> None:
    ask(backends, skill(library, Authorization="Bearer ${LIBRARY_TOKEN}"), "find")
    assert library.asked[0]["headers"]["Authorization"] == "Bearer s3cret"
    unset = ask(backends, skill(library, Authorization="Bearer ${NO_TOKEN}"), "find")
    assert "NO_TOKEN is not set" in (unset.failure or "")
    assert len(library.asked) == 1


@pytest.mark.parametrize(
    ("status", "kind", "body", "told"),
    [
        (404, "application/json", b'{"detail": "no such loan"}', "404 Not Found: {"),
        (302, "text/html", b"", "302 Found"),
        (500, "text/html", b"<h1>Oops</h1>", "500 Internal Server Error: <h1>Oops"),
        (200, "application/json", b"{", "not valid JSON"),
        (200, "application/json", b"1" * 300_000, "more than 262,144 bytes"),
    ],
)
def test_what_goes_wrong_is_told_and_the_request_was_sent_once(
    backends: Backends, library: Library, status: int, kind: str, body: bytes, told: str
) -> None:
    library.status, library.kind, library.body = status, kind, body
    answer = ask(backends, skill(library), "find")
    assert told in (answer.failure or "")
    assert answer.speech == "Sorry, Library isn't answering right now."
    assert len(library.asked) == 1


def test_a_service_that_takes_too_long_is_cut_off(backends: Backends, library: Library) -> None:
    library.slow = True
    answer = ask(backends, skill(library, timeout_s=0.2), "find")
    assert "no answer within 0.2 s" in (answer.failure or "")
    assert len(library.asked) == 1


def test_what_is_missing_or_of_another_type_is_not_sent(
    backends: Backends, library: Library
) -> None:
    assert "not said" in (ask(backends, skill(library), "end").failure or "")
    wrong = ask(backends, skill(library), "end", ("number", "some"))
    assert '"some" is no integer' in (wrong.failure or "")
    assert library.asked == []


def test_text_is_said_as_it_stands(backends: Backends, library: Library) -> None:
    library.kind, library.body = "text/plain", b"Closed on\n Mondays."
    assert ask(backends, skill(library), "find").speech == "Closed on Mondays."


def test_opening_and_closing_the_skill_asks_nothing(backends: Backends, library: Library) -> None:
    assert backends.answer(skill(library), LAUNCH, context()).ended is False
    assert backends.answer(skill(library), ENDED, context()).speech == ""
    assert library.asked == []


def test_private_addresses_are_for_those_who_allow_them(tmp_path: Path, library: Library) -> None:
    with Backends(home=tmp_path) as strict:
        assert "only https" in (ask(strict, skill(library), "find").failure or "")
