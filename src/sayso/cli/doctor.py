"""`sayso doctor`: what is installed, which weights, what is wrong and how to mend it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json

PACKAGES = ("numpy", "onnxruntime", "tokenizers", "sqlalchemy", "fastapi", "ask-sdk-core")
EXTRAS = ("scikit-learn", "psycopg", "pyarrow")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where nothing is wrong."""

    what: str
    found: str
    remedy: str = ""


def doctor(home: HomeFolder, as_json: AsJson = False) -> None:
    """Examine a home; exit code 1 if anything is wrong."""
    findings = [_machine(), *_packages(), *_parts(home)]
    wrong = [finding for finding in findings if finding.remedy]
    if as_json:
        print_json({"findings": findings, "healthy": not wrong})
    else:
        _show(findings)
    if wrong:
        raise typer.Exit(1)


def _show(findings: list[Finding]) -> None:
    from rich.table import Table

    table = Table("", "what", "found", box=None, pad_edge=False)
    for finding in findings:
        mark = "[red]x[/]" if finding.remedy else "[green]ok[/]"
        table.add_row(mark, finding.what, finding.found)
        if finding.remedy:
            table.add_row("", "", f"[bold]{finding.remedy}[/]")
    console().print(table)


def _machine() -> Finding:
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Finding("machine", python)


def _packages() -> list[Finding]:
    found = [Finding("sayso", _version("sayso") or "run from its source folder")]
    for name in PACKAGES:
        installed = _version(name)
        remedy = "" if installed else "pip install sayso again; it needs this package"
        found.append(Finding(name, installed or "missing", remedy))
    extras = [f"{name} {_version(name)}" for name in EXTRAS if _version(name)]
    found.append(Finding("extras", ", ".join(extras) or "none"))
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _parts(home: Path) -> list[Finding]:
    """Each part of the home by itself, so that one that is broken does not hide the others."""
    looks: dict[str, Callable[[Path], str]] = {
        "settings": _settings,
        "encoder": _encoder,
        "skills": _skills,
        "bundle": _bundle,
        "store": _store,
    }
    return [_look(name, look, home) for name, look in looks.items()]


def _look(name: str, look: Callable[[Path], str], home: Path) -> Finding:
    from sayso.errors import SaysoError

    try:
        return Finding(name, look(home))
    except SaysoError as error:
        return Finding(name, "not in order", str(error))


def _settings(home: Path) -> str:
    from sayso.settings import read_settings

    settings = read_settings(home)
    engine = settings.understanding.engine
    return f"{', '.join(settings.locales)}; {settings.time_zone}; engine {engine}"


def _encoder(home: Path) -> str:
    from sayso.encoders import Encoder
    from sayso.settings import read_settings

    encoder = Encoder.load(read_settings(home).understanding.encoder)
    return f"{encoder.name}, {encoder.dimension} numbers, sha256 {encoder.fingerprint}"


def _skills(home: Path) -> str:
    from sayso.runtime.home import SKILLS
    from sayso.skills import read_skills

    skills = read_skills(home / SKILLS)
    return f"{len(skills)}: {', '.join(skill.id for skill in skills)}"


def _bundle(home: Path) -> str:
    from sayso import bundle
    from sayso.errors import BundleError
    from sayso.runtime.home import BUNDLE, SKILLS
    from sayso.skills import read_skills
    from sayso.skills import version as version_of

    read = bundle.read(home / BUNDLE)
    trained = dict(read.manifest.parts)
    written = {skill.id: version_of(skill) for skill in read_skills(home / SKILLS)}
    stale = sorted(k for k in {*trained, *written} if trained.get(k) != written.get(k))
    if stale:
        raise BundleError(f"{', '.join(stale)}: changed since training; run: sayso train {home}")
    return f"{read.manifest.version}, {len(trained)} skills, engine {read.manifest.engine}"


def _store(home: Path) -> str:
    from sayso.settings import read_settings
    from sayso.stores.store import Store

    url = read_settings(home).store.url
    with Store.open(url, home) as store:
        return f"{url.split('@')[-1]}, {store.count()} turns"
