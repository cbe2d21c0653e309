"""Word vectors and pretrained layers, made once and kept in the cache's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import load_file, save_file

from benchmarks.transferring.data import Target, read_set, read_skills
from benchmarks.transferring.fitting import Weights
from benchmarks.transferring.methods import DISTILLED, SCRATCH, Stock
from benchmarks.transferring.pretraining import pretrain
from benchmarks.transferring.sources import read_phrases, read_sources, without
from benchmarks.transferring.teaching import learn_from
from benchmarks.transferring.vectors import load_vectors
from sayso.understanding.heard import hear

EPOCHS = {True: 12, False: 4}  # with a teacher, without


class Stocks:
    """What the bi-LSTMs start from, by target."""

    def __init__(
        self,
        data: Path,
        cache: Path,
        encoder: Path | None,
        teacher: Path | None,
        sets: Sequence[str],
    ) -> None:
        """sets: the public sets of this run, which are left out together."""
        self._data, self._cache, self._teacher, self._sets = data, cache, teacher, sets
        self.vectors = load_vectors(encoder, cache)
        self._made: dict[str, Weights] = {}

    def of(self, target: Target, method: str) -> Stock:
        """The stock of one method for a target, pretrained if there is no file of it yet."""
        if method == SCRATCH:
            return Stock(self.vectors, {})
        sets = self._sets if target.kind == "set" else ()
        name = "-".join([method, *(sorted(sets) or ["skills"])])
        if name not in self._made:
            path = self._cache / f"{name}.safetensors"
            if not path.is_file():
                save_file(dict(self._pretrained(sets, method == DISTILLED)), path)
            self._made[name] = load_file(path)
        return Stock(self.vectors, {method: self._made[name]})

    def _pretrained(self, sets: Sequence[str], taught: bool) -> Weights:
        texts = self._texts_of(sets)
        sources = without(read_sources(self._data), sets, texts)
        phrases = [x for x in read_phrases(self._data) if x.casefold() not in texts]
        phrases = [x for x in phrases if hear(x, None).words]
        teacher = None
        if taught:
            said = [x.text for labels in sources.values() for x in labels]
            teacher = learn_from([*said, *phrases], self._teacher, self._cache)
        return pretrain(sources, phrases, self.vectors, EPOCHS[taught], teacher)

    def _texts_of(self, sets: Sequence[str]) -> set[str]:
        """Every text of the targets that these layers are for, train and test, case folded."""
        targets = [read_set(self._data, x, 1) for x in sets] or read_skills(self._data, 1)
        parts = [part for target in targets for part in target.parts[0]]
        return {label.text.casefold() for part in parts for label in part}
