"""Skills -> Bundle: hear every sample, fit every skill, calibrate the ranker, write a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from threadpoolctl import threadpool_limits

from sayso import bundle
from sayso.bundle import Part
from sayso.encoders import Encoder
from sayso.routing.rank import Ranker
from sayso.training.calibrate import FOLDS, Course, background, calibrate, unlisted
from sayso.types.skills import Skill
from sayso.understanding.heard import hear_all
from sayso.understanding.installed import about, fit_heard, lessons_of, pack


class Progress(Protocol):
    """Told how far training is: `done` of `total` units of the named stage."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...  # noqa: D102


def train(
    skills: Sequence[Skill],
    folder: Path | str,
    *,
    engine: str = "shared",
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    written_by: str = "",
) -> Path:
    """Fit every skill in each of its locales and write a new version of the bundle.

    Nothing that serves is touched until the new version is whole. Returns the version's folder.
    Raises BundleError if it cannot be written.
    """
    tell = progress or _silent
    encoder = encoder or Encoder.load(threads=2)
    courses = _courses(skills, encoder, tell)
    # The matrices of one skill are small: on a busy machine, threads of BLAS waiting for each
    # other make fitting ten times slower.
    with threadpool_limits(1, "blas"):
        ranker = _calibrated(courses, encoder, engine, tell)
        parts = _parts(skills, courses, engine, tell)
    return bundle.write(
        Path(folder),
        parts,
        engine=engine,
        encoder={"name": encoder.name, "fingerprint": encoder.fingerprint},
        routing=ranker.to_json(),
        written_by=written_by,
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _courses(skills: Sequence[Skill], encoder: Encoder, tell: Progress) -> list[Course]:
    """Everything there is to learn, heard in one go so that the progress bar is honest."""
    plans = [
        (skill, language, lessons_of(skill, language), about(skill, language))
        for skill in skills
        for language in skill.languages
    ]
    texts = [
        text
        for _, _, lessons, sentences in plans
        for text in (*(lesson.text for lesson in lessons), *sentences)
    ]
    heard = hear_all(texts, encoder, lambda done: tell("listening", done, len(texts)))
    courses, start = [], 0
    for skill, language, lessons, sentences in plans:
        end = start + len(lessons) + len(sentences)
        courses.append(Course(skill, language, lessons, heard[start:end]))
        start = end
    return courses


def _calibrated(courses: Sequence[Course], encoder: Encoder, engine: str, tell: Progress) -> Ranker:
    """A ranker fitted in the locale that most skills speak; the others share it."""
    if not courses:
        return Ranker()
    locale, _ = Counter(course.language.locale for course in courses).most_common(1)[0]
    shared = [course for course in courses if course.language.locale == locale]
    strangers = hear_all(background(), encoder)
    novel = [label for course in shared for label in unlisted(course)]
    heard = hear_all([label.text for label in novel], encoder)
    done = _steps("calibrating", FOLDS * len(shared), tell)
    pairs = list(zip(heard, novel, strict=True))
    return calibrate(shared, strangers, pairs, engine=engine, done=done)


def _parts(
    skills: Sequence[Skill], courses: Sequence[Course], engine: str, tell: Progress
) -> list[Part]:
    done = _steps("fitting", len(courses), tell)
    parts = []
    for skill in skills:
        held = []
        for course in courses:
            if course.skill.id == skill.id:
                held.append(
                    fit_heard(skill, course.language, course.lessons, course.heard, engine=engine)
                )
                done()
        parts.append(pack(held))
    return parts


def _steps(stage: str, total: int, tell: Progress) -> Callable[[], None]:
    """A function that tells of one more step of a stage each time it is called."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        tell(stage, count, total)

    return step
