"""What an Alexa package says about its skill: the manifest, and the id that Alexa gave it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sayso.errors import SkillError
from sayso.skills.templates import said
from sayso.skills.tree import Tree, read_json
from sayso.types.skills import Language

_MANIFESTS = ("skill-package/skill.json", "skill.json")
_SHOWN = {"ALEXA_PRESENTATION_APL", "ALEXA_PRESENTATION_HTML", "RENDER_TEMPLATE", "VIDEO_APP"}
_CAN_FULFILL, _STATES = "CAN_FULFILL_INTENT_REQUEST", ".ask/ask-states.json"
_SKILL_ID = re.compile(r"amzn1\.ask\.skill\.[0-9a-zA-Z-]{1,100}")


def manifest_file(tree: Tree) -> str | None:
    """The file that is the manifest; None where there is none."""
    return next((x for end in _MANIFESTS for x in tree.names if _ends(x, end)), None)


def read_manifest(tree: Tree) -> dict[str, Any]:
    """The manifest, empty where there is none. Raises SkillError."""
    name = manifest_file(tree)
    manifest = read_json(tree, name) if name is not None else {}
    if not isinstance(manifest, dict):
        raise SkillError(f"{tree.label(str(name))}:1: not a skill manifest; it must be an object")
    return manifest


def suits(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """What of a device the skill is made for, by the interfaces that its manifest asks for."""
    return ("screen",) if _interfaces(manifest) & _SHOWN else ()


def can_fulfill(manifest: Mapping[str, Any]) -> bool:
    """Whether the skill says, when it is asked, if a request is for it."""
    return _CAN_FULFILL in _interfaces(manifest)


def _interfaces(manifest: Mapping[str, Any]) -> set[str]:
    """What the manifest asks for beyond speech."""
    asked = _at(manifest, "manifest", "apis", "custom", "interfaces")
    listed = asked if isinstance(asked, list) else []
    return {str(each.get("type")) for each in listed if isinstance(each, Mapping)}


def skill_id(tree: Tree) -> str | None:
    """The id that Alexa gave the skill, where the tool of its developers has noted it."""
    # Folders whose name begins with a dot are passed over when a folder is listed.
    beside = [_STATES] if tree.archive is None and (tree.source / _STATES).is_file() else []
    for name in (*beside, *(name for name in tree.names if _ends(name, _STATES))):
        id = _at(read_json(tree, name), "profiles", "default", "skillId")
        if isinstance(id, str) and _SKILL_ID.fullmatch(id):
            return id
    return None


def published(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """publishingInformation.locales of a manifest, whatever shape it is in."""
    node = _at(manifest, "manifest", "publishingInformation", "locales")
    locales = node.items() if isinstance(node, Mapping) else ()
    return {str(locale): about for locale, about in locales if isinstance(about, Mapping)}


def with_publishing(language: Language, manifest: Mapping[str, Any]) -> Language:
    """A language of the skill, with what its store page says in it."""
    about = published(manifest).get(language.locale, {})
    told = [about.get(key) for key in ("description", "summary")]
    phrases = about.get("examplePhrases")
    texts = phrases if isinstance(phrases, list) else []
    return replace(
        language,
        description=next((x for x in told if isinstance(x, str) and said(x)), ""),
        examples=tuple(x for x in texts if isinstance(x, str) and said(x)),
    )


def endpoint(manifest: Mapping[str, Any]) -> str | None:
    """The HTTPS address that answers for the skill; None for code elsewhere, such as Lambda's."""
    uri = _at(manifest, "manifest", "apis", "custom", "endpoint", "uri")
    return uri if isinstance(uri, str) and re.match(r"https://[^\s/]", uri) else None


def _at(node: Any, *keys: str) -> Any:
    """What lies below nested keys; None where something on the way is no mapping."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _ends(name: str, end: str) -> bool:
    return name == end or name.endswith(f"/{end}")
