"""Texts as they arrive: mistyped, without capitals or stops, a word lost, a courtesy added."""

from __future__ import annotations

from random import Random

from sayso.understanding.noise import mistyped

_SHARE = 0.25  # of texts that are changed at all
_BEFORE = ("please", "can you", "could you", "i want to", "i would like to", "hey", "um", "okay")


def noisy(text: str, chance: Random, share: float = _SHARE) -> str:
    """The text, or with a probability of `share` a spoiled copy that means the same."""
    if chance.random() >= share or not text.split():
        return text
    words = text.split()
    at = chance.randrange(len(words))
    match chance.choices(("typo", "case", "lost", "after", "before"), (35, 30, 15, 10, 10))[0]:
        case "typo":
            words[at] = mistyped(words[at], chance)
        case "case":
            words = text.lower().rstrip("?.!").replace(",", "").split() or words
        case "lost" if len(words) > 4:
            del words[at]
        case "after":
            words = [*text.rstrip(".!?").split(), "please"]
        case "before":
            words.insert(0, chance.choice(_BEFORE))
        case _:
            pass
    return " ".join(words)
