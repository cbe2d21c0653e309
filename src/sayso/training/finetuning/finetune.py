"""Which skills get layers of their own, and whether they read better with them.

Part of the samples is kept apart. The layers and the heads above them learn the others, and so do
heads above the shared layers; both read that part. A skill of few samples is parted three ways,
and each third is kept apart once: fewer would say too little. Only layers that win clearly are
kept, with heads fitted to all samples; else the skill stays as it was. All is the same for the same
skill and encoder on the same machine.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import sqrt
from zlib import crc32

from sayso.encoders import Encoder
from sayso.training.calibrate import Course
from sayso.training.finetuning.layers import layers_of, network_of
from sayso.training.finetuning.tune import Tuning, steps_of, tune
from sayso.types.lessons import Label
from sayso.understanding import shared
from sayso.understanding.familiarity import temperature_of
from sayso.understanding.heads import HeadSettings, Model
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed
from sayso.understanding.shared import SharedFeatures, SharedSettings
from sayso.understanding.tuned import Layers, through

TUNED = SharedSettings(heads=HeadSettings(slot_words=150_000))
FEW = Tuning()
MANY = Tuning(batch=32, rate=5e-4, contrast=0.0, kept=0.0)
LEAST_SAMPLES = 300  # minutes of tuning for fewer were not tried (docs/finetuning.md)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a skill is fine-tuned.

    few, many: hyperparameters for few samples and for many, see `many_samples`.
    heads: of the tuned skill; least_samples: distinct written samples that it must have.
    many_samples: with so many, a tenth of them kept apart once says enough, and what the layers
        learn needs no support from contrast or from the shared weights.
    """

    few: Tuning = FEW
    many: Tuning = MANY
    heads: SharedSettings = TUNED
    least_samples: int = LEAST_SAMPLES
    many_samples: int = 3000

    def tuning(self, samples: int) -> Tuning:
        """The hyperparameters for so many samples."""
        return self.many if samples >= self.many_samples else self.few


PLAN = Plan()


@dataclass(frozen=True, slots=True)
class Trial:
    """What fine-tuning one skill in one locale came to.

    samples: distinct written ones; held_out: of them, those kept apart; before, after: how many of
    these were read rightly, intent and slots, with the shared and with the tuned layers.
    lack: why nothing was tried, "" if something was.
    """

    skill: str
    locale: str
    samples: int
    held_out: int = 0
    before: int = 0
    after: int = 0
    kept: bool = False
    seconds: float = 0.0
    lack: str = ""


def finetuned(
    course: Course,
    encoder: TextEncoder | None,
    held: Installed,
    plan: Plan = PLAN,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Installed, Trial]:
    """The skill with layers of its own if it reads better so, else as it is; and what was found.

    encoder: what has heard the course; held: the skill fitted with it. progress: steps of gradient
    descent done, and of how many.
    """
    started = time.perf_counter()
    samples = {lesson.sample for lesson in course.lessons if lesson.own and lesson.weight > 0}
    trial = Trial(held.skill.id, held.locale, len(samples))
    lack = _lack(held, encoder, len(samples), plan.least_samples)
    if lack or not isinstance(encoder, Encoder):
        return held, replace(trial, lack=lack)
    tuning = plan.tuning(len(samples))
    folds = _folds(course.lessons, many=len(samples) >= plan.many_samples)
    runs = [[course.lessons[at] for at in told] for told, _ in folds]
    if len(folds) > 1:
        runs.append(list(course.lessons))
    done = _steps(runs, tuning, progress)
    judged = [
        _judged(course, encoder, told, tested, tuning, plan.heads, done) for told, tested in folds
    ]
    before = [right for one in judged for right in one.before]
    after = [right for one in judged for right in one.after]
    kept = is_better(before, after)
    if kept:
        layers = judged[0].layers
        if len(folds) > 1:
            layers = tuned_layers(encoder, course.lessons, tuning, done)
        temperature = temperature_of([x for one in judged for x in one.readings])
        held = replace(
            held,
            model=through(_whole(course, encoder, layers, judged, plan), encoder, layers),
            familiarity=replace(held.familiarity, temperature=temperature),
        )
    else:
        progress(1, 1)  # the run for all lessons is not to come
    return held, replace(
        trial,
        held_out=len(after),
        before=sum(before),
        after=sum(after),
        kept=kept,
        seconds=time.perf_counter() - started,
    )


def _lack(held: Installed, encoder: TextEncoder | None, samples: int, least: int) -> str:
    """Why a skill cannot have layers of its own; "" if it can."""
    model = held.model
    if not (isinstance(model, Model) and isinstance(model.features, SharedFeatures)):
        return "its engine has no encoder"
    if held.locale.split("-")[0] != "en" or not isinstance(encoder, Encoder):
        return "only the encoder of English can be tuned"
    return f"fewer than {least} written samples" if samples < least else ""


