"""What dialogues teach the model of described slots: spans and their kinds, topics, acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.sgd.following import Follow
from benchmarks.sgd.reading import DONT_CARE, NO_INTENT, Dialogue, State, Turn
from sayso.understanding.contract import Heard
from sayso.understanding.described.acts import ACTS, Acts, act_figures
from sayso.understanding.described.aims import intent_rows
from sayso.understanding.described.figures import Pair
from sayso.understanding.described.kinds import Kinds, placed
from sayso.understanding.described.mentions import mentions
from sayso.understanding.described.past import Past
from sayso.understanding.described.read import Reader
from sayso.understanding.described.rows import all_rows
from sayso.understanding.described.sketch import (
    Lens,
    Sketched,
    covered,
    look,
    span_figures,
    word_figures,
)
from sayso.understanding.described.slots import DescribedSkill, DescribedSlot
from sayso.understanding.fold import fold
from sayso.understanding.linear import minimise

Floats = NDArray[np.float32]
FEW = 64  # numbers of a word's vector that are kept
COMMON = 80  # words that are told apart beside a span
BAG = 400  # words that are told apart in an act
STEPS = 80
WRONG = 3  # spans that are no value, of each turn

Kind = tuple[str, str]  # domain, slot


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A turn of a user as a lesson. did: acts of the system before; spans: [first, last), kind."""

    turn: Turn
    seen: Sketched
    did: tuple[str, ...]
    spans: tuple[tuple[int, int, Kind], ...]
    topics: tuple[Kind, ...]
    acts: tuple[str, ...]


def domain(service: str) -> str:
    """`Hotels_2` -> `Hotels`: slots of one name in one domain are one kind."""
    return service.rpartition("_")[0] or service


def lens_of(heard: Sequence[Heard]) -> Lens:
    """Projection onto the directions in which words differ most, and the commonest words."""
    states = np.concatenate([x.states for x in heard if x.states is not None]).astype(np.float32)
    states /= np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-6)
    _, axes = np.linalg.eigh(states.T @ states)
    counts = Counter(word for x in heard for word in x.utterance.text.lower().split())
    common = [word for word, _ in counts.most_common(3 * COMMON) if word.isalpha()][:COMMON]
    down = np.ascontiguousarray(axes[:, ::-1][:, :FEW], np.float32)
    return Lens(4.0 * down, {word: at for at, word in enumerate(common)})


def taught(
    dialogues: Sequence[Dialogue],
    heard: Mapping[str, Heard],
    skills: Mapping[str, DescribedSkill],
    lens: Lens,
    chosen: Callable[[str], bool] = lambda service: True,
) -> list[Taught]:
    """The lessons of user turns that are about no service but chosen ones."""
    looked: dict[str, Sketched] = {}
    found = []
    for dialogue in dialogues:
        for before, turn in dialogue.user_turns:
            one = heard[turn.text]
            if not one.words or not all(map(chosen, turn.states)):
                continue
            if turn.text not in looked:
                looked[turn.text] = look(one, lens)
            found.append(_lesson(before, turn, looked[turn.text], skills))
    return found


def spoken(dialogue: Dialogue) -> Dialogue:
    """The dialogue as a recogniser writes it: no capitals. Offsets stay."""
    turns = [replace(turn, text=turn.text.lower()) for turn in dialogue.turns]
    return replace(dialogue, turns=tuple(turns))


def _lesson(
    before: Turn | None, turn: Turn, seen: Sketched, skills: Mapping[str, DescribedSkill]
) -> Taught:
    words = seen.heard.words
    spans: dict[tuple[int, int], Kind] = {}
    for span in turn.spans:
        place = covered(words, span.start, span.end)
        if place is not None:
            spans[place] = (domain(span.service), span.slot)
    topics: list[Kind] = []
    acts = {act.act for act in turn.acts}
    for act in turn.acts:
        if act.act == "INFORM" and DONT_CARE in act.values:
            acts.add("DONT_CARE")
            continue
        place_of = skills[act.service].places
        if act.act != "INFORM" or act.slot not in place_of:
            continue
        slot = skills[act.service].slots[place_of[act.slot]]
        if not slot.values:
            continue
        value = next((x for x in slot.values if x.value == act.values[0]), None)
        places = mentions(seen, value) if value is not None else ()
        kind = (domain(act.service), act.slot)
        if places:
            spans.setdefault(places[0], kind)
        else:
            topics.append(kind)
    return Taught(
        turn,
        seen,
        tuple(act.act for act in before.acts) if before else (),
        tuple((*place, kind) for place, kind in spans.items()),
        tuple(topics),
        tuple(acts),
    )


