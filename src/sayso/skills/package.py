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
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from sayso.errors import SkillError
from sayso.skills.accounting import Accounting
from sayso.skills.alexa import import_model
from sayso.skills.alexa_legacy import is_schema, legacy_files, read_legacy
from sayso.skills.alexa_manifest import (
    can_fulfill,
    endpoint,
    published,
    read_manifest,
    skill_id,
    suits,
    with_publishing,
)
from sayso.skills.layout import locale_of
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.templates import said
from sayso.skills.tree import Tree, open_tree, read_json
from sayso.types.skills import ID, Fulfilment, FulfilmentKind, Language, Skill

_MODEL = re.compile(r"(?:^|/)(?:interactionModels/custom|models)/([^/]+)\.json$")
_LAMBDA = re.compile(r"(?:^|/)lambda_function\.py$")
_HANDLER = re.compile(r"^(?:def\s+lambda_handler\b|lambda_handler\s*=)", re.MULTILINE)
_TOLD = "I have nothing to say to that yet."


def import_alexa(path: str | os.PathLike[str]) -> tuple[Skill, Accounting]:
    """The skill of an Alexa package (folder or zip), a model's JSON, or a legacy schema.

    The account covers the interaction models of all locales. Raises SkillError.
    """
    path = Path(path)
    alone = path.is_file() and path.suffix != ".zip"
    with open_tree(path.parent, only=path.name) if alone else open_tree(path) as tree:
        skill, accounts = import_tree(tree)
    return skill, reduce(Accounting.__add__, accounts.values())


def import_tree(tree: Tree) -> tuple[Skill, dict[str, Accounting]]:
    """The skill of these files, and what became of the lines of each that has a part in it."""
    if tree.alone:
        return _import_file(tree, tree.names[0])
    return _import_package(tree, tree.source)


def models_of(tree: Tree) -> list[str]:
    """Files that hold an interaction model or a legacy schema, by their names."""
    found = [name for name in tree.names if _locale(name)] or legacy_files(tree)
    return found or [name for name in tree.names if tree.alone and _is_model(tree, name)]


def is_package(path: Path) -> bool:
    """Whether a folder looks like an Alexa skill package."""
    inside = ("ask-resources.json", "skill-package", "models", "interactionModels", "speechAssets")
    return path.is_dir() and (
        any((path / name).exists() for name in inside)
        or is_schema([x.name for x in path.iterdir()])
    )


def _is_model(tree: Tree, name: str) -> bool:
    """Whether a file is a model by what lies in it."""
    try:
        model = read_json(tree, name) if name.endswith(".json") else None
    except SkillError:
        return False
    if not isinstance(model, dict):
        return False
    wrapped = "interactionModel" in model or "languageModel" in model
    return wrapped or isinstance(model.get("intents"), list)


def _import_file(tree: Tree, name: str) -> tuple[Skill, dict[str, Accounting]]:
    model = read_json(tree, name)
    named = locale_of(name)
    stem = Path(name).stem
    title = _name_of(model) or (tree.source.resolve().name if named else stem)
    id = _id(title)
    language, account = import_model(model, id=id, name=title, locale=named or DEFAULT_LOCALE)
    skill = Skill(id, title, languages=(language,), fulfilment=_plain_reply([language]))
    return skill, {name: account}


def _import_package(tree: Tree, path: Path) -> tuple[Skill, dict[str, Accounting]]:
    manifest = read_manifest(tree)
    files = _models(tree)
    models = {locale: read_json(tree, name) for locale, name in files.items()}
    legacy = [] if models else legacy_files(tree)
    if legacy:
        models, files = {DEFAULT_LOCALE: read_legacy(tree)}, {DEFAULT_LOCALE: legacy[0]}
    if not models:
        raise SkillError(f"{path}: {_why_nothing(tree)}")
    name = _name(manifest, models, path)
    id = _id(name if _ascii(name) else path.stem)
    read = {
        locale: import_model(model, id=id, name=name, locale=locale)
        for locale, model in sorted(models.items(), key=_english_first)
    }
    languages = [with_publishing(x, manifest) for x, _ in read.values()]
    skill = Skill(
        id=id,
        name=name,
        description=languages[0].description,
        languages=tuple(languages),
        fulfilment=_fulfilment(tree, manifest, languages),
        extra={"manifest": manifest} if manifest else {},
        suits=suits(manifest),
        folder=str(path),
    )
    # What a legacy skill has beside its schema is put together with it, and counted there.
    accounts = dict.fromkeys(legacy, Accounting())
    return skill, accounts | {files[locale]: account for locale, (_, account) in read.items()}


def _models(tree: Tree) -> dict[str, str]:
    """Locale -> file. Of two folders that hold a locale, skill-package counts."""
    found: dict[str, str] = {}
    for name in sorted(tree.names, key=lambda name: ("skill-package" not in name, name)):
        locale = _locale(name)
        if locale:
            found.setdefault(locale, name)
    return found


def _locale(name: str) -> str:
    """Of an interaction model in its place in a package; "" for any other file."""
    match = _MODEL.search(name)
    return match[1] if match and locale_of(f"{match[1]}.json") else ""


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
    for locale in sorted(published(manifest), key=lambda x: _english_first((x, None))):
        name = published(manifest)[locale].get("name")
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


def _fulfilment(tree: Tree, manifest: Mapping[str, Any], languages: list[Language]) -> Fulfilment:
    """Python code in the package, else the endpoint that the manifest names, else a plain text."""
    reply = replace(
        _plain_reply(languages),
        can_fulfill=can_fulfill(manifest),
        application_id=skill_id(tree),
    )
    handler = _handler(tree)
    if handler:
        return replace(reply, kind=FulfilmentKind.ALEXA, handler=handler, replies={})
    url = endpoint(manifest)
    if url:
        return replace(reply, kind=FulfilmentKind.HTTPS, url=url, replies={})
    return replace(reply, can_fulfill=False, application_id=None)


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


def _plain_reply(languages: list[Language]) -> Fulfilment:
    names = dict.fromkeys(x.name for language in languages for x in language.intents)
    return Fulfilment(replies=dict.fromkeys(names, (_TOLD,)))
