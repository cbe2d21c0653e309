"""Invented catalogues with names that are easily confused, and what people make of the names.

Written for `resolve.py`. Every name is made of syllables; no list of real names is used. A variant
that happens to be another value's name is no fair question and is thrown away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sayso.types.skills import TypeValue
from sayso.understanding.values.names import folded, plain

# What syllables are made of; a coda may be empty.
ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "ph",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "wh",
    "z",
]
NUCLEI = ["a", "a", "e", "e", "i", "i", "o", "o", "u", "ai", "ea", "ee", "oo", "ou", "y"]
CODAS = ["", "", "", *["ck", "l", "ll", "m", "n", "nd", "r", "rt", "s", "sk", "t", "x", "ng"]]
ENDINGS = ("", "", "", "son", "er", "en", "ton", "ley", "field", "berg", "man")
PLACES = [
    "street",
    "road",
    "park",
    "square",
    "lane",
    "bridge",
    "hill",
    "gardens",
    "station",
    "court",
]
SMALL = ["the", "of", "in", "and", "my", "for", "to", "a", "with", "no"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Spellings that sound alike or nearly so, tried in both directions.
ALIKE = (
    ("ph", "f"), ("ck", "k"), ("c", "k"), ("qu", "kw"), ("ee", "ea"), ("ai", "ay"), ("y", "ie"),
    ("ou", "ow"), ("oo", "u"), ("wh", "w"), ("x", "ks"), ("z", "s"), ("son", "sen"), ("er", "or"),
    ("ton", "ten"), ("ley", "ly"), ("ll", "l"), ("nd", "n"), ("th", "t"), ("sh", "ch"),
    ("berg", "burg"), ("e", "i"), ("a", "o"), ("d", "t"), ("b", "p"), ("v", "f"), ("m", "n"),
)  # fmt: skip

# Words that are near each other, and mean two things.
_PAIRS = """
dining/living bathroom/bedroom north/south east/west morning/evening kitchen/chicken
monday/sunday tuesday/thursday june/july austin/boston mild/wild light/night upstairs/downstairs
inside/outside father/mother mother/brother warm/warmer cool/pool table/cable brown/crown
house/mouse spanish/swedish iran/iraq thirteen/thirty fifteen/fifty portland/poland
garden/garage office/attic summer/winter hotel/motel coffee/toffee jacket/racket station/stadium
market/basket classic/classical country/county jazz/jars dance/france berlin/merlin
dublin/berlin london/lisbon austria/australia sweden/switzerland slovakia/slovenia niger/nigeria
guinea/guyana jane/joan daniel/danielle michael/michelle paul/paula eric/erica carl/carla
martin/marvin harry/barry ellen/helen maria/marie larry/gary kevin/calvin simon/simone
nicole/nicholas christian/christina oliver/olivia julian/julia anton/aaron tomato/potato
pepper/paper lemon/melon butter/batter honey/money salmon/almond onion/union cherry/sherry
bacon/beacon cookie/rookie cereal/serial muffin/puffin lettuce/letters carrot/parrot
turkey/monkey orange/range purple/people yellow/mellow silver/sliver golden/garden
desktop/laptop window/widow kettle/cattle heater/theater boiler/broiler freezer/fridge
printer/painter blinds/blind curtain/certain lantern/latin hallway/highway landing/lading
pantry/country nursery/grocery basement/casement balcony/colony fireplace/workplace
bookcase/suitcase bedside/beside weather/leather winner/dinner soccer/saucer tennis/dentist
hockey/jockey cricket/ticket boxing/fixing running/raining jumping/pumping singing/swimming
doctor/dentist lawyer/layer teacher/preacher banker/baker driver/diver farmer/former
center/corner square/squire castle/cattle church/search bridge/fridge tower/towel temple/sample
museum/medium airport/support
"""
TWO_THINGS = _PAIRS.split()


@dataclass(frozen=True, slots=True)
class Question:
    """What is said, and the id of the value that is meant (None: no value is)."""

    kind: str
    said: str
    id: str | None


def catalogue(size: int, seed: int = 0) -> list[TypeValue]:
    """That many values with ids: people, titles, places, things with numbers; neighbours of them.

    First names are few and shared, a tenth has synonyms, a sixth is derived from a name before it.
    """
    chance = random.Random(seed)
    pool = Pool(chance, size)
    names: dict[str, str] = {}
    while len(names) < size:
        near = names and chance.random() < 1 / 6
        made = neighbour(chance, pool.recent, pool) if near else pool.name()
        key = _key(made)
        if len(key) > 3 and key not in names:
            names[key] = pool.recent = made
    values = []
    for number, name in enumerate(names.values()):
        synonyms: tuple[str, ...] = ()
        if chance.random() < 0.1 and _key(other := pool.name()) not in names:
            synonyms = (other,)
        values.append(TypeValue(name, f"v{number}", synonyms))
    return values


class Pool:
    """Draws names; words are shared as unevenly as real ones are."""

    def __init__(self, chance: random.Random, size: int) -> None:
        self._chance = chance
        self._first = [word(chance) for _ in range(max(20, min(3_000, size // 20)))]
        self._last = [word(chance) + chance.choice(ENDINGS) for _ in range(max(50, size // 8))]
        self._words = [word(chance) for _ in range(max(100, min(40_000, size // 4)))]
        self.recent = self.name()

    def name(self) -> str:
        """A person, a title, a place or a thing with a number."""
        chance = self._chance
        kind = chance.random()
        if kind < 0.5:
            return f"{self._skewed(self._first)} {chance.choice(self._last)}"
        if kind < 0.8:
            return self._title()
        if kind < 0.93:
            return f"{chance.choice(self._last)} {chance.choice(PLACES)}"
        return f"{self._skewed(self._words)} {chance.randint(1, 99)}"

    def _title(self) -> str:
        count = self._chance.choice((1, 2, 2, 3, 3, 4))
        words = [self._skewed(self._words) for _ in range(count)]
        for at in range(1, count):
            if self._chance.random() < 0.3:
                words[at] = f"{self._chance.choice(SMALL)} {words[at]}"
        return " ".join(words)

    def _skewed(self, items: Sequence[str]) -> str:
        return items[int(len(items) * self._chance.random() ** 2)]


def word(chance: random.Random) -> str:
    """A word of one to three syllables, four letters at least."""
    while True:
        made = "".join(
            chance.choice(ONSETS) + chance.choice(NUCLEI) + chance.choice(CODAS)
            for _ in range(chance.choice((1, 2, 2, 3)))
        )
        if len(made) > 3:
            return made


def neighbour(chance: random.Random, name: str, pool: Pool) -> str:
    """Another name that is easily taken for this one."""
    words = name.split()
    at = chance.randrange(len(words))
    kind = chance.randrange(4)
    if kind == 0:
        words[at] = pool.name().split()[0]
    elif kind == 1:
        words[at] = sounding(chance, words[at])
    elif kind == 2 and words[-1].isdecimal():
        words[-1] = str(chance.randint(1, 99))
    else:
        words.append(chance.choice(PLACES))
    return " ".join(words)


def sounding(chance: random.Random, text: str) -> str:
    """The text with one spelling swapped for one that sounds alike."""
    swaps = [(one, other) for pair in ALIKE for one, other in (pair, pair[::-1]) if one in text]
    if not swaps:
        return slip(chance, text)
    one, other = chance.choice(swaps)
    places = [found.start() for found in re.finditer(one, text)]
    at = chance.choice(places)
    return text[:at] + other + text[at + len(one) :]


def slip(chance: random.Random, text: str) -> str:
    """The text with one letter of its longest word left out, doubled, swapped or replaced."""
    longest = max(text.split(), key=len)
    if len(longest) < 4:
        return text
    at = chance.randrange(1, len(longest) - 1)
    changed = chance.choice(
        (
            longest[:at] + longest[at + 1 :],
            longest[:at] + longest[at] + longest[at:],
            longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :],
            longest[:at] + chance.choice(LETTERS) + longest[at + 1 :],
        )
    )
    return text.replace(longest, changed, 1)


def parted(chance: random.Random, text: str) -> str:
    """One long word as two: sun flower."""
    longest = max(text.split(), key=len)
    if len(longest) < 6:
        return text
    at = chance.randrange(3, len(longest) - 2)
    return text.replace(longest, f"{longest[:at]} {longest[at:]}", 1)


def turned(chance: random.Random, text: str) -> str:
    """Words in another order."""
    words = text.split()
    at = chance.randrange(len(words))
    return " ".join(words[at:] + words[:at])


def joined(chance: random.Random, text: str) -> str:
    """Two words as one."""
    words = text.split()
    if len(words) < 2:
        return text
    at = chance.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def plural(chance: random.Random, text: str) -> str:
    """The last word in the plural."""
    del chance
    return text if text.endswith(("s", "x")) or text[-1].isdecimal() else f"{text}s"


def misheard(chance: random.Random, text: str) -> str:
    """As a recogniser gets a name wrong: two sounds, or a sound and where words are divided."""
    heard = sounding(chance, text)
    last = chance.choice((sounding, sounding, parted, joined))
    return last(chance, heard)


VARIANTS: dict[str, Callable[[random.Random, str], str]] = {
    "word for word": lambda chance, text: text,
    "article": lambda chance, text: f"{chance.choice(('the', 'my', 'a'))} {text}",
    "plural": plural,
    "word order": turned,
    "letter wrong": slip,
    "two letters wrong": lambda chance, text: slip(chance, slip(chance, text)),
    "sounds alike": sounding,
    "misheard": misheard,
    "split": parted,
    "joined": joined,
}


def questions(values: Sequence[TypeValue], each: int, seed: int = 1) -> list[Question]:
    """That many of each kind: variants of values, their synonyms, and names of no value."""
    chance = random.Random(seed)
    known = {_key(name) for value in values for name in (value.value, *value.synonyms)}
    made = [
        Question(kind, *_varied(chance, values, known, change))
        for kind, change in VARIANTS.items()
        for _ in range(each)
    ]
    named = [value for value in values if value.synonyms]
    made += [
        Question("synonym", value.synonyms[0], value.id)
        for value in (chance.choice(named) for _ in range(each))
    ]
    return made + _strangers(chance, values, known, each)


def _varied(
    chance: random.Random,
    values: Sequence[TypeValue],
    known: set[str],
    change: Callable[[random.Random, str], str],
) -> tuple[str, str | None]:
    while True:
        value = chance.choice(values)
        said = change(chance, value.value)
        same = said == value.value and change is not VARIANTS["word for word"]
        if not same and (_key(said) == _key(value.value) or _key(said) not in known):
            return said, value.id


def _strangers(
    chance: random.Random, values: Sequence[TypeValue], known: set[str], each: int
) -> list[Question]:
    """Names that no value has: made anew, of known words put together anew, a part of a name."""
    pool = Pool(random.Random(chance.random()), len(values))

    def crossed() -> str:
        one, other = (chance.choice(values).value.split() for _ in range(2))
        return " ".join([*one[:-1], other[-1]]) if len(one) > 1 else " ".join([*one, *other])

    def part() -> str:
        words = chance.choice(values).value.split()
        return " ".join(words[: chance.randrange(1, len(words))] if len(words) > 1 else words)

    made = []
    for kind, make in (("not there: new", pool.name), ("crossed", crossed), ("part", part)):
        kind = kind if kind.startswith("not") else f"not there: {kind}"
        asked: list[Question] = []
        while len(asked) < each:
            if _key(said := make()) not in known:
                asked.append(Question(kind, said, None))
        made += asked
    return made


def _key(name: str) -> str:
    return folded(plain(name), "en").replace(" ", "")
