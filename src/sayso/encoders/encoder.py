"""One text in; a sentence vector, a vector a token, and where each token stands in the text out.

The packaged model is Sayso's own, made from MiniLM (encoders/english/MODEL_CARD.md).
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from sayso import memory
from sayso.encoders.files import (
    MODEL,
    SCALES,
    TOKENIZER,
    WORDS,
    Card,
    find_encoder,
    read_card,
    verify,
)
from sayso.encoders.one_by_one import Encoded, OneByOne, readable
from sayso.encoders.word_pieces import Cut, WordPieces
from sayso.encoders.word_table import WordTable
from sayso.errors import EncoderError

if TYPE_CHECKING:
    import onnxruntime

# A pasted book is not tokenised to its end: 128 tokens are over long before, short of blank pages.
_MOST_CHARACTERS = 10_000


class Encoder(OneByOne):
    """A sentence encoder. Make one with `load`; threads may share it."""

    def __init__(
        self,
        folder: Path,
        card: Card,
        vocabulary: WordPieces,
        session: onnxruntime.InferenceSession,
        words: WordTable,
        threads: int,
    ) -> None:
        self._folder = folder
        self._card = card
        self._vocabulary = vocabulary
        self._session = session
        self._words = words
        self.threads = threads

    @classmethod
    def load(cls, path: Path | str | None = None, *, threads: int = 1) -> Self:
        """The encoder in folder `path`, of hub id `path`, or the packaged one.

        threads: how many texts `encode` runs at a time; a single text always uses one.
        Raises EncoderError if files are missing, differ from their checksums or do not belong
        together.
        """
        folder = find_encoder(path)
        card = read_card(folder)
        verify(folder, card)
        try:
            vocabulary = WordPieces.read(folder / TOKENIZER)
            session = _session(str(folder / MODEL))
            words = WordTable(folder / WORDS, folder / SCALES)
        except EncoderError:
            raise
        # The libraries raise plain Exception for a file they cannot read.
        except Exception as error:
            raise EncoderError(f"{folder}: cannot be loaded ({error}); make it again") from error
        _check_fit(folder, card, vocabulary, session, words)
        memory.give_back()
        return cls(folder, card, vocabulary, session, words, threads)

    def tuned(self, layers: bytes) -> Self:
        """The same words through other layers: an ONNX model in place of model.onnx.

        Word table and tokenizer stay shared. Raises EncoderError if these are no such layers.
        """
        try:
            session = _session(layers)
        # As in `load`.
        except Exception as error:
            raise EncoderError(
                f"tuned layers cannot be loaded ({error}); run: sayso train --finetune"
            ) from error
        if not _reads(session, self.dimension):
            raise EncoderError(
                f"tuned layers do not fit words of {self.dimension} numbers; "
                "run: sayso train --finetune"
            )
        sums = {**self._card.sha256, MODEL: sha256(layers).hexdigest()}
        card = replace(self._card, sha256=sums)
        return type(self)(self._folder, card, self._vocabulary, session, self._words, self.threads)

    @property
    def folder(self) -> Path:
        """Where its files lie; the layers of a tuned one do not."""
        return self._folder

    @property
    def name(self) -> str:
        """Name of the model, from its card."""
        return self._card.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._card.dimension

    @property
    def fingerprint(self) -> str:
        """Hash of the files that make a vector; those of different fingerprints do not compare."""
        return self._card.fingerprint

    def verify(self) -> None:
        """Check the files on disk again. Raises EncoderError if one has changed since `load`."""
        verify(self._folder, self._card)

    def pieces(self, text: str) -> list[int]:
        """Ids of a text's word pieces, [CLS] and [SEP] at the ends."""
        return list(self.cut(text).ids)

    def cut(self, text: str) -> Cut:
        """A text's word pieces and their offsets, [CLS] and [SEP] at the ends."""
        return self._vocabulary.cut(readable(text, _MOST_CHARACTERS), self._card.max_tokens)

    def encode_one(self, text: str) -> Encoded:
        """Vectors of a text; what lies beyond the model's length is not read."""
        cut = self.cut(text)
        embedded = self._words.vectors(cut.ids)
        states, pooled = self._session.run(["token_states", "pooled"], {"embedded": embedded[None]})
        offsets = np.array(cut.offsets[1:-1], dtype=np.int64).reshape(-1, 2)
        return Encoded(text, pooled[0], states[0, 1:-1], offsets)


def _session(model: str | bytes) -> onnxruntime.InferenceSession:
    """A model's file, or its bytes, ready to run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Nothing is gained by a plan kept for each length.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model,
        options,
        providers=["CPUExecutionProvider"],
        # Fused, the sum and its norm take twice as long as one after the other.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _reads(session: onnxruntime.InferenceSession, dimension: int) -> bool:
    """Whether it takes words of that many numbers and gives what an encoder gives."""
    inputs = [(x.name, x.shape[-1:]) for x in session.get_inputs()]
    outputs = {x.name for x in session.get_outputs()}
    return inputs == [("embedded", [dimension])] and {"token_states", "pooled"} <= outputs


def _check_fit(
    folder: Path,
    card: Card,
    vocabulary: WordPieces,
    session: onnxruntime.InferenceSession,
    words: WordTable,
) -> None:
    """Raise EncoderError unless the files are of one encoder: whole, but of two, they would run."""
    pieces = 1 + max(vocabulary.ids.values())
    for name, fits in (
        (WORDS, words.dimension == card.dimension),
        (TOKENIZER, pieces <= len(words)),
        (MODEL, _reads(session, card.dimension)),
    ):
        if not fits:
            raise EncoderError(
                f"{folder / name}: does not fit the files beside it (a table of {len(words)} by "
                f"{words.dimension}, {pieces} pieces); make the encoder again"
            )
