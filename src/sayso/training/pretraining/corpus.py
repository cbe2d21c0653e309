"""What is learnt from, set by set, without the sets that a run must not see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sayso.errors import DataError
from sayso.training.pretraining.sources import SOURCES, Example, Source, rows

_LONGEST, _SHORTEST = 200, 3  # characters
_MOST_OF_A_SET = 12_000  # texts of one set that are distilled, lest names and dates drown the rest
_LEAST_INTENTS = 5  # a set with fewer tells little apart
_LEAST_TAGGED = 300


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts for each kind of learning.

    plain: texts alone; intents: set -> intent -> texts, at
    least two; tagged: set -> examples with slots; pairs: two ways to say one thing.
    sources: the sets that were read.
    """

    plain: Sequence[str]
    intents: Mapping[str, Mapping[str, Sequence[str]]]
    tagged: Mapping[str, Sequence[Example]]
    pairs: Sequence[tuple[str, str]]
    sources: Sequence[Source]


def read_corpus(
    folder: Path,
    without: Sequence[str],
    *,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Corpus:
    """Read all sets in `folder` but those left out, their groups, and every sentence of theirs.

    progress: called with the number of sets read. Raises DataError if a set is missing or `without`
    names none.
    """
    left_out = _left_out(without)
    hidden: set[str] = set()
    examples: dict[str, list[Example]] = {}
    for done, source in enumerate(SOURCES, start=1):
        found = [x for x in source.read(folder) if _fits(x)]
        hidden |= _kept_for_measuring(folder, source)
        if source.name in left_out:
            hidden |= {one for x in found for one in _said(x)}
        else:
            examples[source.name] = found
        progress(done)
    kept = {
        name: [x for x in found if hidden.isdisjoint(_said(x))] for name, found in examples.items()
    }
    return Corpus(
        _plain(kept, Random(seed)),
        _intents(kept),
        {
            name: tagged
            for name, found in kept.items()
            if len(tagged := [x for x in found if x.spans]) >= _LEAST_TAGGED
        },
        [(x.text, x.paraphrase) for found in kept.values() for x in found if x.paraphrase],
        [source for source in SOURCES if source.name not in left_out],
    )


def bare(text: str) -> str:
    """A text as it is compared with others: small letters and digits, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9 ]+", "", text.lower()).split())


def _left_out(without: Sequence[str]) -> set[str]:
    names = [source.name for source in SOURCES]
    if unknown := sorted(set(without) - set(names)):
        raise DataError(f"no set is called {', '.join(unknown)}; there are {', '.join(names)}")
    groups = {source.group for source in SOURCES if source.name in without and source.group}
    return {s.name for s in SOURCES if s.name in without or s.group in groups}


def _said(example: Example) -> Iterator[str]:
    yield bare(example.text)
    if example.paraphrase:
        yield bare(example.paraphrase)


def _kept_for_measuring(folder: Path, source: Source) -> set[str]:
    """The sentences of a set's validation part, where it has one."""
    path = folder / "nlu" / source.name / "validation.parquet"
    return {bare(row["text"]) for row in rows(path, ("text",))} if path.is_file() else set()


def _fits(example: Example) -> bool:
    return _SHORTEST <= len(example.text) <= _LONGEST and example.text.isprintable()


def _plain(kept: Mapping[str, Sequence[Example]], chance: Random) -> list[str]:
    texts: dict[str, None] = {}
    for found in kept.values():
        said = [x.text for x in found] + [x.paraphrase for x in found if x.paraphrase]
        own = [text for text in dict.fromkeys(said) if text.isascii()]
        texts.update(dict.fromkeys(chance.sample(own, min(len(own), _MOST_OF_A_SET))))
    return list(texts)


def _intents(
    kept: Mapping[str, Sequence[Example]],
) -> dict[str, dict[str, list[str]]]:
    sets = {}
    for name, found in kept.items():
        texts: dict[str, dict[str, None]] = {}
        for example in found:
            if example.intent:
                texts.setdefault(example.intent, {})[example.text] = None
        several = {intent: list(said) for intent, said in texts.items() if len(said) > 1}
        if len(several) >= _LEAST_INTENTS:
            sets[name] = several
    return sets
