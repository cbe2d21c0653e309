"""Skills -> Bundle: hear every sample, calibrate the ranker, fit every skill, write a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol
from uuid import uuid4

from threadpoolctl import threadpool_limits

from sayso import bundle
from sayso.encoders import Encoder, Encoders
from sayso.errors import SkillError
from sayso.routing.rank import Rankers
from sayso.skills.schema import ID_ADVICE, is_id
from sayso.training.calibrate import FOLDS, Calibration, Course, calibrate, lessons_in, unlisted
from sayso.training.progress import Progress
from sayso.training.refused import skills_in, with_refused
from sayso.training.registering import Registers
from sayso.training.said import said
from sayso.training.side_by_side import side_by_side
from sayso.types.lessons import Label
from sayso.types.skills import Language, Skill
from sayso.understanding.cards import pack
from sayso.understanding.familiarity import TEMPERATURE, background, strangers_in
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed, about, fit_heard, hear_lessons, lessons_of
from sayso.understanding.values.shelves import shelve

MOST_CALIBRATED = 300  # skills of a language; more change four weights little
BATCH = 250  # skills whose sentences are in memory as vectors at a time


class Finetune(Protocol):
    """May give a fitted skill encoder layers of its own; `training.finetuning` has the real one.

    encoder: what has heard the course.
    """

    def __call__(  # noqa: D102
        self, course: Course, encoder: TextEncoder | None, held: Installed, tell: Progress
    ) -> Installed: ...


def train(
    skills: Sequence[Skill],
    folder: Path | str,
    *,
    engine: str = "shared",
    encoder: Encoder | Encoders | None = None,
    progress: Progress | None = None,
    written_by: str = "",
    finetune: Finetune | None = None,
    labels: Sequence[Label] = (),
) -> Path:
    """Fit every skill in each of its locales and write a new version of the bundle.

    encoder: what reads English, or the choice for each language. finetune: gives skills encoder
    layers of their own; None leaves the shared ones to all. labels: what the log teaches beside the
    skills' files (`sayso.labels`), for a skill and against it. Nothing that serves is touched until
    the new version is whole. Returns the version's folder.
    Raises SkillError for ids that are wrong or given twice, BundleError if it cannot be written.
    """
    tell = progress or _silent
    _check_ids(skills)
    encoders = (
        encoder if isinstance(encoder, Encoders) else Encoders(encoder or Encoder.load(threads=2))
    )
    skills = [shelve(skill) for skill in skills]
    # The matrices of one skill are small: on a busy machine, threads of BLAS waiting for each
    # other make fitting ten times slower.
    with threadpool_limits(1, "blas"):
        courses = _courses(_sampled(skills), labels, encoders, tell)
        calibrations = _calibrated(courses, encoders, engine, tell)
        fitted = _skills(skills, labels, courses, encoders, engine, calibrations, tell, finetune)
        unfinished = Path(folder) / "versions" / f".draft-{uuid4().hex}"
        with Registers(unfinished, partial(tell, "indexing")) as registers:
            return bundle.write(
                Path(folder),
                map(pack, registers.beside(fitted)),
                engine=engine,
                encoder=encoders.to_json(locale for skill in skills for locale in skill.locales),
                routing=_rankers(calibrations).to_json(),
                written_by=written_by,
                register=registers.move,
                refused=skills_in(labels) & {skill.id for skill in skills},
            )


def _check_ids(skills: Sequence[Skill]) -> None:
    """Raise SkillError for what would be written and could not be opened again."""
    ids = Counter(skill.id for skill in skills)
    problems = [f'"{id}" is no id; {ID_ADVICE}' for id in ids if not is_id(id)]
    problems += [
        f"{id}: given {n} times; give each an id of its own" for id, n in ids.items() if n > 1
    ]
    if problems:
        raise SkillError(*problems)


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _sampled(skills: Sequence[Skill]) -> list[tuple[Skill, Language]]:
    """What is calibrated on: of each language the skills in its commonest locale, or some of them.

    The language that most skills speak comes first.
    """
    spoken: dict[str, dict[str, list[tuple[Skill, Language]]]] = {}
    for skill in skills:
        for language in skill.languages:
            locales = spoken.setdefault(language.locale.split("-")[0], {})
            locales.setdefault(language.locale, []).append((skill, language))
    chance = Random(0)
    sampled = []
    for locales in sorted(spoken.values(), key=lambda of: -sum(map(len, of.values()))):
        pairs = max(locales.values(), key=len)
        few = sorted(chance.sample(range(len(pairs)), min(len(pairs), MOST_CALIBRATED)))
        sampled += [pairs[at] for at in few]
    return sampled


def _courses(
    plans: Sequence[tuple[Skill, Language]],
    labels: Sequence[Label],
    encoders: Encoders,
    tell: Progress,
) -> list[Course]:
    """Everything there is to learn of these, each language heard by its encoder."""
    taught = [
        (skill, language, _lessons(skill, language, labels), about(skill, language))
        for skill, language in plans
    ]
    total = sum(len(lessons) + len(sentences) for _, _, lessons, sentences in taught)
    courses: list[Course] = []
    done = 0
    for skill, language, lessons, sentences in taught:
        encoder = encoders.of(language.locale)
        heard = hear_lessons(lessons, sentences, encoder, _counting(tell, done, total))
        courses.append(Course(skill, language, lessons, heard))
        done += len(heard)
    return courses


def _lessons(skill: Skill, language: Language, labels: Sequence[Label]) -> list[Label]:
    own = lessons_of(skill, language)
    return [*own, *said(skill.id, language, own, labels)]


def _counting(tell: Progress, before: int, total: int) -> Callable[[int], None]:
    """Told of texts heard in one course, tells of all."""
    return lambda some: tell("listening", before + some, total)


def _calibrated(
    courses: Sequence[Course], encoders: Encoders, engine: str, tell: Progress
) -> Mapping[str, Calibration]:
    """What was calibrated for each language, in the order of the courses."""
    groups: dict[str, list[Course]] = {}
    for course in courses:
        groups.setdefault(course.language.locale.split("-")[0], []).append(course)
    done = _steps("calibrating", FOLDS * len(courses), tell)
    return {
        tongue: _calibration(group, encoders.of(tongue), engine, done)
        for tongue, group in groups.items()
    }


def _rankers(calibrations: Mapping[str, Calibration]) -> Rankers:
    """The ranker of each language; that of the commonest serves languages that have none."""
    rankers = {tongue: each.ranker for tongue, each in calibrations.items()}
    if not rankers:
        return Rankers()
    main, *_ = rankers
    return Rankers(rankers.pop(main), rankers)


def _calibration(
    courses: Sequence[Course], encoder: TextEncoder | None, engine: str, done: Callable[[], None]
) -> Calibration:
    sentences = background()
    if encoder is None:
        # By words alone all of these, in English, are equally far: more would only say "refuse".
        sentences = sentences[: sum(map(_samples, courses))]
    strangers = hear_all(sentences, encoder)
    labels = [label for course in courses for label in unlisted(course)]
    heard = hear_all([label.text for label in labels], encoder)
    pairs = list(zip(heard, labels, strict=True))
    return calibrate(courses, strangers, pairs, engine=engine, done=done)


def _samples(course: Course) -> int:
    return sum(len(intent.samples) for intent in course.language.intents)


def _skills(
    skills: Sequence[Skill],
    labels: Sequence[Label],
    courses: Sequence[Course],
    encoders: Encoders,
    engine: str,
    calibrations: Mapping[str, Calibration],
    tell: Progress,
    finetune: Finetune | None,
) -> Iterator[Sequence[Installed]]:
    """Each skill in all its locales, fitted batch by batch: only one batch is in memory at a time.

    courses: what has been heard already.
    """
    done = _steps("fitting", sum(len(skill.languages) for skill in skills), tell)
    heard = {(course.skill.id, course.language.locale): course for course in courses}
    for at in range(0, len(skills), BATCH):
        batch = skills[at : at + BATCH]
        plans = [(skill, language) for skill in batch for language in skill.languages]
        fresh = [(skill, x) for skill, x in plans if (skill.id, x.locale) not in heard]
        for course in _courses(fresh, labels, encoders, _silent):
            heard[course.skill.id, course.language.locale] = course
        taken = [heard.pop((skill.id, language.locale)) for skill, language in plans]
        held: dict[str, list[Installed]] = {skill.id: [] for skill in batch}
        for course, one in zip(taken, _fitted(taken, encoders, engine, calibrations), strict=True):
            if finetune is not None:
                one = finetune(course, encoders.of(course.language.locale), one, tell)
            encoder = encoders.of(course.language.locale)
            held[course.skill.id].append(with_refused(one, labels, encoder))
            done()
        yield from (held[skill.id] for skill in batch)


def _fitted(
    courses: Sequence[Course],
    encoders: Encoders,
    engine: str,
    calibrations: Mapping[str, Calibration],
) -> Iterator[Installed]:
    """Each skill in each locale, fitted on all that it is taught."""
    locales = [course.language.locale for course in courses]
    strangers = {locale: strangers_in(locale, encoders.of(locale)) for locale in set(locales)}

    def fitted(at: int) -> Installed:
        course, locale = courses[at], locales[at]
        temperatures = calibrations[locale.split("-")[0]].temperatures
        return fit_heard(
            course.skill,
            course.language,
            course.lessons,
            course.heard,
            engine=engine,
            strangers=strangers[locale],
            temperature=temperatures.get(course.skill.id, TEMPERATURE),
        )

    return side_by_side(fitted, len(courses), lessons=lessons_in(courses))


def _steps(stage: str, total: int, tell: Progress) -> Callable[[], None]:
    """A function that tells of one more step of a stage each time it is called."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        tell(stage, count, total)

    return step
