"""The figures of each (value, slot) pair, by where the value comes from; of intents as well.

None of them knows a skill or a slot by name: they say how a span fits what the slot is described
like, whether the slot was asked for, what the person does, what else would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.described.acts import ACTS
from sayso.understanding.described.kinds import SHARP, Kinds, fits
from sayso.understanding.described.listed import mentions
from sayso.understanding.described.past import DONT_CARE, Named, Offer, Past
from sayso.understanding.described.sketch import READ, Sketched
from sayso.understanding.described.slots import (
    KINDS,
    DescribedIntent,
    DescribedSkill,
    Listed,
    stem,
)
from sayso.understanding.fold import fold

Floats = NDArray[np.float32]

_TURN = (
    *(f"does_{act.lower()}" for act in ACTS),
    "words",
    "fresh",
    "asked_slots",
    "confirms",
    "offers",
    "proposes",
    "intent_changes",
)
_SLOT = (
    "asked",
    "asked_alone",
    "filled",
    "required",
    "optional",
    "required_before",
    "somewhere_required",
    *(f"is_{kind}" for kind in KINDS),
    "told_near",
    "name_near",
    "name_words",
    "like",
)
SAID = (
    "chance", "nothing", "fit", "fit_sharp", "rival", "rival_sharp", "lead", "rank",
    *(f"reads_{name}" for name in READ), "digits", "capitals", "length", "whole", "first", "last",
    "cosine", "same", "same_elsewhere", "offered", "offered_elsewhere", "is_value", "candidates",
    "better_overlap", "asked_other", "word_after", "word_before", "word_rival", *_SLOT, *_TURN,
)  # fmt: skip
LISTED = (
    "mentioned", "fit", "fit_sharp", "rival_sharp", "lead", "nothing", "other_mentioned",
    "shared_mention", "lead_of_values", "slots_better", "word_near", "sentence_near", "rank",
    "means_yes", "means_no", "topic",
    "topic_sharp", "topic_rival", "values", "same", "offered", "figure", "asked_other",
    "word_after", "word_before", "word_rival", *_SLOT, *_TURN,
)  # fmt: skip
OFFERED = (
    "confirmed", "was_offered", "informed", "suggested", "age", "beside", "mentioned",
    "other_mentioned", "same",
    "said_fit", "latest", *_SLOT, *_TURN,
)  # fmt: skip
KNOWN = (
    "names_near", "told_near_other", "same_name", "same_kind", "words_shared", "like_kinds",
    "kinds_lead", "age", "offered",
    "mentioned", "same_values", "better", "there", "that", "latest", "said_fit", *_SLOT, *_TURN,
)  # fmt: skip
CARELESS = ("said_fit", "others_asked", "any", *_SLOT, *_TURN)
INTENTS = (
    "none", "before", "none_before", "proposed", "title_near", "told_near", "title_lead",
    "told_lead", "common_words", "words_lead", "goal", "goal_sharp", "goal_lead", "missing",
    "complete", "side_effects", "intents",
    "first", *_TURN,
)  # fmt: skip
SOURCES = {
    "said": SAID,
    "listed": LISTED,
    "offered": OFFERED,
    "known": KNOWN,
    "careless": CARELESS,
}
_REACH = 3  # words beside a span in which those of a description count
_THERE = frozenset({"there", "here", "nearby", "near", "around", "area"})
_ANY = frozenset(
    {"any", "anything", "whatever", "whichever", "matter", "preference", "care", "mind"}
)
_THAT = frozenset({"that", "this", "it", "same", "those", "them", "then"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A value that may fill a slot. place: of the slot; first, last: its words, if it was said."""

    source: str
    place: int
    value: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, eq=False)
