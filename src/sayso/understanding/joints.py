"""Where a sentence might hold several requests, by tongue: conjunctions, commas, full stops."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sayso.understanding.fold import fold

PLACES = 4  # conjunctions that are looked at
_WORDS: Mapping[str, str] = {
    "en": "and then|and also|and after that|and|then|after that",
    "de": "und dann|und danach|und auch|und|dann|danach|anschließend",
    "es": "y luego|y después|y también|y|e|luego|después",
    "fr": "et puis|et ensuite|et aussi|et|puis|ensuite",
    "it": "e poi|e dopo|e anche|e|poi",
    "pt": "e depois|e também|e|depois",
}
_COURTESIES: Mapping[str, frozenset[str]] = {  # as they are folded: part of whatever they stand by
    "en": frozenset(["please", "thanks", "thank you", "okay", "ok", "hey", "would you", "can you"]),
    "de": frozenset(["bitte", "danke", "vielen dank", "okay", "hey", "bitte schon"]),
    "es": frozenset(["por favor", "gracias", "muchas gracias", "vale", "oye"]),
    "fr": frozenset(["s il te plait", "s il vous plait", "merci", "merci beaucoup", "d accord"]),
    "it": frozenset(["per favore", "grazie", "per piacere", "ehi"]),
    "pt": frozenset(["por favor", "obrigado", "obrigada", "faz favor"]),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A conjunction: the left side is `text[:end]`, the right one `text[start:]`."""

    end: int
    start: int


def places(text: str, locale: str) -> list[Place]:
    """Where a sentence might come apart, from left to right; at most PLACES."""
    found = []
    for match in _joints(locale.split("-")[0]).finditer(text):
        if match.start() > 0 and match.end() < len(text):
            found.append(Place(match.start(), match.end()))
    return found[:PLACES]


@lru_cache(maxsize=32)
def _joints(tongue: str) -> re.Pattern[str]:
    words = _WORDS.get(tongue)
    marks = r"\s*[,;.!?]\s+"
    if words is None:
        return re.compile(marks)
    return re.compile(rf"\s*[,;.!?]?\s+(?:{words})\s+|{marks}", re.IGNORECASE)


def is_courtesy(text: str, locale: str) -> bool:
    """Whether words are but polite: "please", "thank you"."""
    return fold(text) in _COURTESIES.get(locale.split("-")[0], ())
