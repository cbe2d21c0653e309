"""A trained folder -> an Engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sayso import bundle as bundles
from sayso.bundle import Bundle, Part
from sayso.encoders import Encoder
from sayso.errors import BundleError
from sayso.routing.rank import Ranker
from sayso.runtime.engine import Engine, EngineSettings
from sayso.understanding.installed import Installed, unpack


def load(
    bundle: Path | str,
    *,
    encoder: Encoder | None = None,
    settings: EngineSettings | None = None,
    skills_folder: Path | None = None,
) -> Engine:
    """The engine of a bundle: the folder given to `train`, or the version's folder it returned.

    skills_folder: where the skills' own files lie, for back-ends; not needed to understand.
    Raises BundleError or EncoderError for anything missing, damaged or too new.
    """
    folder = Path(bundle)
    if (folder / bundles.MANIFEST).is_file():
        folder = folder.parent.parent
    return engine_of(
        bundles.read(folder),
        encoder=encoder or Encoder.load(),
        settings=settings or EngineSettings(),
        skills_folder=skills_folder,
    )


def engine_of(
    bundle: Bundle,
    *,
    encoder: Encoder,
    settings: EngineSettings,
    skills_folder: Path | None = None,
    known: Mapping[str, tuple[Part, list[Installed]]] | None = None,
) -> Engine:
    """The engine of a bundle in memory. known: skills unpacked before, used if unchanged."""
    trained_with = bundle.manifest.encoder.get("fingerprint", "")
    if trained_with and trained_with != encoder.fingerprint:
        raise BundleError(
            f"{bundle.folder}: trained with another encoder ({bundle.manifest.encoder['name']}, "
            f"{trained_with[:12]}) than the one installed ({encoder.name}, "
            f"{encoder.fingerprint[:12]}); retrain with: sayso train"
        )
    installed: list[Installed] = []
    for skill, part in bundle.parts.items():
        old = (known or {}).get(skill)
        if old is not None and old[0] is part:
            installed += old[1]
            continue
        folder = str(skills_folder / skill) if skills_folder is not None else None
        try:
            installed += unpack(part, engine=bundle.manifest.engine, folder=folder)
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"{bundle.folder / skill}: this Sayso cannot read what version "
                f"{bundle.manifest.written_by or 'unknown'} wrote ({error}); run: sayso train"
            ) from error
    try:
        ranker = Ranker.from_json(bundle.manifest.routing)
    except TypeError as error:
        raise BundleError(
            f"{bundle.folder}: unknown routing ({error}); run: sayso train"
        ) from error
    return Engine(
        installed,
        encoder=encoder,
        ranker=ranker,
        settings=settings,
        version=bundle.manifest.version,
    )
