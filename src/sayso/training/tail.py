"""The gate for labels that repair failing requests: they must help there and not hurt elsewhere.

The *head* is what skills' own samples ask; `judging` sees to it that no skill loses of these. The
*tail* is what fails today: each label is itself such a request, with what it should have been read
as. Skills learn one half of the labels beside all of their samples and read the other half, both
ways round, so that no request is asked that was taught; what counts is a reading with the right
skill, intent and places of slots. Where other people's failing requests are known, these are asked
instead. The labels are taken if the tail gets better by more than chance would make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from zlib import crc32

from threadpoolctl import threadpool_limits

from sayso.encoders import Encoders
from sayso.routing.rank import Ranker
from sayso.training.calibrate import Course, choice
from sayso.training.judging import Judged, course_of, drawn, judge, with_said
from sayso.training.side_by_side import side_by_side
from sayso.types.lessons import Label
from sayso.types.readings import Hypothesis
from sayso.types.skills import Skill
from sayso.understanding.cards import card_of
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit_heard
from sayso.understanding.stock import stock_of
from sayso.understanding.view import View, view_of

HALVES = 2
CHANCE = 0.1  # probability of such a gain, or a larger one, where labels change nothing


@dataclass(frozen=True, slots=True)
class Gate:
    """What came of the labels.

    taken, held_back: the labels; sure: what goes well, taken beside them. head: what `judge` found
    on skills' own samples. asked, before, after: failing requests that were read, and how many of
    them rightly, without the labels and
    with them. won, lost: requests that are read rightly with them alone, and without them alone.
    """

    taken: Sequence[Label] = ()
    sure: Sequence[Label] = ()
    held_back: Sequence[Label] = ()
    head: Judged = field(default_factory=Judged)
    asked: int = 0
    won: int = 0
    lost: int = 0
    before: int = 0
    after: int = 0

    @property
    def points(self) -> float:
        """What the labels are worth on held-out failing requests, in points of a hundred."""
        return 100 * (self.after - self.before) / self.asked if self.asked else 0.0

    def __str__(self) -> str:
        """The outcome in words: "38 new examples, +0.7 points on held-out; taken"."""
        count = len(self.taken) or len(self.held_back)
        if not count:
            return "no new examples"
        fate = "taken" if self.taken else "not taken"
        own = self.head.after - self.head.before
        hurt = f", {own:+d} of {self.head.asked} samples" if own else ""
        some = f", {len(self.held_back)} held back" if self.taken and self.held_back else ""
        noun = "example" if count == 1 else "examples"
        return f"{count} new {noun}, {self.points:+.1f} points on held-out{hurt}; {fate}{some}"


def gate(
    skills: Sequence[Skill],
    labels: Sequence[Label],
    encoders: Encoders,
    *,
    engine: str,
    tail: Sequence[Label] | None = None,
    sure: Sequence[Label] = (),
) -> Gate:
    """The labels that may be learnt.

    labels: of requests that failed (`labels.paraphrased`). tail: failing requests of other people
    with what they meant; None asks each half of the labels of skills that have learnt the other.
    sure: of requests that go well (`labels.served`), learnt beside those and never asked; alone
    they are not taken. Fits the skills that have labels five times; those of others thrice.
    """
    head = judge(skills, [*labels, *sure] if labels else (), encoders, engine=engine)
    failed = {(label.locale, fold(label.text)) for label in labels}
    kept = [x for x in head.kept if (x.locale, fold(x.text)) in failed]
    well = [x for x in head.kept if (x.locale, fold(x.text)) not in failed]
    told = _Told()
    with threadpool_limits(1, "blas"):  # as in `train`
        for locale in sorted({label.locale for label in kept}):
            mine = [label for label in kept if label.locale == locale]
            others = None if tail is None else [x for x in tail if x.locale == locale]
            beside = [label for label in well if label.locale == locale]
            told += _of_locale(skills, mine, others, beside, locale, encoders.of(locale), engine)
    better = told.won > told.lost and _by_chance(told.won, told.lost) <= CHANCE
    taken = kept if better else []
    return Gate(
        taken,
        well if better else [],
        [label for label in labels if label not in taken],
        head,
        told.asked,
        told.won,
        told.lost,
        told.before,
        told.after,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    asked: int = 0
    won: int = 0
    lost: int = 0
    before: int = 0
    after: int = 0

    def __add__(self, other: _Told) -> _Told:
        return _Told(
            self.asked + other.asked,
            self.won + other.won,
            self.lost + other.lost,
            self.before + other.before,
            self.after + other.after,
        )


def _of_locale(
    skills: Sequence[Skill],
    labels: Sequence[Label],
    tail: Sequence[Label] | None,
    sure: Sequence[Label],
    locale: str,
    encoder: TextEncoder | None,
    engine: str,
) -> _Told:
    plans = drawn(skills, {label.skill for label in (*labels, *sure)}, locale)
    courses = [course_of(skill, language, encoder) for skill, language in plans]
    plain = _fitted(courses, engine)
    rounds = [(labels, list(tail))] if tail is not None else list(_halves(labels))
    told = _Told()
    for taught, asked in rounds:
        more = [with_said(course, [*taught, *sure], encoder) for course in courses]
        fresh = [new for new, old in zip(more, courses, strict=True) if new is not old]
        with_labels = {**plain, **_fitted(fresh, engine)}
        before, after = [_read(asked, _view(x, locale), encoder) for x in (plain, with_labels)]
        told += _Told(
            len(asked),
            sum(b > a for a, b in zip(before, after, strict=True)),
            sum(a > b for a, b in zip(before, after, strict=True)),
            sum(before),
            sum(after),
        )
    return told


def _halves(labels: Sequence[Label]) -> Iterable[tuple[list[Label], list[Label]]]:
    """What is taught and what is asked, both ways round."""
    side = [crc32(fold(label.text).encode()) % HALVES for label in labels]
    for half in range(HALVES):
        taught = [label for label, at in zip(labels, side, strict=True) if at != half]
        asked = [label for label, at in zip(labels, side, strict=True) if at == half]
        if taught and asked:
            yield taught, asked


def _fitted(courses: Sequence[Course], engine: str) -> dict[str, Installed]:
    """The skills, each fitted on all that its course has."""
    return {
        one.skill.id: fitted
        for one, fitted in zip(
            courses,
            side_by_side(
                lambda at: fit_heard(
                    courses[at].skill,
                    courses[at].language,
                    courses[at].lessons,
                    courses[at].heard,
                    engine=engine,
                    strangers=None,
                ),
                len(courses),
                lessons=sum(len(course.lessons) for course in courses),
            ),
            strict=True,
        )
    }


def _view(installed: Mapping[str, Installed], locale: str) -> View:
    return view_of(stock_of(map(card_of, installed.values())), locale, None)


def _read(asked: Sequence[Label], view: View, encoder: TextEncoder | None) -> list[bool]:
    """Whether each request is read as its label says."""
    heard = hear_all([label.text for label in asked], encoder)
    found = []
    for one, label in zip(heard, asked, strict=True):
        ranked = Ranker().rank(choice(one, label, view).readings)
        found.append(bool(ranked) and _is(ranked[0], label))
    return found


def _is(reading: Hypothesis, label: Label) -> bool:
    """Same skill, same intent, same words in the same slots."""
    slots = {(slot.name, slot.start, slot.end) for slot in reading.slots if slot.start is not None}
    meant = {(span.name, span.start, span.end) for span in label.spans}
    return (reading.skill, reading.intent) == (label.skill, label.intent) and slots == meant


def _by_chance(won: int, lost: int) -> float:
    """Probability of at least `won` of all that changed, were either way as likely: a sign test."""
    changed = won + lost
    return float(sum(comb(changed, k) for k in range(won, changed + 1)) / 2**changed)
