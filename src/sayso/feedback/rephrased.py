"""Which later turn of the conversation, if any, says the same thing again.

The words alone do not tell: "play jazz" after "play blues" is another wish, or the same one that
was misheard; "next" after "next" is wanted twice, unless the first did nothing. So each of the up
to three turns that follow is judged with all that is known of the conversation: how alike the texts
are, in what they differ, how both turned out, what was understood, how long it took, what was said
in between, and how alike the other candidates are. Boosted trees give each a probability; the
likeliest is chosen, or none.

After Wang et al. 2021 (ContReph, EMNLP): whole conversation and null answer as there; the turn is
chosen and not a span, by trees in place of a transformer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso import trees
from sayso.feedback.likeness import NAMES, Cosine, Likenesses, likeness, sounds
from sayso.trees import Trees
from sayso.types.lessons import CERTAIN

SHIPPED = "rephrased.npz"  # made by: python -m benchmarks.rephrase DATA --ship
# Probability from which on a turn counts as said again; chosen on dialogues that are in no test, so
# that F1 is best while in each kind of world 97.5 % of the turns that get no rephrase have none.
# Who reads a probability draws a line of its own, above this one.
LEAST = 0.14
AHEAD = 3  # later turns that are looked at
OWN = (  # of a candidate k and its turn 0, beside their likeness
    "place",  # 1 to AHEAD
    "later_turns",  # how many candidates there are
    "wait_s",  # since turn 0
    "pause_s",  # since the turn before the candidate
    "outcome",  # of turn 0: 0 acted, 1 asked, 2 abstained
    "broken",  # it failed, or the reply turned it down
    "barge_in_ms",
    "confidence",
    "again_outcome",  # of the candidate
    "again_broken",
    "again_barge_in_ms",
    "again_confidence",
    "surer",  # confidence after - before
    "same_skill",  # NaN where one was not understood at all
    "same_intent",
    "slots_kept",  # of the slots that either has, those with the same value
    "slots_changed",  # slots of both with another value
    "slots_gone",
    "slots_new",
    "values_alike",  # how alike the changed values sound, the least alike of them
    "between_bad",  # turns in between that were not acted upon
    "alike_others",  # highest likeness of another candidate
    "alike_lead",  # own likeness less that
)
FEATURES = NAMES + OWN
_OUTCOMES = {"act": 0.0, "ask": 1.0, "abstain": 2.0}
Windows = Mapping[str, Sequence[Any]]
Numbers = NDArray[np.float32]


def detect(
    windows: Windows, cosine: Cosine | None = None, *, model: Trees | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which later turn says the same again, for each row of the table `windows`.

    windows: its columns (words_k, gap_s_k, outcome_k, skill_k, intent_k, slots_k, confidence_k,
    failed_k, refused_k, barge_in_ms_k for k = 0 to AHEAD), None where there is nothing. model: the
    packaged one if None. Returns place, 0 for none, and probability in basis points of the
    likeliest candidate, chosen or not, (rows,) each. Needs the extra `learn`.
    """
    at, features = pairs(windows, cosine)
    chances = (model or packaged()).predict(features)
    places, best = choose(at, chances, len(windows["words_0"]))
    places[best < LEAST] = 0
    return places, np.rint(best * CERTAIN).astype(np.int64)


@lru_cache(maxsize=1)
def packaged() -> Trees:
    """The model that comes with Sayso. Raises BundleError if its file is damaged."""
    content = files("sayso.feedback").joinpath(SHIPPED).read_bytes()
    return trees.load(content, FEATURES)


