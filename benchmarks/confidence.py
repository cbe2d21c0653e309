"""Whether confidences are true, and what one setting makes of them.

    python -m benchmarks.confidence --skills FOLDER --outsiders FOLDER --write

`--skills`: intent probabilities of real Alexa skills, with the data, the splits and the engine of
`real_skills`. Temperatures are fitted within the training half, on two folds of it, and judged on
the test half. `--outsiders`: a folder with `clinc150/train.parquet` and `validation.parquet`,
whose 200 out-of-scope rows no skill of the example home was made for.

Always: the router of the example home. Each skill is fitted on half of its samples and reads the
other half, samples with values nobody listed, denials of samples, and half of `strangers.txt`; the
ranker is fitted on one fold's readings and judged on the other's, both ways round. Orphans are
lessons in a home without their skill (some are meant for another skill as well). `after` is what
`sayso train` does; the others lack features, or were not told of orphans.

ECE: expected calibration error of the best reading, in bins of equal mass. A few readings give an
error even to a perfect judge: `floor` is that of one who is right as often as he says.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from benchmarks import real_skills
from benchmarks.hardware import write_result
from sayso.encoders import Encoder
from sayso.routing.decide import Costs, decide
from sayso.routing.rank import Ranker
from sayso.skills import read_skills
from sayso.training.calibrate import (
    FOLDS,
    Course,
    choice,
    half_taught,
    held_out,
    in_fold,
    is_near,
    orphans,
    unlisted,
)
from sayso.training.ranking import Choice, fit
from sayso.types.lessons import Label
from sayso.types.readings import Outcome
from sayso.understanding import shared
from sayso.understanding.contract import Heard
from sayso.understanding.familiarity import TEMPERATURE, Familiarity, background, temperature_of
from sayso.understanding.heard import hear_all
from sayso.understanding.lessons import about, lessons_of
from sayso.understanding.negation import denials

HOME = Path(__file__).parent.parent / "examples" / "home" / "skills"
CAUTIONS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
BINS, LEAST_READINGS, A_BIN = 15, 50, 25
VARIANTS: Mapping[str, tuple[Sequence[str], bool]] = {  # features left out; told of orphans
    "without acceptors, denials, strength, orphans": (("accept", "denied", "strength"), False),
    "without strength, orphans": (("strength",), False),
    "without strength": (("strength",), True),
    "without orphans": ((), False),
    "after": ((), True),
}
DENIALS = ("don't {}", "do not {}", "please don't {}", "never {}", "i didn't say {}")
MOST_DENIED = 8  # of a skill

Floats = NDArray[np.float64]
Chances = tuple[Mapping[str, float], str]  # of every intent, and the right one


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--skills", type=Path, help="folder of alexa_models.parquet")
    parser.add_argument("--outsiders", type=Path, help="folder of clinc150/")
    parser.add_argument("--encoder", help="folder or hub id of another encoder")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write results/confidence.json")
    arguments = parser.parse_args()
    encoder = Encoder.load(arguments.encoder)
    result: dict[str, Any] = {"encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint}}
    with threadpool_limits(1, "blas"):
        result["home"] = home(encoder, outsiders(arguments.outsiders))
        if arguments.skills and (arguments.skills / real_skills.FILES[0]).is_file():
            result["skills"] = skills(arguments.skills, encoder, arguments.seeds)
        else:
            print("real skills are skipped: give their folder as --skills")
    show(result)
    if arguments.write:
        write_result("confidence", result)


@dataclass(frozen=True, slots=True)
class Judged:
    """A choice of one kind: a lesson held out, an orphan, a denial, a stranger, or an outsider."""

    kind: str
    choice: Choice


def home(encoder: Encoder, outside: Sequence[str]) -> dict[str, Any]:
    """The router of the example home, and what it would be with less."""
    folds = read_home(encoder, outside)
    return {
        name: crossed([[_without(each, less) for each in fold] for fold in folds], told)
        for name, (less, told) in VARIANTS.items()
    }


def read_home(encoder: Encoder, outside: Sequence[str]) -> list[list[Judged]]:
    courses = []
    for skill in read_skills(HOME):
        language = skill.languages[0]
        lessons = lessons_of(skill, language)
        texts = [*(lesson.text for lesson in lessons), *about(skill, language)]
        courses.append(Course(skill, language, lessons, hear_all(texts, encoder)))
    strangers = hear_all(background(), encoder)
    novel = heard_labels([label for course in courses for label in unlisted(course)], encoder)
    denials = heard_labels([label for course in courses for label in denied(course)], encoder)
    heard = hear_all(outside, encoder)
    folds = []
    for number in range(FOLDS):
        view = half_taught(courses, strangers, number, engine="shared")
        # A denial is on the side of its lesson, and right is nothing.
        unseen = [(x, label) for x, label in denials if in_fold(label, number)]
        told = held_out(courses, [], novel, number, view)
        kinds = {
            "lesson": told,
            "orphan": orphans(told),
            "denial": [choice(x, None, view) for x, _ in unseen],
            "stranger": held_out([], strangers, [], number, view),
            "outsider": [choice(x, None, view) for x in heard if not is_near(x, view.index)],
        }
        folds.append([Judged(kind, each) for kind, choices in kinds.items() for each in choices])
    return folds


def heard_labels(labels: Sequence[Label], encoder: Encoder) -> list[tuple[Heard, Label]]:
    return list(zip(hear_all([x.text for x in labels], encoder), labels, strict=True))


def denied(course: Course) -> list[Label]:
    """Lessons of a course turned into their denial."""
    made: dict[str, Label] = {}
    for lesson in course.lessons:
        if lesson.own and not denials(lesson.text, lesson.locale):
            said = DENIALS[crc32(lesson.text.encode()) % len(DENIALS)].format(lesson.text)
            sample = lesson.template or lesson.text
            made.setdefault(sample, replace(lesson, text=said, spans=(), template=sample))
    return list(made.values())[:: max(1, len(made) // MOST_DENIED)]


def _without(judged: Judged, less: Sequence[str]) -> Judged:
    blank = [
        replace(x, features={**x.features, **dict.fromkeys(less, 0.0)})
        for x in judged.choice.readings
    ]
    return replace(judged, choice=replace(judged.choice, readings=blank))


def crossed(folds: Sequence[Sequence[Judged]], told_of_orphans: bool) -> dict[str, Any]:
    """Each fold judged by the ranker of the others."""
    learnt = ["lesson", "stranger", *(["orphan"] if told_of_orphans else [])]
    ranked = []
    for number, fold in enumerate(folds):
        told = [x for i, other in enumerate(folds) if i != number for x in other]
        ranker = fit([x.choice for x in told if x.kind in learnt])
        ranked += [(x, *best(ranker, x.choice)) for x in fold]
    kinds = np.array([x.kind for x, *_ in ranked])
    sure = np.array([confidence for _, confidence, *_ in ranked])
    right = np.array([is_right for _, _, is_right, _ in ranked])
    inside, fitted = kinds == "lesson", np.isin(kinds, ("lesson", "stranger"))
    threshold = np.quantile(sure[inside], 0.05)
    return {
        "first_reading_right": rounded(right[inside].mean()),
        "ece": {**ece(sure[fitted], right[fitted], BINS), "n": int(fitted.sum())},
        "recall_at_95_kept": {
            kind: rounded((sure[kinds == kind] < threshold).mean())
            for kind in ("stranger", "denial", "orphan", "outsider")
            if (kinds == kind).any()
        },
        "n": {kind: int((kinds == kind).sum()) for kind in sorted(set(kinds))},
        "caution": {str(caution): outcomes(caution, ranked, kinds, right) for caution in CAUTIONS},
    }


def best(ranker: Ranker, asked: Choice) -> tuple[float, bool, Sequence[Any]]:
    """Confidence of the best reading, whether it is right, and all of them ranked."""
    ranked = ranker.rank(asked.readings)
    if not ranked:
        return 0.0, False, ranked
    first, right = ranked[0], asked.meant
    same = right is not None and (first.skill, first.intent) == (right.skill, right.intent)
    return first.confidence, same, ranked


def outcomes(
    caution: float, ranked: Sequence[Any], kinds: NDArray[np.str_], right: NDArray[np.bool_]
) -> dict[str, float]:
    """Shares of lessons acted upon, and wrong actions in a thousand of each kind."""
    costs = Costs.of_caution(caution)
    made = np.array([decide(readings, (), costs).outcome for *_, readings in ranked])
    inside, acted = kinds == "lesson", made == Outcome.ACT
    wrong = acted & ~right
    per_1000 = {
        f"wrong_actions_per_1000_{kind}s": rounded(1000 * wrong[kinds == kind].mean(), 1)
        for kind in sorted(set(kinds))
    }
    return {
        "acted_right": rounded((acted & right)[inside].mean()),
        "asked": rounded((made == Outcome.ASK)[inside].mean()),
        "abstained": rounded((made == Outcome.ABSTAIN)[inside].mean()),
        **per_1000,
    }


def ece(sure: Floats, right: NDArray[np.bool_], bins: int) -> dict[str, float]:
    """Expected calibration error in bins of equal mass, and its floor."""
    chance = np.random.default_rng(0)
    lucky = [_ece(sure, chance.random(len(sure)) < sure, bins) for _ in range(20)]
    return {"ece": rounded(_ece(sure, right, bins)), "floor": rounded(np.mean(lucky))}


def _ece(sure: Floats, right: NDArray[np.bool_], bins: int) -> float:
    parts = np.array_split(np.argsort(sure, kind="stable"), bins)
    gaps = [len(x) * abs(sure[x].mean() - right[x].mean()) for x in parts if len(x)]
    return float(sum(gaps) / len(sure))


def rounded(figure: Any, places: int = 4) -> float:
    return round(float(figure), places)


def outsiders(folder: Path | None) -> list[str]:
    """CLINC150's out-of-scope rows; none without the folder."""
    if folder is None or not (folder / "clinc150").is_dir():
        print("outsiders are skipped: give the folder of clinc150 as --outsiders")
        return []
    import pyarrow.parquet as pq

    files = [folder / "clinc150" / f"{name}.parquet" for name in ("train", "validation")]
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    return [row["text"] for row in rows if row["intent"] == "oos"]


