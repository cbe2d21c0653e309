"""Many skills where there are few: seeded ones that stay near those at hand, and what people say.

A made-up skill is a skill at hand in which every fourth word was put in place of another, drawn
as often as the skills use it; it has as many samples as was asked for, however few the other has.
Its sentences lie among real ones, and no two skills are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from sayso.errors import EvaluationError
from sayso.types.skills import Intent, Language, Skill

CHANGED = 0.25  # share of words that are others in a made-up skill
SPOKEN = 0.2  # in what somebody says, beside the sample that it comes from
EXAMPLES = 5  # samples of a skill, as the claims of latency and memory have it
LINES = 2  # of its description


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says, and the skill that it is meant for."""

    text: str
    skill: str


def crowd(
    skills: Sequence[Skill],
    count: int,
    *,
    locale: str,
    seed: int = 0,
    samples: int = EXAMPLES,
) -> Iterator[Skill]:
    """So many skills of one locale: these, and made-up ones near them.

    samples: of a made-up skill, about; a real one has no more of its own.
    Raises EvaluationError if none of them speaks the locale's language.
    """
    tongue = locale.split("-")[0]
    real = [
        short for skill in skills if (short := _short(skill, tongue, locale, samples)) is not None
    ]
    if not real:
        raise EvaluationError(f"none of {len(skills)} skills speaks {tongue}")
    chance = Random(seed)
    words = [word for skill in real for text in _texts(skill) for word in text.split()]
    plain = [word for word in words if "{" not in word]
    spoken = [skill for skill in real if any(_samples(skill))] or real
    yield from real[:count]
    for number in range(count - len(real)):
        skill = spoken[chance.randrange(len(spoken))]
        yield _varied(
            skill, number, samples, lambda text: _other_words(text, plain, CHANGED, chance)
        )


def asked(skills: Sequence[Skill], count: int, *, seed: int = 1) -> list[Said]:
    """Distinct sentences for skills drawn evenly: their samples with some words changed."""
    chance = Random(seed)
    words = [word for skill in skills for text in _texts(skill) for word in text.split()]
    plain = [word for word in words if "{" not in word]
    found: dict[str, Said] = {}
    for _ in range(20 * count):
        if len(found) == count:
            break
        skill = skills[chance.randrange(len(skills))]
        samples = list(_samples(skill))
        if samples:
            text = _other_words(chance.choice(samples), plain, SPOKEN, chance)
            found.setdefault(
                text.casefold(), Said(text.replace("{", "").replace("}", ""), skill.id)
            )
    return list(found.values())


def _short(skill: Skill, tongue: str, locale: str, most: int) -> Skill | None:
    """The skill in that language alone, with few examples and lines; None if it has none."""
    language = next((x for x in skill.languages if x.locale.split("-")[0] == tongue), None)
    if language is None:
        return None
    left, intents = most, []
    for intent in language.intents:
        intents.append(replace(intent, samples=tuple(intent.samples[:left])))
        left -= len(intents[-1].samples)
    told = "\n".join((language.description or skill.description).splitlines()[:LINES])
    short = replace(language, locale=locale, description=told, examples=(), intents=tuple(intents))
    return replace(skill, languages=(short,), folder=None)


def _samples(skill: Skill) -> Iterator[str]:
    return (sample for intent in skill.languages[0].intents for sample in intent.samples)


def _texts(skill: Skill) -> Iterator[str]:
    yield from _samples(skill)
    yield skill.languages[0].description


def _varied(skill: Skill, number: int, count: int, vary: Callable[[str], str]) -> Skill:
    language = skill.languages[0]
    again = -(-count // max(1, sum(1 for _ in _samples(skill))))
    most = -(-count // max(1, sum(1 for one in language.intents if one.samples)))

    def intent(one: Intent) -> Intent:
        varied = dict.fromkeys(map(vary, again * [*one.samples]))
        return replace(one, samples=tuple(varied)[:most])

    made: Language = replace(
        language,
        invocation_name=vary(language.invocation_name),
        description="\n".join(map(vary, language.description.splitlines())),
        intents=tuple(map(intent, language.intents)),
    )
    return replace(skill, id=f"{skill.id}.{number}", name=vary(skill.name), languages=(made,))


def _other_words(text: str, words: Sequence[str], share: float, chance: Random) -> str:
    """The text with some words put in place of others, at least one; slots stay."""
    said = text.split()
    places = [at for at, word in enumerate(said) if "{" not in word and "}" not in word]
    if not places or not words:
        return text
    must = chance.choice(places)
    for at in places:
        if at == must or chance.random() < share:
            said[at] = chance.choice(words)
    return " ".join(said)
