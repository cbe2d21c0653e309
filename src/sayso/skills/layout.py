"""A skill as the texts of its files: skill.yaml and `<locale>.yaml`, in the forms people write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from sayso.skills.written import to_json, write_language
from sayso.types.skills import LOCALE, Language, Skill

SKILL = "skill.yaml"


def locale_of(file_name: str) -> str | None:
    """The locale that a file is named for (`de-DE.yaml`), or None.

    Three letters alone are none: a skill may well have a `map.yaml` of its own.
    """
    stem, dot, _ = file_name.partition(".")
    named = dot and re.fullmatch(LOCALE, stem) and (len(stem) == 2 or "-" in stem)
    return stem if named else None


def skill_files(skill: Skill) -> dict[str, str]:
    """File name -> text; skill.yaml last."""
    return {name: _dump(doc) for name, doc in _documents(skill).items()}


def _documents(skill: Skill) -> dict[str, dict[str, Any]]:
    """File name -> what it says; skill.yaml last."""
    doc = to_json(skill)
    first = next(iter(skill.languages), None)
    if first is None or first.description != skill.description:
        return {SKILL: doc}  # no language can speak for the skill: all stay under `languages`
    languages = doc.pop("languages")
    same = [x.locale for x in _alike(skill.languages)]
    rest = {locale: language for locale, language in languages.items() if locale not in same}
    main = {"locale": same if len(same) > 1 else same[0], **languages[first.locale]}
    if list(rest) != sorted(rest):
        return {SKILL: _ordered({**doc, **main, "languages": rest})}
    files = {f"{locale}.yaml": language for locale, language in rest.items()}
    return {**files, SKILL: _ordered({**doc, **main})}


def _alike(languages: Sequence[Language]) -> list[Language]:
    """The languages at the head that differ in nothing but the locale."""
    found = []
    for language in languages:
        if write_language(language) != write_language(languages[0]):
            break
        found.append(language)
    return found


def _ordered(doc: Mapping[str, Any]) -> dict[str, Any]:
    known = ("id", "name", "invocation", "locale", "description", "examples", "intents", "types")
    head = {key: doc[key] for key in known if key in doc}
    last = ("suits", "fulfilment", "languages", "alexa", "package")
    return {**head, **{key: doc[key] for key in last if key in doc}}


class _InFlow(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    pass


def _represent_in_flow(dumper: _Dumper, node: _InFlow) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", node.items(), flow_style=True)


_Dumper.add_representer(_InFlow, _represent_in_flow)


def _dump(doc: Mapping[str, Any]) -> str:
    short = {**doc, **_shortened(doc)}
    for key, language in doc.get("languages", {}).items():
        short["languages"] = {**short["languages"], key: {**language, **_shortened(language)}}
    return yaml.dump(
        short, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2
    )


def _shortened(language: Mapping[str, Any]) -> dict[str, Any]:
    """The intents and types of a language in the short forms that people write."""
    found: dict[str, Any] = {}
    if "intents" in language:
        found["intents"] = {name: _short_intent(x) for name, x in language["intents"].items()}
    if "types" in language:
        found["types"] = {name: _short_type(x) for name, x in language["types"].items()}
    return found


def _short_intent(intent: Mapping[str, Any]) -> dict[str, Any]:
    short = {**intent, **_short_texts(intent, "confirm")}
    if "slots" in intent:
        short["slots"] = {name: _short_slot(slot) for name, slot in intent["slots"].items()}
    return short


def _short_slot(slot: Mapping[str, Any]) -> Any:
    return slot["type"] if slot.keys() == {"type"} else {**slot, **_short_texts(slot, "ask")}


def _short_type(kind: Mapping[str, Any]) -> Any:
    values = [x["value"] if x.keys() == {"value"} else _InFlow(x) for x in kind["values"]]
    return values if kind.keys() == {"values"} else {**kind, "values": values}


def _short_texts(node: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {key: node[key][0]} if len(node.get(key, ())) == 1 else {}
