"""How a request may reach the log in other words than it was meant in.

Two channels that share nothing: `misheard_text` for fitting and the first test, `garbled` for the
second test only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random

import jellyfish

from sayso.understanding.noise import misheard

_SMALL = "a an the to of in on at for please me my i is it and can you could would"
_LITTLE = frozenset(_SMALL.split())
_TEENS = {
    "thirteen": "thirty",
    "fourteen": "forty",
    "fifteen": "fifty",
    "sixteen": "sixty",
    "seventeen": "seventy",
    "eighteen": "eighty",
    "nineteen": "ninety",
}
_NUMBERS = {**_TEENS, **{ty: teen for teen, ty in _TEENS.items()}, "two": "to", "four": "for"}


class Ear:
    """A recogniser that knows some words: what it mishears often becomes another word."""

    def __init__(self, words: Sequence[str]) -> None:
        self._alike: dict[str, list[str]] = defaultdict(list)
        for word in words:
            if word.isascii() and word.isalpha():
                self._alike[jellyfish.metaphone(word)].append(word)

    def misheard_text(self, text: str, chance: Random) -> str:
        """One to three words misheard, lost or cut; as it was where nothing can be."""
        words = text.split()
        for _ in range(chance.choice((1, 1, 2, 3))):
            slip = chance.random()
            long = [at for at, word in enumerate(words) if word not in _LITTLE]
            if slip < 0.12 and len(words) > 2:
                del words[chance.randrange(len(words))]
            elif slip < 0.2 and len(words) > 3:
                words = words[: chance.randrange(2, len(words))]
            elif slip < 0.25 and len(words) > 3:
                words = words[chance.randrange(1, 3) :]
            elif long:
                at = chance.choice(long)
                words[at] = self._word(words[at], chance)
        return " ".join(words)

    def _word(self, word: str, chance: Random) -> str:
        if word in _NUMBERS:
            return _NUMBERS[word]
        heard = misheard(word, chance)
        if chance.random() < 0.4:
            heard = misheard(heard, chance)
        alike = self._alike.get(jellyfish.metaphone(heard), ()) if heard.isascii() else ()
        known = [other for other in alike if other != word and other[:1] == heard[:1]]
        return chance.choice(known) if known and chance.random() < 0.6 else heard


_CONFUSED = (
    ("th", "f"), ("v", "b"), ("p", "b"), ("t", "d"), ("k", "g"), ("s", "z"), ("m", "n"),
    ("ee", "i"), ("ea", "e"), ("ou", "o"), ("er", "a"), ("ck", "g"), ("sh", "ch"), ("w", "r"),
    ("ai", "e"), ("oo", "u"), ("ing", "in"), ("l", "r"), ("a", "e"), ("i", "a"),
)  # fmt: skip


def garbled(text: str, chance: Random) -> str:
    """The second channel: sounds put for their neighbours, words joined or torn, a stutter."""
    words = text.split()
    at = chance.randrange(len(words))
    slip, word = chance.random(), words[at]
    if slip < 0.15 and at + 1 < len(words):
        words[at : at + 2] = [word + words[at + 1]]
    elif slip < 0.3 and len(word) > 5:
        cut = chance.randrange(2, len(word) - 2)
        words[at : at + 1] = [word[:cut], word[cut:]]
    elif slip < 0.36:
        words.insert(at, word)
    elif slip < 0.42 and len(words) > 2:
        del words[at]
    else:
        pairs = [p for a, b in _CONFUSED for p in ((a, b), (b, a)) if p[0] in word]
        for was, now in chance.sample(pairs, min(2, len(pairs))):
            word = word.replace(was, now, 1)
        words[at] = word
    return " ".join(words)