class Looked:
    """A turn of one skill, looked at once for all sources.

    acts: (ACTS,) chances. spans: candidates; within: (spans, kinds + 1); fit: (2, spans, slots).
    listed: (slot, value, where it is mentioned) of every value of a catalogue.
    topics: (2, 1, slots); goals: (2, 1, intents).
    """

    seen: Sketched
    skill: DescribedSkill
    past: Past
    acts: Floats
    spans: Sequence[tuple[int, int, float]]
    within: Floats
    fit: Floats
    likeness: Floats
    listed: Sequence[tuple[int, Listed, Sequence[tuple[int, int]]]]
    topics: Floats
    goals: Floats
    others: Floats  # (known, slots) likeness of kinds
    near: Floats  # (2, words, slots) cosines of words with descriptions, and with names
    intent: str | None


def looked(
    seen: Sketched,
    skill: DescribedSkill,
    past: Past,
    kinds: Kinds,
    acts: Floats,
    figures: Floats,
) -> Looked:
    """All of a turn that does not hang on the intent. acts, figures: see `Acts`."""
    mentioned = [
        (place, value, mentions(seen, value))
        for place, slot in enumerate(skill.slots)
        for value in slot.values
    ]
    likeness = kinds.likeness(skill.slots)
    spans = kinds.candidates(seen)
    known = {(first, last) for first, last, _ in spans}
    named = dict.fromkeys(where for *_, places in mentioned for where in places)
    spans += [(*where, 0.0) for where in named if where not in known]
    within = kinds.of(seen, [(first, last) for first, last, _ in spans])
    states = seen.heard.states
    if states is None or not len(states):
        near = np.zeros((2, 1, len(skill.slots)), np.float32)
    else:
        unit = states / np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-6)
        near = np.stack([unit @ skill.told.T, unit @ skill.names.T]).astype(np.float32)
    fit = fits(within, likeness)
    topics = fits(kinds.about(figures)[None], likeness)
    goals = fits(kinds.aims(figures)[None], kinds.goals_like(skill.intents))
    others = _kinds_near(kinds.likeness([each.slot for each in past.known]), likeness)
    return Looked(
        seen,
        skill,
        past,
        acts,
        spans,
        within,
        fit,
        likeness,
        mentioned,
        topics,
        goals,
        others,
        near,
        past.intent,
    )


def _kinds_near(first: Floats, second: Floats) -> Floats:
    """(n, m) cosines of what slots are described like, sharpened."""
    a, b = first ** SHARP[1], second ** SHARP[1]
    a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-6)
    b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-6)
    return np.asarray(a @ b.T, np.float32)


def turn_figures(one: Looked) -> Floats:
    """(len(_TURN),)."""
    past = one.past
    lately = [offer for offer in past.offers if offer.age == 0]
    rest = [
        float(len(one.seen.plain)),
        float(past.fresh),
        float(len(past.asked)),
        float(sum(offer.named is Named.CONFIRM for offer in lately)),
        float(sum(offer.named is Named.OFFER for offer in lately)),
        float(past.proposed is not None),
        float(one.intent != past.intent),
    ]
    return np.concatenate([one.acts, np.array(rest, np.float32)])


def slot_figures(one: Looked) -> Floats:
    """(slots, len(_SLOT))."""
    skill, past = one.skill, one.past
    now, before = skill.intent(one.intent), skill.intent(past.intent)
    stems = {stem(word) for word in one.seen.plain}
    rows = []
    for place, slot in enumerate(skill.slots):
        name = slot.slot.name
        rows.append(
            [
                name in past.asked,
                name in past.asked and len(past.asked) == 1,
                name in past.filled,
                now is not None and place in now.required,
                now is not None and place in now.optional,
                before is not None and place in before.required,
                any(place in intent.required for intent in skill.intents),
                *(slot.kind == kind for kind in KINDS),
                one.near[0, :, place].max(),
                one.near[1, :, place].max(),
                len(slot.words & stems),
                one.likeness[place].max(initial=0.0),
            ]
        )
    return np.array(rows, np.float32).reshape(len(skill.slots), len(_SLOT))


def all_rows(one: Looked) -> dict[str, tuple[list[Pair], Floats]]:
    """By source: the pairs, and (pairs, figures) in the order of its names."""
    turn, slots = turn_figures(one), slot_figures(one)
    return {
        "said": _with(said(one), slots, turn, SAID),
        "listed": _with(listed(one), slots, turn, LISTED),
        "offered": _with(offered(one), slots, turn, OFFERED),
        "known": _with(known(one), slots, turn, KNOWN),
        "careless": _with(careless(one), slots, turn, CARELESS),
    }


