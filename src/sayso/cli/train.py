"""`sayso train`: skills -> bundle; with --watch again for each skill whose file changes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, complain, console, print_json, progress

if TYPE_CHECKING:
    from sayso.runtime.home import Home
    from sayso.settings import Settings


def train(
    home: HomeFolder,
    watch: Annotated[
        bool, typer.Option("--watch", help="Then retrain each skill whose file changes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train the home's skills; the bundle that serves is swapped when the new one is whole."""
    from sayso.settings import read_settings

    settings = read_settings(home)
    started = time.perf_counter()
    version, skills = train_home(home, settings, quiet=as_json)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json({"version": version, "skills": skills, "seconds": seconds})
    else:
        console().print(f"Trained {skills} skills in {seconds:.1f} s; version {version} serves.")
    if watch:
        _watch(home)


def train_home(home: Path, settings: Settings, *, quiet: bool) -> tuple[str, int]:
    """Train and swap; the version's name and how many skills it holds."""
    import sayso
    from sayso import bundle
    from sayso.encoders import Encoder
    from sayso.errors import SkillError
    from sayso.runtime.home import BUNDLE, SKILLS
    from sayso.skills import read_skills
    from sayso.training.train import train as train_skills

    skills = read_skills(home / SKILLS)
    if not skills:
        raise SkillError(f"{home / SKILLS}: no skills; write one or run: sayso import")
    with progress(quiet=quiet) as tell, bundle.alone(home):
        folder = train_skills(
            skills,
            home / BUNDLE,
            engine=settings.understanding.engine,
            encoder=Encoder.load(settings.understanding.encoder, threads=2),
            progress=tell,
            written_by=sayso.__version__,
        )
    return folder.name, len(skills)


def _watch(home: Path) -> None:
    """Retrain the skill whose file changed until interrupted; a broken file is complained about."""
    from watchfiles import watch

    from sayso.errors import SaysoError
    from sayso.runtime.home import SKILLS, Home

    console(stderr=True).print(f"Watching {home / SKILLS}; end with Ctrl-C.")
    with Home.open(home) as opened:
        for changes in watch(home / SKILLS):
            for name in sorted(
                {_skill_of(Path(path), home / SKILLS) for _, path in changes} - {""}
            ):
                try:
                    _retrain(opened, home / SKILLS / name)
                except SaysoError as error:
                    complain(str(error))


def _skill_of(path: Path, skills: Path) -> str:
    """The skill folder that a changed file lies in, "" for none."""
    name = path.resolve().relative_to(skills.resolve()).parts[:1]
    return name[0] if name and not name[0].startswith(".") else ""


def _retrain(home: Home, folder: Path) -> None:
    """Learn one changed skill, or take it out if its folder is gone."""
    from sayso.skills import read_skill

    started = time.perf_counter()
    if not folder.exists():
        if folder.name in home.engine.skills:
            home.uninstall(folder.name)
            console().print(f"{folder.name}: taken out")
        return
    version = home.learn(read_skill(folder))
    console().print(f"{folder.name}: live in {time.perf_counter() - started:.1f} s ({version})")
