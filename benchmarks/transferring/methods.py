"""The methods, behind one signature: train on a target's labels, then read what was heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from benchmarks.transferring.data import Target
from sayso.bundle.tensors import pack
from sayso.encoders import Encoder
from sayso.types.lessons import Label
from sayso.understanding import maxent_crf, shared
from sayso.understanding.contract import Heard, Reading, SkillModel
from sayso.understanding.heard import hear_all

if TYPE_CHECKING:
    from benchmarks.transferring.fitting import Curve, Settings, Weights
    from benchmarks.transferring.vectors import WordVectors

SCRATCH, TRANSFER, DISTILLED = "bilstm-scratch", "bilstm-transfer", "bilstm-transfer-distilled"
BILSTMS = (SCRATCH, TRANSFER, DISTILLED)
LINEAR, SHARED, FINETUNED = "maxent-crf", "shared", "shared-finetuned"
METHODS = (LINEAR, *BILSTMS, SHARED, FINETUNED)
NEED_VECTORS = frozenset({SHARED, FINETUNED})  # of the sentence encoder

Heards = Mapping[str, Heard]
Monitor = Callable[[Callable[[Sequence[Heard]], Sequence[Reading]]], float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained method. seconds: of training; bytes: packed; curve: of the bi-LSTMs."""

    read: Callable[[Heard], Reading]
    read_all: Callable[[Sequence[Heard]], Sequence[Reading]]
    seconds: float
    bytes: int
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """What the bi-LSTMs start from. pretrained: method -> weights for this target."""

    vectors: WordVectors
    pretrained: Mapping[str, Weights]


def settings_of(method: str) -> Settings:
    """What was chosen on the tuning skills: `--tune`."""
    from benchmarks.transferring.fitting import Settings

    return {
        SCRATCH: Settings(learning_rate=1e-2, dropout=0.3),
        TRANSFER: Settings(learning_rate=1e-2, dropout=0.3),
        DISTILLED: Settings(learning_rate=3e-3, dropout=0.1, keep_uppers=True, probe=True),
    }[method]


def searched(method: str) -> list[Settings]:
    """The same four pairs of learning rate and dropout for every bi-LSTM."""
    pairs = [(rate, dropout) for rate in (3e-3, 1e-2) for dropout in (0.1, 0.3)]
    return [replace(settings_of(method), learning_rate=r, dropout=d) for r, d in pairs]


def train(
    method: str,
    target: Target,
    labels: Sequence[Label],
    heard: Heards,
    stock: Stock | None,
    seed: int,
    monitor: Monitor,
    settings: Settings | None = None,
    encoder: Encoder | None = None,
) -> Fitted:
    """Train one method.

    monitor: error after an epoch, for the bi-LSTMs' curves only. encoder: what heard the labels.
    """
    if method in BILSTMS:
        if stock is None:
            raise ValueError(f"{method} needs word vectors")
        return _bilstm(method, labels, heard, stock, seed, monitor, settings)
    start = time.perf_counter()
    model: SkillModel
    if method == LINEAR:
        model = maxent_crf.fit(labels, [heard[x.text] for x in labels], target.language)
    elif method == SHARED:
        lessons = [*labels, *target.names]
        model = shared.fit(lessons, [heard[x.text] for x in lessons], target.language)
    else:
        assert encoder is not None
        return _finetuned(target, [*labels, *target.names], encoder)
    return _fitted(model, time.perf_counter() - start)


def _finetuned(target: Target, lessons: Sequence[Label], encoder: Encoder) -> Fitted:
    """As `sayso train --finetune` makes it, whatever its gate would say."""
    from sayso.training.finetuning.finetune import PLAN, tuned_layers
    from sayso.understanding.tuned import through

    start = time.perf_counter()
    layers = tuned_layers(encoder, lessons, PLAN.tuning(len(lessons)), lambda: None)
    heard = hear_all([x.text for x in lessons], encoder.tuned(layers.tobytes()))
    model = shared.fit(lessons, heard, target.language, PLAN.heads)
    fitted = _fitted(through(model, encoder, layers), time.perf_counter() - start)
    return replace(fitted, bytes=fitted.bytes + len(layers))


def _fitted(model: SkillModel, seconds: float) -> Fitted:
    def read(heard: Heard) -> Reading:
        return model.read(heard, limit=1)[0]

    return Fitted(read, lambda some: [read(x) for x in some], seconds, len(pack(model.pack())))


def _bilstm(
    method: str,
    labels: Sequence[Label],
    heard: Heards,
    stock: Stock,
    seed: int,
    monitor: Monitor,
    settings: Settings | None,
) -> Fitted:
    from benchmarks.transferring.fitting import fit

    reader, curve = fit(
        labels,
        heard,
        stock.vectors,
        settings or settings_of(method),
        seed,
        stock.pretrained.get(method),
        lambda reader: monitor(reader.read_all),
    )
    return Fitted(reader.read, reader.read_all, curve.seconds[-1], reader.bytes, curve)


def as_row(fitted: Fitted) -> dict[str, Any]:
    """What of a trained method goes into the cache."""
    curve = fitted.curve
    row: dict[str, Any] = {"seconds": round(fitted.seconds, 4), "bytes": fitted.bytes}
    if curve is not None:
        row["errors"] = [round(x, 5) for x in curve.errors]
        row["elapsed"] = [round(x, 4) for x in curve.seconds]
        row["kept"] = curve.kept
    return row
