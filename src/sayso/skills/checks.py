"""What a schema cannot see in a skill file: names that must agree with one another.

Works on the data as it was written, short forms and mistakes included, so that one mistake does not
hide the others. Whatever has the wrong shape is passed over: the schema reports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from sayso.skills.builtin_types import PREFIX
from sayso.skills.schema import DEFAULT_LOCALE, LANGUAGE_KEYS
from sayso.skills.short_forms import (
    as_intent,
    as_list,
    as_slot,
    as_type,
    as_undo,
    as_value,
    by_name,
)
from sayso.skills.templates import SLOT_NAME, slot_names, stray_brace
from sayso.skills.yaml_lines import Path

Problem = tuple[Path, str]
KINDS = ("python", "alexa", "https", "client", "mcp", "openapi")


def check_skill(doc: Any) -> Iterator[Problem]:
    """Problems of a whole skill.yaml."""
    doc = _mapping(doc)
    yield from _check_locales(doc)
    yield from _check_fulfilment(_mapping(doc.get("fulfilment")))
    if speaks(doc):
        yield from check_language(doc)
    for locale, language in _mapping(doc.get("languages")).items():
        for path, problem in check_language(language):
            yield ("languages", locale, *path), problem


def check_language(doc: Any) -> Iterator[Problem]:
    """Problems of the keys that belong to one language."""
    doc = _mapping(doc)
    if doc.get("intents") is None:
        yield ("intents",), "there are no intents; add one under intents:"
    for key in ("intents", "types"):
        yield from _check_names(doc.get(key), (key,))
    types = _mapping(by_name(doc.get("types")))
    for name, kind in types.items():
        yield from _check_type(as_type(kind), ("types", name))
    intents = _mapping(by_name(doc.get("intents")))
    for name, intent in intents.items():
        written = _mapping(as_intent(intent))
        yield from _check_intent(name, written, types)
        yield from _check_undo(name, written.get("undo"), intents)


def speaks(doc: Any) -> bool:
    """Whether a skill.yaml holds a language itself, not only beside it or below `languages`."""
    own = LANGUAGE_KEYS - {"description"}
    return not own.isdisjoint(_mapping(doc)) or "locale" in _mapping(doc)


def did_you_mean(word: str, known: Collection[str]) -> str:
    """What to do about an unknown word."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known here: {', '.join(sorted(known))}" if known else "remove it"


def _check_locales(doc: Mapping[str, Any]) -> Iterator[Problem]:
    if not speaks(doc) and not doc.get("languages"):
        yield (), "there are no intents; add one under intents:"
    own = as_list(doc.get("locale")) or [DEFAULT_LOCALE]
    seen: set[str] = set()
    for locale in [*_list(own if speaks(doc) else ()), *_mapping(doc.get("languages"))]:
        if isinstance(locale, str) and locale in seen:
            yield ("locale",), f"{locale} is given twice; remove one"
        seen |= {locale} if isinstance(locale, str) else set()


def _check_fulfilment(doc: Mapping[str, Any]) -> Iterator[Problem]:
    given = [kind for kind in KINDS if doc.get(kind) not in (None, False)]
    if len(given) > 1:
        yield ("fulfilment", given[1]), f"several fulfilments ({', '.join(given)}); keep one"


def _check_intent(
    name: str, intent: Mapping[str, Any], types: Mapping[str, Any]
) -> Iterator[Problem]:
    path = ("intents", name)
    slots = _mapping(by_name(intent.get("slots")))
    samples = as_list(intent.get("samples"))
    yield from _check_names(intent.get("slots"), (*path, "slots"))
    on_purpose = samples == [] or bool(intent.get("alexa"))
    if not samples and not slots and not on_purpose and not name.startswith(PREFIX):
        yield path, f'intent "{name}" has no samples; add some, or "samples: []" if it needs none'
    yield from _check_samples(samples, (*path, "samples"), slots, name)
    for slot, node in slots.items():
        yield from _check_slot(slot, _mapping(as_slot(node)), (*path, "slots", slot), types)
        answers = as_list(_mapping(as_slot(node)).get("samples"))
        yield from _check_samples(answers, (*path, "slots", slot, "samples"), slots, name)


def _check_undo(name: str, undo: Any, intents: Mapping[str, Any]) -> Iterator[Problem]:
    """Of the intent that takes back another: it exists, and can be called with what that has."""
    path = ("intents", name, "undo")
    undo = as_undo(undo)
    if not isinstance(undo, str) or not undo:
        return
    if undo not in intents or undo == name:
        what = "itself" if undo == name else f'the unknown intent "{undo}"'
        yield path, f"{what} takes back {name}; {did_you_mean(undo, {*intents} - {name})}"
        return
    mine, theirs = (_slots_of(intents[each]) for each in (name, undo))
    for slot, node in theirs.items():
        if _mapping(as_slot(node)).get("required") and slot not in mine:
            yield (
                path,
                f'{undo} requires "{slot}", no slot of {name}; name another, or leave it out',
            )


def _slots_of(intent: Any) -> Mapping[str, Any]:
    return _mapping(by_name(_mapping(as_intent(intent)).get("slots")))


def _check_slot(
    name: str, slot: Mapping[str, Any], path: Path, types: Mapping[str, Any]
) -> Iterator[Problem]:
    if not SLOT_NAME.fullmatch(name):
        yield path, f'slot name "{name}"; use letters, digits and _'
    kind = slot.get("type")
    if isinstance(kind, str) and kind not in types and not kind.startswith(PREFIX):
        # The builtin types are not offered: their names are many, and close to one another.
        remedy = did_you_mean(kind, types) if types else "add it under types:"
        remedy = remedy if remedy.startswith("did") else "add it under types:"
        yield (*path, "type"), f'slot "{name}" has the undefined type "{kind}"; {remedy}'


def _check_samples(
    samples: Any, path: Path, slots: Collection[str], intent: str
) -> Iterator[Problem]:
    for place, sample in enumerate(_list(samples)):
        if not isinstance(sample, str):
            continue
        for slot in dict.fromkeys(slot_names(sample)):
            if slot not in slots:
                what = f'sample names the slot "{slot}", which intent "{intent}" does not declare'
                near = did_you_mean(slot, slots)
                remedy = near if near.startswith("did") else "add it under slots:"
                yield (*path, place), f"{what}; {remedy}"
        if stray_brace(sample):
            yield (*path, place), "a brace that marks no slot; write {name}, or leave it out"


def _check_type(kind: Any, path: Path) -> Iterator[Problem]:
    kind = _mapping(kind)
    if not kind.get("values") and kind.get("values") != [] and not kind.get("alexa"):
        yield path, f'type "{path[-1]}" has no values; add some'
    seen: set[str] = set()
    for place, value in enumerate(_list(kind.get("values"))):
        id = _mapping(as_value(value)).get("id")
        if isinstance(id, str) and id:
            if id in seen:
                yield (*path, "values", place), f'id "{id}" is taken; give each value its own'
            seen.add(id)


def _check_names(node: Any, path: Path) -> Iterator[Problem]:
    """Of a list of named things: each has a name, and no two the same."""
    if not isinstance(node, list):
        return
    seen: set[str] = set()
    for place, item in enumerate(node):
        name = item.get("name") if isinstance(item, Mapping) else None
        if not isinstance(name, str):
            yield (*path, place), f"one of the {path[-1]} has no name; add name:"
        elif name in seen:
            yield (*path, place), f'"{name}" stands among the {path[-1]} twice; remove one'
        else:
            seen.add(name)


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _list(node: Any) -> Collection[Any]:
    return node if isinstance(node, list | tuple) else ()
