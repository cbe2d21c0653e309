"""Labels from paraphrases: what failed means what worked when the same person put it another way.

After Falke et al. 2020 (MARUPA, COLING industry track). A pair (failed u1, successful u2) comes
with how probably they say the same and how each went. The slots of u2 are placed in u1
(`labels.aligned`) and u1 becomes an example of u2's intent. What is not taken says why:

    same words       went well another time: they can be understood
    few people       put it so: a whim, a secret, or somebody who wants to teach
    unsure           u2 may have failed as well, or u1 not at all, or it may be another wish
    opposite         "turn it off" is no other way to say "turn it on", nor "ten minutes" one for
                     "an hour": see `understanding.online.differences`
    misheard         u1 only sounds wrong: rewriting repairs that, it is no way people put things
    no place         a slot of u2 is not in u1: it would teach that the slot is not needed
    contradictory    people went on to different intents, or to slots in other places

People count together who say the same but for the values of slots: "fire up the porch lights" was
said by one and "fire up the kitchen lights" by two, and each becomes an example. A text that fewer
said may only hold values that enough people say in other requests: what else it holds may be known
to nobody but them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sayso.feedback.likeness import NAMES, likeness
from sayso.labels.aligned import WEIGHTS, Weights, Words, align, words_of
from sayso.labels.votes import FULL_WEIGHT, LEAST_PEOPLE
from sayso.types.lessons import Label, LabelSource, Span
from sayso.understanding.fold import fold
from sayso.understanding.online.differences import Crossing, difference

TAU = 0.3  # highest cost of a slot's place; see benchmarks/projection.py
LEAST_SAME = 0.5  # probability that u2 says what u1 says
LEAST_WELL = 0.6  # probability that u2 went well
MOST_WELL = 0.4  # the same of u1
AGREED = 0.75  # share of the weight that must be for one meaning
SOUNDS_SAME = 0.75  # likeness from which on what differs between two texts is a mishearing
FEW_WORDS = 2  # that differ, at most, where a recogniser is to blame
MOST_OF_FORM = 10  # texts that differ in values alone: more of them teach nothing new


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A request that failed and one that says the same and worked, over all who said both.

    failed, well: texts u1 and u2, as people said them. skill, intent, spans: how u2 was read, its
    slots as places in `well` (`aligned.placed` finds them where only the values are known).
    users: who went from one to the other. same: probability that they say the same.
    failed_well, went_well: probabilities that u1 and u2 were a success.
    """

    failed: str
    well: str
    skill: str
    intent: str
    spans: Sequence[Span]
    locale: str
    users: frozenset[int]
    same: float
    failed_well: float
    went_well: float

    @property
    def chance(self) -> float:
        """Probability that u1 failed and means what u2 means."""
        return self.same * self.went_well * (1 - self.failed_well)


@dataclass(frozen=True, slots=True)
class Projected:
    """What paraphrases give. dropped: pairs that gave nothing, by why; see the module."""

    labels: Sequence[Label]
    dropped: Mapping[str, int]


Meaning = tuple[str, str, tuple[Span, ...]]
Form = tuple[str, str, str, str]  # locale, skill, intent, words with slots for their values


def paraphrased(
    pairs: Iterable[Paraphrase],
    *,
    least_people: int = LEAST_PEOPLE,
    tau: float = TAU,
    weights: Weights = WEIGHTS,
) -> Projected:
    """Labels for requests that failed, one a text. Needs the extra `learn`.

    least_people: who must have gone from a form to one meaning, by whatever words. A label weighs
    min(1, people / 5) times the probability that it is right. Texts that differ in case and stops
    alone are one; the form that most people said is kept.
    """
    dropped: Counter[str] = Counter()
    found: dict[tuple[str, str], list[tuple[Paraphrase, Meaning]]] = defaultdict(list)
    by_value: dict[str, set[int]] = defaultdict(set)  # who says it
    for pair in pairs:
        reason = _against(pair)
        spans = None if reason else _placed(pair, tau, weights)
        if spans is None:
            dropped[reason or "no place"] += 1
        else:
            for value in (*_values(pair.well, pair.spans), *_values(pair.failed, spans)):
                by_value[value] |= pair.users
            meaning = (pair.skill, pair.intent, in_words(pair.failed, spans))
            found[pair.locale, fold(pair.failed)].append((pair, meaning))
    forms: dict[Form, list[_Agreed]] = defaultdict(list)
    for votes in found.values():
        agreed = _agreed(votes)
        if agreed is None:
            dropped["contradictory"] += len(votes)
        else:
            forms[agreed.form].append(agreed)
    labels = []
    for texts in forms.values():
        people = len(frozenset().union(*(text.users for text in texts)))
        if people < least_people:
            dropped["few people"] += sum(text.pairs for text in texts)
            continue
        common = [
            text
            for text in texts
            if len(text.users) >= least_people
            or all(len(by_value[value]) >= least_people for value in text.values)
        ]
        dropped["few people"] += sum(text.pairs for text in texts if text not in common)
        common.sort(key=lambda text: (-len(text.users), text.shown))
        labels += [_label(text, people) for text in common[:MOST_OF_FORM]]
    return Projected(labels, {why: count for why, count in dropped.items() if count})


