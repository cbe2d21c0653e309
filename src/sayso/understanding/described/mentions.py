"""Where the values of a catalogue stand in what was said."""

from __future__ import annotations

from sayso.understanding.described.sketch import READ, Sketched
from sayso.understanding.described.slots import Listed, stem

_NUMBERS = READ.index("AMAZON.NUMBER")


def mentions(seen: Sketched, value: Listed) -> list[tuple[int, int]]:
    """Word ranges [first, last) that are the value: word for word, but for plurals and figures."""
    found: list[tuple[int, int]] = []
    for way in value.ways:
        words = way.split()
        if len(words) == 1 and words[0].isdigit():
            # The 5 of "March 5th" and of "5 pm" is no number of things; alone, it is read as a
            # time as well.
            longer = [(a, b) for ranges in seen.read[:_NUMBERS] for a, b, _ in ranges if b - a > 1]
            found += [
                (first, last)
                for first, last, read in seen.read[_NUMBERS]
                if read == words[0] and not any(a <= first < b for a, b in longer)
            ]
        elif words:
            found += _stands(seen, tuple(map(stem, words)))
    return list(dict.fromkeys(found))


def _stands(seen: Sketched, words: tuple[str, ...]) -> list[tuple[int, int]]:
    plain = tuple(map(stem, seen.plain))
    # Marks fold to nothing: "First-Class" has two words where it was written with one.
    joined = "".join(words)
    found = []
    for first in range(len(plain)):
        text = ""
        for last in range(first, min(len(plain), first + len(words) + 2)):
            text += plain[last].replace(" ", "")
            if text == joined and plain[first] and plain[last]:
                found.append((first, last + 1))
                break
            if not joined.startswith(text):
                break
    return found
