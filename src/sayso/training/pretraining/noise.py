"""Texts as they arrive: mistyped, without capitals or stops, a word lost, a courtesy added."""

from __future__ import annotations

from random import Random

_SHARE = 0.25  # of texts that are changed at all
_BEFORE = ("please", "can you", "could you", "i want to", "i would like to", "hey", "um", "okay")
_BESIDE = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        [
            "wa",
            "qes",
            "wrd",
            "etf",
            "ryg",
            "tuh",
            "yij",
            "uok",
            "ipl",
            "ol",
            "qsz",
            "adw",
            "sfe",
            "dgr",
            "fht",
            "gjy",
            "hku",
            "jli",
            "ko",
            "xas",
            "zcs",
            "xvd",
            "cbf",
            "vng",
            "bmh",
            "njk",
        ],
        strict=True,
    )
)


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


def mistyped(word: str, chance: Random) -> str:
    """A word of four letters or more with one letter lost, swapped, doubled or a key beside it."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    wrong = (
        "",
        after[0] + letter,
        letter * 2,
        chance.choice(_BESIDE.get(letter.lower(), letter)),
    )
    slip = chance.randrange(len(wrong))
    return before + wrong[slip] + (after[1:] if slip == 1 else after)