def skills(folder: Path, encoder: Encoder, seeds: int) -> dict[str, Any]:
    """Intent probabilities of real skills, at several temperatures."""
    cases, counts = real_skills.make_cases(real_skills.read_rows(folder), 1)
    with real_skills.progress_bar() as bar:
        heard = real_skills.hear_texts(cases, encoder, bar)
        job = bar.add_task("skills x seeds", total=len(cases) * seeds)
        read: dict[str, list[tuple[list[Chances], float]]] = {}
        for case in cases:
            for seed in range(seeds):
                train, test = real_skills.split(case, seed)
                temperature = temperature_of(within(case, train, heard))
                chances = readings(case, train, test, heard)
                read.setdefault(case.id, []).append((chances, temperature))
                bar.advance(job)
    return {
        "skills": counts["skills"],
        "seeds": seeds,
        "temperatures": {
            "1": calibrated([[(x, 1.0) for x, _ in each] for each in read.values()]),
            f"{TEMPERATURE}": calibrated(
                [[(x, TEMPERATURE) for x, _ in each] for each in read.values()]
            ),
            "of each skill": calibrated(list(read.values())),
        },
    }


def within(
    case: real_skills.Case, train: Sequence[Label], heard: Mapping[str, Heard]
) -> list[Chances]:
    """Readings of a training half by models of halves of it."""
    intents = dict.fromkeys(label.intent for label in train)
    halves: tuple[list[Label], list[Label]] = ([], [])
    for intent in intents:
        for place, label in enumerate(x for x in train if x.intent == intent):
            halves[place % 2].append(label)
    one, other = halves
    return readings(case, one, other, heard) + readings(case, other, one, heard)


