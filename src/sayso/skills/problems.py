"""Pydantic's errors about a skill file, in words: what is wrong, and what to do."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sayso.skills import fulfilment_schema, schema
from sayso.skills.checks import Problem, did_you_mean
from sayso.skills.yaml_lines import Path


def shape_problems(model: type[BaseModel], doc: Any) -> list[Problem]:
    """Where a document does not have the form of a model."""
    try:
        model.model_validate(doc)
    except ValidationError as error:
        return [_problem(detail, model) for detail in error.errors(include_url=False)]
    return []


def _problem(detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = tuple(step for step in detail["loc"] if step != "[key]")
    if detail["type"] == "extra_forbidden":
        # Pydantic says so of the value; and somebody may call a key of theirs what it says of keys.
        path = detail["loc"]
    return path, _words(detail, path, model)


def _words(detail: ErrorDetails, path: Path, model: type[BaseModel]) -> str:
    what, given = _part(path), detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key {what}; {did_you_mean(str(path[-1]), _keys(path, model))}"
        case "missing":
            return f"{what} is missing; add it"
        case "string_type":
            return f"{what} is {_kind(given)}, not a text; put the text in quotes"
        case "string_pattern_mismatch":
            return f'{what} may not be "{given}"; {_FORMS.get(_key(path), _LOCALE)}'
        case "value_error":
            return f"{what} {detail['ctx']['error']}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{what} is {_kind(given)}; write `key: value` pairs below it"
        case "tuple_type" | "list_type":
            return f"{what} is {_kind(given)}, not a list; write one item a line after `- `"
    return f"{what}: {detail['msg'].lower()}; see docs/skill-format.md"


_LOCALE = "write a locale such as en-US"
_FORMS = {
    "id": schema.ID_ADVICE,
    "python": "write module:callable, such as handler:handle",
    "alexa": "write module:callable, such as lambda_function:lambda_handler",
    "https": "write an address such as https://example.org/skill",
    "url": "write an address such as https://example.org/mcp",
    "env": "write the name of an environment variable, and not its value",
}


def _key(path: Path) -> str:
    """The key that a value stands under, itself or its list."""
    listed = len(path) > 1 and isinstance(path[-1], int)
    return str(path[-2] if listed else path[-1])


def _part(path: Path) -> str:
    """How messages call a part."""
    if len(path) > 1 and isinstance(path[-1], int):
        return f'an item of "{path[-2]}"'
    return f'"{path[-1]}"' if path else "the file"


def _keys(path: Path, model: type[BaseModel]) -> set[str]:
    """Keys that may stand where the path's last one does."""
    below: dict[str, type[BaseModel]] = {
        "intents": schema.IntentFile,
        "slots": schema.SlotFile,
        "types": schema.TypeFile,
        "languages": schema.LanguageFile,
    }
    services: dict[str, type[BaseModel]] = {
        "mcp": fulfilment_schema.McpFile,
        "openapi": fulfilment_schema.OpenApiFile,
    }
    part: type[BaseModel] = model
    for before, step in zip((None, *path), path[:-1], strict=False):
        if isinstance(before, str) and before in below:
            part = below[before]
        elif before == "fulfilment" and step in services:
            part = services[str(step)]
        elif step == "fulfilment":
            part = fulfilment_schema.FulfilmentFile
        elif before == "values":
            part = schema.ValueFile
    return set(part.model_fields)


def _kind(given: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", str: "a text", bool: "a flag", type(None): "empty"}
    return kinds.get(type(given), "a text" if isinstance(given, str) else "a number")
