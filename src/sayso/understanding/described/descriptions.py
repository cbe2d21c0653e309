"""The descriptions of a skill with their vectors: made once, at training, and kept with the skill.

What says how a slot is meant costs an encoder's time, a millisecond for a tool of a few arguments.
So the bundle keeps a vector for each text, in a byte a number; a skill of a bundle that has none,
or whose texts have changed, has them made when a turn first needs them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.skills.templates import slot_names
from sayso.types.skills import Intent, Language
from sayso.understanding.described.read import Reader, reader_for
from sayso.understanding.described.slots import (
    DescribedSkill,
    Vector,
    described_by,
    texts_of,
    vectors_of,
)
from sayso.understanding.heard import TextEncoder
from sayso.understanding.shortlist.words import key
from sayso.understanding.vectors import to_bytes

FEW = 8  # samples from which on a skill's own model knows a slot better
MOST_HELD = 256  # intents of a skill that are ready to be read, about 20 KB each
_KEYS, _NUMBERS, _SCALES = "keys", "vectors", "scales"
Tensors = Mapping[str, NDArray[Any]]


def sparse(intent: Intent) -> frozenset[str]:
    """Names of the slots of an intent that are found by their descriptions."""
    described = {slot.name for slot in intent.slots if slot.description and not slot.multiple}
    if not described:
        return frozenset()
    counts = dict.fromkeys(described, 0)
    for sample in intent.samples:
        for name in described.intersection(slot_names(sample)):
            counts[name] += 1
    return frozenset(name for name, count in counts.items() if count < FEW)


class Descriptions:
    """What the intents of a skill in a locale say of their slots. Threads may share it."""

    def __init__(
        self, language: Language, encoder: TextEncoder, tensors: Tensors | None = None
    ) -> None:
        """encoder: what hears the language. tensors: those of `pack`, of this or another day."""
        self._language, self._encoder = language, encoder
        self._tensors: Tensors = tensors or {}
        self._ready: OrderedDict[str, DescribedSkill | None] = OrderedDict()
        self._change = Lock()

    @property
    def reader(self) -> Reader | None:
        """What reads them, None where it was learnt with another encoder."""
        return reader_for(self._encoder)

    def of(self, intent: Intent) -> DescribedSkill | None:
        """An intent as it is described; None where its slots stand in samples, or nobody reads."""
        with self._change:
            if intent.name in self._ready:
                self._ready.move_to_end(intent.name)
                return self._ready[intent.name]
        made = None
        if sparse(intent) and self.reader is not None:
            alone = replace(self._language, intents=(intent,))
            made = described_by(alone, self._vectors(texts_of(alone)))
        with self._change:
            self._ready[intent.name] = made
            while len(self._ready) > MOST_HELD:
                self._ready.popitem(last=False)
        return made

    def warm(self) -> None:
        """Have ready what would otherwise be made in a turn."""
        wanted = [intent for intent in self._language.intents if sparse(intent)]
        # Those that are kept are ready at once, but for what reads them.
        for intent in wanted[:1] if self._tensors else wanted[:MOST_HELD]:
            self.of(intent)

    def taught(self, language: Language) -> Descriptions:
        """The same of the skill with other samples."""
        return Descriptions(language, self._encoder, self._tensors)

    def pack(self) -> Tensors:
        """The vectors as a bundle keeps them: rows in the order of the texts' sorted keys."""
        return self._tensors

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vector]:
        """Of each text, as it is kept; made where it is not."""
        kept = _kept(texts, self._tensors)
        rest = [text for text in texts if text.strip() and text not in kept]
        found = {**kept, **(vectors_of(rest, self._encoder) if rest else {})}
        size = len(next(iter(found.values()), ()))
        return {**dict.fromkeys(texts, np.zeros(size, np.float32)), **found}


def described(language: Language, encoder: TextEncoder | None) -> Descriptions | None:
    """The descriptions of a skill that is fitted, with the vectors of all that is described.

    None where nobody reads them: English alone is read, and by the packaged encoder.
    """
    if encoder is None or not is_read(language.locale) or reader_for(encoder) is None:
        return None
    # One by one: two intents may have slots of one name, of which different things are said.
    alone = [replace(language, intents=(each,)) for each in language.intents if sparse(each)]
    texts = [text for each in alone for text in texts_of(each) if text.strip()]
    if not texts:
        return None
    made = vectors_of(texts, encoder)
    keys = {key(text): text for text in texts}
    ordered = sorted(keys)
    numbers, scales = to_bytes(np.stack([made[keys[each]] for each in ordered]))
    tensors: Tensors = {_KEYS: np.array(ordered, np.uint64), _NUMBERS: numbers, _SCALES: scales}
    return Descriptions(language, encoder, tensors)


def is_read(locale: str) -> bool:
    """Whether descriptions in a locale can be read."""
    return locale.split("-")[0] == "en"


def _kept(texts: Sequence[str], tensors: Tensors) -> dict[str, Vector]:
    """Vectors of those texts that are kept."""
    if not tensors:
        return {}
    keys = tensors[_KEYS]
    wanted = np.array([key(text) for text in texts], np.uint64)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    rows = np.asarray(tensors[_NUMBERS][places], np.float32) * tensors[_SCALES][places][:, None]
    return {
        text: row
        for text, row, found in zip(texts, rows, keys[places] == wanted, strict=True)
        if found
    }
