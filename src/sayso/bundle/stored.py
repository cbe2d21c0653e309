"""A bundle as it lies on disk: what is in it is known, its skills are read when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sayso.bundle.entry import DEFINITION, DESCRIPTIONS, EXAMPLES, STORE, VALUES, Entry
from sayso.bundle.layout import REGISTER, Manifest, Packed, Part, Place
from sayso.bundle.segments import Segment


@dataclass(frozen=True)
class Stored:
    """A skill in a bundle. Each method reads what it gives and raises BundleError for damage."""

    skill: str
    place: Place
    segment: Segment

    @property
    def version(self) -> str:
        """Hash of the definition."""
        return self._entry.version

    def content(self) -> bytes:
        """Its entry, as it lies there."""
        return self.segment.read(self.place.offset, self.place.length)

    def definition(self) -> Mapping[str, Any]:
        """The skill as its developer wrote it, as JSON."""
        return self._entry.definition()

    def locales(self) -> tuple[str, ...]:
        """Locales that have a local store."""
        return self._entry.locales()

    def store(self, locale: str) -> Packed:
        """The local store of a locale."""
        return self._entry.packed(locale, STORE)

    def examples(self, locale: str) -> Packed:
        """What the shortlist knows of the skill in a locale; empty if nothing was kept."""
        return self._entry.packed(locale, EXAMPLES)

    def values(self, locale: str) -> Packed:
        """Catalogues of a locale that are too large for the definition; empty if there are none."""
        return self._entry.packed(locale, VALUES)

    def descriptions(self, locale: str) -> Packed:
        """Vectors of what is said of its slots in a locale; empty where none were kept."""
        return self._entry.packed(locale, DESCRIPTIONS)

    def plain_lengths(self, locale: str) -> tuple[int, int, int]:
        """Bytes once inflated of the definition, the locale's store, and its descriptions."""
        entry = self._entry
        kinds = (DEFINITION, f"{locale}/{STORE}", f"{locale}/{DESCRIPTIONS}")
        written, learnt, told = map(entry.plain_length, kinds)
        return written, learnt, told

    def part(self) -> Part:
        """All of it."""
        entry = self._entry
        locales = entry.locales()
        return Part(
            self.skill,
            entry.version,
            entry.definition(),
            {locale: entry.packed(locale, STORE) for locale in locales},
            {locale: entry.packed(locale, EXAMPLES) for locale in locales},
            {locale: entry.packed(locale, VALUES) for locale in locales},
            {locale: entry.packed(locale, DESCRIPTIONS) for locale in locales},
        )

    @cached_property
    def _entry(self) -> Entry:
        return Entry(self.segment, self.place.offset, self.place.length, self.skill)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A version on disk, whole when it was opened.

    places: skill -> where it stands; segments: the open files, by name.
    """

    folder: Path
    manifest: Manifest
    places: Mapping[str, Place]
    segments: Mapping[str, Segment]

    @property
    def registers(self) -> Mapping[str, Segment]:
        """Tongue -> its register, open."""
        return {
            name.removesuffix(REGISTER): segment
            for name, segment in self.segments.items()
            if name.endswith(REGISTER)
        }

    def stored(self, skill: str) -> Stored:
        """A skill of the bundle. Raises KeyError for an unknown id."""
        place = self.places[skill]
        return Stored(skill, place, self.segments[place.segment])

    @property
    def parts(self) -> Mapping[str, Part]:
        """The skills, each read anew whenever it is asked for."""
        return _Parts(self)


class _Parts(Mapping[str, Part]):
    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def __getitem__(self, skill: str) -> Part:
        return self._bundle.stored(skill).part()

    def __iter__(self) -> Iterator[str]:
        return iter(self._bundle.places)

    def __len__(self) -> int:
        return len(self._bundle.places)
