"""What readings of sentences that the models have not seen teach: ranker and temperatures.

Every skill is fitted on half of its samples and reads the other half, both ways round, beside
strangers' sentences, which no skill should take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from zlib import crc32

from sayso.routing.rank import Ranker
from sayso.training.ranking import Choice, fit
from sayso.training.side_by_side import side_by_side
from sayso.types.context import Context
from sayso.types.lessons import Label, Span
from sayso.types.skills import Language, Skill
from sayso.understanding.cards import card_of
from sayso.understanding.contract import Heard
from sayso.understanding.familiarity import Strangers, strangers_of, temperature_of
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit_heard
from sayso.understanding.interpret import interpret
from sayso.understanding.shortlist import Index
from sayso.understanding.stock import stock_of
from sayso.understanding.view import View, view_of

FOLDS = 2
SHORTLIST = 6
MOST_UNLISTED = 10  # of those, sentences with a value that is in no catalogue
MOST_READ = 20  # held-out sentences of each skill; more changes four weights little
MOST_TAUGHT = 3_000  # lessons of a skill that take part; a hundred samples set its temperature
BATCH = 32  # sentences that a process reads before it is given others
ORPHAN = 0.05  # weight of a lesson that all skills but its own read, beside that of a lesson
TOO_NEAR = 0.7  # cosine to an example at which a stranger's sentence may well be meant for a skill
_NOWHEN = datetime(2000, 1, 3, 9, tzinfo=UTC)  # readings are compared, not acted upon


@dataclass(frozen=True, slots=True)
class Course:
    """All that one skill is taught in one locale.

    heard: the lessons in order, then the sentences about the skill as a whole.
    """

    skill: Skill
    language: Language
    lessons: Sequence[Label]
    heard: Sequence[Heard]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What held-out readings taught.

    temperatures: of each skill's model, by the skill's id.
    """

    ranker: Ranker
    temperatures: Mapping[str, float]


def lessons_in(courses: Sequence[Course]) -> int:
    """How many lessons there are in all."""
    return sum(len(course.lessons) for course in courses)


