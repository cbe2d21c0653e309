"""Invocation names: the same, sounding the same, or said in another skill's sample.

A name that two skills share calls neither of them (`understanding.view`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import jellyfish

from sayso.evaluation.collisions.nouns import Collision, Kind, Severity, Site
from sayso.evaluation.collisions.samples import Sample
from sayso.routing.invocation import parse
from sayso.types.skills import Skill
from sayso.understanding.fold import fold
from sayso.understanding.values.likeness import sounds

SHORTEST = 3  # letters of a name whose sound is compared


def names_of(skills: Sequence[Skill], locale: str) -> dict[str, list[Site]]:
    """Folded invocation name -> where it is written."""
    found: dict[str, list[Site]] = defaultdict(list)
    for skill in skills:
        language = skill.language(locale)
        name = fold(language.invocation_name) if language is not None else ""
        if language is not None and name:
            found[name].append(Site(skill.id, language.locale, "", language.invocation_name))
    return dict(found)


def same_names(names: Mapping[str, Sequence[Site]]) -> Iterator[Collision]:
    """Names that several skills bear."""
    for name, sites in names.items():
        if len(sites) > 1:
            advice = "give each skill a name of its own; until then this one calls none of them"
            yield Collision(Kind.NAME, Severity.ERROR, name, tuple(sites), advice)


def alike_names(names: Mapping[str, Sequence[Site]], locale: str) -> Iterator[Collision]:
    """Different names that a recogniser writes one for the other: `news reader`, `newsreader`."""
    joined: dict[str, list[str]] = defaultdict(list)
    for name in names:
        joined[name.replace(" ", "")].append(name)
    heard: dict[str, list[str]] = defaultdict(list)
    for spelled, same in joined.items():
        # Sounds are read word by word: the name that is divided most tells them best.
        divided = max(same, key=lambda name: (name.count(" "), name))
        heard[_sound(divided, locale) or spelled].extend(same)
    for alike in heard.values():
        if len(alike) > 1:
            sites = tuple(site for name in alike for site in names[name])
            said = ", ".join(alike)
            advice = "rename one: by ear they are one name"
            yield Collision(Kind.SOUND, Severity.WARNING, said, sites, advice)


def _sound(name: str, locale: str) -> str:
    """The same for names that sound alike; "" where only spelling can tell.

    In English two codes have to agree: each errs alone.
    """
    letters = name.replace(" ", "")
    plain = letters.isalpha() and letters.isascii() and len(letters) >= SHORTEST
    if locale.split("-")[0] != "en" or not plain:
        return ""
    consonants = "".join(jellyfish.metaphone(word) for word in name.split())
    return f"{consonants}/{sounds(name)}"


def calls(
    samples: Sequence[Sample], names: Mapping[str, Sequence[Site]], locale: str
) -> Iterator[Collision]:
    """Samples that name another skill outright (`play jazz using deezer`), so that it gets them."""
    own = {name: sites[0] for name, sites in names.items() if len(sites) == 1}
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in own:
        by_word[name.split()[0] if name.isascii() else ""].append(name)
    taken = [
        (taker, sample.site)
        for sample in samples
        if (taker := _called(sample, own, by_word, locale)) and taker.skill != sample.site.skill
    ]
    for taker, pairs in groupby(sorted(taken), key=lambda pair: pair[0]):
        sites = tuple(site for _, site in pairs)
        advice = f'say it without "{taker.sample}", or rename that skill'
        yield Collision(Kind.CALLED, Severity.ERROR, taker.sample, sites, advice, taker)


def _called(
    sample: Sample, own: Mapping[str, Site], by_word: Mapping[str, Sequence[str]], locale: str
) -> Site | None:
    """The name that a sample calls a skill by. A sentence without slots is safe if it only opens.

    Such a one is known word for word, and the engine asks for that first.
    """
    for text, folded in zip(sample.texts, sample.folded, strict=True):
        near = [name for word in {"", *folded.split()} for name in by_word.get(word, ())]
        found = parse(text, {name: name for name in near}.get, locale) if near else None
        if found is not None and (found.rest or sample.slots):
            return own[found.skill]
    return None
