"""What a skill knows of the limits of what it knows.

Its heads can only choose among its own intents. So each skill also keeps an acceptor: two-class
logistic regression of its own lessons against `strangers.txt`, sentences that hardly any assistant
has a skill for. It needs no other skill, so that a skill stays the same whatever else is installed.
And it keeps a temperature, fitted on lessons that the heads had not seen: heads held back by a
prior are less sure than they might be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed
from sayso.types.lessons import Label
from sayso.understanding import softmax
from sayso.understanding.contract import Heard
from sayso.understanding.features import word_grams
from sayso.understanding.heads import Sketch, rows_of
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.linear import Linear, halves, vocabulary

TEMPERATURE = 0.7  # of a skill that has none of its own; the best single one for real skills
_PRIOR = 10.0  # strength of the pull to it: that many nats for a temperature e times as high
_TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(3.0), 60))

WORD_WEIGHT = 0.8  # of a sentence's words beside its vector
_L2 = 0.2
_STEPS = 60
_MOST_WORDS = 4096
TOO_NEAR = 0.75  # cosine to a lesson at which a stranger may well be meant for the skill
# Most log-odds that count, and those of a standard phrase ("stop", "yes"): two skills that have the
# same sentence shall not win by how sure each is that it is no stranger's.
MOST = 2.0
TAUGHT = 1.0  # least log-odds of a sentence that was added to a live skill


@dataclass(frozen=True, slots=True)
class Strangers:
    """Sentences that no skill should take, ready to be learnt from.

    sketches: a row each; pooled: (n, d) unit vectors, d is 0 without an encoder.
    """

    sketches: Sequence[Sketch]
    pooled: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Familiarity:
    """How like its own lessons a skill finds a sentence, and how sure its heads really are.

    acceptor: `sketch` -> one score; None for a language that there are no strangers of.
    """

    acceptor: Linear | None = None
    temperature: float = TEMPERATURE

    def accept(self, sketch: Sketch) -> float:
        """Log-odds, at most `MOST`, that a sentence is like the skill's lessons; 0: unknown."""
        if self.acceptor is None:
            return 0.0
        odds = self.acceptor.scores(sketch.dense, sketch.hashes, sketch.values)[0, 0]
        return min(float(odds), MOST)

    def taught(self, heard: Sequence[Heard]) -> Familiarity:
        """The same, but it also accepts these; moved no further than that takes.

        After Crammer et al. 2006 (passive-aggressive learning). The constant stays, and the words:
        what is unlike these is accepted as before.
        """
        if self.acceptor is None:
            return self
        whole = self.acceptor.whole()
        dense = whole.dense.copy()
        for seen in map(sketch, heard):
            moved = replace(whole, dense=dense)
            short = TAUGHT - float(moved.scores(seen.dense, seen.hashes, seen.values)[0, 0])
            dense[:-1, 0] += max(short, 0.0) * seen.dense[0, :-1]
        return replace(self, acceptor=replace(whole, dense=dense).rounded())

    def tempered(self, scores: Mapping[str, float]) -> list[tuple[str, float]]:
        """Intents with probabilities as sure as they deserve, best first; they sum to 1."""
        return softmax.ranked({name: score / self.temperature for name, score in scores.items()})

    def pack(self) -> Packed:
        """As arrays and JSON."""
        tensors = self.acceptor.pack("acceptor") if self.acceptor is not None else {}
        return Packed(tensors, {"temperature": self.temperature})

    @classmethod
    def unpack(cls, packed: Packed) -> Familiarity:
        """The counterpart of `pack`."""
        known = "acceptor.dense" in packed.tensors
        acceptor = Linear.unpack(packed.tensors, "acceptor") if known else None
        return cls(acceptor, float(packed.settings["temperature"]))