def _lines(name: str) -> list[str]:
    text = files("sayso.training").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def unlisted(course: Course) -> list[Label]:
    """Lessons of a course with a value that its catalogue does not hold, one a sample at most.

    Samples are filled with known values: without these, held-out readings would teach that a
    value nobody listed is a misreading.
    """
    values = _lines("novel.txt")
    made: dict[str | None, Label] = {}
    for lesson in course.lessons:
        closed = [span for span in lesson.spans if _is_closed(course.language, lesson, span)]
        if closed and lesson.template not in made:
            value = values[crc32(lesson.text.encode()) % len(values)]
            span = closed[-1]
            text = f"{lesson.text[: span.start]}{value}{lesson.text[span.end :]}"
            made[lesson.template] = replace(lesson, text=text, spans=())
    return list(made.values())[:: max(1, len(made) // MOST_UNLISTED)]


def _is_closed(language: Language, lesson: Label, span: Span) -> bool:
    intent = language.intent(lesson.intent)
    slot = intent.slot(span.name) if intent is not None else None
    return slot is not None and language.type(slot.type) is not None


def calibrate(
    courses: Sequence[Course],
    strangers: Sequence[Heard],
    unlisted: Sequence[tuple[Heard, Label]],
    *,
    engine: str,
    done: Callable[[], None] = lambda: None,
) -> Calibration:
    """A ranker for these skills of one locale, and their temperatures.

    strangers: what no skill should take; unlisted: what `unlisted` made of the courses, heard.
    done: called after each skill's fit.
    """
    courses = [_thinned(course) for course in courses]
    choices: list[Choice] = []
    chances: dict[str, list[tuple[Mapping[str, float], str]]] = {}
    for fold in range(FOLDS):
        view = half_taught(courses, strangers, fold, engine=engine, done=done)
        told = held_out(courses, strangers, unlisted, fold, view)
        choices += told + orphans(told)
        for course in courses:
            model = view.installed[course.skill.id].model
            chances.setdefault(course.skill.id, []).extend(
                (dict(model.likely(x)), label.intent) for x, label in _held_out(course, fold)
            )
    return Calibration(
        fit(choices), {skill: temperature_of(readings) for skill, readings in chances.items()}
    )


def _thinned(course: Course) -> Course:
    """A course of some of the samples, each with all of its lessons, where there are very many."""
    total = len(course.lessons)
    if total <= MOST_TAUGHT:
        return course
    samples: dict[tuple[str, str], list[int]] = {}
    for at, lesson in enumerate(course.lessons):
        samples.setdefault((lesson.intent, lesson.sample), []).append(at)
    # By intent, so that every n-th of them leaves none out that has as many.
    ordered = sorted(samples.items(), key=lambda pair: pair[0][0])
    step = -(-total // MOST_TAUGHT)
    kept = sorted(at for _, places in ordered[::step] for at in places)
    sentences = course.heard[total:]
    heard = [*(course.heard[at] for at in kept), *sentences]
    return replace(course, lessons=[course.lessons[at] for at in kept], heard=heard)


def half_taught(
    courses: Sequence[Course],
    strangers: Sequence[Heard],
    fold: int,
    *,
    engine: str,
    done: Callable[[], None] = lambda: None,
) -> View:
    """The courses, each fitted without the lessons and the strangers of a fold."""
    locale = courses[0].language.locale
    seen = strangers[1 - fold :: FOLDS]
    # The strangers speak English: elsewhere they would teach which language is strange.
    told = strangers_of(seen) if seen and locale.split("-")[0] == "en" else None
    installed = []
    for one in side_by_side(
        lambda at: _fit_part(courses[at], fold, engine, told),
        len(courses),
        lessons=lessons_in(courses),
    ):
        installed.append(one)
        done()
    return view_of(stock_of(map(card_of, installed)), locale, None)


def held_out(
    courses: Sequence[Course],
    strangers: Sequence[Heard],
    unlisted: Sequence[tuple[Heard, Label]],
    fold: int,
    view: View,
) -> list[Choice]:
    """What `view`, half taught, makes of the lessons and the strangers of the fold."""
    lessons = [pair for course in courses for pair in _held_out(course, fold)]
    lessons += [(x, label) for x, label in unlisted if in_fold(label, fold)]
    unseen = [(x, None) for x in strangers[fold::FOLDS] if not is_near(x, view.index)]
    pairs: list[tuple[Heard, Label | None]] = [*lessons, *unseen]
    read = side_by_side(
        lambda at: [choice(x, label, view) for x, label in pairs[at * BATCH : (at + 1) * BATCH]],
        -(-len(pairs) // BATCH),
        lessons=lessons_in(courses),
    )
    return [each for batch in read for each in batch]


def orphans(choices: Sequence[Choice]) -> list[Choice]:
    """The same sentences in a home without the skill that was meant: none of the readings is right.

    Strangers are far from all skills; what people ask in vain is often near to one.
    """
    made = []
    for each in choices:
        meant = each.meant
        others = [x for x in each.readings if meant is not None and x.skill != meant.skill]
        if others:
            made.append(Choice(others, len(others), ORPHAN))
    return made


def is_near(heard: Heard, index: Index) -> bool:
    """Whether a stranger's sentence may well be meant for an installed skill."""
    found = index.search(heard, 1).evidence.values()
    return any(one.cosines.max(initial=0.0) > TOO_NEAR for one in found)


def in_fold(lesson: Label, fold: int) -> bool:
    """Texts of one sample stay on one side, or its carrier phrase would leak across."""
    return crc32(lesson.sample.encode()) % FOLDS == fold


def _fit_part(course: Course, fold: int, engine: str, strangers: Strangers | None) -> Installed:
    kept = [i for i, lesson in enumerate(course.lessons) if not in_fold(lesson, fold)]
    heard = [course.heard[i] for i in kept] + list(course.heard[len(course.lessons) :])
    lessons = [course.lessons[i] for i in kept]
    return fit_heard(
        course.skill, course.language, lessons, heard, engine=engine, strangers=strangers
    )


def _held_out(course: Course, fold: int) -> list[tuple[Heard, Label]]:
    pairs = list(zip(course.heard, course.lessons, strict=False))
    seen: dict[str, tuple[Heard, Label]] = {}
    for heard, lesson in pairs:
        if lesson.own and in_fold(lesson, fold):
            seen.setdefault(lesson.sample, (heard, lesson))
    step = max(1, len(seen) // MOST_READ)
    return list(seen.values())[::step]


def choice(heard: Heard, label: Label | None, view: View) -> Choice:
    """The readings of one sentence, and which is right; label: None if nothing is."""
    context = Context(conversation="", now=_NOWHEN)
    shortlist = view.index.search(heard, SHORTLIST)
    # A sample held out is still a known sentence of its skill, which would give the answer away.
    readings = interpret(heard, shortlist, view, context, known_sentences=False)
    meant = (label.skill, label.intent) if label is not None else None
    right = (i for i, x in enumerate(readings) if (x.skill, x.intent) == meant)
    # If what was meant is not among them, none is right: else confidence would be too high.
    return Choice(readings, next(right, len(readings)))
