"""Skills -> Bundle: hear every sample, calibrate the ranker, fit every skill, write a version."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from threadpoolctl import threadpool_limits

from sayso import bundle
from sayso.encoders import Encoder, Encoders
from sayso.errors import SkillError
from sayso.routing.rank import Rankers
from sayso.skills.schema import ID_ADVICE, is_id
from sayso.training.calibrate import FOLDS, Calibration, Course, calibrate, unlisted
from sayso.training.fitting import Courses, Finetune, Plan, fit_here, hear_courses
from sayso.training.kept import Kept
from sayso.training.made_with import versions
from sayso.training.orders import Order, by_skill, calibration_key, orders
from sayso.training.progress import Progress
from sayso.training.refused import skills_in
from sayso.training.registering import Registers
from sayso.types.lessons import Label
from sayso.types.skills import Language, Skill
from sayso.understanding.familiarity import background
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.values.shelves import shelve

MOST_CALIBRATED = 300  # skills of a language; more change four weights little

Labels = Mapping[str, Sequence[Label]]  # by skill
Fitted = Iterator[tuple[Order, bytes]]
# Fits what is ordered; `training.cluster` has one that does it elsewhere.
Elsewhere = Callable[[Sequence[Order], Encoders, str], Fitted]


@dataclass(frozen=True, slots=True)
class _Calibrated:
    """What calibration found, as plain JSON.

    key: digest of what it depends on; routing: the rankers; temperatures: by language and skill.
    """

    key: bytes
    routing: Mapping[str, Any]
    temperatures: Mapping[str, Mapping[str, float]]


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
    elsewhere: Elsewhere | None = None,
    fresh: bool = False,
    remark: Callable[[str], None] = lambda said: None,
) -> Path:
    """Fit every skill in each of its locales and write a new version of the bundle.

    encoder: what reads English, or the choice for each language. finetune: gives skills encoder
    layers of their own; None leaves the shared ones to all. labels: what the log teaches beside the
    skills' files (`sayso.labels`), for a skill and against it. Nothing that serves is touched until
    the new version is whole. A training that was broken off is taken up where it ended, unless
    `fresh`; `remark` is told so. elsewhere: fits the skills in place of this machine, which does
    the rest. Returns the version's folder.
    Raises SkillError for ids that are wrong or given twice, BundleError if it cannot be written,
    TrainingError while another training is under way there.
    """
    tell = progress or _silent
    _check_ids(skills)
    encoders = (
        encoder if isinstance(encoder, Encoders) else Encoders(encoder or Encoder.load(threads=2))
    )
    skills = [shelve(skill) for skill in skills]
    taught = by_skill(labels)
    # The matrices of one skill are small: on a busy machine, threads of BLAS waiting for each
    # other make fitting ten times slower.
    with (
        threadpool_limits(1, "blas"),
        Kept(Path(folder), _made_with(encoders, engine, finetune), remark, fresh=fresh) as kept,
    ):
        heard: Courses = {}
        found = _calibrations(kept, skills, taught, encoders, engine, heard, tell)
        ordered = list(orders(skills, taught, encoders, found.temperatures))
        kept.only({found.key, *(order.key for order in ordered)})
        fit = elsewhere or partial(fit_here, heard=heard, finetune=finetune, tell=tell)
        _fit(kept, ordered, lambda left: fit(left, encoders, engine), tell, remark)
        languages = encoders.to_json(locale for skill in skills for locale in skill.locales)
        manifest = {"engine": engine, "encoder": languages, "written_by": written_by}
        manifest["refused"] = skills_in(labels) & {skill.id for skill in skills}
        version = _written(Path(folder), kept, ordered, tell, routing=found.routing, **manifest)
        kept.remove()
        return version


def _written(
    folder: Path, kept: Kept, ordered: Sequence[Order], tell: Progress, **manifest: Any
) -> Path:
    """The version of the bundle with all that was fitted, and its registers."""
    unfinished = folder / "versions" / f".draft-{uuid4().hex}"
    with Registers(unfinished, partial(tell, "indexing")) as registers:
        entries = kept.stored((order.skill.id, order.key) for order in ordered)
        parts = registers.beside(_counted(entries, len(ordered), tell))
        return bundle.write(folder, parts, register=registers.move, **manifest)


def _made_with(encoders: Encoders, engine: str, finetune: Finetune | None) -> Mapping[str, str]:
    """What all skills depend on: another, and none that was fitted is of use."""
    return {
        **versions(),
        "engine": engine,
        "encoder": f"{encoders.default.name} ({encoders.default.fingerprint[:12]})",
        "fine-tuning": "no" if finetune is None else "yes",
    }


def _calibrations(
    kept: Kept,
    skills: Sequence[Skill],
    labels: Labels,
    encoders: Encoders,
    engine: str,
    heard: Courses,
    tell: Progress,
) -> _Calibrated:
    """What a training before has kept, or what is found now. heard: gets what is listened to."""
    sampled = _sampled(skills)
    key = calibration_key(sampled, labels, encoders)
    if key not in kept:
        plans: list[Plan] = [(skill, x, labels.get(skill.id, ())) for skill, x in sampled]
        courses = hear_courses(plans, encoders, tell)
        heard |= {(course.skill.id, course.language.locale): course for course in courses}
        found = _calibrated(courses, encoders, engine, tell)
        temperatures = {tongue: dict(each.temperatures) for tongue, each in found.items()}
        plain = [_rankers(found).to_json(), temperatures]
        kept.put(key, json.dumps(plain).encode())
    return _Calibrated(key, *json.loads(kept.content(key)))


def _fit(
    kept: Kept,
    ordered: Sequence[Order],
    fit: Callable[[Sequence[Order]], Fitted],
    tell: Progress,
    remark: Callable[[str], None],
) -> None:
    """Fit what is not kept yet, and keep it."""
    left = [order for order in ordered if order.key not in kept]
    done = len(ordered) - len(left)
    if done:
        remark(f"{done} of {len(ordered)} skills were fitted by a training before; going on.")
        tell("fitting", done, len(ordered))
    for count, (order, entry) in enumerate(fit(left), start=done + 1):
        kept.put(order.key, entry)
        tell("fitting", count, len(ordered))


def _counted(
    entries: Iterable[bundle.Stored], total: int, tell: Progress
) -> Iterator[bundle.Stored]:
    for done, entry in enumerate(entries, start=1):
        yield entry
        tell("writing", done, total)


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


def _steps(stage: str, total: int, tell: Progress) -> Callable[[], None]:
    """A function that tells of one more step of a stage each time it is called."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        tell(stage, count, total)

    return step
