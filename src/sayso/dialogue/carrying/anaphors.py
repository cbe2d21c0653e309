"""The words that point back, by tongue: what they may stand for, and where they stand in a text.

As they are folded. A tongue without a list points back to nothing: its values are carried only
where a whole sentence goes on from the one before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sayso.dialogue.carrying.roles import Role
from sayso.dialogue.words import FILLERS

# Of words that begin alike the longest comes first.
_WORDS: Mapping[str, Mapping[Role, tuple[str, ...]]] = {
    "en": {
        Role.PLACE: (
            *("over there", "down there", "up there", "out there", "in there", "from there"),
            *("there", "in that city", "in that place", "in that room", "at that place"),
            *("at the same place", "in the same place", "in the same city", "in the same room"),
            *("in that area", "in the same area", "in the area", "around there", "near there"),
            *("that place", "that city", "nearby", "close by"),
        ),
        Role.WHEN: (
            *("on that day", "on the same day", "on that date", "on the same date", "that day"),
            *("at that time", "at the same time", "the same time", "the same day", "that date"),
            *("the same date", "that evening", "that morning", "that night", "that weekend"),
            "then",
        ),
        Role.PERSON: ("him", "her", "them", "his"),
        Role.THING: (
            *("the same one", "that one", "this one", "the same", "it", "that", "this"),
            *("those", "these", "them"),
        ),
    },
    "de": {
        Role.PLACE: (
            *("dort druben", "da druben", "von dort", "dorthin", "dahin", "da drin", "dort", "da"),
            *("in der stadt", "am selben ort", "in dem zimmer"),
        ),
        Role.WHEN: (
            *("an dem tag", "an diesem tag", "am selben tag", "an dem abend", "zu der zeit"),
            *("um die zeit", "zur selben zeit", "dann"),
        ),
        Role.PERSON: ("ihn", "ihm", "ihr", "ihnen", "seine", "seinen", "sein", "ihre", "ihren"),
        Role.THING: ("das gleiche", "dasselbe", "das da", "es", "das", "den da", "die da"),
    },
}
# `that town`, `the same restaurant`: the word after it says what is meant.
_NAMING: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:that|this|the same)(?: same)? (\w+)"),
    "de": re.compile(
        r"\b(?:diese[rsnm]?|jene[rsnm]?|derselben?|dieselben?|dasselbe|demselben|das gleiche"
        r"|die gleiche|der gleiche|den gleichen|dem gleichen|der gleichen) (\w+)"
    ),
}
# What says nothing of itself: `what time is it there`, `will it rain`, `is there a pharmacy`.
_EMPTY: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:is|was|are|were|will|would|does|did|do|can|could|should|has|had|how is|whats) it\b"
        r"|\bit (?:is|was|will|would|gets?|rains?|snows?|looks?|seems?|feels?)\b|\bits\b"
        r"|\b(?:is|are|was|were|will|if) there\b|\bthere (?:is|are|was|were|will|any)\b|\btheres\b"
        r"|\bthat (?:i|you|he|she|we|they|it|the|my|your|our|is)\b|\b(?:so|thats|is) that\b"
        r"|\b(?:this|that) (?!(?:one|day|date|time|to|on|off|up|down|in|out|for|at|by|and|back|away"
        r"|again|now|please|too|instead|then|there)\b)\w+|\bthen (?:i|we|you)\b"
        r"|^(?:\w+ )?then (?=\w)"
    ),
    "de": re.compile(
        r"\b(?:ist|war|wird|hat|gibt|geht|regnet|schneit|wie spat ist) es\b"
        r"|\bes (?:ist|war|wird|gibt|regnet|schneit|geht)\b|^(?:\w+ )?dann (?=\w)"
        r"|\bdas (?!(?:gleiche|da|an|aus|auf|zu|ab|weg|bitte|wieder|noch|auch|nicht)\b)\w+"
        r"|\bda(?:ss)? (?:ich|du|er|sie|wir|ihr|es)\b|\bihr (?:habt|seid|konnt|wollt)\b"
    ),
}
# What asks for another answer to the same request, wherever it stands.
_AGAIN: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("something else", "anything else", "what else", "any other", "any others", "other ones"),
        *("other options", "a different one", "another one", "any more of", "what other"),
        *("which other", "try again"),
    ),
    "de": ("etwas anderes", "was gibt es noch", "noch andere", "einen anderen", "eine andere"),
}
# How a sentence begins that goes on from the one before.
_LEADS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("and what about", "and how about", "what about", "how about", "what if its", "and now"),
        *("and then", "and also", "and", "also", "or", "but", "now", "then", "same for"),
        *("the same for", "the same in", "the same with", "as well as"),
    ),
    "de": (
        *("und was ist mit", "und wie ist es mit", "was ist mit", "wie ist es mit", "wie ware es"),
        *("und wie sieht es aus", "und jetzt", "und dann", "und auch", "und", "auch", "oder"),
        *("aber", "dasselbe fur", "das gleiche fur"),
    ),
}


@lru_cache(maxsize=512)
def anaphors(folded: str, tongue: str) -> tuple[tuple[Role, str], ...]:
    """What a folded sentence points back with: the role and the words, in their order.

    A word that says nothing of itself (`is it cold`) is none.
    """
    pattern = _pattern(tongue)
    if pattern is None:
        return ()
    empty = _EMPTY.get(tongue)
    idle = [found.span() for found in empty.finditer(folded)] if empty is not None else []
    roles = _roles(tongue)
    return tuple(
        (role, each.group())
        for each in pattern.finditer(folded)
        if " " in each.group()
        or not any(start <= each.start() and each.end() <= end for start, end in idle)
        for role in roles[each.group()]
    )


def named(folded: str, tongue: str) -> frozenset[str]:
    """What a folded sentence points back to by name: `that town`, `the same day`."""
    pattern = _NAMING.get(tongue)
    found = frozenset(pattern.findall(folded)) if pattern is not None else frozenset()
    return found - FILLERS.get(tongue, frozenset())


def is_anaphor(folded: str, tongue: str) -> Sequence[Role]:
    """What words can stand for that do nothing but point back; nothing where they say more."""
    words = folded.split()
    small = {"in", "at", "on", "to", "for", "the", "from", "um", "zu", "bis", "von"}
    while words and words[0] in small and " ".join(words) not in _roles(tongue):
        words = words[1:]
    return _roles(tongue).get(" ".join(words), ())


def without_anaphor(folded: str, tongue: str) -> tuple[str, Sequence[Role]]:
    """Words without what points back at their end, and the roles of that: `call mom that day`."""
    for words, roles in _roles(tongue).items():
        if folded.endswith(f" {words}"):
            return folded.removesuffix(words).strip(), roles
    return folded, ()


def lead(folded: str, tongue: str) -> str:
    """How a sentence begins that goes on from the one before; empty where it does not."""
    starts = (each for each in _LEADS.get(tongue, ()) if f"{folded} ".startswith(f"{each} "))
    return next(starts, "")


def is_elliptical(folded: str, others: Sequence[str], tongue: str) -> bool:
    """Whether a sentence goes on from the one before: `and for Paris`, `anything else on Friday`.

    It begins so, and has values and small words alone; or it asks for another answer.
    others: its folded words that are no part of a value.
    """
    if any(f" {words} " in f" {folded} " for words in _AGAIN.get(tongue, ())):
        return True
    begun = lead(folded, tongue)
    small = FILLERS.get(tongue, frozenset())
    left = [*others]
    for word in begun.split():
        if word in left:
            left.remove(word)
    return bool(begun) and all(word in small for word in left)


@lru_cache(maxsize=8)
def _roles(tongue: str) -> Mapping[str, tuple[Role, ...]]:
    """Words -> what they may stand for, the longest words first."""
    found: dict[str, tuple[Role, ...]] = {}
    for role, words in _WORDS.get(tongue, {}).items():
        for each in words:
            found[each] = (*found.get(each, ()), role)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=8)
def _pattern(tongue: str) -> re.Pattern[str] | None:
    words = "|".join(re.escape(each) for each in _roles(tongue))
    return re.compile(rf"\b(?:{words})\b") if words else None
