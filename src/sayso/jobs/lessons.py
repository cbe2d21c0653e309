"""From a log to what it teaches: the tables in between, and what is found, step by step.

The same for a home's own log and for that of simulated people: it knows no home.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sayso.encoders import Encoders
from sayso.events import read as reading
from sayso.events.engines import Engine
from sayso.events.read import Events
from sayso.feedback.judge import judge, rephrases
from sayso.feedback.likeness import NAMES, likeness
from sayso.feedback.vectors import Detector, write_vectors
from sayso.jobs.work import Run, Tell
from sayso.labels.lasting import lasting
from sayso.labels.pairs import pairs, paraphrases
from sayso.labels.paraphrased import paraphrased
from sayso.labels.served import as_labels, served
from sayso.rewriting.candidates import Gates
from sayso.rewriting.mine import Findings, mine
from sayso.rewriting.online.gather import gather, make_indexes
from sayso.rewriting.online.pairs import learn_ranker
from sayso.rewriting.population import Mined
from sayso.settings import Settings
from sayso.training.tail import gate
from sayso.types.lessons import Evidence, Label, Span, Trial
from sayso.types.locales import language_of
from sayso.types.skills import Skill
from sayso.understanding.fold import fold
from sayso.understanding.online.ranker import RANKER, Ranker

if TYPE_CHECKING:
    from ibis.expr.types import Table

VECTORS, ONLINE = "vectors", "online"


@dataclass(frozen=True, slots=True)
class Seen:
    """A log with how it went. verdicts: see `Verdict`."""

    events: Events
    verdicts: Table


def _read(engine: Engine, log: str | Path, pseudonym: Callable[[str], int], tell: Tell) -> Events:
    """The tables of `events`, with a bar for each of its steps."""
    begun: list[str] = []

    def began(step: str) -> None:
        for before in begun[-1:]:
            tell(before, 1, 1)
        begun.append(step)
        tell(step, 0, 1)

    found = reading.read(engine, log, pseudonym, began=began)
    tell(begun[-1], 1, 1)
    return found


@dataclass(frozen=True, slots=True)
class Examples:
    """What passed the gate, what it said, and what other pairs of texts were dropped for.

    labels: of requests that failed; sure: of such as went well.
    """

    labels: Sequence[Label]
    sure: Sequence[Label]
    in_words: str
    dropped: Mapping[str, int]


def look(
    engine: Engine,
    log: str | Path,
    pseudonym: Callable[[str], int],
    encoders: Encoders,
    run: Run,
    tell: Tell,
) -> Seen:
    """Conversations of a Parquet export, what was said again in them, and how each turn went."""
    read = run.step(
        "events",
        lambda: _read(engine, log, pseudonym, tell),
        lambda: reading.opened(engine),
    )
    folder = engine.work / VECTORS
    run.step(VECTORS, lambda: _read_texts(read, folder, encoders, tell), lambda: None)
    again = run.step(
        "rephrases",
        lambda: rephrases(engine, read.windows, Detector(folder)),
        lambda: engine.kept("rephrases"),
    )
    verdicts = run.step(
        "verdicts", lambda: judge(engine, read, again).verdicts, lambda: engine.kept("verdicts")
    )
    return Seen(read, verdicts)


def find_rewrites(
    engine: Engine, seen: Seen, encoders: Encoders, gates: Gates, run: Run
) -> Findings:
    """What people say in vain, what they say next, and how live rewrites fare."""

    def found() -> Findings:
        turns, texts = seen.events.turns, seen.events.texts
        findings = mine(engine, turns, seen.verdicts, texts, gates, _alike(encoders))
        run.write_json("findings", asdict(findings))
        return findings

    return run.step("rewrites", found, lambda: _findings(run.read_json("findings")))


def find_requests(
    engine: Engine,
    seen: Seen,
    encoders: Encoders,
    serving: Ranker,
    people: int,
    run: Run,
    tell: Tell,
) -> Path:
    """What went well for enough people, to be found at run time, and what judges it; their folder.

    serving: the ranker that serves now; the log's own is taken where it is better.
    """
    folder = engine.work / ONLINE

    def found() -> Path:
        turns, texts = seen.events.turns, seen.events.texts
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        pooled = _pooled(encoders)
        ranker, _, why = learn_ranker(
            engine, turns, seen.verdicts, texts, pooled, serving, engine.work / "ranker"
        )
        table = gather(engine, turns, seen.verdicts, texts, people=people)
        make_indexes(
            folder,
            table,
            pooled,
            ranker.projection,
            told=lambda language, done, of: tell(f"index {language}", done, of),
        )
        (folder / RANKER).write_bytes(ranker.to_bytes())
        run.write_json("ranker", why)
        return folder

    return run.step("requests", found, lambda: folder)


def find_examples(
    engine: Engine,
    seen: Seen,
    skills: Sequence[Skill],
    settings: Settings,
    encoders: Encoders,
    before: Sequence[Label],
    run: Run,
) -> Examples:
    """Failing requests with what was meant by them, as examples that help and do not hurt.

    before: those that an earlier run took.
    """

    def found() -> Examples:
        turns, texts, people = seen.events.turns, seen.events.texts, settings.learning.people
        serves = {language_of(locale): locale for locale in reversed(settings.locales)}
        found_pairs = pairs(turns, seen.verdicts, texts)
        spoken = found_pairs.filter(found_pairs.language.isin(sorted(serves)))
        table = engine.keep(spoken, "pairs")
        told = paraphrases(table, serves.__getitem__)
        projected = paraphrased(told, least_people=people)
        stay = lasting(engine, turns, seen.verdicts, before, people=people)
        every = {(x.locale, fold(x.text)): x for x in (*stay, *projected.labels)}
        known = {skill.id: skill for skill in skills}
        labels = [x for x in every.values() if _fits(x, known.get(x.skill))]
        well = served(turns, seen.verdicts, texts, people=people)
        rows = engine.fetch(well.filter(well.language.isin(sorted(serves)))).to_pylist()
        sure = as_labels(rows, serves.__getitem__)
        sure = [x for x in sure if _fits(x, known.get(x.skill))]
        model = settings.understanding.engine
        gated = gate(skills, labels, encoders, engine=model, sure=sure)
        examples = Examples(gated.taken, gated.sure, str(gated), projected.dropped)
        run.write_json("examples", asdict(examples))
        return examples

    return run.step("examples", found, lambda: _examples(run.read_json("examples")))


def _fits(label: Label, skill: Skill | None) -> bool:
    """Whether the skill is still there and speaks the language, and the intent may be taught.

    Nobody but its developer teaches what acts with side effects.
    """
    language = skill.language(label.locale) if skill is not None else None
    intent = language.intent(label.intent) if language is not None else None
    return intent is not None and not intent.side_effects


def _examples(kept: Any) -> Examples:
    labels, sure = (
        [
            Label(**{**each, "spans": tuple(Span(**span) for span in each["spans"])})
            for each in kept[name]
        ]
        for name in ("labels", "sure")
    )
    return Examples(labels, sure, kept["in_words"], kept["dropped"])


def _pooled(encoders: Encoders) -> Callable[[str], Any]:
    def pooled(language: str) -> Any:
        encoder = encoders.of(language)
        return None if encoder is None else encoder.pooled

    return pooled


def _read_texts(read: Events, folder: Path, encoders: Encoders, tell: Tell) -> None:
    """Vectors of the texts that may be somebody's second try, or be repeated by one."""
    windows = read.windows
    ids = windows.select(text="text_0")
    for k in (1, 2, 3):
        ids = ids.union(windows.select(text=f"text_{k}"))
    near = read.texts.semi_join(ids.distinct(), "text")

    write_vectors(folder, near, _pooled(encoders), lambda done, of: tell("reading", done, of))


def _alike(encoders: Encoders) -> Callable[[Sequence[str], Sequence[str]], Sequence[float]]:
    """How like each other texts are, by sense, sound or words, whichever is most."""

    def alike(said: Sequence[str], meant: Sequence[str]) -> Sequence[float]:
        if not said:
            return []
        one, other = encoders.default.pooled(said), encoders.default.pooled(meant)
        cosine = np.einsum("ij,ij->i", one, other)
        found = likeness(said, meant, cosine)
        chosen = found[:, [NAMES.index(name) for name in ("cosine", "sounds", "words_set")]]
        return [float(x) for x in np.nanmax(chosen, axis=1)]

    return alike


def _findings(kept: Any) -> Findings:
    mined = [Mined(**{**each, "evidence": Evidence(**each["evidence"])}) for each in kept["mined"]]
    return Findings(mined, {name: Trial(**each) for name, each in kept["trials"].items()})