Rows = tuple[list[Pair], list[list[float]]]


def _with(
    rows: Rows, slots: Floats, turn: Floats, names: Sequence[str]
) -> tuple[list[Pair], Floats]:
    pairs, figures = rows
    if not pairs:
        return [], np.zeros((0, len(names)), np.float32)
    own = slots[[pair.place for pair in pairs]]
    all_of = np.repeat(turn[None], len(pairs), axis=0)
    return pairs, np.concatenate([np.array(figures, np.float32), own, all_of], axis=1)


def said(one: Looked) -> Rows:
    """Spans of the utterance with slots that have no catalogue."""
    skill, seen, past = one.skill, one.seen, one.past
    open_slots = [at for at, slot in enumerate(skill.slots) if not slot.values]
    taken = {fold(value) for value in past.filled.values()}
    offers = {(offer.slot, fold(offer.value)) for offer in past.offers}
    offered_values = {value for _, value in offers}
    ways = {way for slot in skill.slots for each in slot.values for way in each.ways}
    states = seen.heard.states
    pairs: list[Pair] = []
    figures: list[list[float]] = []
    for at, (first, last, chance) in enumerate(one.spans):
        text = text_of(seen, first, last)
        plain = fold(text)
        words = [word.text for word in seen.heard.words[first:last]]
        fit, sharp = one.fit[0, at], one.fit[1, at]
        over = max(
            (c for a, b, c in one.spans if (a, b) != (first, last) and a < last and b > first),
            default=0.0,
        )
        span = np.zeros(0) if states is None else states[first:last].mean(axis=0)
        size = float(np.linalg.norm(span)) or 1.0
        form = [
            *(float(any((first, last) == x[:2] for x in ranges)) for ranges in seen.read),
            float(any(c.isdigit() for c in text)),
            sum(word[:1].isupper() for word in words) / len(words),
            float(last - first),
            float(last - first == len(seen.plain)),
            float(first == 0),
            float(last == len(seen.plain)),
        ]
        beside = _beside(seen, skill, first, last)
        for place in open_slots:
            name = skill.slots[place].slot.name
            others = np.delete(sharp, place)
            rival = float(others.max(initial=0.0))
            mine = fold(past.filled[name]) if name in past.filled else None
            near = 0.0 if states is None else float(span @ skill.slots[place].told) / size
            pairs.append(Pair("said", place, text, first, last))
            figures.append(
                [
                    chance,
                    float(one.within[at, -1]),
                    float(fit[place]),
                    float(sharp[place]),
                    float(np.delete(fit, place).max(initial=0.0)),
                    rival,
                    float(sharp[place]) - rival,
                    float((sharp > sharp[place]).sum()),
                    *form,
                    near,
                    float(mine == plain),
                    float(plain in taken and mine != plain),
                    float((name, plain) in offers),
                    float(plain in offered_values and (name, plain) not in offers),
                    float(plain in ways),
                    float(len(one.spans)),
                    over,
                    float(bool(past.asked) and name not in past.asked),
                    *beside[place],
                ]
            )
    return pairs, figures


def listed(one: Looked) -> Rows:
    """Values of catalogues, mentioned or meant."""
    skill, seen, past, found = one.skill, one.seen, one.past, one.listed
    if not found:
        return [], []
    places = list(dict.fromkeys(x for *_, where in found for x in where))
    shared = {x: len({place for place, _, where in found if x in where}) for x in places}
    by_span = {(first, last): at for at, (first, last, _) in enumerate(one.spans)}
    pooled, states = seen.heard.pooled, seen.heard.states
    near_words, near_all = _near(states, pooled, [value.vector for _, value, _ in found])
    offers = {(offer.slot, fold(offer.value)) for offer in past.offers if offer.age == 0}
    pairs: list[Pair] = []
    figures: list[list[float]] = []
    topics, sharp_topics = one.topics[0, 0], one.topics[1, 0]
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
        rival = float(np.delete(sharp, place).max(initial=0.0)) if sharp is not None else 0.0
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
                float(np.delete(sharp_topics, place).max(initial=0.0)),
                float(len(slot.values)),
                float(past.filled.get(name) == value.value),
                float((name, fold(value.value)) in offers),
                float(value.value.isdigit()),
                float(bool(past.asked) and name not in past.asked),
                *(_beside(seen, skill, *best)[place] if best is not None else (0.0, 0.0, 0.0)),
            ]
        )
    return pairs, figures


