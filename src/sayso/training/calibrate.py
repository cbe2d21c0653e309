"""Weights of the ranker, fitted on readings of sentences that the models have not seen.

Every skill is fitted on half of its samples and reads the other half, both ways round, beside
sentences that no skill should take. A list-wise logit with "none of these" among the choices is
then fitted by Newton's method, held to the shipped weights by a Gaussian prior so that a home
with three skills gets sane numbers too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sayso.routing.rank import DEFAULT_NONE, DEFAULT_WEIGHTS, Ranker
from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.skills import Language, Skill
from sayso.types.turns import Context, Hypothesis
from sayso.understanding.contract import Heard
from sayso.understanding.installed import Installed, fit_heard
from sayso.understanding.interpret import interpret
from sayso.understanding.shortlist import Index
from sayso.understanding.view import View, view_of

FOLDS = 2
# Not "known" and "active": nothing here shows them at work.
FITTED = ("cosine", "overlap", "carrier", "probability", "unresolved")
SHORTLIST = 6
MOST_UNLISTED = 10  # of those, sentences with a value that is in no catalogue
MOST_READ = 20  # held-out sentences of each skill; more changes four weights little
TOO_NEAR = 0.7  # cosine to an example at which a stranger's sentence may well be meant for a skill
PRIOR = 1.0  # strength of the pull to the shipped weights, as if that many lists spoke for them
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


def background() -> list[str]:
    """Sentences that few assistants have a skill for: small talk at length, trivia, gibberish."""
    return _lines("background.txt")


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
) -> Ranker:
    """A ranker for these skills of one locale.

    strangers: what no skill should take; unlisted: what `unlisted` made of the courses, heard.
    done: called after each skill's fit.
    """
    lists: list[tuple[list[Hypothesis], int]] = []
    for fold in range(FOLDS):
        installed = []
        for course in courses:
            installed.append(_fit_part(course, fold, engine))
            done()
        view = view_of(installed, courses[0].language.locale, None)
        for course in courses:
            lists += [_read(x, label, view) for x, label in _held_out(course, fold)]
        lists += [_read(x, label, view) for x, label in unlisted if _in_fold(label, fold)]
        lists += [
            _read(x, None, view) for x in strangers[fold::FOLDS] if not _is_near(x, view.index)
        ]
    return _fit(lists)


def _is_near(heard: Heard, index: Index) -> bool:
    matches = index.search(heard, 1).matches.values()
    return max((match.cosine for match in matches), default=0.0) > TOO_NEAR


def _in_fold(lesson: Label, fold: int) -> bool:
    """Texts of one sample stay on one side, or its carrier phrase would leak across."""
    return crc32((lesson.template or lesson.text).encode()) % FOLDS == fold


def _fit_part(course: Course, fold: int, engine: str) -> Installed:
    kept = [i for i, lesson in enumerate(course.lessons) if not _in_fold(lesson, fold)]
    heard = [course.heard[i] for i in kept] + list(course.heard[len(course.lessons) :])
    lessons = [course.lessons[i] for i in kept]
    return fit_heard(course.skill, course.language, lessons, heard, engine=engine)


def _held_out(course: Course, fold: int) -> list[tuple[Heard, Label]]:
    pairs = list(zip(course.heard, course.lessons, strict=False))
    seen: dict[str, tuple[Heard, Label]] = {}
    for heard, lesson in pairs:
        said = lesson.source is not LabelSource.NAME and not lesson.intent.startswith("AMAZON.")
        if said and _in_fold(lesson, fold):
            seen.setdefault(lesson.template or lesson.text, (heard, lesson))
    step = max(1, len(seen) // MOST_READ)
    return list(seen.values())[::step]


def _read(heard: Heard, label: Label | None, view: View) -> tuple[list[Hypothesis], int]:
    """Readings of one sentence, and the place of the right one (their number: none of these)."""
    context = Context(conversation="", now=_NOWHEN)
    readings = interpret(heard, view.index.search(heard, SHORTLIST), view, context)
    if label is None:
        return readings, len(readings)
    right = [
        i for i, x in enumerate(readings) if (x.skill, x.intent) == (label.skill, label.intent)
    ]
    return readings, right[0] if right else -1


def _fit(lists: Sequence[tuple[list[Hypothesis], int]]) -> Ranker:
    """Newton's method on the list-wise logit; lists without the right reading teach nothing."""
    told = [(readings, right) for readings, right in lists if right >= 0]
    if not told:
        return Ranker()
    prior = np.array([*(DEFAULT_WEIGHTS[name] for name in FITTED), DEFAULT_NONE])
    tables = [_table(readings) for readings, _ in told]
    weights = prior.copy()
    offsets = [_fixed(readings) for readings, _ in told]
    for _ in range(50):
        gradient = PRIOR * (prior - weights)
        curvature = PRIOR * np.eye(len(weights))
        for table, offset, (_, right) in zip(tables, offsets, told, strict=True):
            scores = table @ weights + offset
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mean = chances @ table
            gradient += table[right] - mean
            curvature += (table * chances[:, None]).T @ table - np.outer(mean, mean)
        step = np.linalg.solve(curvature, gradient)
        weights += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-4:
            break
    fitted = dict(zip(FITTED, map(float, weights), strict=False))
    return Ranker({**DEFAULT_WEIGHTS, **fitted}, float(weights[-1]))


def _table(readings: Sequence[Hypothesis]) -> NDArray[np.float64]:
    """(readings + 1, features + 1): the last row stands for none of these."""
    table = np.zeros((len(readings) + 1, len(FITTED) + 1))
    for i, reading in enumerate(readings):
        table[i, :-1] = [reading.features[name] for name in FITTED]
    table[-1, -1] = 1.0
    return table


def _fixed(readings: Sequence[Hypothesis]) -> NDArray[np.float64]:
    """(readings + 1,): what the features that are not fitted add to the scores."""
    fixed = {name: weight for name, weight in DEFAULT_WEIGHTS.items() if name not in FITTED}
    scores = [sum(w * reading.features[k] for k, w in fixed.items()) for reading in readings]
    return np.array([*scores, 0.0])
