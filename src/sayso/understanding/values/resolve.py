"""The words of a slot -> its value: a catalogue's entry, a built-in type's value, or the words.

What the conversation itself has for a type is looked up beside the catalogue, and goes before it.
MATCHED means that the normalised value may be acted upon. Words that are none of a catalogue's
values, or might be two of them, stay NOT_MATCHED, with what they resemble as candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Required, TypedDict, Unpack

from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Language, Slot
from sayso.understanding import builtin
from sayso.understanding.values.catalogue import Catalogue, Found
from sayso.understanding.values.live import Live

# Between the values of a slot that takes several. Taken apart only if every part is a value.
_BETWEEN = re.compile(
    r"\s*[,;&]\s*(?:(?:and|or|und|oder|et|ou|y|e|en|plus)\s+)?"
    r"|\s+(?:and|or|und|oder|et|ou|y|e|en|plus)\s+",
    re.IGNORECASE,
)


class _How(TypedDict, total=False):
    now: Required[datetime]
    locale: str | None
    confidence: float
    live: Live | None


class Resolver:
    """Resolves the slots of one skill in one language. Immutable, safe to share among threads.

    A type of the skill's own with no values (a catalogue that its back-end supplies) takes any
    words, as does a built-in type without a grammar of values (AMAZON.SearchQuery, AMAZON.City). A
    built-in type that the skill extends is looked up in the skill's values first.
    """

    def __init__(self, language: Language) -> None:
        self._locale = language.locale
        self._tongue = language.locale.split("-")[0]
        self._values = {kind.name: kind.values for kind in language.types if kind.values}
        self._catalogues: dict[str, Catalogue] = {}  # each made when it is first looked into

    def resolve(
        self,
        words: str,
        slot: Slot,
        *,
        now: datetime,
        locale: str | None = None,
        start: int | None = None,
        end: int | None = None,
        confidence: float = 1.0,
        live: Live | None = None,
    ) -> SlotValue:
        """The value of a slot whose words were heard at [start, end) of the utterance.

        now: aware; what `tomorrow` counts from. locale: of the speaker, else the language's own.
        live: values that only this conversation has.
        """
        normalised, found = self._look_up(words, slot.type, now, locale or self._locale, live)
        status = ResolutionStatus.MATCHED if found.matched else ResolutionStatus.NOT_MATCHED
        return SlotValue(
            name=slot.name,
            type=slot.type,
            value=words,
            start=start,
            end=end,
            normalised=normalised,
            status=status,
            candidates=found.candidates,
            confidence=confidence,
        )

    def is_read(self, slot: Slot) -> bool:
        """Whether a grammar or a full list says what is a value of the slot, and what is none."""
        kinds = (builtin.Reading.GRAMMAR, builtin.Reading.LIST)
        own = slot.type in self._values
        return (
            not own
            and builtin.is_builtin(slot.type)
            and (builtin.reading(slot.type, self._locale) in kinds)
        )

    def resolve_all(
        self,
        words: str,
        slot: Slot,
        *,
        start: int | None = None,
        end: int | None = None,
        **how: Unpack[_How],
    ) -> list[SlotValue]:
        """Likewise, but `milk, eggs and tea` are three values of a slot that takes several.

        Only if every part is a value, and the whole is none: black and white may be one.
        """
        whole = self.resolve(words, slot, start=start, end=end, **how)
        if not slot.multiple or whole.status is ResolutionStatus.MATCHED:
            return [whole]
        parts = [
            self.resolve(
                words[first:last],
                slot,
                start=None if start is None else start + first,
                end=None if start is None else start + last,
                **how,
            )
            for first, last in _parts(words)
        ]
        apart = all(part.status is ResolutionStatus.MATCHED for part in parts)
        return parts if apart and len(parts) > 1 else [whole]

    def names(self, words: str, slot: Slot, live: Live | None = None) -> bool:
        """Whether words are a name in the slot's catalogue, word for word but for folding.

        Of one value or several; likeness does not count, so that it may be asked of every few
        words of a sentence.
        """
        added = live.catalogues.get(slot.type) if live is not None else None
        own = self._catalogue(slot.type)
        return (own is not None and own.names(words)) or (added is not None and added.names(words))

    def _look_up(
        self, words: str, kind: str, now: datetime, locale: str, live: Live | None
    ) -> tuple[str, Found]:
        """What a skill receives, and how it was found."""
        words = " ".join(words.split())
        found = self._find(words, kind, live)
        if found is not None and found.matched:
            return found.candidates[0].value, found
        if builtin.is_builtin(kind):
            value = builtin.value(kind, words, now=now, locale=locale)
            near = found.candidates if found is not None and value is None else ()
            return value or words, Found(near, value is not None)
        return words, Found(matched=bool(words)) if found is None else found

    def _find(self, words: str, kind: str, live: Live | None) -> Found | None:
        """What the conversation and the skill have of a type; None where neither has a value."""
        catalogue = self._catalogue(kind)
        added = live.catalogues.get(kind) if live is not None else None
        found = catalogue.find(words) if catalogue is not None else None
        if added is None:
            return found
        return _together(_marked(added.find(words)), found or Found())

    def _catalogue(self, kind: str) -> Catalogue | None:
        if kind not in self._catalogues and kind in self._values:
            self._catalogues[kind] = Catalogue(self._values[kind], self._tongue)
        return self._catalogues.get(kind)


def _marked(found: Found) -> Found:
    """The same, with the candidates marked as the conversation's own."""
    return replace(found, candidates=tuple(replace(x, dynamic=True) for x in found.candidates))


def _together(added: Found, found: Found) -> Found:
    """The conversation's values, then the catalogue's; but what was said goes before likeness."""
    first, second = added, found
    if not added.exact and (found.exact or (found.matched and not added.matched)):
        first, second = found, added
    candidates = (*first.candidates, *second.candidates)
    if not first.matched and not first.exact:
        candidates = tuple(sorted(candidates, key=lambda each: -each.score))
    return Found(candidates, first.matched)


def _parts(words: str) -> Iterator[tuple[int, int]]:
    """Where the values lie that words between them divide."""
    at = 0
    for between in _BETWEEN.finditer(words):
        if between.start() > at:
            yield at, between.start()
        at = between.end()
    if at < len(words):
        yield at, len(words)