def _beside(
    seen: Sketched, skill: DescribedSkill, first: int, last: int
) -> list[tuple[float, float, float]]:
    """For each slot: a word of its description right after the span, before it; of a rival, both.

    Nearer words count more: "2 rooms" has its word one step away.
    """
    after = [stem(word) for word in seen.plain[last : last + _REACH]]
    before = [stem(word) for word in reversed(seen.plain[max(0, first - _REACH) : first])]
    found = [(_step(slot.words, after), _step(slot.words, before)) for slot in skill.slots]
    either = [max(pair) for pair in found]
    return [
        (*pair, max((x for other, x in enumerate(either) if other != at), default=0.0))
        for at, pair in enumerate(found)
    ]


def _step(words: frozenset[str], beside: Sequence[str]) -> float:
    """1 for a word at the first step, less for one at the next, 0 for none."""
    return next((1.0 / (at + 1) for at, word in enumerate(beside) if word in words), 0.0)


def _near(
    states: Floats | None, pooled: Floats | None, vectors: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """Of each vector: the highest cosine with a word, and that with the sentence."""
    table = np.stack(vectors)
    if states is None or pooled is None or not len(states):
        return np.zeros(len(table), np.float32), np.zeros(len(table), np.float32)
    unit = states / np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-6)
    return (unit @ table.T).max(axis=0), table @ pooled


def best_said(one: Looked) -> Floats:
    """(slots,): how well the best span of the utterance fits each."""
    if not one.spans:
        return np.zeros(len(one.skill.slots), np.float32)
    best: Floats = (one.fit[1] * (1.0 - one.within[:, -1:])).max(axis=0)
    return best


def offered(one: Looked) -> Rows:
    """Values that the system named, with their own slots."""
    past, text = one.past, f" {' '.join(one.seen.plain)} "
    best = best_said(one)
    inside = [f" {fold(offer.value)} " in text for offer in past.offers]
    youngest = min((offer.age for offer in past.offers), default=0)
    pairs, figures = [], []
    for at, offer in enumerate(past.offers):
        place = one.skill.places.get(offer.slot)
        if place is None:
            continue
        rest = [
            inside[other]
            for other, x in enumerate(past.offers)
            if x.slot == offer.slot and other != at
        ]
        pairs.append(Pair("offered", place, offer.value))
        figures.append(
            [
                float(offer.named is Named.CONFIRM),
                float(offer.named is Named.OFFER),
                float(offer.named is Named.INFORM),
                float(offer.named is Named.ASK),
                float(offer.age),
                float(offer.beside),
                float(inside[at]),
                float(any(rest)),
                float(_same(past, offer)),
                float(best[place]),
                float(offer.age == youngest),
            ]
        )
    return pairs, figures


def _same(past: Past, offer: Offer) -> bool:
    return fold(past.filled.get(offer.slot, "")) == fold(offer.value)


