"""Skills -> Bundle: hear every sample, fit every skill, calibrate the ranker, write a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from threadpoolctl import threadpool_limits

from sayso import bundle
from sayso.bundle import Part
from sayso.encoders import Encoder, Encoders
from sayso.routing.rank import Rankers
from sayso.training.calibrate import FOLDS, Calibration, Course, calibrate, lessons_in, unlisted
from sayso.training.side_by_side import side_by_side
from sayso.types.skills import Skill
from sayso.understanding.cards import pack
from sayso.understanding.familiarity import TEMPERATURE, background, strangers_in
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed, about, fit_heard, hear_lessons, lessons_of
from sayso.understanding.values.shelves import shelve


class Progress(Protocol):
    """Told how far training is: `done` of `total` units of the named stage."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...  # noqa: D102


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
) -> Path:
    """Fit every skill in each of its locales and write a new version of the bundle.

    encoder: what reads English, or the choice for each language. finetune: gives skills encoder
    layers of their own; None leaves the shared ones to all. Nothing that serves is touched until
    the new version is whole. Returns the version's folder.
    Raises BundleError if it cannot be written.
    """
    tell = progress or _silent
    encoders = (
        encoder if isinstance(encoder, Encoders) else Encoders(encoder or Encoder.load(threads=2))
    )
    skills = [shelve(skill) for skill in skills]
    courses = _courses(skills, encoders, tell)
    # The matrices of one skill are small: on a busy machine, threads of BLAS waiting for each
    # other make fitting ten times slower.
    with threadpool_limits(1, "blas"):
        calibrations = _calibrated(courses, encoders, engine, tell)
        parts = _parts(skills, courses, encoders, engine, calibrations, tell, finetune)
    return bundle.write(
        Path(folder),
        parts,
        engine=engine,
        encoder=encoders.to_json(course.language.locale for course in courses),
        routing=_rankers(calibrations).to_json(),
        written_by=written_by,
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _courses(skills: Sequence[Skill], encoders: Encoders, tell: Progress) -> list[Course]:
    """Everything there is to learn, each language heard by its encoder."""
    plans = [
        (skill, language, lessons_of(skill, language), about(skill, language))
        for skill in skills
        for language in skill.languages
    ]
    total = sum(len(lessons) + len(sentences) for _, _, lessons, sentences in plans)
    courses: list[Course] = []
    done = 0
    for skill, language, lessons, sentences in plans:
        encoder = encoders.of(language.locale)
        heard = hear_lessons(lessons, sentences, encoder, _counting(tell, done, total))
        courses.append(Course(skill, language, lessons, heard))
        done += len(heard)
    return courses


def _counting(tell: Progress, before: int, total: int) -> Callable[[int], None]:
    """Told of texts heard in one course, tells of all."""
    return lambda some: tell("listening", before + some, total)


def _calibrated(
    courses: Sequence[Course], encoders: Encoders, engine: str, tell: Progress
) -> Mapping[str, Calibration]:
    """For each language what was calibrated in the locale of it that most skills speak."""
    groups = _groups(courses)
    done = _steps("calibrating", FOLDS * sum(map(len, groups.values())), tell)
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


def _groups(courses: Sequence[Course]) -> Mapping[str, Sequence[Course]]:
    """For each language the courses in its commonest locale; the commonest language first."""
    counts = Counter(course.language.locale for course in courses)
    tongues = Counter(course.language.locale.split("-")[0] for course in courses)
    groups = {}
    for tongue, _ in tongues.most_common():
        locale = max((x for x in counts if x.split("-")[0] == tongue), key=lambda x: counts[x])
        groups[tongue] = [course for course in courses if course.language.locale == locale]
    return groups


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


def _parts(
    skills: Sequence[Skill],
    courses: Sequence[Course],
    encoders: Encoders,
    engine: str,
    calibrations: Mapping[str, Calibration],
    tell: Progress,
    finetune: Finetune | None,
) -> list[Part]:
    done = _steps("fitting", len(courses), tell)
    held: dict[str, list[Installed]] = {skill.id: [] for skill in skills}
    for course, one in zip(courses, _fitted(courses, encoders, engine, calibrations), strict=True):
        if finetune is not None:
            one = finetune(course, encoders.of(course.language.locale), one, tell)
        held[course.skill.id].append(one)
        done()
    return [pack(held[skill.id]) for skill in skills]


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
