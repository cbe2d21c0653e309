"""A world in which requests are misheard, cut short and put in other words, and the truth is known.

Skills are made of a part of hwu64's sentences, a skill a domain; what people say is of the others,
with other values in their slots: names of things in fb15k_237 among them, so that many values are
one person's alone. A person has some requests of their own (a Zipf law), a voice that mishears the
same words alike, and says now and then a part of a name only. The weights that ship were fitted on
such worlds (`scripts/make_online.py`), none of whose skills or sentences are the example home's.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random

import jellyfish
import numpy as np
from numpy.typing import NDArray

import sayso
from sayso.bundle import Segment
from sayso.encoders import Encoder
from sayso.rewriting.online.examples import Case
from sayso.rewriting.online.write import write
from sayso.runtime.engine import Engine
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome, Utterance
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.fold import fold
from sayso.understanding.heard import hear
from sayso.understanding.noise import misheard
from sayso.understanding.online import (
    NOBODY,
    Asked,
    Entry,
    Habits,
    Index,
    Projection,
    asked,
)
from sayso.understanding.online.entries import slots_of
from sayso.understanding.values.likeness import sounds

DAYS, BEFORE = 14, 10  # days; those that requests and habits are of
TAUGHT, CATALOGUED = 0.3, 0.6  # share of sentences that are samples, of values in catalogues
VOICES = 40
HEARD_BADLY, CUT_SHORT, REWORDED = 0.17, 0.06, 0.07  # shares of turns
BEYOND = 0.04  # share of turns that want what no skill does; right is to do nothing
KEPT = 0.35  # share of clean turns that fail which count: hwu64 at a third is harder than a home
DAY_S = 86_400.0
BUILTIN = {"date": "AMAZON.DATE", "time": "AMAZON.TIME"}
NAMED = frozenset(
    "song_name artist_name place_name business_name person event_name list_name podcast_name "
    "audiobook_name radio_name movie_name food_type game_name playlist_name".split()
)
Spans = list[tuple[str, int, int, str]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled sentence."""

    domain: str
    intent: str
    text: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: words that say it plainly, and its domain, intent, and values.

    domain: empty where no skill does it.
    """

    text: str
    domain: str
    intent: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: who, when, the words that were heard, how they came about, what was wanted."""

    person: int
    day: int
    words: str
    how: str
    wish: Wish


def sentences(data: Path) -> list[Sentence]:
    """Those of hwu64 that are spoken words alone."""
    import pyarrow.parquet as pq

    found = []
    for row in pq.read_table(data / "nlu" / "hwu64" / "train.parquet").to_pylist():
        if re.fullmatch(r"[a-z' ]+", row["text"]) and " " in row["text"]:
            spans = [
                (x["slot"], x["start"], x["end"], x["value"]) for x in json.loads(row["slots"])
            ]
            spans.sort(key=lambda x: x[1])
            found.append(Sentence(row["domain"], row["intent"], row["text"], spans))
    return found


def beyond(data: Path) -> list[str]:
    """What no skill of hwu64's domains does: of clinc150 and banking77."""
    import pyarrow.parquet as pq

    far = {"banking", "credit_cards", "work", "auto_and_commute", "travel", "kitchen_and_dining"}
    rows = pq.read_table(data / "nlu" / "clinc150" / "train.parquet").to_pylist()
    texts = {row["text"] for row in rows if row["intent"] == "oos" or row["domain"] in far}
    banking = pq.read_table(data / "nlu" / "banking77" / "train.parquet", columns=["text"])
    texts |= set(banking.column(0).to_pylist()[::10])
    return sorted(text for text in map(fold, texts) if 2 <= len(text.split()) <= 12)


def names(data: Path, chance: Random) -> list[str]:
    """Names of things, in a random order."""
    import pyarrow.parquet as pq

    table = pq.read_table(data / "kg" / "fb15k_237" / "entities.parquet", columns=["label"])
    found = [x for x in table.column(0).to_pylist() if x and re.fullmatch(r"[A-Za-z' ]{2,30}", x)]
    chance.shuffle(found)
    return [fold(x) for x in found]