def known(one: Looked) -> Rows:
    """Values of other skills, with slots that have none yet."""
    skill, past = one.skill, one.past
    text, words = f" {' '.join(one.seen.plain)} ", set(one.seen.plain)
    best = best_said(one)
    youngest = min((each.age for each in past.known), default=0)
    pairs: list[Pair] = []
    figures: list[list[float]] = []
    if not past.known:
        return pairs, figures
    names = np.stack([each.slot.name for each in past.known]) @ skill.names.T
    told = np.stack([each.slot.told for each in past.known]) @ skill.told.T
    near = 0.5 * (names + told)
    for place, slot in enumerate(skill.slots):
        if slot.slot.name in past.filled:
            continue
        ways = {way for each in slot.values for way in each.ways}
        exact = {each.value for each in slot.values}
        for at, each in enumerate(past.known):
            if slot.values and fold(each.value) not in ways:
                continue
            value = each.value
            if slot.values and value not in exact:
                value = next(x.value for x in slot.values if fold(value) in x.ways)
            pairs.append(Pair("known", place, value))
            figures.append(
                [
                    float(names[at, place]),
                    float(told[at, place]),
                    float(each.slot.slot.name == slot.slot.name),
                    float(each.slot.kind == slot.kind),
                    float(len(each.slot.words & slot.words)),
                    float(one.others[at, place]),
                    float(
                        one.others[at, place] - np.delete(one.others[:, place], at).max(initial=0)
                    ),
                    float(each.age),
                    float(each.offered),
                    float(f" {fold(each.value)} " in text),
                    float(sum(x.value == each.value for x in past.known)),
                    float((near[:, place] > near[at, place]).sum()),
                    float(bool(words & _THERE)),
                    float(bool(words & _THAT)),
                    float(each.age == youngest),
                    float(best[place]),
                ]
            )
    return pairs, figures


def careless(one: Looked) -> Rows:
    """That anything will do, of each slot."""
    best, asked = best_said(one), one.past.asked
    any_ = float(bool(_ANY & set(one.seen.plain)))
    pairs, figures = [], []
    for place, slot in enumerate(one.skill.slots):
        pairs.append(Pair("careless", place, DONT_CARE))
        others = bool(asked) and slot.slot.name not in asked
        figures.append([float(best[place]), float(others), any_])
    return pairs, figures


def intent_rows(one: Looked) -> tuple[list[str | None], Floats]:
    """The intents, and None for no intent (any more); (intents + 1, figures)."""
    skill, past, seen = one.skill, one.past, one.seen
    pooled, turn = seen.heard.pooled, turn_figures(one)
    stems = {stem(word) for word in seen.plain}
    near = [
        (
            float(each.title @ pooled) if pooled is not None else 0.0,
            float(each.told @ pooled) if pooled is not None else 0.0,
            float(len(each.words & stems)),
        )
        for each in skill.intents
    ]
    rows = []
    for at, each in enumerate(skill.intents):
        others = [x for place, x in enumerate(near) if place != at]
        leads = [near[at][kind] - max((x[kind] for x in others), default=0.0) for kind in range(3)]
        missing = _missing(each, one)
        rows.append(
            [
                0.0,
                float(past.intent == each.name),
                float(past.intent is None),
                float(past.proposed == each.name),
                near[at][0],
                near[at][1],
                leads[0],
                leads[1],
                near[at][2],
                leads[2],
                float(one.goals[0, 0, at]),
                float(one.goals[1, 0, at]),
                float(one.goals[1, 0, at] - np.delete(one.goals[1, 0], at).max(initial=0.0)),
                float(missing),
                float(missing == 0),
                float(each.side_effects),
                float(len(skill.intents)),
                float(at == 0),
            ]
        )
    nan = float("nan")
    none = [1.0, float(past.intent is None), float(past.intent is None), 0.0]
    rows.append([*none, *[nan] * 12, float(len(skill.intents)), 0.0])
    figures = np.array(rows, np.float32)
    names: list[str | None] = [each.name for each in skill.intents]
    repeated = np.repeat(turn[None], len(rows), axis=0)
    return [*names, None], np.concatenate([figures, repeated], axis=1)


def _missing(intent: DescribedIntent, one: Looked) -> int:
    filled = {one.skill.places[name] for name in one.past.filled if name in one.skill.places}
    return len(intent.required - filled)


def text_of(seen: Sketched, first: int, last: int) -> str:
    """The words [first, last) as they were written."""
    words = seen.heard.words
    return seen.heard.utterance.text[words[first].start : words[last - 1].end]
