"""Values of catalogues, mentioned or meant, with the slots that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso.understanding.described.figures import SLOT, TURN, Pair, Rows
from sayso.understanding.described.looked import Floats, Looked, rivals
from sayso.understanding.described.said import beside_of
from sayso.understanding.fold import fold

LISTED = (
    "mentioned", "fit", "fit_sharp", "rival_sharp", "lead", "nothing", "other_mentioned",
    "shared_mention", "lead_of_values", "slots_better", "word_near", "sentence_near", "rank",
    "means_yes", "means_no", "topic",
    "topic_sharp", "topic_rival", "values", "same", "offered", "figure", "asked_other",
    "word_after", "word_before", "word_rival", *SLOT, *TURN,
)  # fmt: skip


def listed(one: Looked) -> Rows:
    """Values of catalogues, mentioned or meant."""
    skill, seen, past, found = one.skill, one.seen, one.past, one.listed
    if not found:
        return [], []
    places = list(dict.fromkeys(x for *_, where in found for x in where))
    shared = {x: len({place for place, _, where in found if x in where}) for x in places}
    by_span = {(first, last): at for at, (first, last, _) in enumerate(one.spans)}
    near_words, near_all = _near(one, [value.vector for _, value, _ in found])
    offers = {(offer.slot, fold(offer.value)) for offer in past.offers if offer.age == 0}
    pairs: list[Pair] = []
    figures: list[list[float]] = []
    topics, sharp_topics = one.topics[0, 0], one.topics[1, 0]
    topic_rivals = rivals(sharp_topics)
    fitting = [
        max((float(one.fit[1, by_span[x], place]) for x in where), default=0.0)
        for place, _, where in found
    ]
    for row, (place, value, where) in enumerate(found):
        slot = skill.slots[place]
        name = slot.slot.name
        same_slot = [other for other in range(len(found)) if found[other][0] == place]
        best = max(where, key=lambda x: float(one.fit[1, by_span[x], place]), default=None)
        at = by_span.get(best) if best is not None else None
        sharp = one.fit[1, at] if at is not None else None
        rival = float(one.rivals[1, at, place]) if at is not None else 0.0
        mine = float(sharp[place]) if sharp is not None else 0.0
        pairs.append(
            Pair("listed", place, value.value, *(best if best is not None else (None, None)))
        )
        figures.append(
            [
                float(len(where)),
                float(one.fit[0, at, place]) if at is not None else 0.0,
                mine,
                rival,
                mine - rival,
                float(one.within[at, -1]) if at is not None else np.nan,
                float(any(found[other][2] for other in same_slot if other != row)),
                float(shared[best]) if best is not None else 0.0,
                mine - max((fitting[other] for other in same_slot if other != row), default=0.0),
                float((sharp > sharp[place]).sum()) if sharp is not None else np.nan,
                float(near_words[row]),
                float(near_all[row]),
                float(sum(near_words[other] > near_words[row] for other in same_slot)),
                float(value.means is True),
                float(value.means is False),
                float(topics[place]),
                float(sharp_topics[place]),
                float(topic_rivals[place]),
                float(len(slot.values)),
                float(past.filled.get(name) == value.value),
                float((name, fold(value.value)) in offers),
                float(value.value.isdigit()),
                float(bool(past.asked) and name not in past.asked),
                *(beside_of(seen, skill, *best)[place] if best is not None else (0.0, 0.0, 0.0)),
            ]
        )
    return pairs, figures


def _near(one: Looked, vectors: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Of each vector: the highest cosine with a word, and that with the sentence."""
    table, unit, pooled = np.stack(vectors), one.sensed.unit, one.seen.heard.pooled
    if pooled is None or not len(unit):
        return np.zeros(len(table), np.float32), np.zeros(len(table), np.float32)
    return (unit @ table.T).max(axis=0), table @ pooled