def background() -> list[str]:
    """Sentences that few assistants have a skill for: small talk at length, trivia, gibberish."""
    text = files("sayso.understanding").joinpath("strangers.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def strangers_in(locale: str, encoder: TextEncoder | None) -> Strangers | None:
    """The strangers of a locale, heard by its encoder; None where there are none."""
    return _heard_by(cast(Hashable, encoder)) if locale.split("-")[0] == "en" else None


@lru_cache(maxsize=2)
def _heard_by(encoder: Any) -> Strangers:
    # Hearing them takes a quarter of a second; a skill added live need not wait for it twice.
    return strangers_of(hear_all(background(), encoder))


def strangers_of(heard: Sequence[Heard]) -> Strangers:
    """What is learnt from these sentences."""
    return Strangers([sketch(one) for one in heard], _pooled(heard))


def sketch(heard: Heard) -> Sketch:
    """What acceptors look at, the same for every skill: sentence vector, a constant, words."""
    words = word_grams(heard.utterance.text, 1)
    vector = heard.pooled if heard.pooled is not None else np.zeros(0, np.float32)
    values = np.full(len(words), WORD_WEIGHT / max(len(words), 1) ** 0.5)
    return Sketch(np.append(vector, np.float32(1.0))[None], words[None], values[None])


def fit(
    lessons: Sequence[Label], heard: Sequence[Heard], strangers: Strangers | None
) -> Familiarity:
    """The familiarity of a skill; lessons and heard go in pairs.

    Phrases of standard intents and hints of names teach nothing: they are everybody's.
    """
    own = [
        (lesson, one)
        for lesson, one in zip(lessons, heard, strict=True)
        if lesson.weight > 0 and lesson.own
    ]
    if strangers is None or not own:
        return Familiarity()
    far = _far(strangers, _pooled([one for _, one in own]))
    if not far:
        return Familiarity()
    fillings = Counter((lesson.intent, lesson.template) for lesson, _ in own)
    weights = [
        lesson.weight / (fillings[lesson.intent, lesson.template] if lesson.template else 1)
        for lesson, _ in own
    ]
    return Familiarity(_acceptor([sketch(one) for _, one in own], np.array(weights), far))


def temperature_of(held_out: Sequence[tuple[Mapping[str, float], str]]) -> float:
    """The temperature under which readings of unseen lessons are least surprised by the truth.

    held_out: for each, the probability of every intent at temperature 1, and the right intent.
    Few readings hardly move it away from `TEMPERATURE`.
    """
    losses = _PRIOR * np.log(_TEMPERATURES / TEMPERATURE) ** 2
    for chances, right in held_out:
        if right in chances:
            logs = np.log(np.maximum(list(chances.values()), 1e-12))
            tempered = softmax.probabilities(logs[None] / _TEMPERATURES[:, None])
            losses -= np.log(np.maximum(tempered[:, list(chances).index(right)], 1e-12))
    return float(_TEMPERATURES[losses.argmin()])


def _acceptor(own: Sequence[Sketch], weights: NDArray[np.float64], far: Sequence[Sketch]) -> Linear:
    """Two classes that weigh the same, however many strangers there are."""
    words = vocabulary([one.hashes for one in own], _MOST_WORDS)
    both = np.concatenate([weights, np.full(len(far), weights.sum() / len(far))])
    classes = np.repeat([1, 0], [len(own), len(far)])
    rows = rows_of([*own, *far], words)
    fitted = softmax.fit(rows, words, classes, both, 2, l2=_L2, steps=_STEPS)
    return Linear(words, _difference(fitted.sparse), _difference(fitted.dense)).rounded()


def _difference(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 1): what speaks for the second class."""
    return halves(table[:, 1:] - table[:, :1])


def _far(strangers: Strangers, own: NDArray[np.float32]) -> list[Sketch]:
    """Strangers that are not near to what the skill is for."""
    if not own.shape[1]:
        return list(strangers.sketches)
    nearest = (strangers.pooled @ own.T).max(axis=1)
    pairs = zip(strangers.sketches, nearest, strict=True)
    return [one for one, cosine in pairs if cosine < TOO_NEAR]


def _pooled(heard: Sequence[Heard]) -> NDArray[np.float32]:
    """(n, d): vectors of the sentences; d is 0 without an encoder."""
    if not heard or heard[0].pooled is None:
        return np.zeros((len(heard), 0), np.float32)
    return np.stack([one.pooled for one in heard if one.pooled is not None]).astype(np.float32)
