"""Which file of a tree is what, and of which language.

custom_sentences/en/lamps.yaml                    a user's own: intents, lists, rules, responses
sentences/en/_common.yaml                         the intents repository, old layout
sentences/en/light_HassTurnOn.yaml
sentences/en/HassTurnOn/area_domain.yaml          new layout: the sentences of one intent
lists/brightness.yaml  lists/en/color.yaml        for sentences of the new layout first of all
rules/en/the.yaml
responses/en/HassTurnOn.yaml
tests/en/_fixtures.yaml                           names of areas, floors and devices
en.json                                           all of a language, as the wheel has it
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.errors import SkillError
from sayso.formats.locales import locale_of
from sayso.skills.accounting import Ledger
from sayso.skills.tree import Tree, read_json, read_yaml_text
from sayso.skills.yaml_lines import Document, Path, parse_yaml, typed

_SENTENCES = re.compile(
    r"(?:.*/)?(?:custom_sentences|sentences)/([^/]+)/(?:([^/]+)/)?[^/]+\.ya?ml$"
)
_BESIDE = re.compile(r"(?:.*/)?(lists|rules|responses)/(?:([^/]+)/)?[^/]+\.ya?ml$")
_FIXTURES = re.compile(r"(?:.*/)?(?:tests|fixtures)/(?:([^/]+)/_fixtures\.ya?ml|([^/]+)\.json)$")


@dataclass(frozen=True, slots=True)
class Part:
    """A file that was read. locale: "" for lists of all languages. intent: of the new layout."""

    name: str
    label: str
    kind: str  # "sentences", "lists", "rules", "responses" or "fixtures"
    locale: str
    data: Any
    document: Document = field(default_factory=Document)
    intent: str = ""
    book: Ledger = field(default_factory=Ledger)

    def at(self, path: Path) -> str:
        """`file:line` of what lies at a path."""
        return f"{self.label}:{self.document.line(path)}"


def claims(tree: Tree) -> list[str]:
    """Files of sentences, with the lists, rules and responses beside them."""
    spoken = [name for name in tree.names if _place(name) is not None]
    alone = tree.names if tree.alone and not spoken else ()
    spoken += [name for name in (*tree.names, *alone) if _is_whole(tree, name)]
    if not spoken:
        return []
    beside = [name for name in tree.names if _BESIDE.match(name) or _FIXTURES.match(name)]
    return list(dict.fromkeys([*spoken, *beside]))


def read_parts(tree: Tree) -> list[Part]:
    """The files that were claimed, in the order of their names; raises SkillError."""
    return [_part(tree, name) for name in sorted(claims(tree))]


def _part(tree: Tree, name: str) -> Part:
    data, document = _read(tree, name)
    label = tree.label(name)
    fixtures, beside = _FIXTURES.match(name), _BESIDE.match(name)
    if fixtures:
        locale = locale_of(fixtures[1] or fixtures[2]) or ""
        return Part(name, label, "fixtures", locale, data, document)
    if beside and _place(name) is None:
        locale = locale_of(beside[2]) or "" if beside[2] else ""
        return Part(name, label, beside[1], locale or _language(data), data, document)
    locale, intent = _place(name) or (_language(data) or _by_name(name), "")
    if not locale:
        raise SkillError(f"{label}:1: of no known language; add `language: en` at the top")
    return Part(name, label, "sentences", locale, data, document, intent)


def _read(tree: Tree, name: str) -> tuple[Any, Document]:
    if name.endswith(".json"):
        return read_json(tree, name), Document()
    document = parse_yaml(read_yaml_text(tree, name), tree.label(name))
    if document.problems:
        label = tree.label(name)
        raise SkillError(*(f"{label}:{line}: {what}" for line, what in document.problems))
    return typed(document.data), document


def _place(name: str) -> tuple[str, str] | None:
    """The locale and, of the new layout, the intent of a file of sentences; None for any other."""
    match = _SENTENCES.match(name)
    locale = locale_of(match[1]) if match else None
    return (locale, match[2] or "") if match and locale else None


def _is_whole(tree: Tree, name: str) -> bool:
    """Whether a file holds all of a language, by its name and then by what lies in it."""
    if _FIXTURES.match(name) or not (tree.alone or _by_name(name)):
        return False
    if not name.endswith((".json", ".yaml", ".yml")):
        return False
    try:
        data, _ = _read(tree, name)
    except SkillError:
        return False
    intents = data.get("intents") if isinstance(data, Mapping) else None
    return isinstance(intents, Mapping) and any(
        isinstance(x, Mapping) and isinstance(x.get("data"), list) for x in intents.values()
    )


def _by_name(name: str) -> str:
    stem, _, _ = name.rsplit("/", 1)[-1].partition(".")
    return locale_of(stem) or ""


def _language(data: Any) -> str:
    code = data.get("language") if isinstance(data, Mapping) else None
    return locale_of(code) or "" if isinstance(code, str) else ""


def locales_of(parts: Sequence[Part]) -> list[str]:
    """The locales that have sentences: American English first, other English next."""
    found = {part.locale for part in parts if part.kind == "sentences"}
    return sorted(found, key=lambda x: (x != "en-US", not x.startswith("en"), x))
