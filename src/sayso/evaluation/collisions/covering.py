"""Templates that take in what another skill is asked for: `play {anything}` takes `play chess`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from sayso.evaluation.collisions.nouns import Collision, Kind, Severity, Site
from sayso.evaluation.collisions.samples import MARK, Sample
from sayso.evaluation.collisions.takes import Range, Takes

TOLD_EVERY = 256  # samples
# Ways to share words out among slots side by side grow with both numbers; nobody says such things.
MOST_SLOTS, MOST_LETTERS = 4, 200
_WORDS, _LETTERS = r"(\S+(?: \S+)*?)", "(.+?)"
NARROW = "narrow its slots to a catalogue, or add words that only this skill is asked with"
NO_WORDS = (
    "any sentence fits it: add words around the slot, or list it among the samples of the slot, "
    "which are heard only when the skill has asked"
)


def covered(
    samples: Sequence[Sample], takes: Takes, done: Callable[[int], None]
) -> Iterator[Collision]:
    """For each template the sentences of other skills that it takes in.

    done: told now and then of the number of samples looked at.
    """
    texts = _Texts(samples)
    for number, sample in enumerate(samples, start=1):
        if number % TOLD_EVERY == 0 or number == len(samples):
            done(number)
        if not sample.slots:
            continue
        ranges = takes.range_of(sample)
        said = sample.site.sample
        if not _literal(sample.shape) and all(one.free for one in ranges):
            yield Collision(Kind.ANYTHING, Severity.WARNING, said, (sample.site,), NO_WORDS)
            continue
        sites = tuple(dict.fromkeys(_taken(sample, ranges, texts, takes.locale)))
        if sites:
            yield Collision(Kind.COVERED, Severity.WARNING, said, sites, NARROW, sample.site)


class _Texts:
    """All that people say, to be found by the words in it."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.rows = [
            (text, sample)
            for sample in samples
            for text in dict.fromkeys(sample.folded)
            if len(text) <= MOST_LETTERS
        ]
        self._holders: dict[str, set[int]] = defaultdict(set)
        self._whole: dict[str, list[int]] = defaultdict(list)
        for row, (text, _) in enumerate(self.rows):
            self._whole[text].append(row)
            for word in text.split():
                self._holders[word].add(row)

    def near(self, sample: Sample, ranges: Sequence[Range]) -> Sequence[int]:
        """Rows that a template may take in, in order."""
        words = _words(sample.shape)
        if words:
            holders = sorted((self._holders.get(word, set()) for word in words), key=len)
            return sorted(set.intersection(*holders))
        if sample.shape == MARK:  # a slot alone: only what is one of its values
            held = ranges[0].values & self._whole.keys()
            return sorted(row for text in held for row in self._whole[text])
        # Kana and Han have no words to look for. Slots side by side, and nothing else, are answers.
        return range(len(self.rows)) if _literal(sample.shape) else ()


def _taken(sample: Sample, ranges: Sequence[Range], texts: _Texts, locale: str) -> Iterator[Site]:
    if len(ranges) > MOST_SLOTS:
        return
    pattern = _pattern(sample.shape)
    for row in texts.near(sample, ranges):
        text, other = texts.rows[row]
        if other.site.skill == sample.site.skill or other.shape == sample.shape:
            continue
        found = pattern.fullmatch(text)
        if found and all(
            one.holds(words, locale) for one, words in zip(ranges, found.groups(), strict=True)
        ):
            yield other.site


def _pattern(shape: str) -> re.Pattern[str]:
    """A template over folded text: words in a slot's place, or letters where it touches a word."""
    parts = (
        _WORDS if word == MARK else _LETTERS.join(map(re.escape, word.split(MARK)))
        for word in shape.split(" ")
    )
    return re.compile(" ".join(parts))


def _literal(shape: str) -> str:
    """What a shape has besides slots."""
    return shape.replace(MARK, "").strip()


def _words(shape: str) -> list[str]:
    """Words of a shape that no slot touches; in a script without spaces there are none."""
    return [word for word in shape.split() if MARK not in word]
