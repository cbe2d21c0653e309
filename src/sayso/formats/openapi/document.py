"""An OpenAPI document -> a skill, with an intent for each operation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sayso.errors import SkillError
from sayso.formats.catalogues import Types
from sayso.formats.foreign import Marks, Node, load
from sayso.formats.format import Format, Imported
from sayso.formats.names import unlike
from sayso.formats.openapi.access import headers_of
from sayso.formats.openapi.operations import METHODS, read_operation
from sayso.formats.refs import Refs
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id, words
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Service, Skill

MOST_OPERATIONS = 5000
_TOLD = 500  # characters of a description
_VERSION = re.compile(r"3\.[01](\.\d+)?(-\w+)?")
_TOP = 4000  # bytes in which a JSON document says what it is
_TOP_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*?"(?:openapi|swagger)"\s*:\s*"\d', re.DOTALL)
_TOP_YAML = re.compile(
    rb"^(?:\xef\xbb\xbf)?[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?\d", re.MULTILINE
)
_FILES = (".json", ".yaml", ".yml")
_NOT_OURS = {
    "components": "used by no operation, or said again where it is used",
    "webhooks": "what the service calls, not what it is asked",
    "tags": "a group of operations",
    "security": "who may call it: set where the skill is installed",
    "externalDocs": "further reading",
    "jsonSchemaDialect": "the dialect of the schemas",
}


def claims(tree: Tree) -> Sequence[str]:
    """Documents that say `openapi` or `swagger` at their top."""
    return [name for name in tree.names if name.lower().endswith(_FILES) and _is_one(tree, name)]


def read(tree: Tree, name: str) -> Imported:
    """A skill a document. Raises SkillError for a version that is not read."""
    files = claims(tree) or [x for x in tree.names if x.lower().endswith(_FILES)]
    skills: list[Skill] = []
    accounts = {}
    for file in files:
        marks = load(tree, file)
        stem = PurePosixPath(file).stem
        generic = stem.casefold() in ("openapi", "api", "swagger", "spec", "index")
        skill = _skill(marks, name if generic else stem, [skill.id for skill in skills])
        accounts[file] = marks.close()
        skills += [skill] if skill.languages[0].intents else []
    unused = {file: "no OpenAPI document" for file in tree.names if file not in accounts}
    return Imported(sorted(skills, key=lambda skill: skill.id), accounts, unused)


def _is_one(tree: Tree, name: str) -> bool:
    """By its first lines, or a key without indentation; broken documents count, and are told so."""
    try:
        raw = tree.read(name)
    except SkillError:
        return False
    return bool(_TOP_JSON.match(raw[:_TOP]) or _TOP_YAML.search(raw))


def _skill(marks: Marks, name: str, taken: Sequence[str]) -> Skill:
    root = marks.root
    _check(root)
    info = root.at("info")
    title = said(info.at("title").text("names")) or words(name).capitalize() or name
    told = [info.at("summary"), info.at("description")]
    for node in told:
        node.skip("said in fewer words beside it")
    description = said(next((x.text("descriptions") for x in told if x.text()), ""))[:_TOLD]
    info.skip("who publishes it")
    root.at("openapi").read("version")
    for key, reason in _NOT_OURS.items():
        root.at(key).skip(reason)
    types = Types()
    intents = _intents(root, types)
    language = Language(
        DEFAULT_LOCALE,
        title.lower(),
        description,
        intents=tuple(intents.values()),
        types=tuple(types.found.values()),
    )
    servers = _servers(root)
    return Skill(
        unlike(skill_id(title), taken),
        title,
        description,
        (language,),
        _fulfilment(language, servers, headers_of(root, title)),
        extra={"openapi": {"servers": servers}},
    )


def _fulfilment(
    language: Language, servers: Sequence[str], headers: Mapping[str, str]
) -> Fulfilment:
    """The first server with a whole address; else a reply that says nothing."""
    whole = [url for url in servers if re.match(r"https?://[^\s/{}]+[^\s{}]*$", url)]
    if not whole:
        return fulfilment([language], {})
    return Fulfilment(FulfilmentKind.OPENAPI, service=Service(url=whole[0], headers=headers))


def _check(root: Node) -> None:
    if root.at("swagger").there:
        what = f"Swagger {root.at('swagger').value}; convert it to OpenAPI 3 first"
        raise SkillError(f"{root.marks.file}:1: {what}")
    version = str(root.at("openapi").value)
    if not _VERSION.fullmatch(version):
        what = f'OpenAPI "{version}"; Sayso reads 3.0 and 3.1'
        raise SkillError(f"{root.marks.file}:1: {what}")
    if not root.at("paths").entries():
        raise SkillError(f"{root.marks.file}:1: no paths, so there is nothing to ask for; add some")


def _intents(root: Node, types: Types) -> dict[str, Intent]:
    found: dict[str, Intent] = {}
    refs = Refs(root)
    for path, entry in root.at("paths").entries():
        item = refs.follow(entry)
        if item is None:
            continue
        for key in ("summary", "description"):
            item.at(key).skip("said of several operations together")
        for method in METHODS:
            if not isinstance(item.at(method).value, dict):
                continue
            if len(found) >= MOST_OPERATIONS:
                item.at(method).skip(f"more than {MOST_OPERATIONS} operations")
                continue
            intent = read_operation(path, method, item, refs, types, found)
            if intent:
                found[intent.name] = intent
    return found


def _servers(root: Node) -> list[str]:
    """Addresses, with the defaults of their variables."""
    found = []
    for server in root.at("servers").items():
        url = server.at("url").text()
        if not url or "@" in url or "?" in url:
            server.hide("an address that may hold a secret")
            continue
        server.at("url").read("addresses")
        for name, variable in server.at("variables").entries():
            default = variable.at("default")
            if default.text():
                default.map("filled into the address")
                url = url.replace("{" + name + "}", default.text())
        found.append(url)
    return found


OPENAPI = Format("openapi", "OpenAPI 3 description", claims, read)
