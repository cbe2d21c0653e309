"""Where encoder weights come from, and whether they are the bytes they claim to be.

An encoder is a folder: the word table (words.npy, scales.npy), the layers above it (model.onnx),
tokenizer.json, and encoder.json, the card with their checksums. `sayso pretrain` writes one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sayso.errors import EncoderError

CARD = "encoder.json"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
WORDS = "words.npy"
SCALES = "scales.npy"
_NEEDED = frozenset({MODEL, TOKENIZER, WORDS, SCALES})

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+(@[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class Card:
    """What encoder.json says of the folder it lies in."""

    name: str
    dimension: int
    max_tokens: int
    # file name -> checksum in hex
    sha256: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """One hash over the files that make a vector."""
        parts = [f"{name} {self.sha256[name]}" for name in sorted(_NEEDED)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def find_encoder(path: Path | str | None) -> Path:
    """Folder of the encoder that `path` names: a folder, a hub id, or None for the packaged one.

    A hub id is `owner/name` or `owner/name@revision`; the network is used only for one. Raises
    EncoderError if there is nothing to load.
    """
    if path is None:
        folder = Path(str(files("sayso.encoders") / "english"))
        if not (folder / MODEL).is_file():
            raise EncoderError(
                f"{folder}: the packaged encoder is missing; reinstall sayso, or make it with "
                "sayso pretrain"
            )
        return folder
    folder = Path(path).expanduser()
    if folder.is_dir():
        return folder
    if isinstance(path, str) and _HUB_ID.fullmatch(path):
        return _download(path)
    raise EncoderError(
        f"{path}: no such folder; give a folder made by sayso pretrain, a hub id such as "
        "owner/name, or nothing for the packaged encoder"
    )


def read_card(folder: Path) -> Card:
    """The folder's encoder.json. Raises EncoderError if it is missing or damaged."""
    file = folder / CARD
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        card = Card(
            name=str(values["name"]),
            dimension=int(values["dimension"]),
            max_tokens=int(values["max_tokens"]),
            sha256={str(name): str(digest) for name, digest in values["sha256"].items()},
        )
    except OSError as error:
        raise EncoderError(
            f"{file}: cannot be read ({error.strerror}); an encoder folder needs the card that "
            "sayso pretrain writes"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(
            f"{file}: not an encoder card ({error}); make the folder again"
        ) from error
    if lacking := sorted(_NEEDED - card.sha256.keys()):
        raise EncoderError(f"{file}: lacks the sha256 of {', '.join(lacking)}; make it again")
    # The card may come from a stranger: it must not send us reading elsewhere.
    if any(Path(name).name != name for name in card.sha256):
        raise EncoderError(f"{file}: names a file outside its folder; do not use this encoder")
    return card


def verify(folder: Path, card: Card) -> None:
    """Compare every file with its checksum. Raises EncoderError at the first that differs."""
    for name, expected in card.sha256.items():
        file = folder / name
        try:
            with file.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise EncoderError(
                f"{file}: cannot be read ({error.strerror}); reinstall or make the encoder again"
            ) from error
        if found != expected:
            raise EncoderError(
                f"{file}: sha256 is {found}, but {CARD} says {expected}: the file was damaged or "
                "changed; reinstall or make the encoder again"
            )


def _download(hub_id: str) -> Path:
    """Fetch a hub repository of the same layout into the hub's own cache."""
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise EncoderError(
            f"{hub_id}: huggingface_hub is not installed; run: pip install huggingface_hub"
        ) from error
    repository, _, revision = hub_id.partition("@")
    try:
        folder = snapshot_download(
            repository,
            revision=revision or None,
            allow_patterns=[CARD, *sorted(_NEEDED), "MODEL_CARD.md", "LICENSE", "NOTICE"],
        )
    # The hub's client raises a different family of errors in each major version, none of them ours.
    except Exception as error:
        raise EncoderError(
            f"{hub_id}: cannot be fetched from the Hugging Face hub "
            f"({type(error).__name__}: {error}); check the name and the network, or give a folder"
        ) from error
    return Path(folder)