def fit_acts(lessons: Sequence[Taught]) -> Acts:
    """The model of acts."""
    counts = Counter(word for x in lessons for word in dict.fromkeys(x.seen.plain))
    words = {word: at for at, (word, _) in enumerate(counts.most_common(BAG))}
    figures = np.concatenate([act_figures(x.seen, x.did, words) for x in lessons])
    target = np.array([[float(act in x.acts) for act in ACTS] for x in lessons], np.float32)
    return Acts(words, logistic(figures, target, l2=3.0))


def fit_kinds(
    lessons: Sequence[Taught],
    lens: Lens,
    acts: Acts,
    skills: Sequence[tuple[str, DescribedSkill]],
    worded: Sequence[Sequence[DescribedSlot]],
    seed: int = 0,
) -> Kinds:
    """The model of spans. skills: services by name; worded: see `_metric`."""
    random = np.random.default_rng(seed)
    known = sorted(
        {kind for x in lessons for *_, kind in x.spans} | {k for x in lessons for k in x.topics}
    )
    at = {kind: place for place, kind in enumerate(known)}
    few = [x for place, x in enumerate(lessons) if place % 2 == 0]
    edges = softmax(
        np.concatenate([word_figures(x.seen, lens) for x in few]),
        np.concatenate([_edges(x) for x in few]),
        3,
        l2=2.0,
    )
    figures, kinds = [], []
    for x in lessons:
        places = [(first, last) for first, last, _ in x.spans]
        wrong = _wrong(x, places, random)
        figures.append(span_figures(x.seen, [*places, *wrong], lens))
        kinds += [*(at[kind] for *_, kind in x.spans), *(len(known) for _ in wrong)]
    spans = softmax(np.concatenate(figures), np.array(kinds), len(known) + 1, l2=2.0)
    topics = logistic(
        np.concatenate([acts.figures(x.seen, x.did) for x in lessons]),
        np.array([[float(kind in x.topics) for kind in known] for x in lessons], np.float32),
        l2=3.0,
    )
    rows = [
        (slot, at[domain(service), slot.slot.name])
        for service, skill in skills
        for slot in skill.slots
        if (domain(service), slot.slot.name) in at
    ]
    metric = _metric(worded)
    prototypes = placed([slot for slot, _ in rows], metric)
    topics[:, [kind not in {k for x in lessons for k in x.topics} for kind in known]] = 0.0
    goals = _fit_goals(lessons, acts, skills)
    owners = np.array([owner for _, owner in rows])
    return Kinds(lens, edges, spans, topics, metric, prototypes, owners, *goals)


def _metric(worded: Sequence[Sequence[DescribedSlot]], width: int = 64) -> Floats:
    """(2 d + 1, width): discriminant directions, in which one slot's wordings lie together.

    worded: each slot as it is called and described, in several ways. Fisher 1936; the scatter
    within slots is mixed with the identity, as there are fewer wordings than directions.
    """
    tables = [np.stack([np.concatenate([x.name, x.told]) for x in each]) for each in worded]
    every = np.concatenate(tables).astype(np.float64)
    mean = every.mean(axis=0)
    within = sum((x - x.mean(axis=0)).T @ (x - x.mean(axis=0)) for x in tables) / len(every)
    between = np.stack([x.mean(axis=0) for x in tables]) - mean
    within = within + 0.5 * np.trace(within) / len(within) * np.eye(len(within))
    scales, axes = np.linalg.eigh(within)
    white = axes / np.sqrt(scales)
    _, _, directions = np.linalg.svd(between @ white, full_matrices=False)
    down = white @ directions[:width].T
    # In units in which the slots lie about 1 from the middle: half precision holds it then.
    down /= np.linalg.norm(between @ down, axis=1).mean()
    return np.concatenate([down, -(mean @ down)[None]]).astype(np.float32)


def _fit_goals(
    lessons: Sequence[Taught], acts: Acts, skills: Sequence[tuple[str, DescribedSkill]]
) -> tuple[Floats, Floats, Floats]:
    """What is wanted, where a turn says so of one service; and how that is called, described."""
    told = {(service, x.name): x for service, skill in skills for x in skill.intents}
    wanted = [
        (lesson, (act.service, act.values[0]))
        for lesson in lessons
        for act in lesson.turn.acts
        if act.act == "INFORM_INTENT" and (act.service, act.values[0]) in told
    ]
    # Services of one kind share their intents: Hotels_1 and Hotels_2 both search for hotels.
    names = sorted({(domain(service), name) for _, (service, name) in wanted})
    at = {name: place for place, name in enumerate(names)}
    figures = np.concatenate([acts.figures(x.seen, x.did) for x, _ in wanted])
    classes = np.array([at[domain(service), name] for _, (service, name) in wanted])
    one_of = {(domain(s), n): told[s, n] for s, n in sorted(told)}
    goals = softmax(figures, classes, len(names), l2=3.0)
    titles = np.stack([one_of[name].title for name in names])
    return goals, titles, np.stack([one_of[name].told for name in names])


