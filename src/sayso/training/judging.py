"""Which labels of a log are learnt: those that do not cost skills their own samples.

Skills are fitted on half of their samples, with the labels and without, and read the other half,
both ways round, as in `calibrate`. A sample that is read rightly without the labels and wrongly
with them speaks against the labels of its own skill and of the skill that took it; one that is won
speaks for them. The labels of a skill that loses more than it wins are held back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from threadpoolctl import threadpool_limits

from sayso.encoders import Encoders
from sayso.routing.rank import Ranker
from sayso.training.calibrate import FOLDS, Course, choice, half_taught, in_fold
from sayso.training.refused import refused
from sayso.training.said import said
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Language, Skill
from sayso.understanding.cards import card_of
from sayso.understanding.contract import Heard
from sayso.understanding.heard import TextEncoder
from sayso.understanding.installed import Installed
from sayso.understanding.lessons import about, hear_lessons, lessons_of
from sayso.understanding.stock import stock_of
from sayso.understanding.values.shelves import shelve
from sayso.understanding.view import View, view_of

MOST_JUDGED = 150  # skills of a locale that are fitted for it: those with labels, and others by lot
MOST_ASKED = 30  # samples of each skill
Meant = tuple[str, str]  # skill and intent
Pair = tuple[Heard, Label]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of the labels.

    kept, held_back: the labels; asked: samples that were held out; before, after: how many of these
    are read rightly without labels, and with those that are kept.
    """

    kept: Sequence[Label] = ()
    held_back: Sequence[Label] = ()
    asked: int = 0
    before: int = 0
    after: int = 0


def judge(
    skills: Sequence[Skill], labels: Sequence[Label], encoders: Encoders, *, engine: str
) -> Judged:
    """The labels that may be learnt. A label of a locale that its skill does not speak is none."""
    every = Judged()
    with threadpool_limits(1, "blas"):  # as in `train`
        for locale in sorted({label.locale for label in labels}):
            mine = [label for label in labels if label.locale == locale]
            every = _both(every, _of_locale(skills, mine, locale, encoders.of(locale), engine))
    return every


def _both(one: Judged, other: Judged) -> Judged:
    return Judged(
        [*one.kept, *other.kept],
        [*one.held_back, *other.held_back],
        one.asked + other.asked,
        one.before + other.before,
        one.after + other.after,
    )


def _of_locale(
    skills: Sequence[Skill],
    labels: Sequence[Label],
    locale: str,
    encoder: TextEncoder | None,
    engine: str,
) -> Judged:
    spoken = {skill.id for skill in skills if skill.language(locale) is not None}
    labels = [label for label in labels if label.skill in spoken]
    if not labels:
        return Judged()
    plans = drawn(skills, {label.skill for label in labels}, locale)
    courses = [course_of(skill, language, encoder) for skill, language in plans]
    bench = _Bench(courses, encoder, engine)
    before = bench.read([])
    kept, after = labels, bench.read(labels)
    losing = _losing(bench.asked, before, after)
    if any(label.skill in losing for label in labels):
        kept = [label for label in labels if label.skill not in losing]
        after = bench.read(kept)
    if _right(bench.asked, after) < _right(bench.asked, before):
        kept, after = [], before
    held_back = [label for label in labels if label not in kept]
    return Judged(
        kept,
        held_back,
        len(bench.asked),
        _right(bench.asked, before),
        _right(bench.asked, after),
    )


def drawn(skills: Sequence[Skill], taught: set[str], locale: str) -> list[tuple[Skill, Language]]:
    """The skills that have labels, and others up to the most."""
    speaking = [skill for skill in skills if skill.language(locale) is not None]
    first = [skill for skill in speaking if skill.id in taught]
    rest = [skill for skill in speaking if skill.id not in taught]
    room = max(0, MOST_JUDGED - len(first))
    drawn = map(shelve, [*first, *Random(0).sample(rest, min(room, len(rest)))])
    return [(skill, language) for skill in drawn if (language := skill.language(locale))]


def course_of(skill: Skill, language: Language, encoder: TextEncoder | None) -> Course:
    """What the skill's own files teach it."""
    lessons = lessons_of(skill, language)
    return Course(skill, language, lessons, hear_lessons(lessons, about(skill, language), encoder))


