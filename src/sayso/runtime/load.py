"""A trained folder -> an Engine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from sayso import bundle as bundles
from sayso.bundle import Bundle, Manifest, Stored
from sayso.encoders import Encoder, Encoders
from sayso.errors import BundleError, EncoderError
from sayso.routing.rank import Rankers
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.local_stores import LocalStores
from sayso.skills import from_checked
from sayso.types.skills import Skill
from sayso.understanding.cards import Card, unpack_card, unpack_examples
from sayso.understanding.installed import Installed, unpack_store
from sayso.understanding.shortlist import Examples, Register
from sayso.understanding.shortlist.register import LARGE
from sayso.understanding.stock import Stock
from sayso.understanding.tuned import layers_of
from sayso.understanding.values.shelves import restore

WARM = 256  # skills opened when a bundle is loaded
_OBJECTS, _ANY = 20, 16_384  # bytes of memory: a byte of a definition's JSON; any skill
_DESCRIBED = 5  # bytes of memory: a byte of descriptions' vectors
KnownCards = Mapping[tuple[str, str], Sequence[Card]]


def load(
    bundle: Path | str,
    *,
    encoder: Encoder | Encoders | None = None,
    settings: EngineSettings | None = None,
    skills_folder: Path | None = None,
) -> Engine:
    """The engine of a bundle: the folder given to `train`, or the version's folder it returned.

    encoder: what reads English, or the choice for each language.
    skills_folder: where the skills' own files lie, for back-ends; not needed to understand.
    Raises BundleError or EncoderError for anything missing, damaged or too new.
    """
    folder = Path(bundle)
    if (folder / bundles.MANIFEST).is_file():
        folder = folder.parent.parent
    return engine_of(
        bundles.read(folder),
        encoder=encoder if isinstance(encoder, Encoders) else Encoders(encoder or Encoder.load()),
        settings=settings or EngineSettings(),
        skills_folder=skills_folder,
    )


def engine_of(
    bundle: Bundle,
    *,
    encoder: Encoders,
    settings: EngineSettings,
    skills_folder: Path | None = None,
    stores: LocalStores[Installed] | None = None,
    known: KnownCards | None = None,
) -> Engine:
    """The engine of a bundle. Its skills are opened when a sentence comes near them.

    stores: where those that were opened stay; known: cards of the bundle before (`known_cards`).
    """
    _same_encoders(bundle, encoder)
    shelf: LocalStores[Installed] = stores if stores is not None else LocalStores()
    shop = _Shop(bundle, shelf, skills_folder, encoder)
    stock = _stock(bundle, shop, known or {})
    # A small home is then all there, and what this Sayso cannot read shows at once.
    for skill in islice(stock, WARM if len(bundle.places) < LARGE else 1):
        stock[skill]
    try:
        rankers = Rankers.from_json(bundle.manifest.routing)
    except TypeError as error:
        raise BundleError(
            f"{bundle.folder}: unknown routing ({error}); run: sayso train"
        ) from error
    return Engine(
        stock,
        encoder=encoder,
        ranker=rankers,
        settings=settings,
        version=bundle.manifest.version,
    )


def _stock(bundle: Bundle, shop: _Shop, known: KnownCards) -> Stock:
    """The skills of a bundle: few in memory, of very many those that the registers lack."""
    registers = {tongue: Register(file) for tongue, file in bundle.registers.items()}
    changed = bundle.manifest.changed
    large = bool(registers) and len(bundle.places) >= LARGE
    held = [x for x in changed if x in bundle.places] if large else bundle.places
    cards = {}
    for skill in held:
        digest = bundle.places[skill].digest
        cards[skill] = known.get((skill, digest)) or shop.cards(skill)
    if not large:
        return Stock(cards, rarities=registers)
    refused = {
        (skill, card.locale): card.examples.refused
        for skill in bundle.manifest.refused
        if skill in bundle.places and skill not in changed
        for card in shop.cards(skill)
        if card.examples.refused is not None
    }
    return Stock(cards, registers, frozenset(changed), shop, refused=refused)


@dataclass(frozen=True, slots=True)
class _Shop:
    """Opens the skills of a bundle; what was opened stays in `stores`."""

    bundle: Bundle
    stores: LocalStores[Installed]
    folder: Path | None
    encoders: Encoders

    @property
    def skills(self) -> Collection[str]:
        """All there are."""
        return self.bundle.places.keys()

    def cards(self, skill: str) -> list[Card]:
        """The cards of a skill. Raises KeyError for an unknown id, BundleError."""
        stored = self.bundle.stored(skill)
        return cards_of(stored, self.bundle.manifest, self.stores, self.folder, self.encoders)

    def open(self, skill: str, locale: str) -> Installed:
        """A skill in a locale, from memory or from disk."""
        stored, manifest = self.bundle.stored(skill), self.bundle.manifest
        folder = str(self.folder / skill) if self.folder is not None else None
        opener = _Opener(stored, manifest, self.stores, folder, self.encoders)
        return opener.open(locale)


def _same_encoders(bundle: Bundle, encoders: Encoders) -> None:
    """Raise BundleError where a language is heard in another way than when it was trained."""
    trained = dict(bundle.manifest.encoder)
    name, fingerprint = trained.pop("name", ""), trained.pop("fingerprint", "")
    default = encoders.default
    if fingerprint and fingerprint != default.fingerprint:
        raise BundleError(
            f"{bundle.folder}: trained with another encoder ({name}, {fingerprint[:12]}) than the "
            f"one installed ({default.name}, {default.fingerprint[:12]}); retrain with: sayso train"
        )
    for tongue, theirs in trained.items():
        ours = encoders.fingerprint(tongue)
        if ours != theirs:
            raise BundleError(
                f"{bundle.folder}: skills in {tongue} were trained with "
                f"{f'the encoder {theirs[:12]}' if theirs else 'no encoder'}, and here there is "
                f'{ours[:12] or "none"}; install the extra "multilingual", choose under '
                "[understanding.encoders], or retrain with: sayso train"
            )


def known_cards(bundle: Bundle, engine: Engine) -> KnownCards:
    """The cards of an engine of this bundle, for `engine_of` the next one."""
    held, places = engine.in_memory, bundle.places
    return {(skill, places[skill].digest): x for skill, x in held.items() if skill in places}


def cards_of(
    stored: Stored,
    manifest: Manifest,
    stores: LocalStores[Installed],
    skills_folder: Path | None = None,
    encoders: Encoders | None = None,
) -> list[Card]:
    """The cards of a skill on disk; those that are opened stay in `stores`. Raises BundleError.

    encoders: needed to open a skill that has layers of its own.
    """
    folder = str(skills_folder / stored.skill) if skills_folder is not None else None
    # Copies, here and in `_load`: what one has read of its entry goes when it does.
    opener = _Opener(replace(stored), manifest, stores, folder, encoders)
    with _readable(stored, manifest):
        return [
            unpack_card(
                stored.skill,
                stored.place.version,
                locale,
                stored.examples(locale),
                partial(opener.open, locale),
            )
            for locale in stored.locales()
        ]


@dataclass(frozen=True, slots=True)
class _Opener:
    """Knows how to open one skill."""

    stored: Stored
    manifest: Manifest
    stores: LocalStores[Installed]
    folder: str | None
    encoders: Encoders | None

    def open(self, locale: str, examples: Examples | None = None) -> Installed:
        """The skill in a locale, from memory or from disk. examples: None reads them too."""
        key = (self.stored.skill, self.stored.place.digest, locale)
        return self.stores.get(key, partial(self._load, locale, examples))

    def _load(self, locale: str, examples: Examples | None) -> tuple[Installed, int]:
        stored, engine = replace(self.stored), self.manifest.engine
        size = 0
        if examples is None:
            with _readable(stored, self.manifest):
                examples = unpack_examples(stored.skill, stored.examples(locale))
            size = sum(map(len, examples.texts)) * _OBJECTS // 4
            size += examples.vectors.nbytes if examples.vectors is not None else 0
        written, learnt, told = stored.plain_lengths(locale)
        with _readable(stored, self.manifest):
            skill = _definition(stored, self.folder)
            language = skill.language(locale)
            if language is None:
                raise ValueError(f"its definition has no {locale}")
            store, version = stored.store(locale), stored.place.version
            encoder = self.encoders.default if self.encoders is not None else None
            held = unpack_store(
                store,
                skill,
                version,
                language,
                examples,
                engine=engine,
                encoder=encoder,
                descriptions=stored.descriptions(locale),
            )
        layers = layers_of(held.model)
        # Twice: as they lie in the file, mapped, and as ONNX Runtime holds them.
        learnt += layers.nbytes if layers is not None else 0
        # As they are kept, and as they are read; more are mapped, and few of them read at a time.
        learnt += min(_DESCRIBED * told, _DESCRIBED << 20)
        return held, _ANY + _OBJECTS * written + learnt + size


def _definition(stored: Stored, folder: str | None) -> Skill:
    """The skill as its developer wrote it; very large catalogues stay on disk until looked into."""
    light = from_checked(stored.definition())
    held = stored.locales()
    languages = tuple(
        restore(x, stored.values(x.locale).tensors) if x.locale in held else x
        for x in light.languages
    )
    return replace(light, languages=languages, folder=folder)


@contextmanager
def _readable(stored: Stored, manifest: Manifest) -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, EncoderError) as error:
        raise BundleError(
            f"{stored.segment.path}: skill {stored.skill}: this Sayso cannot read what version "
            f"{manifest.written_by or 'unknown'} wrote ({error}); run: sayso train"
        ) from error
