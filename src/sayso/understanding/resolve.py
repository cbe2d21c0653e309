"""The words of a slot -> its value: a catalogue's entry, a built-in type's value, or the words.

MATCHED means that the normalised value may be acted upon. Words that are none of a catalogue's
values, or might be two of them, stay NOT_MATCHED, with what they resemble as candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from sayso.types.skills import Language, Slot
from sayso.types.turns import ResolutionStatus, SlotValue
from sayso.understanding import builtin
from sayso.understanding.catalogue import Catalogue, Found

# Between the values of a slot that takes several. Taken apart only if every part is a value.
_BETWEEN = re.compile(
    r"\s*[,;&]\s*(?:(?:and|or|und|oder|et|ou|y|e|en|plus)\s+)?"
    r"|\s+(?:and|or|und|oder|et|ou|y|e|en|plus)\s+",
    re.IGNORECASE,
)


class Resolver:
    """Resolves the slots of one skill in one language. Immutable, safe to share among threads.

    A type of the skill's own with no values (a catalogue that its back-end supplies) takes any
    words, as does a built-in type without a grammar of values (AMAZON.SearchQuery, AMAZON.City). A
    built-in type that the skill extends is looked up in the skill's values first.
    """

    def __init__(self, language: Language) -> None:
        tongue = language.locale.split("-")[0]
        self._locale = language.locale
        self._catalogues = {
            kind.name: Catalogue(kind.values, tongue) for kind in language.types if kind.values
        }

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
    ) -> SlotValue:
        """The value of a slot whose words were heard at [start, end) of the utterance.

        now: aware; what `tomorrow` counts from. locale: of the speaker, else the language's own.
        """
        normalised, found = self._look_up(words, slot.type, now, locale or self._locale)
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

    def resolve_all(
        self,
        words: str,
        slot: Slot,
        *,
        now: datetime,
        locale: str | None = None,
        start: int | None = None,
        end: int | None = None,
        confidence: float = 1.0,
    ) -> list[SlotValue]:
        """Likewise, but `milk, eggs and tea` are three values of a slot that takes several.

        Only if every part is a value, and the whole is none: black and white may be one.
        """
        whole = self.resolve(
            words, slot, now=now, locale=locale, start=start, end=end, confidence=confidence
        )
        if not slot.multiple or whole.status is ResolutionStatus.MATCHED:
            return [whole]
        parts = [
            self.resolve(
                words[first:last],
                slot,
                now=now,
                locale=locale,
                start=None if start is None else start + first,
                end=None if start is None else start + last,
                confidence=confidence,
            )
            for first, last in _parts(words)
        ]
        apart = all(part.status is ResolutionStatus.MATCHED for part in parts)
        return parts if apart and len(parts) > 1 else [whole]

    def _look_up(self, words: str, kind: str, now: datetime, locale: str) -> tuple[str, Found]:
        """What a skill receives, and how it was found."""
        words = " ".join(words.split())
        catalogue = self._catalogues.get(kind)
        found = catalogue.find(words) if catalogue else Found(matched=bool(words))
        if found.matched and catalogue:
            return found.candidates[0].value, found
        if builtin.is_builtin(kind):
            value = builtin.value(kind, words, now=now, locale=locale)
            return value or words, Found(() if value else found.candidates, value is not None)
        return words, found


def _parts(words: str) -> Iterator[tuple[int, int]]:
    """Where the values lie that words between them divide."""
    at = 0
    for between in _BETWEEN.finditer(words):
        if between.start() > at:
            yield at, between.start()
        at = between.end()
    if at < len(words):
        yield at, len(words)
