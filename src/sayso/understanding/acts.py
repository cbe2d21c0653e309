"""What an utterance does whatever the skill: it agrees, refuses, goes on, stops, asks for help.

`yes` and `no` are near to one another for an encoder, and many skills have a YesIntent of their
own with four of the twenty ways to say it. Our phrases for Alexa's standard intents know the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sayso.skills.builtin_intents import PREFIX, phrases
from sayso.understanding.features import Hashes, hashed, mix, normal
from sayso.understanding.heard import clean, words

_STANDARD = tuple(
    f"{PREFIX}{name}Intent"
    for name in (
        *("Stop", "Cancel", "Help", "Yes", "No", "Repeat", "StartOver", "Next", "Previous"),
        *("Pause", "Resume", "NavigateHome", "More", "LoopOn", "LoopOff", "ShuffleOn"),
        *("ShuffleOff", "Select"),
    )
)


@lru_cache(maxsize=512)
def acts(text: str, locale: str) -> Hashes:
    """A feature for each standard intent that has this very sentence among its phrases."""
    return mix(hashed(_acts(locale.split("-")[0]).get(_folded(text), ())), 8)


@lru_cache(maxsize=32)
def _acts(tongue: str) -> Mapping[str, tuple[str, ...]]:
    """Sentence -> standard intents."""
    found: dict[str, tuple[str, ...]] = {}
    for name in _STANDARD:
        for phrase in phrases(name, tongue):
            sentence = _folded(clean(phrase))
            found[sentence] = (*found.get(sentence, ()), name)
    return found


def _folded(text: str) -> str:
    spelled = (normal(word.text) for word in words(text))
    return " ".join(form for form in spelled if form[0].isalnum() or form == "'s")
