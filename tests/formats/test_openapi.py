"""OpenAPI 3 descriptions become skills: an operation is an intent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.catalogues import Types
from sayso.formats.foreign import Marks
from sayso.formats.known import import_skills
from sayso.formats.openapi.operations import METHODS, read_operation
from sayso.formats.parameters import MOST_SLOTS
from sayso.formats.refs import Refs
from sayso.skills.restore import OURS
from sayso.types.skills import Intent, Skill
from tests.formats.foreign import check_page, imported, only, put

LIBRARY = """\
openapi: 3.0.3
info:
  title: Town Library
  description: Lends books.
  version: "1.0"
servers:
  - url: https://{place}.library.example/v1
    variables: {place: {default: north}}
  - url: https://me:pw@library.example
paths:
  /loans/{loanId}:
    parameters:
      - {name: loanId, in: path, required: true, schema: {type: string}}
    delete:
      operationId: endLoan
      summary: Ends a loan
      responses: {204: {description: done}}
    head:
      responses: {200: {description: there}}
  /books:
    get:
      operationId: findBooks
      summary: Finds books about a topic.
      parameters:
        - $ref: '#/components/parameters/topic'
        - {name: X-Trace, in: header, schema: {type: string}}
        - name: language
          in: query
          schema: {type: string, enum: [en, de]}
    post:
      description: Adds a book to the shelf
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Book'}
          text/xml:
            schema: {type: string}
components:
  parameters:
    topic:
      name: topic
      in: query
      required: true
      description: What the books are about
      example: gardens
      schema: {type: string}
  schemas:
    Book:
      type: object
      required: [title]
      properties:
        title: {type: string}
        pages: {type: integer}
        sequel: {$ref: '#/components/schemas/Book'}
        author:
          type: object
          properties: {name: {type: string}}
    Unused: {type: string}
  securitySchemes:
    key: {type: apiKey, name: k, in: header}
"""


def library(tmp_path: Path) -> Skill:
    return only(imported(put(tmp_path / "library", {"openapi.yaml": LIBRARY}), "openapi"))


def intents(skill: Skill) -> dict[str, Intent]:
    return {intent.name: intent for intent in skill.languages[0].intents}


def described(paths: Any, **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths, **more}


def test_a_description_becomes_a_skill_and_an_operation_an_intent(tmp_path: Path) -> None:
    skill = library(tmp_path)
    assert (skill.id, skill.name, skill.description) == (
        "town-library",
        "Town Library",
        "Lends books.",
    )
    assert list(intents(skill)) == ["endLoan", "findBooks", "post_books"]
    assert skill.extra == {"openapi": {"servers": ["https://north.library.example/v1"]}}


def test_methods_that_change_things_are_marked_and_deleting_asks_for_a_yes(tmp_path: Path) -> None:
    found = intents(library(tmp_path))
    assert {name: x.side_effects for name, x in found.items()} == {
        "endLoan": True,
        "findBooks": False,
        "post_books": True,
    }
    assert found["endLoan"].confirm == ("Shall I do this: end a loan?",)
    assert not found["post_books"].confirm


def test_parameters_become_slots_wherever_they_are_declared(tmp_path: Path) -> None:
    skill = library(tmp_path)
    found = intents(skill)
    (loan,) = found["endLoan"].slots
    assert (loan.name, loan.required, loan.extra[OURS]["place"]) == ("loanId", True, "path")
    topic, language = found["findBooks"].slots
    assert (topic.required, topic.ask) == (
        True,
        ("What are the books about?",),
    )
    assert topic.extra[OURS]["said"] == ["gardens"]
    kind = skill.languages[0].type(language.type)
    assert kind is not None
    assert [value.value for value in kind.values] == ["en", "de"]


def test_a_body_becomes_slots_and_a_cycle_ends_where_it_closes(tmp_path: Path) -> None:
    added = intents(library(tmp_path))["post_books"]
    assert {slot.name: tuple(slot.extra[OURS]["argument"]) for slot in added.slots} == {
        "title": ("title",),
        "pages": ("pages",),
        "name": ("author", "name"),
    }
    assert added.extra[OURS] == {"method": "post", "path": "/books", "body": "application/json"}
    assert "add a book to the shelf called {title}" in added.samples


def test_the_account_says_what_was_made_and_what_left(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "library", {"openapi.yaml": LIBRARY}), "openapi")
    notes = {line.note for line in (*found.accounting.mapped, *found.accounting.skipped)}
    assert "sample made of it, as the format brings none" in notes
    assert "set by the client, not said" in notes
    assert found.accounting.read["references"] == 3
    assert "a method for clients, nothing that a person asks for" in notes
    assert "pw@" not in repr(found)


def test_json_and_names_in_other_scripts_are_read(tmp_path: Path) -> None:
    paths = {"/wetter/{ort}": {"get": {"summary": "Wetter für einen Ort", "tags": ["w"]}}}
    path = put(tmp_path, {"wetter.json": "\ufeff" + json.dumps(described(paths))}) / "wetter.json"
    kind, found = import_skills(path)
    assert kind.name == "openapi"
    assert list(intents(only(found))) == ["get_wetter_ort"]


def test_what_a_framework_added_to_a_name_is_not_said(tmp_path: Path) -> None:
    own = {"operationId": "lend_book_v1_books__title__post", "summary": "Lend A Book"}
    path = put(tmp_path, {"a.json": described({"/v1/books/{title}": {"post": own}})}) / "a.json"
    _, found = import_skills(path)
    assert only(found).languages[0].intents[0].samples == ("lend book", "lend a book")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("swagger: '2.0'\ninfo: {}\n", r":1: Swagger 2.0; convert it to OpenAPI 3 first"),
        ("openapi: 4.0.0\npaths: {}\n", r':1: OpenAPI "4.0.0"; Sayso reads 3.0 and 3.1'),
        ("openapi: 3.0.0\ninfo: {title: x}\n", r":1: no paths"),
        ("openapi: 3.0.0\npaths: {}\npaths: {}\n", r"api.yaml:3: .*second time"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(SkillError, match=what):
        import_skills(put(tmp_path, {"api.yaml": text}), "openapi")


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["openapi: 3.0.0", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(SkillError, match=r"api.yaml:\d+: more than \d+ parts"):
        import_skills(put(tmp_path, {"api.yaml": "\n".join(lines)}), "openapi")


KEYS = ["name", "in", "schema", "parameters", "requestBody", "content", "application/json", "$ref",
        "properties", "type", "get", "post", "required", "description"]  # fmt: skip
LEAVES = st.none() | st.booleans() | st.sampled_from(["query", "path", "object", "a", "#", "#/get"])
ITEMS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(ITEMS, st.sampled_from(METHODS))
def test_any_operation_is_read_or_skipped(item: Any, method: str) -> None:
    marks = Marks(item)
    if isinstance(item, dict):
        made = read_operation("/a/{b}", method, marks.root, Refs(marks.root), Types(), ())
        assert made is None or (made.samples and len(made.slots) <= MOST_SLOTS)
    assert marks.close().adds_up


def test_the_page_about_it_shows_what_is_done(tmp_path: Path) -> None:
    check_page("openapi", tmp_path)
