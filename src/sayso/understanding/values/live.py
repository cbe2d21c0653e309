"""Values that only this conversation knows: what a skill's back-end has set for its session.

They are few and change at any turn, so they are indexed when they are first looked at; the last
few are kept, as a turn looks at the same ones several times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sayso.types.skills import Intent, SlotType, TypeValue
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.features import normal
from sayso.understanding.values.catalogue import Catalogue
from sayso.understanding.values.phrases import Phrasebook

SURE = 0.9  # confidence in a value said word for word that the model did not tag
_KEPT = 32  # conversations

_Key = tuple[tuple[str, tuple[tuple[str, str | None, tuple[str, ...]], ...]], ...]


@dataclass(frozen=True, slots=True)
class Live:
    """Dynamic entities, ready to be looked up.

    types: names of slot types; catalogues: theirs. book: the values as phrases; its types are
        places in `types`.
    """

    types: tuple[str, ...]
    catalogues: Mapping[str, Catalogue]
    book: Phrasebook


def live(entities: Sequence[SlotType], tongue: str) -> Live | None:
    """The entities of a conversation's session; None where there are none."""
    if not entities:
        return None
    key = tuple(
        (kind.name, tuple((each.value, each.id, tuple(each.synonyms)) for each in kind.values))
        for kind in entities
    )
    return _indexed(key, tongue)


@lru_cache(maxsize=_KEPT)
def _indexed(key: _Key, tongue: str) -> Live:
    values: dict[str, list[TypeValue]] = {}
    for name, given in key:
        values.setdefault(name, []).extend(TypeValue(*each) for each in given)
    return Live(
        tuple(values),
        {name: Catalogue(each, tongue) for name, each in values.items()},
        Phrasebook(
            (phrase, at)
            for at, each in enumerate(values.values())
            for value in each
            for phrase in (value.value, *value.synonyms)
        ),
    )


def with_live(tags: Sequence[Tagged], heard: Heard, intent: Intent, values: Live) -> list[Tagged]:
    """The slots that a model found, with the conversation's values that stand word for word.

    A value said word for word is what a slot holds: a tag that took more or fewer words is put
    right, and a slot that the model missed, as it never saw such a value, is filled.
    """
    found = list(tags)
    for start, end, types in _said(heard, values):
        slots = [slot for slot in intent.slots if slot.type in types]
        touched = [tag for tag in found if tag.start < end and tag.end > start]
        mine = [tag for tag in touched if any(slot.name == tag.name for slot in slots)]
        if len(touched) == len(mine) == 1:
            found[found.index(mine[0])] = replace(mine[0], start=start, end=end)
        elif not touched:
            filled = {tag.name for tag in found}
            free = [slot for slot in slots if slot.multiple or slot.name not in filled]
            found += [Tagged(slot.name, start, end, SURE) for slot in free[:1]]
    return sorted(found, key=lambda tag: tag.start)


def _said(heard: Heard, values: Live) -> list[tuple[int, int, set[str]]]:
    """Characters of each value that was said word for word, the longest first from the left."""
    forms = tuple(normal(word.text) for word in heard.words)
    found: list[tuple[int, int, set[str]]] = []
    at = 0
    while at < len(forms):
        for length in range(values.book.longest(forms, at), 0, -1):
            types = values.book.types(forms[at : at + length])
            if types:
                start, end = heard.words[at].start, heard.words[at + length - 1].end
                found.append((start, end, {values.types[kind] for kind in types}))
                at += length - 1
                break
        at += 1
    return found