def choose(
    at: NDArray[np.int64], chances: NDArray[np.floating[Any]], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The likeliest candidate of each row, of two alike the nearer one; 0 where there is none.

    at: (pairs, 2) as `pairs` gives it, chances: (pairs,). Returns places and chances, (rows,).
    """
    table = np.zeros((rows, AHEAD + 1))
    table[at[:, 0], at[:, 1]] = chances
    places = table.argmax(axis=1)
    return places, table[np.arange(rows), places]


def pairs(windows: Windows, cosine: Cosine | None = None) -> tuple[NDArray[np.int64], Numbers]:
    """What is known of every turn and each of its candidates.

    windows: columns of the table `windows`, a row a turn. Returns (pairs, 2) row and place of each
    candidate, places of a row together and rising, and (pairs, FEATURES) what is known of it.
    """
    there = np.array([[w is not None for w in windows[f"words_{k}"]] for k in range(1, AHEAD + 1)])
    rows, places = np.nonzero(there.T)
    places = places + 1
    found = np.full((len(rows), len(FEATURES)), np.nan, dtype=np.float32)
    found[:, : len(NAMES)] = _alike(windows, rows, places, cosine)
    own = {name: found[:, len(NAMES) + at] for at, name in enumerate(OWN)}
    _of_time(own, windows, rows, places)
    _of_turns(own, windows, rows, places)
    _of_meaning(own, windows, rows, places)
    _of_others(own, found, rows)
    return np.stack([rows, places], axis=1), found


def _at(windows: Windows, name: str, rows: NDArray[Any], places: NDArray[Any]) -> Numbers:
    """A numeric column at each (row, place); NaN for null."""
    table = np.array([windows[f"{name}_{k}"] for k in range(AHEAD + 1)], dtype=np.float32)
    return np.asarray(table[places, rows])


def _alike(
    windows: Windows, rows: NDArray[Any], places: NDArray[Any], cosine: Cosine | None
) -> Likenesses:
    """Likeness of each candidate. What is said often is compared once."""
    texts = [windows[f"words_{k}"] for k in range(AHEAD + 1)]
    at: dict[tuple[str, str], int] = {}
    which = np.fromiter(
        (
            at.setdefault((texts[0][row], texts[place][row]), len(at))
            for row, place in zip(rows.tolist(), places.tolist(), strict=True)
        ),
        dtype=np.int64,
        count=len(rows),
    )
    earlier, later = [one for one, _ in at], [other for _, other in at]
    near = None if cosine is None or not at else cosine(earlier, later)
    return likeness(earlier, later, near)[which]


def _of_time(
    own: Mapping[str, Numbers], windows: Windows, rows: NDArray[Any], places: NDArray[Any]
) -> None:
    own["place"][:] = places
    own["later_turns"][:] = np.bincount(rows, minlength=1)[rows] if len(rows) else 0
    since = _at(windows, "gap_s", rows, places)
    own["wait_s"][:] = since
    before = np.where(places > 1, _at(windows, "gap_s", rows, places - 1), 0.0)
    own["pause_s"][:] = since - before


def _of_turns(
    own: Mapping[str, Numbers], windows: Windows, rows: NDArray[Any], places: NDArray[Any]
) -> None:
    """How the turn and its candidate turned out."""
    coded = {
        f"outcome_{k}": [_OUTCOMES.get(x or "", np.nan) for x in windows[f"outcome_{k}"]]
        for k in range(AHEAD + 1)
    }
    first = np.zeros_like(places)
    for where, prefix in ((first, ""), (places, "again_")):
        own[f"{prefix}outcome"][:] = _at(coded, "outcome", rows, where)
        own[f"{prefix}barge_in_ms"][:] = _at(windows, "barge_in_ms", rows, where)
        own[f"{prefix}confidence"][:] = _at(windows, "confidence", rows, where)
        failed = _at(windows, "failed", rows, where)
        own[f"{prefix}broken"][:] = np.fmax(failed, _at(windows, "refused", rows, where))
    own["surer"][:] = own["again_confidence"] - own["confidence"]
    bad = np.array([coded[f"outcome_{k}"] for k in range(AHEAD + 1)]) > 0
    own["between_bad"][:] = sum(
        ((places > k) & bad[k, rows]).astype(np.float32) for k in range(1, AHEAD)
    )


def _of_meaning(
    own: Mapping[str, Numbers], windows: Windows, rows: NDArray[Any], places: NDArray[Any]
) -> None:
    """Whether the same was understood."""
    readings = [
        list(zip(windows[f"skill_{k}"], windows[f"intent_{k}"], windows[f"slots_{k}"], strict=True))
        for k in range(AHEAD + 1)
    ]
    names = OWN[OWN.index("same_skill") : OWN.index("values_alike") + 1]
    told = [
        _meant(*readings[0][row], *readings[place][row])
        for row, place in zip(rows.tolist(), places.tolist(), strict=True)
    ]
    table = np.array(told, dtype=np.float32).reshape(-1, len(names))
    for at, name in enumerate(names):
        own[name][:] = table[:, at]


@lru_cache(maxsize=200_000)
def _meant(
    skill: str | None,
    intent: str | None,
    slots: str | None,
    other_skill: str | None,
    other_intent: str | None,
    other_slots: str | None,
) -> tuple[float, ...]:
    nothing = float("nan")
    if skill is None or other_skill is None:
        return (nothing,) * 7
    one, other = _slots(slots), _slots(other_slots)
    both, either = one.keys() & other.keys(), one.keys() | other.keys()
    changed = [name for name in both if one[name] != other[name]]
    return (
        skill == other_skill,
        (skill, intent) == (other_skill, other_intent),
        (len(both) - len(changed)) / len(either) if either else nothing,
        len(changed),
        len(one.keys() - both),
        len(other.keys() - both),
        min((_sound_alike(one[name], other[name]) for name in changed), default=nothing),
    )


@lru_cache(maxsize=100_000)
def _slots(text: str | None) -> Mapping[str, str]:
    """Slots of a reading. What is no JSON object, of a log written otherwise, has none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {k: str(v).casefold() for k, v in found.items()} if isinstance(found, dict) else {}


def _sound_alike(one: str, other: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.normalized_similarity(sounds(one), sounds(other))


def _of_others(own: Mapping[str, Numbers], found: Numbers, rows: NDArray[Any]) -> None:
    """How the candidate stands beside the other ones of its turn."""
    column = {name: found[:, at] for at, name in enumerate(NAMES)}
    alike = np.fmax(column["cosine"], np.fmax(column["letters"], column["words_set"]))
    best = np.full(len(rows), np.nan, dtype=np.float32)
    for step in range(1, min(AHEAD, len(rows))):
        same = rows[step:] == rows[:-step]
        best[step:] = np.where(same, np.fmax(best[step:], alike[:-step]), best[step:])
        best[:-step] = np.where(same, np.fmax(best[:-step], alike[step:]), best[:-step])
    own["alike_others"][:] = best
    own["alike_lead"][:] = alike - best