def _folds(lessons: Sequence[Label], *, many: bool) -> list[tuple[list[int], list[int]]]:
    """Places of the lessons that are learnt, and of those kept apart, for each time it is tried."""
    parts, tried = (10, 1) if many else (3, 3)
    return [_parted(lessons, parts, part) for part in range(tried)]


def _parted(lessons: Sequence[Label], parts: int, part: int) -> tuple[list[int], list[int]]:
    """One part in so many is kept apart, one text a sample."""
    told: list[int] = []
    tested: dict[str, int] = {}
    for at, lesson in enumerate(lessons):
        sample = lesson.sample
        # All texts of one sample together, or its carrier phrase would leak across.
        own = lesson.own and lesson.weight > 0
        if own and crc32(f"apart {sample}".encode()) % parts == part:
            tested.setdefault(sample, at)
        else:
            told.append(at)
    return told, list(tested.values())


def _steps(
    runs: Sequence[Sequence[Label]], tuning: Tuning, progress: Callable[[int, int], None]
) -> Callable[[], None]:
    """What to call after each step of these runs of lessons."""
    total, done = sum(steps_of(len(_positive(run)), tuning) for run in runs), count(1)
    return lambda: progress(next(done), total)


def _positive(lessons: Sequence[Label]) -> list[Label]:
    return [lesson for lesson in lessons if lesson.weight > 0]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Layers that learnt all samples but those kept apart, of which the rest speaks.

    before, after: which were read rightly with the shared layers, and with these.
    readings: with these layers, the probability of every intent at temperature 1; the right one
    scores: of the right intents, with these layers.
    """

    layers: Layers
    before: Sequence[bool]
    after: Sequence[bool]
    readings: Sequence[tuple[Mapping[str, float], str]]
    scores: Sequence[float]


def _judged(
    course: Course,
    encoder: Encoder,
    told: Sequence[int],
    tested: Sequence[int],
    tuning: Tuning,
    settings: SharedSettings,
    done: Callable[[], None],
) -> _Judged:
    layers = tuned_layers(encoder, [course.lessons[at] for at in told], tuning, done)
    own = _through(course, encoder, layers)
    # The same heads on both, so that it is the layers that are judged.
    shared_, tuned = (_fit(x, told, settings) for x in (course, own))
    asked = [(own.heard[at], own.lessons[at].intent) for at in tested]
    return _Judged(
        layers,
        before=_right(shared_, course, tested),
        after=_right(tuned, own, tested),
        readings=[(dict(tuned.likely(heard)), intent) for heard, intent in asked],
        scores=[tuned.heads.typical + tuned.scores(x)[i] for x, i in asked if i in tuned.intents],
    )


def tuned_layers(
    encoder: Encoder, lessons: Sequence[Label], tuning: Tuning, done: Callable[[], None]
) -> Layers:
    """The encoder's layers after learning these lessons. done: called after each step."""
    network = network_of(encoder.folder)
    positive = _positive(lessons)
    fillings = Counter((lesson.intent, lesson.template) for lesson in positive)
    weights = [
        x.weight / (1 if x.template is None else fillings[x.intent, x.template]) for x in positive
    ]
    tune(network, encoder, positive, weights, tuning, done)
    return layers_of(network)


def _through(course: Course, encoder: Encoder, layers: Layers) -> Course:
    """The course as these layers hear it."""
    tuned = encoder.tuned(layers.tobytes())
    return replace(course, heard=hear_all([lesson.text for lesson in course.lessons], tuned))


def _fit(course: Course, places: Sequence[int], settings: SharedSettings) -> Model:
    """Heads for some of the lessons."""
    lessons = [course.lessons[at] for at in places]
    heard = [course.heard[at] for at in places]
    return shared.fit(lessons, heard, course.language, settings)


def _whole(
    course: Course, encoder: Encoder, layers: Layers, judged: Sequence[_Judged], plan: Plan
) -> Model:
    """Heads above these layers for all lessons."""
    own = _through(course, encoder, layers)
    fitted = _fit(own, range(len(own.lessons)), plan.heads)
    scores = [score for one in judged for score in one.scores]
    # Lessons that the layers have learnt score higher than anything that people will say.
    typical = sum(scores) / len(scores) if scores else fitted.heads.typical
    return replace(fitted, heads=replace(fitted.heads, typical=typical))


def _right(model: Model, course: Course, places: Sequence[int]) -> list[bool]:
    """Whether each of these sentences is read rightly, its intent and all of its slots."""
    right = []
    for at in places:
        lesson, reading = course.lessons[at], model.read(course.heard[at], limit=1)[0]
        found = {(slot.name, slot.start, slot.end) for slot in reading.slots}
        said = {(span.name, span.start, span.end) for span in lesson.spans}
        right.append(reading.intent == lesson.intent and found == said)
    return right


def is_better(before: Sequence[bool], after: Sequence[bool]) -> bool:
    """More is gained than lost, by more than one standard error of the difference."""
    gained = sum(b and not a for a, b in zip(before, after, strict=True))
    lost = sum(a and not b for a, b in zip(before, after, strict=True))
    return gained - lost > sqrt(gained + lost)
