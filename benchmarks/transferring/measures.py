"""Counts of what was read rightly, and the figures made of them. No torch here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sayso.types.lessons import Label, Span
from sayso.understanding.contract import Reading, Tagged


@dataclass(slots=True)
class Counts:
    """Sums over utterances.

    intent_wrong, wrong: utterances with a wrong intent; with anything wrong.
    found, said, exact: slots read, slots in the labels, and those alike in name and place.
    kept, missed, added, mixed: of the semantic error rate (Cor, Del, Ins, Sub), where the intent
        counts as one more slot and a slot read in the place of another one is a substitution.
    """

    utterances: int = 0
    intent_wrong: int = 0
    wrong: int = 0
    found: int = 0
    said: int = 0
    exact: int = 0
    kept: int = 0
    missed: int = 0
    added: int = 0
    mixed: int = 0

    def add(self, label: Label, reading: Reading) -> None:
        """Count one utterance."""
        found = {(x.name, x.start, x.end) for x in reading.slots}
        said = {(x.name, x.start, x.end) for x in label.spans}
        exact = len(found & said)
        mixed = overlaps(
            [x for x in label.spans if (x.name, x.start, x.end) not in found],
            [x for x in reading.slots if (x.name, x.start, x.end) not in said],
        )
        intent_wrong = reading.intent != label.intent
        self.utterances += 1
        self.intent_wrong += intent_wrong
        self.wrong += intent_wrong or found != said
        self.found += len(found)
        self.said += len(said)
        self.exact += exact
        self.kept += exact + (not intent_wrong)
        self.mixed += mixed + intent_wrong
        self.missed += len(said) - exact - mixed
        self.added += len(found) - exact - mixed

    @property
    def intent_error(self) -> float:
        """Share of utterances whose intent was misread."""
        return self.intent_wrong / self.utterances

    @property
    def slot_f1(self) -> float | None:
        """Exact span and name; None where no utterance has a slot."""
        return 2 * self.exact / (self.found + self.said) if self.said else None

    @property
    def semer(self) -> float:
        """(Del + Ins + Sub) / (Cor + Del + Sub): the combined error of intents and slots."""
        errors = self.missed + self.added + self.mixed
        return errors / (self.kept + self.missed + self.mixed)

    @property
    def irer(self) -> float:
        """Share of utterances with any intent or slot wrong."""
        return self.wrong / self.utterances

    def as_dict(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)


def counted(labels: Sequence[Label], readings: Iterable[Reading]) -> Counts:
    """The counts of a whole test set."""
    counts = Counts()
    for label, reading in zip(labels, readings, strict=True):
        counts.add(label, reading)
    return counts


def overlaps(said: Sequence[Span], found: Sequence[Tagged]) -> int:
    """Pairs that share a character, each slot in one pair at most."""
    left = list(found)
    pairs = 0
    for one in said:
        other = next((x for x in left if x.start < one.end and one.start < x.end), None)
        if other is not None:
            left.remove(other)
            pairs += 1
    return pairs


def first_at_most(errors: Sequence[float], goal: float) -> int | None:
    """The first epoch, counted from 1, whose error is not above the goal; None if there is none."""
    return next((epoch for epoch, x in enumerate(errors, 1) if x <= goal + 1e-12), None)


def best_epoch(errors: Sequence[float]) -> int:
    """The first epoch, counted from 1, with the least error."""
    return errors.index(min(errors)) + 1
