"""Several requests in one sentence: "turn off the lights and set an alarm for six".

A sentence may come apart where a conjunction or a comma stands. At each such place both sides are
read as requests of their own, and the sentence comes apart there if

    both stand      each would be acted upon alone, and its words are those of its intent and not
                    a value alone, or
    one leans       the right side is another value for what the left one began: "turn on the lamp
                    and the heater", "a timer for five minutes and another one for ten"; and
    one loses       read as one request, the sentence does not hold what the two hold: no value
                    reaches across the place ("remind me to call mum and wake dad"), and neither
                    the two requests ("it's cold and I'm freezing") nor two values of one list
                    ("salt and pepper to the list") are the same one.

A sentence without such a place costs a search for it. With them it costs a reading of each side,
bounded by PLACES and MOST. Two bare names are one thing: "history and geography" leans on nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from sayso.types.readings import Decision, Hypothesis, Outcome, ResolutionStatus, SlotValue
from sayso.understanding import builtin
from sayso.understanding.articles import only_articles
from sayso.understanding.fold import fold
from sayso.understanding.joints import PLACES as PLACES
from sayso.understanding.joints import Place, is_courtesy
from sayso.understanding.joints import places as places

MOST = 3  # requests in a sentence; more are a speech
SURE = 0.95  # confidence of each side while a question is open: it may be the answer to it
_FIRM = 0.8  # confidence at which the right side needs nothing to lean on
_WHOLE = 0.7  # confidence at which a value that reaches across the place is believed
_CARRIED = 0.4  # of a side's words, by weight, those that its intent is known by
_LEANING = 8  # words of a side that leans
_KNOWN = 0.85  # the same of the whole, from which on it is one request of its intent
_OTHER = 0.9  # the same, of a side that leans and turns out to be of another intent
_ARTICLE = 5  # characters that may stand before a value: "and some milk"
_SHORT = 4  # characters of a short word and the space behind it: "the lamp", "for ten minutes"
_NEAR = 3  # words within which a side that leans names the word that its value follows

ONE = ""  # what stands for "the two sides are one request"
Read = Callable[[str], Decision]


def split(
    text: str, whole: Decision, read: Read, locale: str, *, least: float = 0.0
) -> tuple[str, ...]:
    """The requests of a sentence in their order, at most MOST; the sentence where it is one.

    whole: the decision on the sentence as one; read: decides on a text as a request of its own.
    least: confidence that each side must have; above 0, none may lean on another.
    """
    if not places(text, locale):
        return (text,)
    return tuple(_Splitting(cache(read), locale, least).parts(text, whole, MOST))


@dataclass(frozen=True, slots=True)
class _Splitting:
    """One sentence being taken apart."""

    read: Read
    locale: str
    least: float

    def parts(self, text: str, whole: Decision, most: int) -> list[str]:
        if most < 2:
            return [text]
        for place in places(text, self.locale):
            left, right = text[: place.end], text[place.start :]
            for head in self._heads(right):
                to = place.start + len(head)
                one = whole if to == len(text) else self.read(text[:to])
                second = self._second(left, head, one, place)
                if second == ONE:
                    break  # whatever comes behind it
                if second is None:
                    continue
                rest = second + text[to:]
                after = self.parts(rest, self.read(rest), most - 1)
                # What has more behind it must come apart from it, or be a request with it.
                if head == right or len(after) > 1 or self._stands(self.read(rest)):
                    return [left, *after]
        return [text]

    def _heads(self, right: str) -> Iterator[str]:
        """As much of the right side as comes before its own conjunctions, and all of it."""
        for place in places(right, self.locale):
            yield right[: place.end]
        yield right

    def _second(self, left: str, right: str, whole: Decision, place: Place) -> str | None:
        """The request on the right, in full; ONE where the two are one, None where it is none."""
        if is_courtesy(left, self.locale) or is_courtesy(right, self.locale):
            return None
        first = self.read(left)
        if first.chosen is None or not self._stands(first):
            return None
        other = self.read(right)
        second = other.chosen if self._stands(other) else None
        firm = second is not None and second.confidence >= _FIRM
        if second is None or not firm or (_begins_with_a_value(second) and not _is_sample(second)):
            for leaning, at in () if self.least else _leanings(left, first.chosen, right):
                leans = self.read(leaning)
                if leans.chosen is not None and self._leans(leans, right, at, first.chosen, firm):
                    same = self._one(whole, place, first.chosen, leans.chosen, leaning)
                    return ONE if same else leaning
        if second is None:
            return None
        one = _is_more_of_a_value(left, right, first.chosen)
        return ONE if one or self._one(whole, place, first.chosen, second, right) else right

    def _stands(self, decision: Decision) -> bool:
        """Whether words are a request by themselves."""
        chosen = decision.chosen
        if decision.outcome is not Outcome.ACT or chosen is None:
            return False
        return chosen.confidence >= self.least and chosen.features.get("carrier", 0.0) >= _CARRIED

    def _leans(
        self, decision: Decision, right: str, at: int, first: Hypothesis, firm: bool
    ) -> bool:
        """Whether the right side, put to what the left one began, is a request of its own.

        at: where the right side begins in that. firm: it is a request without it, too.
        """
        second = decision.chosen
        if decision.outcome is not Outcome.ACT or second is None:
            return False
        if _key(first) != _key(second):  # another thing that the same verb goes with
            known = second.features.get("carrier", 0.0)
            return not firm and min(second.confidence, known) >= _OTHER
        before, said = _values(first), fold(right)
        new = [
            each
            for each in second.slots
            if each.status is ResolutionStatus.MATCHED
            and fold(each.value) not in before
            and each.start is not None
            and 0 <= each.start - at <= _ARTICLE
        ]
        bare = all(fold(each.value) == said and not builtin.is_builtin(each.type) for each in new)
        return bool(new) and not bare and second.confidence >= _WHOLE

    def _one(
        self, whole: Decision, place: Place, first: Hypothesis, second: Hypothesis, right: str
    ) -> bool:
        """Whether the sentence as one request holds what the two hold. right: words of `second`."""
        best = whole.chosen or next(iter(whole.hypotheses), None)
        if best is None:
            return False
        if whole.chosen is not None and best.confidence >= _WHOLE:
            across = [each for each in best.slots if _reaches_across(each, place)]
            if any(not _both_know(each, first, second) for each in across):
                return True
        if _between(best, place) and not _starts_anew(second, right, self.locale):
            return True
        if _key(first) == _key(second) and _begins_with_the_unknown(second):
            return True
        keys = {_key(first), _key(second)}
        # What a skill has among its samples as a whole is one, "I'm leaving, lock the door".
        known = whole.chosen is not None and best.features.get("carrier", 0.0) >= _KNOWN
        same = _key(best) in keys and (known or len(keys) == 1)
        return same and _values(first) | _values(second) <= _values(best)


def _reaches_across(slot: SlotValue, place: Place) -> bool:
    if slot.start is None or slot.end is None:
        return False
    return slot.start < place.end and slot.end > place.start


def _both_know(across: SlotValue, first: Hypothesis, second: Hypothesis) -> bool:
    """Whether a value across the place is none, but each side has one: "today and tomorrow".

    Only of built-in types: of all others the words may be anything, "call mum and feed the cat".
    """
    if across.status is ResolutionStatus.MATCHED or not builtin.is_builtin(across.type):
        return False
    return all(
        any(x.name == across.name and x.status is ResolutionStatus.MATCHED for x in each.slots)
        for each in (first, second)
    )


def _between(best: Hypothesis, place: Place) -> bool:
    """Whether the place lies between two values of one slot, next to both."""
    before = {s.name for s in best.slots if s.end is not None and 0 <= place.end - s.end <= 1}
    behind = {
        s.name for s in best.slots if s.start is not None and 0 <= s.start - place.start <= _ARTICLE
    }
    return bool(before & behind)


def _starts_anew(second: Hypothesis, right: str, locale: str) -> bool:
    """Whether a side is known by its own words and begins with them, not with a value."""
    firm = second.features.get("carrier", 0.0) >= 0.9 or _is_sample(second)
    starts = [each.start for each in second.slots if each.start is not None]
    return firm and not any(only_articles(right[:start], locale) for start in starts)


def _is_sample(reading: Hypothesis) -> bool:
    """Whether it is a sample, word for word or but for known values: `the office lights on`."""
    return max(reading.features.get(name, 0.0) for name in ("known", "framed")) >= 1.0


def _begins_with_a_value(second: Hypothesis) -> bool:
    """Whether a side begins with a value, or with a short word and a value: "in Rome"."""
    return any(each.start is not None and each.start <= _SHORT for each in second.slots)


def _is_more_of_a_value(left: str, right: str, first: Hypothesis) -> bool:
    """Whether a word alone stands behind a value: "play rock and roll" is no roll of dice."""
    return len(right.split()) == 1 and any(each.end == len(left) for each in first.slots)


def _begins_with_the_unknown(second: Hypothesis) -> bool:
    """Whether a side begins with words that are no value known: "country and western music"."""
    return any(
        each.start is not None
        and each.start <= _ARTICLE
        and each.status is ResolutionStatus.NOT_MATCHED
        for each in second.slots
    )


def _key(of: Hypothesis) -> tuple[str, str]:
    return of.skill, of.intent


def _values(of: Hypothesis) -> set[str]:
    """Values whatever their slots: "between one" has a high, "between one and ten" a low one."""
    return {fold(each.value) for each in of.slots}


def _leanings(left: str, first: Hypothesis, right: str) -> Iterator[tuple[str, int]]:
    """The right side put to what the left one says before its first value, and after it.

    With each, where the right side begins in it.

    "turn on the" + "the porch light", "set a timer for" + "nine minutes" of "another one for nine
    minutes": where the right side has the last of those words near its beginning, from there on.
    """
    said = [each for each in first.slots if each.start is not None and each.end is not None]
    words = right.split()
    if not said or not 0 < len(words) <= _LEANING:
        return
    at = min(said, key=lambda each: each.start or 0)
    before, after = left[: at.start].split(), left[at.end :].split()
    if not before:
        return
    lowered = [word.casefold() for word in words]
    last = before[-1].casefold()
    if last in lowered[:_NEAR]:
        words = words[lowered.index(last) + 1 :]
    if not words:
        return
    begins = len(" ".join(before)) + 1
    yield " ".join([*before, *words]), begins
    if after and words[-len(after) :] != after and len(said) == 1:
        yield " ".join([*before, *words, *after]), begins
