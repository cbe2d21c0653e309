"""Skills that were ordered -> entries of a bundle, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from sayso.bundle import Part, encode_part
from sayso.encoders import Encoders
from sayso.training.calibrate import Course, lessons_in
from sayso.training.orders import Order, lessons
from sayso.training.progress import Progress
from sayso.training.refused import refused
from sayso.training.side_by_side import side_by_side
from sayso.types.lessons import Label
from sayso.types.skills import Language, Skill
from sayso.understanding.cards import pack, together
from sayso.understanding.described.descriptions import Descriptions, described
from sayso.understanding.doubt import Refused
from sayso.understanding.familiarity import strangers_in
from sayso.understanding.heard import TextEncoder
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit_heard
from sayso.understanding.lessons import about, hear_lessons

BATCH = 250  # skills whose sentences are in memory as vectors at a time

Plan = tuple[Skill, Language, Sequence[Label]]  # a skill in a locale, with the log's labels
Courses = dict[tuple[str, str], Course]  # by skill and locale


class Finetune(Protocol):
    """May give a fitted skill encoder layers of its own; `training.finetuning` has the real one.

    encoder: what has heard the course.
    """

    def __call__(  # noqa: D102
        self, course: Course, encoder: TextEncoder | None, held: Installed, tell: Progress
    ) -> Installed: ...


def hear_courses(
    plans: Sequence[Plan], encoders: Encoders, tell: Progress | None = None
) -> list[Course]:
    """Everything there is to learn of these, each language heard by its encoder."""
    taught = [
        (skill, language, lessons(skill, language, labels), about(skill, language))
        for skill, language, labels in plans
    ]
    total = sum(len(learnt) + len(sentences) for _, _, learnt, sentences in taught)
    courses: list[Course] = []
    done = 0
    for skill, language, learnt, sentences in taught:
        encoder = encoders.of(language.locale)
        counted = _counting(tell, done, total) if tell is not None else None
        heard = hear_lessons(learnt, sentences, encoder, counted)
        courses.append(Course(skill, language, learnt, heard))
        done += len(heard)
    return courses


def _counting(tell: Progress, before: int, total: int) -> Callable[[int], None]:
    """Told of texts heard in one course, tells of all."""
    return lambda some: tell("listening", before + some, total)


def fit_here(
    orders: Sequence[Order],
    encoders: Encoders,
    engine: str,
    *,
    heard: Courses,
    finetune: Finetune | None,
    tell: Progress,
) -> Iterator[tuple[Order, bytes]]:
    """Each order with the skill's entry, in order, batch by batch: one is in memory at a time.

    heard: what has been heard already, which is used up. tell: for `finetune`.
    """
    for at in range(0, len(orders), BATCH):
        batch = orders[at : at + BATCH]
        courses = _heard(batch, encoders, heard)
        fit = _fit(batch, courses, encoders, engine)
        told = _described(courses, encoders)
        if finetune is None:
            parts = _packed(courses, fit, told)
        else:
            parts = _tuned(courses, fit, told, encoders, finetune, tell)
        for order in batch:
            yield order, encode_part(together([next(parts) for _ in order.skill.languages]))


def fit_alone(orders: Sequence[Order], encoders: Encoders, engine: str) -> list[bytes]:
    """The entries of these, one after another, in this process."""
    courses = _heard(orders, encoders, {})
    fit, told = _fit(orders, courses, encoders, engine), _described(courses, encoders)
    parts = (_part(fit(at), told[at]) for at in range(len(courses)))
    return [encode_part(together([next(parts) for _ in order.skill.languages])) for order in orders]


def _heard(orders: Sequence[Order], encoders: Encoders, known: Courses) -> list[Course]:
    """The courses of these; those known are taken out of there."""
    plans = [(x.skill, language, x.labels) for x in orders for language in x.skill.languages]
    names = [(skill.id, language.locale) for skill, language, _ in plans]
    fresh = [plan for plan, name in zip(plans, names, strict=True) if name not in known]
    for course in hear_courses(fresh, encoders):
        known[course.skill.id, course.language.locale] = course
    return [known.pop(name) for name in names]


def _packed(
    courses: Sequence[Course],
    fit: Callable[[int], Installed],
    told: Sequence[Descriptions | None],
) -> Iterator[Part]:
    """Each course as a part of its one locale, fitted by as many processes as there are cores."""
    # Packed where it was fitted: it is small then, and travels fast.
    return side_by_side(
        lambda at: _part(fit(at), told[at]), len(courses), lessons=lessons_in(courses)
    )


def _part(held: Installed, told: Descriptions | None) -> Part:
    return pack([replace(held, descriptions=told)])


def _described(courses: Sequence[Course], encoders: Encoders) -> list[Descriptions | None]:
    """What the skill of each course says of its slots, heard here: see `_fit`."""
    return [described(x.language, encoders.of(x.language.locale)) for x in courses]


def _tuned(
    courses: Sequence[Course],
    fit: Callable[[int], Installed],
    told: Sequence[Descriptions | None],
    encoders: Encoders,
    finetune: Finetune,
    tell: Progress,
) -> Iterator[Part]:
    """`_packed`, with layers of their own for those that `finetune` finds worth it."""
    fitted = side_by_side(fit, len(courses), lessons=lessons_in(courses))
    for course, held, says in zip(courses, fitted, told, strict=True):
        yield _part(finetune(course, encoders.of(course.language.locale), held, tell), says)


def _fit(
    orders: Sequence[Order], courses: Sequence[Course], encoders: Encoders, engine: str
) -> Callable[[int], Installed]:
    """What fits the course of that number, on all that it teaches; it asks no encoder."""
    refusals = _refusals(orders, courses, encoders)
    locales = {course.language.locale for course in courses}
    strangers = {locale: strangers_in(locale, encoders.of(locale)) for locale in locales}
    temperatures: Mapping[str, Mapping[str, float]] = {x.skill.id: x.temperatures for x in orders}

    def fit(at: int) -> Installed:
        course = courses[at]
        locale = course.language.locale
        held = fit_heard(
            course.skill,
            course.language,
            course.lessons,
            course.heard,
            engine=engine,
            strangers=strangers[locale],
            temperature=temperatures[course.skill.id][locale],
        )
        return replace(held, examples=replace(held.examples, refused=refusals[at]))

    return fit


def _refusals(
    orders: Sequence[Order], courses: Sequence[Course], encoders: Encoders
) -> list[Refused | None]:
    """What the skill of each course has turned down."""
    labels = {order.skill.id: order.labels for order in orders}
    return [
        refused(
            labels[course.skill.id],
            course.language.locale,
            (lesson.text for lesson in course.lessons if lesson.own),
            encoders.of(course.language.locale),
        )
        for course in courses
    ]