def _edges(lesson: Taught) -> NDArray[np.int64]:
    tags = np.zeros(len(lesson.seen.plain), np.int64)
    for first, last, _ in lesson.spans:
        tags[first] = 1
        tags[first + 1 : last] = 2
    return tags


def _wrong(
    lesson: Taught, right: Sequence[tuple[int, int]], random: np.random.Generator
) -> list[tuple[int, int]]:
    """Spans that are no value: by chance, by a word too many or too few, as grammars read them."""
    count = len(lesson.seen.plain)
    found = {(first, last) for ranges in lesson.seen.read for first, last, _ in ranges}
    for first, last in right:
        step = random.integers(0, 4)
        found.add(
            [(first - 1, last), (first + 1, last), (first, last + 1), (first, last - 1)][step]
        )
    while len(found) < WRONG + len(right) and count > 1:
        first = int(random.integers(0, count))
        found.add((first, min(count, first + int(random.integers(1, 5)))))
        if count < 4:
            break
    taken = set(right)
    return [(a, b) for a, b in sorted(found) if 0 <= a < b <= count and (a, b) not in taken]


def logistic(figures: Floats, target: Floats, l2: float) -> Floats:
    """(d, k) weights of k logistic regressions on the same rows."""
    width, count = figures.shape[1], target.shape[1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(width, count).astype(np.float32)
        scores = figures @ table
        chances = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        value = float((np.logaddexp(0, scores) - target * scores).sum())
        gradient = figures.T @ (chances - target)
        return value + 0.5 * l2 * float(flat @ flat), gradient.ravel() + l2 * flat

    found = minimise(loss, np.zeros(width * count), STEPS, 1e-4)
    return found.reshape(width, count).astype(np.float32)


def softmax(figures: Floats, classes: NDArray[Any], count: int, l2: float) -> Floats:
    """(d, count) weights of a multinomial logistic regression."""
    width, rows = figures.shape[1], np.arange(len(figures))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(width, count).astype(np.float32)
        scores = figures @ table
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        value = -float(np.log(np.maximum(scores[rows, classes], 1e-12)).sum())
        scores[rows, classes] -= 1.0
        gradient = figures.T @ scores
        return value + 0.5 * l2 * float(flat @ flat), gradient.ravel() + l2 * flat

    found = minimise(loss, np.zeros(width * count), STEPS, 1e-4)
    return found.reshape(width, count).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Rows for the trees of one source. groups: the dialogue of each."""

    figures: Floats
    right: NDArray[np.int64]
    groups: NDArray[np.int64]


def weighings(
    dialogues: Sequence[Dialogue],
    heard: Mapping[str, Heard],
    skills: Mapping[str, DescribedSkill],
    readers: Callable[[str, int], Reader],
) -> dict[str, Weighing]:
    """What the trees learn from, along the right states. readers: service, dialogue -> its eyes."""
    found: dict[str, list[tuple[Floats, list[bool], int]]] = {}
    for number, dialogue in enumerate(dialogues):
        follow = Follow(skills)
        for before, turn in dialogue.user_turns:
            follow.system(before)
            pasts = {service: follow.past(service) for service in turn.states}
            for service, state in turn.states.items():
                skill, past = skills[service], pasts[service]
                one = readers(service, number).look(heard[turn.text], skill, past)
                intent = None if state.intent == NO_INTENT else state.intent
                names, figures = intent_rows(one)
                right = [name == intent for name in names]
                found.setdefault("intent", []).append((figures, right, number))
                one = replace(one, intent=intent)
                for source, (pairs, rows) in all_rows(one).items():
                    right = [_is_right(pair, skill, state) for pair in pairs]
                    found.setdefault(source, []).append((rows, right, number))
                filled = {slot: spelling(past, slot, ways) for slot, ways in state.values.items()}
                follow.note(service, intent, filled)
    return {
        source: Weighing(
            np.concatenate([rows for rows, _, _ in each]),
            np.concatenate([np.array(right, np.int64) for _, right, _ in each]),
            np.concatenate([np.full(len(rows), number) for rows, _, number in each]),
        )
        for source, each in found.items()
    }


def spelling(past: Past, slot: str, ways: Sequence[str]) -> str:
    """The spelling of a right value that a reader would have: as before, else as it was named."""
    before = past.filled.get(slot)
    if before in ways:
        return str(before)
    named = [offer.value for offer in past.offers if offer.slot == slot and offer.value in ways]
    return named[0] if named else ways[0]


def _is_right(pair: Pair, skill: DescribedSkill, state: State) -> bool:
    ways = state.values.get(skill.slots[pair.place].slot.name, ())
    return fold(pair.value) in {fold(way) for way in ways}
