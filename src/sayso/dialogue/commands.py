"""Words that are about the conversation itself: yes, no, stop, help, repeat, start over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sayso.dialogue.policy import CLOSING, HELP, NO, REPEAT, START_OVER, YES
from sayso.dialogue.words import (
    FILLERS,
    HESITATING,
    HUMMING,
    LEADING,
    OPENING,
    SWITCHING,
    THANKING,
    UNDOING,
    without,
)
from sayso.skills.builtin_intents import phrases
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold

SHORT = 4  # words; a longer sentence that starts with yes or no says more than that


def standard(heard: Heard, locale: str) -> str | None:
    """The standard intent that the words are, whatever was asked."""
    words = (HELP, REPEAT, START_OVER)
    if any(is_phrase(heard, word, locale) for word in CLOSING):
        return CLOSING[1]
    small = FILLERS.get(locale.split("-")[0], frozenset())
    if says(heard, CLOSING, locale) and {*fold(heard.utterance.text).split()[1:]} <= small:
        return CLOSING[1]
    found = next((word for word in words if is_phrase(heard, word, locale)), None)
    # "Uh, what was that?" asks for the question again, and so does "sorry, what did you say?"
    led = without(fold(heard.utterance.text), HUMMING, locale=locale)
    return found or (REPEAT if led in _folded(REPEAT, locale) else None)


def is_phrase(heard: Heard, intent: str, locale: str) -> bool:
    """Whether the words are a phrase of this standard intent."""
    return fold(heard.utterance.text) in _folded(intent, locale)


def says(heard: Heard, intents: Sequence[str], locale: str) -> bool:
    """Whether the words are a phrase of these standard intents, or a short sentence led by one."""
    said = fold(heard.utterance.text)
    known = [_folded(intent, locale) for intent in intents]
    if any(said in each for each in known):
        return True
    words = [word.text.casefold() for word in heard.words if word.text.isalnum()]
    return 0 < len(words) <= SHORT and any(words[0] in each for each in known)


def agreement(heard: Heard, locale: str) -> str | None:
    """YES or NO, whichever the words are; the last word of "okay, actually no" is the no."""
    said = fold(heard.utterance.text)
    for text in (said, without(said, OPENING, HUMMING, locale=locale)):
        for intent in (YES, NO):
            if text in _folded(intent, locale):
                return intent
    return next((intent for intent in (YES, NO) if says(heard, (intent,), locale)), None)


@lru_cache(256)
def _folded(intent: str, locale: str) -> frozenset[str]:
    """The phrases of a standard intent, which are few and the same for everybody."""
    return frozenset(fold(phrase) for phrase in phrases(intent, locale))


def leads(heard: Heard, locale: str) -> bool:
    """Whether a sentence begins with a word to stop, after an oh or a no."""
    said = without(fold(heard.utterance.text), LEADING, locale=locale)
    return f"{said} ".startswith(_stopping(locale))


@lru_cache(32)
def _stopping(locale: str) -> tuple[str, ...]:
    """What a sentence that stops may begin with, folded, and the space behind it."""
    stop, cancel = (phrases(word, locale) for word in CLOSING[:2])
    # "Enough" and "leave" begin many a sentence; the first phrase of a list is the plain word.
    known = (*stop[:1], *(each for each in stop if " " in each), *cancel)
    return tuple(f"{fold(each)} " for each in known)


def dismisses(heard: Heard, locale: str) -> bool:
    """Whether nothing is said but that nothing is wanted: `oh, never mind`, `stop`, `no thanks`.

    Not `turn it off`, which a skill may be asked to do: to nod at it would be a lie.
    """
    said = without(fold(heard.utterance.text), LEADING, HUMMING, locale=locale)
    whole = fold(heard.utterance.text)
    known = _folded(CLOSING[0], locale) | _folded(CLOSING[1], locale)
    off = {each for each in known if {*each.split()} & SWITCHING}
    declined = whole in _folded(NO, locale) and _thanks(whole.partition(" ")[2], locale)
    return declined or bool({said, whole} & (known - off))


def undoes(heard: Heard, locale: str) -> bool:
    """Whether nothing is said but that what was done shall be undone: `actually, cancel that`."""
    whole = fold(heard.utterance.text)
    said = without(whole, LEADING, HUMMING, locale=locale)
    return not UNDOING.get(locale.split("-")[0], frozenset()).isdisjoint({said, whole})


def denies(heard: Heard, locale: str) -> bool:
    """Whether nothing is said but a no: `oh no`, `actually no`."""
    said = fold(heard.utterance.text)
    known = _folded(NO, locale)
    return said in known or without(said, OPENING, HUMMING, locale=locale) in known


def thanks(heard: Heard, locale: str) -> bool:
    """Whether nothing is said but thanks."""
    return _thanks(without(fold(heard.utterance.text), LEADING, HUMMING, locale=locale), locale)


def _thanks(said: str, locale: str) -> bool:
    return said in THANKING.get(locale.split("-")[0], frozenset())


def hesitates(heard: Heard, locale: str) -> bool:
    """Whether nothing is said but that the answer is still to come: "hm, let me think"."""
    said, tongue = fold(heard.utterance.text), locale.split("-")[0]
    rest, known = without(said, HUMMING, locale=locale), HESITATING.get(tongue, frozenset())
    if not said or not rest or rest in known:
        return bool(said)
    # "I need to think about that", but not "wait, the stew".
    words, small = rest.split(), FILLERS.get(tongue, frozenset())
    return any(
        " ".join(words[:size]) in known and {*words[size:]} <= small
        for size in range(3, len(words))
    )