def skills_of(taught: Sequence[Sentence], values: Mapping[str, Sequence[str]]) -> list[Skill]:
    """A skill a domain."""
    domains: dict[str, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for one in taught:
        domains[one.domain][one.intent].append(one)
    return [_skill(domain, intents, values) for domain, intents in sorted(domains.items())]


def _skill(
    domain: str, intents: Mapping[str, Sequence[Sentence]], values: Mapping[str, Sequence[str]]
) -> Skill:
    made, types = [], {}
    for intent, said in sorted(intents.items()):
        slots = sorted({span[0] for one in said for span in one.spans})
        for slot in slots:
            if slot not in BUILTIN:
                held = values.get(slot) or [slot.replace("_", " ")]
                types[slot] = SlotType(f"T_{slot}", tuple(map(TypeValue, held)))
        samples = tuple(sorted({_template(one) for one in said}))
        made.append(
            Intent(intent, samples, tuple(Slot(x, BUILTIN.get(x, f"T_{x}")) for x in slots))
        )
    name = f"{domain} helper"
    language = Language("en-US", name, domain, intents=tuple(made), types=tuple(types.values()))
    return Skill(domain, name, languages=(language,))


def _template(one: Sentence) -> str:
    text = one.text
    for slot, start, end, _ in reversed(one.spans):
        text = f"{text[:start]}{{{slot}}}{text[end:]}"
    return text


class World:
    """Skills, what is said to them, and how it is misheard."""

    def __init__(self, data: Path, bundle: Path, seed: int) -> None:
        chance = Random(seed)
        every = sentences(data)
        chance.shuffle(every)
        taught, self.spoken = every[: int(TAUGHT * len(every))], every[int(TAUGHT * len(every)) :]
        values: dict[str, set[str]] = defaultdict(set)
        for one in every:
            for slot, _, _, value in one.spans:
                values[slot].add(value)
        self.values = {slot: sorted(held) for slot, held in sorted(values.items())}
        self.names = names(data, chance)
        self.beyond = beyond(data)
        known = {s: [v for v in x if chance.random() < CATALOGUED] for s, x in self.values.items()}
        self.encoder = Encoder.load()
        if not bundle.exists():
            sayso.train(skills_of(taught, known), bundle, encoder=self.encoder)
        self.engine: Engine = sayso.load(bundle, encoder=self.encoder)
        texts = [one.text for one in every] + self.names[:4000]
        self.words = sorted({w for text in texts for w in fold(text).split() if len(w) > 2})
        self._alike: dict[tuple[str, ...], list[Sentence]] = defaultdict(list)
        for one in self.spoken:
            self._alike[one.intent, *sorted(x[0] for x in one.spans)].append(one)
        self._sounds = [sounds(word) for word in self.words]
        self._near: dict[str, tuple[list[str], list[float]]] = {}

    def wish(self, chance: Random) -> Wish:
        """Something to want."""
        return self._filled(chance.choice(self.spoken), chance)

    def _filled(
        self, one: Sentence, chance: Random, given: Mapping[str, str] | None = None
    ) -> Wish:
        text, held = one.text, []
        for slot, start, end, said in reversed(one.spans):
            value, drawn = said, chance.random()
            if given is not None:
                value = given.get(slot, said)
            elif slot in NAMED and drawn < 0.45:
                value = self.names[int(chance.paretovariate(0.6) - 1) % len(self.names)]
            elif slot in NAMED and drawn < 0.8:
                value = chance.choice(self.values[slot])
            text = text[:start] + value + text[end:]
            held.append((slot, fold(value)))
        return Wish(fold(text), one.domain, one.intent, tuple(sorted(held)))

    def reworded(self, wish: Wish, chance: Random) -> str:
        """Another sentence for the same."""
        others = self._alike.get((wish.intent, *(slot for slot, _ in wish.values)))
        return self._filled(chance.choice(others), chance, dict(wish.values)).text if others else ""

    def misheard(self, text: str, voice: int, chance: Random) -> str:
        """Some of the words as a recogniser might have put them; a voice's errors come again."""
        words = text.split()
        wrong = 1 + (chance.random() < 0.35) + (chance.random() < 0.15)
        places = [at for at, word in enumerate(words) if len(word) >= 3]
        places.sort(key=lambda at: -len(words[at]) * chance.random())
        for at in places[:wrong]:
            hearing = Random(f"{voice}/{words[at]}/{chance.randrange(2)}")
            words[at] = self._misheard(words[at], hearing)
        if chance.random() < 0.12 and len(words) > 2:
            at = chance.randrange(len(words) - 1)
            words[at : at + 2] = [words[at] + words[at + 1]]
        return fold(" ".join(words))

    def _misheard(self, word: str, hearing: Random) -> str:
        """Another word that sounds alike, rather than none."""
        if hearing.random() < 0.65:
            near, weights = self._neighbours(word)
            return hearing.choices(near, weights)[0] if near else word
        for _ in range(1 + (hearing.random() < 0.5)):
            word = misheard(word, hearing)
        return word

    def _neighbours(self, word: str) -> tuple[list[str], list[float]]:
        if word not in self._near:
            mine = sounds(word)
            found = sorted(
                (jellyfish.levenshtein_distance(mine, theirs) / max(len(mine), len(theirs), 1), x)
                for x, theirs in zip(self.words, self._sounds, strict=True)
                if x != word and abs(len(theirs) - len(mine)) <= 2
            )[:4]
            kept = [(far, x) for far, x in found if far <= 0.5]
            self._near[word] = [x for _, x in kept], [1 / (0.05 + far) for far, _ in kept]
        return self._near[word]


def cut_short(wish: Wish, chance: Random) -> str:
    """The request with a part of a name only; empty where no name has several words."""
    long = [value for slot, value in wish.values if slot in NAMED and " " in value]
    if not long:
        return ""
    value = chance.choice(long)
    words = value.split()
    return wish.text.replace(value, words[0] if chance.random() < 0.6 else words[-1])


def turns(world: World, people: int, seed: int) -> list[Said]:
    """What so many people say in `DAYS` days."""
    common = [world.wish(Random(f"{seed}/common/{at}")) for at in range(6000)]
    shares = np.cumsum([1 / (at + 3) ** 0.9 for at in range(len(common))])

    def popular(chance: Random) -> Wish:
        return common[int(np.searchsorted(shares, chance.random() * shares[-1]))]

    said = [
        one
        for person in range(people)
        for one in _days(world, person, Random(f"{seed}/{person}"), popular)
    ]
    return sorted(said, key=lambda one: one.day)


def _days(
    world: World, person: int, chance: Random, popular: Callable[[Random], Wish]
) -> Iterator[Said]:
    voice, new = chance.randrange(VOICES), chance.random() < 0.15
    own = [
        popular(chance) if chance.random() < 0.35 else world.wish(chance)
        for _ in range(chance.randrange(6, 22))
    ]
    busy = chance.uniform(3, 14)
    for day in range(BEFORE if new else 0, DAYS):
        for _ in range(int(chance.expovariate(1 / busy))):
            wish = own[min(len(own) - 1, int(chance.paretovariate(0.9)) - 1)]
            if chance.random() < BEYOND:
                text = chance.choice(world.beyond)
                yield Said(person, day, text, "beyond", Wish(text, "", "", ()))
                continue
            if chance.random() > 0.65:
                wish = popular(chance) if chance.random() < 0.6 else world.wish(chance)
            words, how = _put(world, wish, voice, chance)
            yield Said(person, day, words, how if words != wish.text else "clean", wish)


def _put(world: World, wish: Wish, voice: int, chance: Random) -> tuple[str, str]:
    drawn = chance.random()
    if drawn < HEARD_BADLY:
        return world.misheard(wish.text, voice, chance), "misheard"
    if drawn < HEARD_BADLY + CUT_SHORT:
        return cut_short(wish, chance) or wish.text, "cut short"
    if drawn < HEARD_BADLY + CUT_SHORT + REWORDED:
        return world.reworded(wish, chance) or wish.text, "reworded"
    return wish.text, "clean"


class Days:
    """A world's turns as the engine reads them, and what is known after `BEFORE` days."""

    def __init__(
        self, world: World, said: Sequence[Said], folder: Path, projection: Projection, now: Context
    ) -> None:
        self._world, self._context, self.said = world, now, said
        self._decided: dict[str, Decision] = {}
        self._asked: dict[str, Asked] = {}
        self.projection = projection
        chance = Random(0)
        every: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        people: dict[str, set[int]] = defaultdict(set)
        own: dict[int, Counter[str]] = defaultdict(Counter)
        last: dict[tuple[int, str], int] = {}
        for one in said:
            if one.day >= BEFORE:
                continue
            right = self.right(one.words, one.wish)
            # Verdicts are wrong now and then.
            if self.acts(one.words):
                seemed = right if chance.random() > 0.04 else not right
                every[one.words][0] += 1
                every[one.words][1] += not seemed
                if seemed:
                    self._went_well(one, one.words, people, own, last)
            # Who was not understood says it plainly, half of the time.
            if not right and chance.random() < 0.5 and self.right(one.wish.text, one.wish):
                every[one.wish.text][0] += 1
                self._went_well(one, one.wish.text, people, own, last)
        entries = [
            self._entry(words, count, len(people[words]), 10_000 * wrong // count)
            for words, (count, wrong) in every.items()
            if len(people[words]) >= 2 and wrong <= 0.35 * count
        ]
        path = folder / "en.index"
        write(path, entries, self._vectors([one.words for one in entries]))
        self.index = Index(Segment(path))
        self.habits = {person: self._habits(person, own[person], last) for person in own}

    @staticmethod
    def _went_well(
        one: Said,
        words: str,
        people: dict[str, set[int]],
        own: dict[int, Counter[str]],
        last: dict[tuple[int, str], int],
    ) -> None:
        people[words].add(one.person)
        own[one.person][words] += 1
        last[one.person, words] = one.day

    def cases(self, *, personal: bool = True, seed: int = 1) -> Iterator[tuple[Said, Case]]:
        """The turns of the days after, with how they should have gone."""
        chance = Random(seed)
        for one in self.said:
            if one.day < BEFORE:
                continue
            right = self.right(one.words, one.wish)
            if one.how in ("clean", "reworded") and not right and chance.random() > KEPT:
                continue
            known = self.habits.get(one.person, NOBODY) if personal else NOBODY
            heard = replace(self.asked(one.words), now_s=one.day * DAY_S)
            yield one, Case(heard, right, self._means(one.wish), known, one.person)

    def _means(self, wish: Wish) -> Callable[[Entry], bool]:
        return lambda entry: self.right(entry.words, wish)

    def right(self, words: str, wish: Wish) -> bool:
        """Whether these words do what is wanted: the reading of the plain words, if that is right.

        Labels of hwu64 differ in what belongs to a value, so the intent decides for plain words.
        """
        if not wish.domain:
            return not self.acts(words)
        if not self.acts(words):
            return False
        found, plain = self._first(words), self._first(wish.text)
        if found is None or (found.skill, found.intent) != (wish.domain, wish.intent):
            return False
        if plain is not None and (plain.skill, plain.intent) == (wish.domain, wish.intent):
            return _words(found) == _words(plain)
        return _words(found) == sorted(" ".join(value for _, value in wish.values).split())

    def acts(self, words: str) -> bool:
        """Whether the engine does anything."""
        return self._decision(words).outcome is Outcome.ACT

    def asked(self, words: str) -> Asked:
        """What was heard, as serving sees it."""
        if words not in self._asked:
            heard = hear(Utterance(words, words), self._world.encoder)
            self._asked[words] = asked(heard, self._decision(words), self._context)
        return self._asked[words]

    def _decision(self, words: str) -> Decision:
        if words not in self._decided:
            found = self._world.engine.decide(words, self._context)
            self._decided[words] = replace(found, hypotheses=found.hypotheses[:4], shortlist=())
        return self._decided[words]

    def _first(self, words: str) -> Hypothesis | None:
        found = self._decision(words)
        return found.chosen or next(iter(found.options or found.hypotheses), None)

    def _entry(self, words: str, count: int, people: int, defect_bp: int, day: int = 0) -> Entry:
        found = self._first(words)
        assert found is not None
        return Entry(
            words,
            words,
            found.skill,
            found.intent,
            slots_of(found),
            count,
            people,
            defect_bp,
            last_s=day * DAY_S,
        )

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        heard = self._world.encoder.encode(list(texts))
        return self.projection(np.stack([one.pooled for one in heard]))

    def _habits(
        self, person: int, own: Counter[str], last: Mapping[tuple[int, str], int]
    ) -> Habits:
        entries = [
            self._entry(words, count, 1, 0, last[person, words]) for words, count in own.items()
        ]
        return Habits(tuple(entries), self._vectors([entry.words for entry in entries]))


def _words(reading: Hypothesis) -> list[str]:
    return sorted(_folded(" ".join(slot.value for slot in reading.slots)).split())


_folded = lru_cache(maxsize=65_536)(fold)