class _Bench:
    """Skills that are fitted by halves. What has no labels is fitted once."""

    def __init__(self, courses: Sequence[Course], encoder: TextEncoder | None, engine: str) -> None:
        self._courses, self._encoder, self._engine = courses, encoder, engine
        self._plain = [half_taught(courses, (), fold, engine=engine) for fold in range(FOLDS)]
        self._pairs = [
            [pair for course in courses for pair in _held_out(course, fold)]
            for fold in range(FOLDS)
        ]

    @property
    def asked(self) -> list[Label]:
        """The samples that are read, in their order."""
        return [label for pairs in self._pairs for _, label in pairs]

    def read(self, labels: Sequence[Label]) -> list[Meant | None]:
        """How each sample is read by skills that have learnt these labels."""
        return [
            _first(heard, label, view)
            for fold, pairs in enumerate(self._pairs)
            for view in [self._taught(labels, fold)]
            for heard, label in pairs
        ]

    def _taught(self, labels: Sequence[Label], fold: int) -> View:
        plain = self._plain[fold]
        if not labels:
            return plain
        more = [with_said(course, labels, self._encoder) for course in self._courses]
        fresh = [new for new, old in zip(more, self._courses, strict=True) if new is not old]
        fitted = half_taught(fresh, (), fold, engine=self._engine).installed if fresh else {}
        held = [
            self._refusing(
                course, (fitted if course.skill.id in fitted else plain.installed), labels
            )
            for course in self._courses
        ]
        return view_of(stock_of(map(card_of, held)), held[0].locale, None)

    def _refusing(
        self, course: Course, fitted: Mapping[str, Installed], labels: Sequence[Label]
    ) -> Installed:
        """The skill of a course with what it has turned down."""
        held = fitted[course.skill.id]
        mine = [label for label in labels if label.skill == course.skill.id]
        own = (lesson.text for lesson in course.lessons if lesson.own)
        found = refused(mine, course.language.locale, own, self._encoder)
        return replace(held, examples=replace(held.examples, refused=found))


def with_said(course: Course, labels: Sequence[Label], encoder: TextEncoder | None) -> Course:
    """The course with what people said to the skill; itself where that is nothing new."""
    new = said(course.skill.id, course.language, course.lessons, labels)
    if not new:
        return course
    count = len(course.lessons)
    heard = hear_lessons(new, (), encoder)
    return replace(
        course,
        lessons=[*course.lessons, *new],
        heard=[*course.heard[:count], *heard, *course.heard[count:]],
    )


def _held_out(course: Course, fold: int) -> list[Pair]:
    """One text of each sample of a fold."""
    found: dict[str, Pair] = {}
    for heard, lesson in zip(course.heard, course.lessons, strict=False):
        if lesson.own and lesson.source is LabelSource.SAMPLE and in_fold(lesson, fold):
            found.setdefault(lesson.sample, (heard, lesson))
    return list(found.values())[:: max(1, len(found) // MOST_ASKED)]


def _first(heard: Heard, label: Label, view: View) -> Meant | None:
    """The reading that ranks first."""
    ranked = Ranker().rank(choice(heard, label, view).readings)
    return (ranked[0].skill, ranked[0].intent) if ranked else None


def _right(asked: Iterable[Label], read: Iterable[Meant | None]) -> int:
    return sum(meant == (x.skill, x.intent) for x, meant in zip(asked, read, strict=True))


def _losing(
    asked: Sequence[Label], before: Sequence[Meant | None], after: Sequence[Meant | None]
) -> set[str]:
    """Skills that have to do with more samples lost than won: they are theirs, or taken by them."""
    balance: Counter[str] = Counter()
    for label, was, now in zip(asked, before, after, strict=True):
        own = (label.skill, label.intent)
        if (was == own) != (now == own):
            taker = was if now == own else now
            involved = {label.skill, *(taker[:1] if taker is not None else ())}
            balance.update(dict.fromkeys(involved, 1 if now == own else -1))
    return {skill for skill, won in balance.items() if won < 0}
