"""What training reads: a `Label`. Verdicts and rewrites join it when the log is mined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class LabelSource(StrEnum):
    """Where a label comes from."""

    SAMPLE = "sample"  # a developer's sample utterance, slots filled
    NAME = "name"  # an intent's own name, spelled out; nobody says it, so it teaches no slots
    NOISE = "noise"  # a sample as it may arrive, a word mistyped or misheard
    TEST = "test"  # a row of a test set
    LOG = "log"  # what people said and how it ended
    AGREED = "agreed"  # a sentence of another skill that models say fits this one, too
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Span:
    """A slot's place in a text: characters [start, end) belong to slot `name`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """A text and what it means. Text has no braces; spans do not overlap and are in order.

    template: the sample utterance the text was made from, None where the text is one.
    weight: of the example in training; negative means "not this".
    """

    text: str
    skill: str
    intent: str
    locale: str
    spans: Sequence[Span] = ()
    template: str | None = None
    source: LabelSource = LabelSource.SAMPLE
    weight: float = 1.0

    @property
    def sample(self) -> str:
        """What was written: the template that the text was made of, or the text."""
        return self.template or self.text

    @property
    def own(self) -> bool:
        """Whether it was meant for this skill: no hint, noise, guess or standard phrase."""
        made = self.source in (LabelSource.NAME, LabelSource.NOISE, LabelSource.AGREED)
        return not made and not self.intent.startswith("AMAZON.")
