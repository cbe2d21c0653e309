"""Frozen word vectors for the bi-LSTMs: the encoder's own word-piece table, one vector a word.

The table is read from the weights that Sayso packages, turned to its strongest directions and
scaled; a word is the mean of its pieces. Both bi-LSTMs see these and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.encoders.files import MODEL, SCALES, TOKENIZER, WORDS, find_encoder, read_card
from sayso.understanding.contract import Heard

DIMENSION = 128

Floats = NDArray[np.float32]


@dataclass(slots=True)
class WordVectors:
    """Vectors of words, looked up by their lower-case text.

    table: (pieces, DIMENSION); source: name and fingerprint of the encoder it is from.
    """

    table: Floats
    tokenizer: Any
    source: Mapping[str, str]
    _known: dict[str, Floats] = field(default_factory=dict)

    def of(self, heard: Heard) -> Floats:
        """(words, DIMENSION); an utterance without words has one row of zeros."""
        rows = [self._word(word.text.lower()) for word in heard.words]
        return np.stack(rows) if rows else np.zeros((1, self.table.shape[1]), np.float32)

    def _word(self, text: str) -> Floats:
        if text not in self._known:
            pieces = self.tokenizer.encode(text, add_special_tokens=False).ids
            self._known[text] = self.table[pieces].mean(0) if pieces else self.table[0] * 0
        return self._known[text]


def load_vectors(encoder: Path | None, cache: Path) -> WordVectors:
    """The vectors of an encoder's folder, or of the packaged encoder.

    Kept in `cache` from the first time on, as layers pretrained on them are: both belong together.
    """
    from tokenizers import Tokenizer

    table, tokenizer, about = (cache / x for x in ("words.npy", TOKENIZER, "words.json"))
    if not about.is_file():
        folder = find_encoder(encoder)
        card = read_card(folder)
        words = np.load(folder / WORDS) * np.load(folder / SCALES)[:, None]
        np.save(table, strongest(words, DIMENSION))
        tokenizer.write_bytes((folder / TOKENIZER).read_bytes())
        named = {"name": card.name, "fingerprint": card.sha256[MODEL]}
        about.write_text(json.dumps(named), encoding="utf-8")
    reader = Tokenizer.from_file(str(tokenizer))
    reader.no_padding()
    return WordVectors(np.load(table), reader, json.loads(about.read_text(encoding="utf-8")))


def strongest(table: Floats, dimension: int) -> Floats:
    """The rows in the `dimension` directions they vary most in, unit variance over all."""
    centred = table - table.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    turned = centred @ directions[:, ::-1][:, :dimension]
    return np.asarray(turned / turned.std(), np.float32)
