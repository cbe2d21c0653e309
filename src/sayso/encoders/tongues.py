"""Which encoder reads which language.

English is read by the default encoder. Another language is read by the one chosen for it; where
none is chosen, by the multilingual one if it knows the language and its extra is installed, else
by none: then words alone are looked at. A choice holds for a whole language, `pt` for pt-PT and
pt-BR, as skills of one serve both and their vectors are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

from sayso.encoders.encoder import Encoder

if TYPE_CHECKING:
    # Imported where it is needed: it takes 3 MB, and a home that speaks English none of them.
    from sayso.encoders.multilingual import Multilingual

# What the multilingual encoder was trained on (its authors' list); Chinese in both scripts.
TONGUES = frozenset(
    ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"]
)
DEFAULT, MULTILINGUAL, NONE = "default", "multilingual", "none"


class Encoders:
    """An encoder for each language; threads may share it.

    The multilingual one is loaded when it is first asked for: it takes 100 MB.
    """

    def __init__(self, default: Encoder, chosen: Mapping[str, str] | None = None) -> None:
        """default: what reads English; chosen: `default`, `multilingual` or `none` by language."""
        self.default = default
        self._chosen = dict(chosen or {})
        self._multilingual: Multilingual | None = None
        self._loading = Lock()

    @classmethod
    def load(
        cls,
        path: Path | str | None = None,
        chosen: Mapping[str, str] | None = None,
        *,
        threads: int = 1,
    ) -> Self:
        """path, threads: of the default encoder, see `Encoder.load`. Raises EncoderError."""
        return cls(Encoder.load(path, threads=threads), chosen)

    @property
    def chosen(self) -> Mapping[str, str]:
        """What was chosen, by language."""
        return self._chosen

    def choice(self, locale: str) -> str:
        """`default`, `multilingual` or `none`."""
        tongue = locale.split("-")[0]
        if tongue == "en":
            return DEFAULT
        if tongue in self._chosen:
            return self._chosen[tongue]
        return MULTILINGUAL if tongue in TONGUES and _installed() else NONE

    def of(self, locale: str) -> Encoder | Multilingual | None:
        """The encoder of a locale, None for words alone. Raises EncoderError if it is missing."""
        choice = self.choice(locale)
        if choice == DEFAULT:
            return self.default
        return self._load() if choice == MULTILINGUAL else None

    def fingerprint(self, locale: str) -> str:
        """Of the encoder of a locale, "" for none. Loads nothing."""
        choice = self.choice(locale)
        if choice == MULTILINGUAL:
            from sayso.encoders.multilingual import Multilingual

            return Multilingual.fingerprint
        return self.default.fingerprint if choice == DEFAULT else ""

    def to_json(self, locales: Iterable[str]) -> dict[str, str]:
        """As a bundle's manifest keeps them: the default, and the fingerprint of each language."""
        own = {"name": self.default.name, "fingerprint": self.default.fingerprint}
        return own | {tongue: self.fingerprint(tongue) for tongue in _tongues(locales)}

    def lacking(self, locales: Iterable[str]) -> list[str]:
        """A sentence for each language that has no encoder: what is lost and what would help."""
        return [_lack(tongue) for tongue in _tongues(locales) if self.choice(tongue) == NONE]

    def _load(self) -> Multilingual:
        from sayso.encoders.multilingual import Multilingual

        with self._loading:
            if self._multilingual is None:
                self._multilingual = Multilingual.load()
            return self._multilingual


def _tongues(locales: Iterable[str]) -> list[str]:
    """Languages of locales; not English, which the default always reads."""
    return sorted({locale.split("-")[0] for locale in locales} - {"en"})


def _lack(tongue: str) -> str:
    said = f"{tongue}: read by words alone, which takes more samples"
    if tongue in TONGUES and not _installed():
        return f'{said}; for an encoder run: pip install "sayso[multilingual]", then train again'
    return f"{said}; see docs/locales.md" if tongue in TONGUES else f"{said}; no encoder knows it"


def _installed() -> bool:
    from sayso.encoders.multilingual import installed

    return installed()
