"""`sayso train`: skills -> bundle; with --watch again for each skill whose file changes."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.output import AsJson, HomeFolder, complain, console, print_line, progress

if TYPE_CHECKING:
    from sayso.jobs.labelling import Labelled
    from sayso.runtime.home import Home
    from sayso.training.calibrate import Course
    from sayso.training.finetuning.finetune import Trial
    from sayso.training.fitting import Finetune
    from sayso.training.progress import Progress
    from sayso.training.train import Elsewhere
    from sayso.understanding.heard import TextEncoder
    from sayso.understanding.installed import Installed


def train(
    home: HomeFolder,
    watch: Annotated[
        bool, typer.Option("--watch", help="Then retrain each skill whose file changes.")
    ] = False,
    finetune: Annotated[
        bool,
        typer.Option(
            "--finetune", help="Give skills with hundreds of samples encoder layers of their own."
        ),
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Scheduler of a Dask cluster that fits the skills: tcp://…:8786"
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Take over nothing of a training that was broken off.")
    ] = False,
    log: Annotated[
        bool | None,
        typer.Option(
            "--log/--no-log",
            help="Whether to learn from the home's log as well; as sayso.toml says if not given.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train the home's skills; the bundle that serves is swapped when the new one is whole.

    What several people asked of a skill that they named, and what a skill turned down, is learnt
    from the home's log; see docs/labels.md. A training that was broken off goes on where it ended.
    Fine-tuning needs the extra `train` (torch) and minutes a skill; see docs/finetuning.md. A
    cluster needs the extra `cluster`; see docs/large-homes.md.
    """
    started = time.perf_counter()
    trials: list[Trial] = []
    version, skills, learnt = train_home(
        home,
        quiet=as_json,
        finetune=_finetune(trials) if finetune else None,
        elsewhere=_cluster(cluster, alone=finetune) if cluster else None,
        fresh=fresh,
        log=log,
    )
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        told: dict[str, Any] = {"learnt": learnt.to_json()} if learnt is not None else {}
        told |= {"finetuned": [asdict(x) for x in trials]} if finetune else {}
        print_line({"version": version, "skills": skills, "seconds": seconds, **told})
    else:
        for sentence in (*map(outcome, trials), learnt.in_words() if learnt is not None else ""):
            if sentence:
                console().print(sentence)
        what = f"{skills} skill{'s' * (skills != 1)}"
        console().print(f"Trained {what} in {seconds:.1f} s; version {version} serves.")
    if watch:
        _watch(home, as_json=as_json)


def train_home(
    home: Path,
    *,
    quiet: bool,
    finetune: Finetune | None = None,
    elsewhere: Elsewhere | None = None,
    fresh: bool = False,
    log: bool | None = None,
) -> tuple[str, int, Labelled | None]:
    """Train and swap; the version's name, how many skills it holds, and what the log taught.

    log: whether anything is learnt from it; None does as the settings say.
    """
    import sayso
    from sayso import bundle
    from sayso.encoders import Encoders
    from sayso.errors import SkillError
    from sayso.jobs.labelling import label_log
    from sayso.labels.kept import note_trained
    from sayso.learned import LEARNED
    from sayso.runtime.serving import BUNDLE
    from sayso.runtime.skill_files import SKILLS, written_skills
    from sayso.settings import read_settings
    from sayso.training.kept import check_free
    from sayso.training.train import train as train_skills

    settings = read_settings(home)
    skills = written_skills(home)
    if not skills:
        raise SkillError(f"{home / SKILLS}: no skills; write one or run: sayso import")

    understanding = settings.understanding
    encoders = Encoders.load(understanding.encoder, understanding.encoders, threads=2)
    for sentence in encoders.lacking(locale for skill in skills for locale in skill.locales):
        console(stderr=True).print(sentence)
    check_free(home / BUNDLE)  # or it would wait, and nobody would know for what
    wanted = settings.learning.log if log is None else log
    learnt = label_log(home, skills, settings, encoders) if wanted else None
    with progress(quiet=quiet) as tell, bundle.alone(home):
        folder = train_skills(
            skills,
            home / BUNDLE,
            engine=understanding.engine,
            encoder=encoders,
            progress=tell,
            written_by=sayso.__version__,
            finetune=finetune,
            elsewhere=elsewhere,
            fresh=fresh,
            remark=lambda said: None if quiet else console(stderr=True).print(said),
            labels=learnt.labels if learnt is not None else (),
        )
    if learnt is not None:
        note_trained(home / LEARNED)
    return folder.name, len(skills), learnt