def readings(
    case: real_skills.Case,
    train: Sequence[Label],
    test: Sequence[Label],
    heard: Mapping[str, Heard],
) -> list[Chances]:
    lessons = [*train, *case.names]
    model = shared.fit(lessons, [heard[label.text] for label in lessons], case.language)
    return [(dict(model.likely(heard[label.text])), label.intent) for label in test]


def calibrated(read: Sequence[Sequence[tuple[list[Chances], float]]]) -> dict[str, Any]:
    """ECE over all readings, and the mean over skills that have enough of them."""
    tables = [_told(each) for each in read]
    macro = [
        ece(sure, right, min(BINS, len(sure) // A_BIN))
        for sure, right in tables
        if len(sure) >= LEAST_READINGS
    ]
    sure = np.concatenate([sure for sure, _ in tables])
    right = np.concatenate([right for _, right in tables])
    return {
        "all": {**ece(sure, right, BINS), "n": len(sure)},
        "mean_of_skills": {
            "ece": rounded(np.mean([each["ece"] for each in macro])),
            "floor": rounded(np.mean([each["floor"] for each in macro])),
            "skills": len(macro),
        },
        "mean_confidence": rounded(sure.mean()),
        "accuracy": rounded(right.mean()),
    }


def _told(each: Sequence[tuple[list[Chances], float]]) -> tuple[Floats, NDArray[np.bool_]]:
    """Confidence of each best reading, and whether it is right."""
    pairs = []
    for chances, temperature in each:
        known = Familiarity(temperature=temperature)
        for likely, right in chances:
            logs = {name: log(max(chance, 1e-12)) for name, chance in likely.items()}
            name, sure = known.tempered(logs)[0]
            pairs.append((sure, name == right))
    return np.array([sure for sure, _ in pairs]), np.array([right for _, right in pairs])


def show(result: Mapping[str, Any]) -> None:
    for name, figures in result["home"].items():
        title = (
            f"example home, {name}: first reading right {figures['first_reading_right']}, "
            f"ECE {figures['ece']}, recall at 95 % kept {figures['recall_at_95_kept']}"
        )
        headings = list(next(iter(figures["caution"].values())))
        shown = [x.replace("wrong_actions_per_1000_", "wrong/1000 ") for x in headings]
        table = Table("caution", *(x.replace("_", " ") for x in shown), title=title)
        for caution, shares in figures["caution"].items():
            table.add_row(caution, *(f"{shares[heading]:g}" for heading in headings))
        Console().print(table)
    if "skills" in result:
        table = Table("temperature", "ECE", "floor", "n", "mean of skills", "floor", "skills")
        for name, figures in result["skills"]["temperatures"].items():
            every, mean = figures["all"].values(), figures["mean_of_skills"].values()
            table.add_row(name, *(f"{x:g}" for x in (*every, *mean)))
        Console().print(table)


if __name__ == "__main__":
    main()
