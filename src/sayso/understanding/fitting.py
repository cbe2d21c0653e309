"""Labels -> `Heads`: the intent head by maximum entropy, the slot head as a CRF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Language
from sayso.understanding import crf, softmax
from sayso.understanding.contract import Heard
from sayso.understanding.features import Hashes
from sayso.understanding.heads import TYPICAL, Features, Heads, HeadSettings, Sketch, rows_of
from sayso.understanding.linear import Linear, Rows, halves, vocabulary
from sayso.understanding.spans import tags_of

View = tuple[float, Features]  # with its share of an example's weight
Look = Sequence[tuple[float, Sketch]]  # at an utterance, by each view

_MOST_LOOKS = 512


def fit_heads(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    language: Language,
    views: Sequence[View],
    settings: HeadSettings,
) -> Heads:
    """Heads of a skill; labels and heard go in pairs, each label of an intent of the skill.

    views: what the heads learn from; several ways to look at an utterance share its weight.
    A label of negative weight, or from an intent's name, teaches the intent head only.
    """
    intents = tuple(sorted({label.intent for label in labels}))
    slots = tuple(sorted({span.name for label in labels for span in label.spans}))
    known = tuple(_known(name, slots, labels, language) for name in intents)
    multiple = {slot.name for intent in language.intents for slot in intent.slots if slot.multiple}
    looks = [
        [(share, _look(view, one, label)) for share, view in views]
        for label, one in zip(labels, heard, strict=False)
    ]
    slot_map, transitions = _fit_slots(labels, heard, views, (intents, slots, known), settings)
    # As a bundle keeps them, so that a skill reads alike before and after.
    intent_map = _fit_intents(labels, looks, intents, settings).rounded()
    return Heads(
        intents,
        slots,
        known,
        frozenset(multiple),
        intent_map,
        slot_map.rounded(),
        transitions,
        *_prototypes(labels, looks, intents),
        _typical(labels, looks, intents, intent_map),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    """A heard phrase, the same only as itself."""

    heard: Heard

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Phrase) and self.heard is other.heard

    def __hash__(self) -> int:
        return id(self.heard)


_looks: dict[tuple[Hashable, _Phrase], Sketch] = {}


def _look(view: Features, heard: Heard, label: Label) -> Sketch:
    """What a view sees. Phrases that every skill is taught are looked at once for all of them."""
    if label.own or view.general is None:
        return view.utterance(heard)
    key = (view.general, _Phrase(heard))
    look = _looks.get(key)
    if look is None:
        if len(_looks) >= _MOST_LOOKS:
            _looks.clear()
        look = _looks[key] = view.utterance(heard)
    return look


def _typical(
    labels: Sequence[Label], looks: Sequence[Look], intents: Sequence[str], fitted: Linear
) -> float:
    """Mean score of the skill's own examples as what they are."""
    own = [
        (intents.index(label.intent), look[0][1])
        for label, look in zip(labels, looks, strict=True)
        if label.own and label.weight > 0
    ]
    scores = [fitted.scores(x.dense, x.hashes, x.values)[0, at] for at, x in own]
    return float(np.mean(scores)) if scores else TYPICAL