def _cluster(address: str, *, alone: bool) -> Elsewhere:
    """The cluster there, seen to answer. Raises TrainingError, MissingExtraError."""
    from sayso.errors import TrainingError
    from sayso.training.cluster import Cluster

    if alone:
        raise TrainingError("--finetune works on one machine; leave out --cluster")
    cluster = Cluster(address)
    cluster.check()
    return cluster


def _finetune(trials: list[Trial]) -> Finetune:
    """What fine-tunes; adds what it finds to `trials`. Raises MissingExtraError without torch."""
    from sayso.errors import MissingExtraError

    try:
        from sayso.training.finetuning.finetune import finetuned
    except ImportError as error:
        raise MissingExtraError(error.name or "torch", "train") from error

    def finetune(
        course: Course, encoder: TextEncoder | None, held: Installed, tell: Progress
    ) -> Installed:
        stage = f"tuning {held.skill.id}"
        held, trial = finetuned(
            course, encoder, held, progress=lambda done, total: tell(stage, done, total)
        )
        trials.append(trial)
        return held

    return finetune


def outcome(trial: Trial) -> str:
    """What fine-tuning a skill came to, in words."""
    name = f"{trial.skill} ({trial.locale})"
    if trial.lack:
        return f"{name}: has the shared layers: {trial.lack}"
    found = (
        f"of {trial.held_out} samples held out {trial.after} are read rightly, "
        f"{trial.before} with the shared layers"
    )
    verdict = "layers of its own" if trial.kept else "keeps the shared layers"
    return f"{name}: {verdict}: {found} ({trial.seconds:.0f} s)"


def _watch(home: Path, *, as_json: bool) -> None:
    """Retrain the skill whose file changed until interrupted; a broken file is complained about."""
    from watchfiles import watch

    from sayso.errors import SaysoError
    from sayso.runtime.home import Home
    from sayso.runtime.skill_files import SKILLS

    skills = (home / SKILLS).resolve()
    with Home.open(home) as opened:
        console(stderr=True).print(f"Watching {skills}; end with Ctrl-C.")
        for changes in watch(skills, raise_interrupt=False):
            for name in sorted({_place(Path(path), skills) for _, path in changes} - {""}):
                if not ((skills / name).exists() or name in opened.engine.skills):
                    continue  # it came and went
                started = time.perf_counter()
                try:
                    version = _retrain(opened, skills / name)
                except SaysoError as error:
                    complain(error)
                    continue
                seconds = round(time.perf_counter() - started, 2)
                _tell({"skill": name, "version": version, "seconds": seconds}, as_json=as_json)


def _place(path: Path, skills: Path) -> str:
    """Name of the skill folder that a changed file lies in, "" for none."""
    name = path.relative_to(skills).parts[:1]
    return name[0] if name and not name[0].startswith((".", "_")) else ""


def _retrain(home: Home, folder: Path) -> str | None:
    """Learn one changed skill; or take it out, if its folder is gone, and return None."""
    from sayso.runtime.skill_files import in_its_folder
    from sayso.skills import read_skill

    if folder.exists():
        return home.learn(in_its_folder(read_skill(folder)))
    home.uninstall(folder.name)
    return None


def _tell(change: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_line(change)
    elif change["version"] is None:
        console().print(f"{change['skill']}: taken out")
    else:
        console().print("{skill}: live in {seconds:.1f} s ({version})".format(**change))
