"""Alexa interaction models -> `Language`, with an account of every line, and back without loss.

Read are today's form (`interactionModel.languageModel`), the same without its wrappers, and the
early ones: intents at the top level, `intent` for `name`, values that are bare strings, samples
with `{value|slot}`. What a skill file of ours would refuse (a slot type that nobody defines, a
sample that names an undeclared slot) is mapped or skipped, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sayso.errors import SkillError
from sayso.skills.accounting import Accounting, Ledger, deeper_than
from sayso.skills.alexa_dialog import read_dialog, write_dialog
from sayso.skills.alexa_intents import read_intents, unmarked, write_intent
from sayso.skills.alexa_json import UNUSED
from sayso.skills.alexa_types import read_types, write_type
from sayso.skills.restore import OURS, canonical, leftover, notes, restore
from sayso.skills.templates import said
from sayso.types.skills import Language, Skill

DEEPEST = 64
_BESIDE = ("dialog", "prompts")  # keys beside the language model, not inside it
_WRAPPERS = ("interactionModel", "languageModel")


@dataclass(frozen=True, slots=True)
class _Parts:
    """A model unwrapped: `wrappers` it came in, keys of each that are not the next one."""

    wrappers: tuple[str, ...]
    outer: Mapping[str, Any]
    inner: Mapping[str, Any]
    core: Mapping[str, Any]


def import_model(
    model: Mapping[str, Any], *, id: str, name: str, locale: str
) -> tuple[Language, Accounting]:
    """One interaction model, as parsed from JSON.

    id, name: of the skill, for messages; the name stands in for an absent invocation name.
    Raises SkillError if `model` is nothing like an interaction model.
    """
    where = f"{id}/{locale}"
    if deeper_than(DEEPEST, model):
        raise SkillError(f"{where}: nested deeper than {DEEPEST}; is this an interaction model?")
    _check_json(model, where)
    parts = _unwrap(model, where)
    book = Ledger()
    language = replace(_read_core(parts, book), locale=locale)
    language = replace(language, intents=read_dialog(language.intents, parts.inner, book))
    _skip_rest(parts, book)
    fallback = "" if language.invocation_name else name.strip().lower()
    language = replace(language, invocation_name=language.invocation_name or fallback)
    language = replace(language, extra=_extra(parts, language, fallback))
    return language, book.close(model)


def export_alexa(skill: Skill, locale: str) -> dict[str, Any]:
    """The interaction model of a skill in a locale, in the form it came in (else today's).

    Raises SkillError if the skill does not speak the locale.
    """
    language = next((x for x in skill.languages if x.locale == locale), None)
    if language is None:
        spoken = ", ".join(skill.locales) or "none"
        raise SkillError(f"{skill.id}: does not speak {locale}; choose one of: {spoken}")
    return export_model(language)


def export_model(language: Language) -> dict[str, Any]:
    """The interaction model of one language."""
    ours = notes(language.extra)
    kept = {k: v for k, v in language.extra.items() if k not in (*_BESIDE, OURS)}
    kept |= {OURS: {"absent": ours.get("absent", [])}}
    core = restore(_plain_core(language), kept, lambda raw: _same_core(raw, language))
    wrappers = ours["wrappers"].split() if "wrappers" in ours else _WRAPPERS
    core |= ours.get("core", {})
    inner = {**ours.get("inner", {}), **write_dialog(language)}
    inner |= {"languageModel": core} if "languageModel" in wrappers else core
    return (
        {"interactionModel": inner, **ours.get("outer", {})} if _WRAPPERS[0] in wrappers else inner
    )


def _unwrap(model: Any, where: str) -> _Parts:
    if not isinstance(model, Mapping):
        raise SkillError(f"{where}: an interaction model is a JSON object, not a {_kind(model)}")
    wrappers: list[str] = []
    levels = [model]
    for wrapper in _WRAPPERS:
        below = levels[-1].get(wrapper)
        if isinstance(below, Mapping):
            wrappers.append(wrapper)
            levels.append(below)
    core = levels[-1]
    if "languageModel" not in wrappers and not isinstance(core.get("intents"), list):
        raise SkillError(
            f"{where}: holds no languageModel and no list of intents; "
            "give the JSON of an Alexa interaction model"
        )
    inner = core if "languageModel" not in wrappers else levels[-2]
    outer = (
        {k: v for k, v in model.items() if k != _WRAPPERS[0]} if _WRAPPERS[0] in wrappers else {}
    )
    return _Parts(tuple(wrappers), outer, inner, core)


def _read_core(parts: _Parts, book: Ledger) -> Language:
    core = parts.core
    types = read_types(core.get("types", []), "types", book)
    known = frozenset(kind.name for kind in types)
    intents = read_intents(core.get("intents", []), "intents", known, book)
    name = core.get("invocationName", "")
    usable = isinstance(name, str) and bool(said(name))
    if usable:
        book.read("invocation names")
    elif "invocationName" in core:
        book.skip("invocationName", name, "empty; the skill's name stands in")
    return Language("", name if usable else "", intents=intents, types=types)


def _skip_rest(parts: _Parts, book: Ledger) -> None:
    """Whatever stands at the three levels and no reader has taken."""
    taken = {"intents", "types", "invocationName"}
    bare = parts.core is parts.inner
    for key, node in parts.core.items():
        if key not in taken and not (bare and key in _BESIDE):
            book.skip(key, node, UNUSED)
    for key, node in {} if bare else parts.inner.items():
        if key not in ("languageModel", *_BESIDE):
            book.skip(key, node, UNUSED)
    for key, node in parts.outer.items():
        book.skip(key, node, UNUSED)


def _extra(parts: _Parts, language: Language, fallback: str) -> dict[str, Any]:
    bare = parts.core is parts.inner
    own = {k: v for k, v in parts.core.items() if k not in _BESIDE}
    inside = {} if bare else {k: v for k, v in parts.core.items() if k in _BESIDE}
    beside = {key: parts.inner[key] for key in _BESIDE if key in parts.inner}
    inner = {} if bare else {k: v for k, v in parts.inner.items() if k not in _BESIDE}
    inner.pop("languageModel", None)
    wrappers = None if parts.wrappers == _WRAPPERS else " ".join(parts.wrappers) or "none"
    extra = leftover(
        own,
        _plain_core(language),
        wrappers=wrappers,
        outer=dict(parts.outer),
        inner=inner,
        core=inside,
        invocation=fallback,
    )
    return {**extra, **beside}


def _plain_core(language: Language) -> dict[str, Any]:
    types = frozenset(kind.name for kind in language.types)
    return {
        "invocationName": language.invocation_name,
        "intents": [write_intent(intent, types) for intent in language.intents],
        "types": [write_type(kind) for kind in language.types],
    }


def _same_core(raw: Mapping[str, Any], language: Language) -> bool:
    again = _read_core(_Parts((), {}, raw, raw), Ledger())
    fallback = notes(language.extra).get("invocation", "")
    name = again.invocation_name or fallback
    return (
        name == language.invocation_name
        and read_dialog(again.intents, language.extra, Ledger())
        # Alexa's models know none of our marks: they are no change of theirs.
        == tuple(map(unmarked, language.intents))
        and again.types == tuple(language.types)
    )


def _check_json(model: Any, where: str) -> None:
    """Raises SkillError for what could not be written down as JSON again."""
    try:
        canonical(model).encode()
    except UnicodeEncodeError:
        raise SkillError(f"{where}: not valid Unicode (half a surrogate pair); mend it") from None
    except (TypeError, ValueError) as error:
        raise SkillError(f"{where}: not JSON ({error}); mend it") from None


def _kind(node: Any) -> str:
    return {list: "list", str: "text", type(None): "null", bool: "flag"}.get(type(node), "number")
