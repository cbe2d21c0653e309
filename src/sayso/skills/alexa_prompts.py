"""The `prompts` of an Alexa model: texts that dialog rules name by an id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.alexa_json import UNUSED, skip_others
from sayso.skills.templates import said

_TAG = re.compile(r"<[^<>]*>")


@dataclass
class Prompts:
    """Prompt texts by id, with the path of each; `used` are those that a rule asks for."""

    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def prompt_texts(raw: Any) -> dict[str, tuple[str, ...]]:
    """Prompt id -> its variations as plain text. The first of an id counts."""
    found: dict[str, tuple[str, ...]] = {}
    for prompt in raw if isinstance(raw, list) else []:
        id = prompt.get("id") if isinstance(prompt, Mapping) else None
        variations = prompt.get("variations") if isinstance(prompt, Mapping) else None
        if isinstance(id, str) and isinstance(variations, list):
            texts = (_variation(variation) for variation in variations)
            found.setdefault(id, tuple(text for text in texts if text))
    return found


def _gap(tag: re.Match[str]) -> str:
    return "" if tag[0].startswith("</") else " "


def _variation(raw: Any) -> str:
    """Text of a variation, without SSML marks; empty if there is none."""
    text = raw.get("value") if isinstance(raw, Mapping) else None
    if not isinstance(text, str):
        return ""
    plain = " ".join(_TAG.sub(_gap, text).split()) if raw.get("type") == "SSML" else text
    return plain if said(plain) else ""


def account_prompts(raw: Any, used: set[str], book: Ledger) -> None:
    """Account for every line of the prompts; `used` are the ids that a rule asks for."""
    if not isinstance(raw, list):
        book.skip("prompts", raw, "not a list")
        return
    left = set(used)
    for index, prompt in enumerate(raw):
        where = f"prompts[{index}]"
        id = prompt.get("id") if isinstance(prompt, Mapping) else None
        if not isinstance(id, str) or id not in left or not isinstance(prompt["variations"], list):
            book.skip(where, prompt, "a prompt that no rule read by Sayso asks for")
            continue
        left.discard(id)
        book.read("prompts")
        for place, variation in enumerate(prompt["variations"]):
            _account_variation(variation, f"{where}.variations[{place}]", book)
        skip_others(prompt, ("id", "variations"), where, book)


def _account_variation(raw: Any, where: str, book: Ledger) -> None:
    text = _variation(raw)
    if not text:
        book.skip(where, raw, "a prompt without text")
        return
    if text == raw["value"]:
        book.read("prompts")
    else:
        book.map(f"{where}.value", raw["value"], "prompt as plain text")
    if raw.get("type") in ("PlainText", "SSML"):
        book.read("prompts")
    elif "type" in raw:
        book.skip(f"{where}.type", raw["type"], UNUSED)
    skip_others(raw, ("type", "value"), where, book)