def _values(text: str, spans: Iterable[Span]) -> list[str]:
    """The values of slots, as they are said."""
    return [fold(text[span.start : span.end]) for span in spans]


def _against(pair: Paraphrase) -> str:
    """What speaks against learning from a pair, before slots are looked for; "" if nothing."""
    one, other = fold(pair.failed), fold(pair.well)
    if not one or one == other:
        return "same words"
    if pair.same < LEAST_SAME or pair.went_well < LEAST_WELL or pair.failed_well > MOST_WELL:
        return "unsure"
    if difference(one, other, pair.locale).crossing is Crossing.NEVER:
        return "opposite"
    return "misheard" if _misheard(one, other) else ""


def _misheard(one: str, other: str) -> bool:
    """Whether two folded texts differ in a word or two that sound alike, and in nothing else."""
    row = dict(zip(NAMES, likeness([one], [other])[0].tolist(), strict=True))
    few = max(row["dropped"], row["new"]) <= FEW_WORDS
    return bool(few and (row["sounds"] == 1.0 or row["left_sounds"] >= SOUNDS_SAME))


def _placed(pair: Paraphrase, tau: float, weights: Weights) -> tuple[Span, ...] | None:
    found = align(words_of(pair.well), pair.spans, words_of(pair.failed), weights)
    return found.spans if found is not None and found.cost <= tau else None


def in_words(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of a text counted in words, so that those that differ in stops have the same."""
    words: Words = words_of(text)
    return tuple(
        Span(
            span.name,
            sum(end <= span.start for _, end in words.places),
            sum(start < span.end for start, _ in words.places),
        )
        for span in spans
    )


def form_of(text: str, places: Iterable[Span]) -> str:
    """A text, folded, with the names of slots in place of their values. places: `in_words`."""
    words = [fold(text[start:end]) for start, end in words_of(text).places]
    for span in sorted(places, key=lambda span: -span.start):
        words[span.start : span.end] = [f"{{{span.name}}}"]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What a text means, by most who said it. users: of these; pairs: that were looked at."""

    shown: str
    locale: str
    meaning: Meaning
    users: frozenset[int]
    chance: float
    pairs: int

    @property
    def values(self) -> list[str]:
        """What it says in its slots."""
        return _values(self.shown, _in_characters(self.shown, self.meaning[2]))

    @property
    def form(self) -> Form:
        """The text with the names of slots in place of their values."""
        skill, intent, places = self.meaning
        return self.locale, skill, intent, form_of(self.shown, places)


def _agreed(votes: Sequence[tuple[Paraphrase, Meaning]]) -> _Agreed | None:
    """The meaning that most votes are for, if they agree."""
    users: dict[Meaning, set[int]] = defaultdict(set)
    chances: dict[Meaning, float] = defaultdict(float)
    for pair, meaning in votes:
        users[meaning] |= pair.users
        chances[meaning] += len(pair.users) * pair.chance
    best, weight = max(chances.items(), key=lambda item: (item[1], str(item[0])))
    if weight < AGREED * sum(chances.values()):
        return None
    mine = [pair for pair, meaning in votes if meaning == best]
    shown = max(mine, key=lambda pair: (len(pair.users), pair.failed))
    return _Agreed(
        shown.failed,
        shown.locale,
        best,
        frozenset(users[best]),
        weight / sum(len(pair.users) for pair in mine),
        len(votes),
    )


def _label(text: _Agreed, people: int) -> Label:
    """people: who vouch for the text's form."""
    skill, intent, places = text.meaning
    return Label(
        text.shown,
        skill,
        intent,
        text.locale,
        _in_characters(text.shown, places),
        source=LabelSource.LOG,
        weight=min(1.0, people / FULL_WEIGHT) * text.chance,
    )


def _in_characters(text: str, places: Iterable[Span]) -> tuple[Span, ...]:
    """The reverse of `in_words`."""
    words = words_of(text).places
    return tuple(Span(x.name, words[x.start][0], words[x.end - 1][1]) for x in places)
