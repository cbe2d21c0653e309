"""Alexa interaction models -> `Language`, with an account of every line, and back without loss.

Read are today's form (`interactionModel.languageModel`), the same without its wrapper, and the
early ones: intents at the top level, `intent` for `name`, values that are bare strings, samples
with `{value|slot}`. What a skill file of ours would refuse (a slot type that nobody defined, a
sample that names an undeclared slot) is mapped or skipped, never silently dropped: see `Accounting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sayso.errors import SkillError
from sayso.skills.accounting import Accounting, Ledger
from sayso.skills.alexa_dialog import read_dialog, write_dialog
from sayso.skills.alexa_parts import read_intents, read_types, write_intent, write_type
from sayso.skills.restore import OURS, leftover, notes, restore, same
from sayso.types.skills import Language

DEEPEST = 64
_BESIDE = ("dialog", "prompts")  # keys beside the language model, not inside it


def import_model(
    model: Mapping[str, Any], *, id: str, name: str, locale: str
) -> tuple[Language, Accounting]:
    """One interaction model, as parsed from JSON.

    id, name: of the skill, for messages; the name also stands in for an absent invocation name.
    Raises SkillError if `model` is nothing like an interaction model.
    """
    if _too_deep(model):
        raise SkillError(f"{id}/{locale}: nested deeper than {DEEPEST}; is it a model at all?")
    form, inner, core = _unwrap(model, f"{id}/{locale}")
    book = Ledger()
    language = _read(form, inner, core, locale, book)
    language = replace(language, extra=_extra(model, language))
    if not language.invocation_name:
        language = replace(language, invocation_name=name.strip().lower())
    return language, book.close(model)


def export_model(language: Language) -> dict[str, Any]:
    """The interaction model of a language, in the form it was imported from (else today's)."""
    ours = notes(language.extra)
    inside = {k: v for k, v in language.extra.items() if k not in (*_BESIDE, OURS)}
    types = frozenset(kind.name for kind in language.types)
    plain = _plain(language, types)
    extra = {**inside, OURS: {"absent": ours.get("absent", ())}}
    core = restore(plain, extra, lambda raw: _same_core(raw, language))
    inner = {**ours.get("inner", {}), **write_dialog(language)}
    form = ours.get("form", "wrapped")
    if form == "bare":
        return {**core, **inner}
    inner = {"languageModel": core, **inner}
    return inner if form == "model" else {"interactionModel": inner, **ours.get("outer", {})}
