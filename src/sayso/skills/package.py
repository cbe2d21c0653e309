"""Alexa skill packages, bare models and the legacy intent schema -> `Skill` and `Accounting`.

    ask-resources.json            profiles.*.skillMetadata.src, profiles.*.code.*.src
    skill-package/skill.json      the manifest (older: skill.json beside models/)
    skill-package/interactionModels/custom/<locale>.json        (older: models/<locale>.json)
    lambda/**/lambda_function.py  code; its `lambda_handler` becomes the fulfilment

A package may be a folder or a zip of one. The legacy form is `IntentSchema.json` with
`SampleUtterances.txt`, and a folder `customSlotTypes` of value lists.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from sayso.errors import SkillError
from sayso.skills.accounting import Accounting
from sayso.skills.alexa import import_model
from sayso.skills.alexa_legacy import is_schema, read_legacy
from sayso.skills.layout import locale_of
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.templates import said
from sayso.skills.tree import Tree, open_tree, read_json
from sayso.types.skills import ID, Fulfilment, FulfilmentKind, Language, Skill

_MODEL = re.compile(r"(?:^|/)(?:interactionModels/custom|models)/([^/]+)\.json$")
_MANIFESTS = ("skill-package/skill.json", "skill.json")
_LAMBDA = re.compile(r"(?:^|/)lambda_function\.py$")
_HANDLER = re.compile(r"^(?:def\s+lambda_handler\b|lambda_handler\s*=)", re.MULTILINE)
_SHOWN = {"ALEXA_PRESENTATION_APL", "ALEXA_PRESENTATION_HTML", "RENDER_TEMPLATE", "VIDEO_APP"}
_TOLD = "I have nothing to say to that yet."


def import_alexa(path: str | os.PathLike[str]) -> tuple[Skill, Accounting]:
    """The skill of an Alexa package (folder or zip), a model's JSON, or a legacy schema.

    The account covers the interaction models of all locales. Raises SkillError.
    """
    path = Path(path)
    if path.is_file() and path.suffix != ".zip":
        return _import_file(path)
    with open_tree(path) as tree:
        return _import_tree(tree, path)


def is_package(path: Path) -> bool:
    """Whether a folder looks like an Alexa skill package."""
    inside = ("ask-resources.json", "skill-package", "models", "interactionModels", "speechAssets")
    return path.is_dir() and (
        any((path / name).exists() for name in inside)
        or is_schema([x.name for x in path.iterdir()])
    )


def _import_file(path: Path) -> tuple[Skill, Accounting]:
    with open_tree(path.parent, only=path.name) as tree:
        model = read_json(tree, path.name)
    named = locale_of(path.name)
    name = _name_of(model) or (path.resolve().parent.name if named else path.stem)
    id = _id(name)
    language, accounting = import_model(model, id=id, name=name, locale=named or DEFAULT_LOCALE)
    skill = Skill(id, name, languages=(language,), fulfilment=_plain_reply([language]))
    return skill, accounting


def _import_tree(tree: Tree, path: Path) -> tuple[Skill, Accounting]:
    manifest = _manifest(tree)
    models = dict(_models(tree))
    if not models and is_schema([name.rsplit("/", 1)[-1] for name in tree.names]):
        models = {DEFAULT_LOCALE: read_legacy(tree)}
    if not models:
        raise SkillError(f"{path}: {_why_nothing(tree)}")
    name = _name(manifest, models, path)
    id = _id(name if _ascii(name) else path.stem)
    read = {
        locale: import_model(model, id=id, name=name, locale=locale)
        for locale, model in sorted(models.items(), key=_english_first)
    }
    languages = [_with_publishing(x, manifest) for x, _ in read.values()]
    skill = Skill(
        id=id,
        name=name,
        description=languages[0].description,
        languages=tuple(languages),
        fulfilment=_fulfilment(tree, manifest, languages),
        extra={"manifest": manifest} if manifest else {},
        suits=_suits(manifest),
        folder=str(path),
    )
    return skill, reduce(Accounting.__add__, (account for _, account in read.values()))


def _models(tree: Tree) -> Iterator[tuple[str, Any]]:
    """Locale -> model. Of two folders that hold a locale, skill-package counts."""
    found: dict[str, str] = {}
    for name in sorted(tree.names, key=lambda name: ("skill-package" not in name, name)):
        match = _MODEL.search(name)
        if match and locale_of(f"{match[1]}.json"):
            found.setdefault(match[1], name)
    for locale, name in found.items():
        yield locale, read_json(tree, name)


def _manifest(tree: Tree) -> dict[str, Any]:
    names = [name for end in _MANIFESTS for name in tree.names if _ends(name, end)]
    manifest = read_json(tree, names[0]) if names else {}
    if not isinstance(manifest, dict):
        raise SkillError(f"{tree.label(names[0])}:1: not a skill manifest; it must be an object")
    return manifest


def _suits(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """What of a device the skill is made for, by the interfaces that its manifest asks for."""
    node: Any = manifest
    for key in ("manifest", "apis", "custom", "interfaces"):
        node = node.get(key) if isinstance(node, Mapping) else None
    asked = node if isinstance(node, list) else []
    kinds = {str(each.get("type")) for each in asked if isinstance(each, Mapping)}
    return ("screen",) if kinds & _SHOWN else ()


def _ends(name: str, end: str) -> bool:
    return name == end or name.endswith(f"/{end}")


def _why_nothing(tree: Tree) -> str:
    if any(name.endswith(".acdl") for name in tree.names):
        return (
            "an Alexa Conversations package (*.acdl) without an interaction model; "
            "Sayso reads interaction models: export one from the developer console"
        )
    return (
        "no interaction model in it; expected "
        "skill-package/interactionModels/custom/<locale>.json, models/<locale>.json, "
        "or IntentSchema.json with SampleUtterances.txt"
    )


def _english_first(item: tuple[str, Any]) -> tuple[bool, bool, str]:
    locale = item[0]
    return (locale != DEFAULT_LOCALE, not locale.startswith("en"), locale)


def _name(manifest: Mapping[str, Any], models: Mapping[str, Any], path: Path) -> str:
    """What the skill is called: as published, else as invoked, else as its folder."""
    for locale in sorted(_published(manifest), key=lambda x: _english_first((x, None))):
        name = _published(manifest)[locale].get("name")
        if isinstance(name, str) and said(name):
            return said(name)
    for _, model in sorted(models.items(), key=_english_first):
        name = _name_of(model)
        if name:
            return name
    return path.resolve().stem or "skill"


def _name_of(model: Any) -> str:
    """The invocation name of a raw model, as a title."""
    for key in ("interactionModel", "languageModel"):
        model = model.get(key, model) if isinstance(model, Mapping) else {}
    name = model.get("invocationName") if isinstance(model, Mapping) else None
    return said(name).title() if isinstance(name, str) else ""


def _ascii(name: str) -> bool:
    return bool(re.search(r"[A-Za-z0-9]", name))


def _id(name: str) -> str:
    id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-")
    return id if re.fullmatch(ID, id) else "skill"


def _published(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """publishingInformation.locales of a manifest, whatever shape it is in."""
    node: Any = manifest
    for key in ("manifest", "publishingInformation", "locales"):
        node = node.get(key, {}) if isinstance(node, Mapping) else {}
    locales = node.items() if isinstance(node, Mapping) else ()
    return {str(locale): about for locale, about in locales if isinstance(about, Mapping)}


def _with_publishing(language: Language, manifest: Mapping[str, Any]) -> Language:
    about = _published(manifest).get(language.locale, {})
    told = [about.get(key) for key in ("description", "summary")]
    phrases = about.get("examplePhrases")
    texts = phrases if isinstance(phrases, list) else []
    return replace(
        language,
        description=next((x for x in told if isinstance(x, str) and said(x)), ""),
        examples=tuple(x for x in texts if isinstance(x, str) and said(x)),
    )


def _fulfilment(tree: Tree, manifest: Mapping[str, Any], languages: list[Language]) -> Fulfilment:
    """Python code in the package, else the endpoint that the manifest names, else a plain text."""
    reply = _plain_reply(languages)
    handler = _handler(tree)
    if handler:
        return replace(reply, kind=FulfilmentKind.ALEXA, handler=handler, replies={})
    url = _endpoint(manifest)
    if url:
        return replace(reply, kind=FulfilmentKind.HTTPS, url=url, replies={})
    return reply


def _handler(tree: Tree) -> str | None:
    files = sorted(
        (name for name in tree.names if _LAMBDA.search(name)), key=lambda x: (x.count("/"), x)
    )
    for name in files:
        module = name.removesuffix(".py")
        plain = re.fullmatch(r"[\w./-]+", module)
        if plain and _HANDLER.search(tree.read(name).decode("utf-8", "replace")):
            return f"{module}:lambda_handler"
    return None


def _endpoint(manifest: Mapping[str, Any]) -> str | None:
    node: Any = manifest
    for key in ("manifest", "apis", "custom", "endpoint", "uri"):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, str) and re.match(r"https://[^\s/]", node) else None


def _plain_reply(languages: list[Language]) -> Fulfilment:
    names = dict.fromkeys(x.name for language in languages for x in language.intents)
    return Fulfilment(replies=dict.fromkeys(names, (_TOLD,)))
