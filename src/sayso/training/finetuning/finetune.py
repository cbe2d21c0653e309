"""Which skills get layers of their own, and whether they read better with them.

One sample in ten is kept apart. The layers and the heads above them learn the others, and so do
heads above the shared layers; both read the tenth. Only layers that win clearly are kept, with
heads fitted to all samples; else the skill stays as it was. Everything is the same for the same
skill and encoder on the same machine.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from zlib import crc32

from sayso.encoders import Encoder
from sayso.training.calibrate import Course
from sayso.training.finetuning.layers import layers_of, network_of
from sayso.training.finetuning.tune import Tuning, tune
from sayso.types.lessons import Label
from sayso.understanding import shared
from sayso.understanding.contract import Heard
from sayso.understanding.familiarity import temperature_of
from sayso.understanding.heads import HeadSettings, Model
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed
from sayso.understanding.shared import SharedFeatures, SharedSettings
from sayso.understanding.tuned import Layers, through

TUNED = SharedSettings(heads=HeadSettings(slot_words=150_000))
LEAST_SAMPLES = 1000  # with fewer, the gate has kept the shared layers (docs/finetuning.md)
HELD_OUT = 10  # one sample in so many is kept apart


@dataclass(frozen=True, slots=True)
class Plan:
    """How a skill is fine-tuned.

    heads: of the tuned skill; least_samples: distinct written samples that it must have.
    """

    tuning: Tuning = field(default_factory=Tuning)
    heads: SharedSettings = TUNED
    least_samples: int = LEAST_SAMPLES


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
    told, tested = _parted(course.lessons)
    layers = _tuned_layers(
        encoder, _picked(course.lessons, told), _picked(course.lessons, tested), plan, progress
    )
    tuned = encoder.tuned(layers.tobytes())
    own = replace(course, heard=hear_all([lesson.text for lesson in course.lessons], tuned))
    candidate = _fit(own, told, plan.heads)
    # The same heads on both, so that it is the layers that are judged.
    before = _right(_fit(course, told, plan.heads), course, tested)
    after = _right(candidate, own, tested)
    kept = is_better(before, after)
    if kept:
        model, familiarity = _whole(candidate, own, tested, plan), held.familiarity
        temperature = temperature_of(
            [(dict(candidate.likely(x)), intent) for x, intent in _asked(own, tested)]
        )
        held = replace(
            held,
            model=through(model, encoder, layers),
            familiarity=replace(familiarity, temperature=temperature),
        )
    return held, replace(
        trial,
        held_out=len(tested),
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


def _parted(lessons: Sequence[Label]) -> tuple[list[int], list[int]]:
    """Places of the lessons that are learnt, and of those kept apart, one text a sample."""
    told: list[int] = []
    tested: dict[str, int] = {}
    for at, lesson in enumerate(lessons):
        sample = lesson.sample
        # All texts of one sample together, or its carrier phrase would leak across.
        if lesson.own and lesson.weight > 0 and crc32(f"apart {sample}".encode()) % HELD_OUT == 0:
            tested.setdefault(sample, at)
        else:
            told.append(at)
    return told, list(tested.values())


def _picked(lessons: Sequence[Label], places: Sequence[int]) -> list[Label]:
    return [lessons[at] for at in places]


def _tuned_layers(
    encoder: Encoder,
    lessons: Sequence[Label],
    held_out: Sequence[Label],
    plan: Plan,
    progress: Callable[[int, int], None],
) -> Layers:
    network = network_of(encoder.folder)
    positive = [lesson for lesson in lessons if lesson.weight > 0]
    fillings = Counter((lesson.intent, lesson.template) for lesson in positive)
    weights = [
        x.weight / (1 if x.template is None else fillings[x.intent, x.template]) for x in positive
    ]
    tune(network, encoder, positive, weights, held_out, plan.tuning, progress)
    return layers_of(network)


def _fit(course: Course, places: Sequence[int], settings: SharedSettings) -> Model:
    """Heads for some of the lessons."""
    heard = [course.heard[at] for at in places]
    return shared.fit(_picked(course.lessons, places), heard, course.language, settings)


def _whole(candidate: Model, course: Course, tested: Sequence[int], plan: Plan) -> Model:
    """Heads for all lessons. candidate: those for the lessons that were not kept apart."""
    fitted = _fit(course, range(len(course.lessons)), plan.heads)
    found = [
        candidate.scores(heard)[intent]
        for heard, intent in _asked(course, tested)
        if intent in candidate.intents
    ]
    # Lessons that the layers have learnt score higher than anything that people will say.
    typical = candidate.heads.typical + (sum(found) / len(found) if found else 0.0)
    return replace(fitted, heads=replace(fitted.heads, typical=typical))


def _asked(course: Course, places: Sequence[int]) -> list[tuple[Heard, str]]:
    return [(course.heard[at], course.lessons[at].intent) for at in places]


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