def _prototypes(
    labels: Sequence[Label], looks: Sequence[Look], intents: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(intents, d) mean dense features of each intent's examples, and (intents,) their number."""
    rows = [views[0][1].dense[0] for views in looks]
    width = len(rows[0]) if rows else 0
    sums, counts = np.zeros((len(intents), width), np.float32), np.zeros(len(intents), np.float32)
    for label, row in zip(labels, rows, strict=True):
        if label.weight > 0 and label.source is not LabelSource.NOISE:
            at = intents.index(label.intent)
            sums[at] += row
            counts[at] += 1
    means = (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
    return means, counts


def _known(
    intent: str, slots: Sequence[str], labels: Sequence[Label], language: Language
) -> tuple[int, ...]:
    declared = language.intent(intent)
    names = {slot.name for slot in declared.slots} if declared else set()
    names |= {span.name for label in labels if label.intent == intent for span in label.spans}
    return tuple(index for index, name in enumerate(slots) if name in names)


def _fit_intents(
    labels: Sequence[Label],
    looks: Sequence[Look],
    intents: Sequence[str],
    settings: HeadSettings,
) -> Linear:
    if not labels:
        return _nothing(0)
    fillings = Counter(map(_made_of, labels))
    seen = [
        (label, share, sketch)
        for label, look in zip(labels, looks, strict=True)
        for share, sketch in _seen(look)
    ]
    rows, known = _rows([sketch for _, _, sketch in seen], settings.intent_features)
    return softmax.fit(
        rows,
        known,
        np.array([intents.index(label.intent) for label, _, _ in seen]),
        np.array([share * _fair_weight(label, fillings) for label, share, _ in seen]),
        len(intents),
        l2=settings.intent_l2,
        steps=settings.intent_steps,
    )


_Made = tuple[str, str | None, LabelSource]


def _made_of(label: Label) -> _Made:
    return label.intent, label.template, label.source


def _fair_weight(label: Label, fillings: Mapping[_Made, int]) -> float:
    """A sample that was filled three times counts once, or samples without slots would pale."""
    same = 1 if label.template is None else fillings[_made_of(label)]
    return label.weight / same


def _fit_slots(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    views: Sequence[View],
    names: tuple[Sequence[str], Sequence[str], Sequence[Sequence[int]]],
    settings: HeadSettings,
) -> tuple[Linear, NDArray[np.float32]]:
    intents, slots, known = names
    pairs = [
        (label, one)
        for label, one in zip(labels, heard, strict=True)
        if _teaches_slots(label) and one.words and known[intents.index(label.intent)]
    ]
    if not pairs:
        return _nothing(1), halves(np.zeros((2, 1)))
    seen = [
        (label, one, share, sketch)
        for label, one in _thinned(pairs, settings.slot_words)
        for share, sketch in _seen([(share, view.words(one)) for share, view in views])
    ]
    rows, vocabulary_ = _rows([sketch for *_, sketch in seen], settings.slot_features)
    masks = [crf.allowed_tags(len(slots), known[intents.index(x.intent)]) for x, *_ in seen]
    return crf.fit(
        rows,
        vocabulary_,
        np.array([len(one.words) for _, one, *_ in seen]),
        np.concatenate([tags_of(label.spans, one.words, slots) for label, one, *_ in seen]),
        np.stack(masks),
        np.array([share * label.weight for label, _, share, _ in seen]),
        l2=settings.slot_l2,
        steps=settings.slot_steps,
    )


def _seen(sketches: Sequence[tuple[float, Sketch]]) -> list[tuple[float, Sketch]]:
    """The sketches with their shares; one with the whole share where the views do not differ."""
    widths = {sketch.hashes.shape[1] for _, sketch in sketches}
    if len(widths) > 1:
        return list(sketches)
    return [(sum(share for share, _ in sketches), sketches[0][1])]


def _teaches_slots(label: Label) -> bool:
    return label.weight > 0 and label.source is not LabelSource.NAME


def _thinned(pairs: list[tuple[Label, Heard]], most: int) -> list[tuple[Label, Heard]]:
    """Every second or n-th sentence, so that there are at most about `most` words."""
    total = sum(len(one.words) for _, one in pairs)
    return pairs[:: max(1, -(-total // most))]


def _rows(sketches: Sequence[Sketch], most: int) -> tuple[Rows, Hashes]:
    """All sketches below one another, and the vocabulary they make."""
    known = vocabulary([sketch.hashes[sketch.values != 0] for sketch in sketches], most)
    return rows_of(sketches, known), known


def _nothing(count: int) -> Linear:
    """A map that has seen nothing. Its width does not matter: nobody asks it."""
    empty = np.zeros((0, count), np.float32)
    return Linear(np.zeros(0, np.uint32), np.zeros((1, count), np.float32), empty)
