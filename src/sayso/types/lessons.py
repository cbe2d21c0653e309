"""What the log teaches: signals and turns go in, verdicts, rewrites and labels come out.

`LoggedTurn` and `Verdict` are rows of tables; their fields are the tables' columns, of types that
every engine knows. Probabilities in tables are whole ten-thousandths (`_bp`, basis points), so that
a sum is the same whatever the order it is taken in, on one machine or on many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

CERTAIN = 10_000  # basis points


class LabelSource(StrEnum):
    """Where a label comes from."""

    SAMPLE = "sample"  # a developer's sample utterance, slots filled
    NAME = "name"  # an intent's own name, spelled out; nobody says it, so it teaches no slots
    LEFT_OUT = "left_out"  # a sample without a value that is asked for where it is not said
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
        """Whether it was meant for this skill: no hint, noise, cut, guess or standard phrase."""
        return self.source not in _MADE and not self.intent.startswith("AMAZON.")


_MADE = (LabelSource.NAME, LabelSource.LEFT_OUT, LabelSource.NOISE, LabelSource.AGREED)


class SignalKind(StrEnum):
    """What a client tells of a turn after the reply; what `Signal.value` is."""

    BARGE_IN = "barge_in"  # spoke over the reply; milliseconds after it began
    PLAYED = "played"  # what the reply began, such as a song, was left on; seconds
    HELPFUL = "helpful"  # "did I answer your question?"; 1 for yes, 0 for no
    UNDONE = "undone"  # took back what was understood; 1


@dataclass(frozen=True, slots=True)
class Signal:
    """Something a client saw of a turn. The turn is named as its `Reply` names it."""

    user: str
    conversation: str
    turn: int
    kind: SignalKind
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """One turn, flat: a row of the Parquet export of a log, and what mining reads.

    id: unique; a row that comes twice counts once. at: UTC. conversation, turn: as logged.
    said: what was heard, cleaned, before any rewrite. text: what was read; `said` if not rewritten.
    skill, intent: of the chosen reading, of the first one offered where Sayso asked, else None.
    slots: JSON object of that reading, slot -> normalised value, keys in order; "{}" without one.
    confidence: of that reading. basis: see `Basis`. outcome: see `Outcome`.
    side_effects: of that reading. failed: the back-end broke down. ended: nothing more is awaited.
    rewrite: id of the rewrite that was tried, or None; arm: see `Arm`.
    barge_in_ms, played_s, helpful, undone: see `SignalKind`; None where nothing was told.
    """

    id: str
    at: datetime
    user: str
    device: str
    device_type: str
    conversation: str
    turn: int
    locale: str
    said: str
    text: str
    outcome: str
    skill: str | None
    intent: str | None
    slots: str
    confidence: float | None
    basis: str
    side_effects: bool
    speech: str
    failed: bool
    ended: bool
    rewrite: str | None
    arm: str | None
    barge_in_ms: float | None
    played_s: float | None
    helpful: bool | None
    undone: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a turn went, as far as what followed tells.

    turn: its number in the table of turns. defect_bp: probability in basis points that it was not
    what the person wanted. evidence: names of what speaks for it, joined by "+", strongest first.
    rephrased_by: number of the later turn that says the same again, or None; rephrased_bp: how
    probably it does.
    """

    turn: int
    defect_bp: int
    evidence: str
    rephrased_by: int | None
    rephrased_bp: int


class RewriteState(StrEnum):
    """How far a rewrite has come."""

    PROPOSED = "proposed"  # mined; waits for approval where approval is asked for
    SHADOW = "shadow"  # looked up and logged, not applied
    CANARY = "canary"  # on trial: applied for some people, as `[learning] canary` says
    LIVE = "live"  # applied for all but the holdout
    RETIRED = "retired"  # was worse, lost its support, or was taken back


class Arm(StrEnum):
    """What was done with a rewrite in a turn."""

    APPLIED = "applied"
    HELD_OUT = "held_out"  # it would have been applied; it is left out to see what it is worth
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rewrite rests on. Probabilities in [0, 1] with 95 % bounds.

    users: people who said it; voters: people who went from it to what is meant.
    before: success of what was said, left alone; after: success of what is meant.
    lift: how many times likelier a walk ends well in what is meant than in what was said.
    """

    users: int
    voters: int
    before: float
    before_high: float
    after: float
    after_low: float
    lift: float


@dataclass(frozen=True, slots=True)
class Trial:
    """How a rewrite did in the open, in people, each counted once a day.

    applied, held_out: for whom it was; the defects: those of them for whom it went wrong.
    better, worse: e-values against "it is no better" and "it is no worse"; likely: probability that
        it is better.
    """

    applied: int = 0
    applied_defects: int = 0
    held_out: int = 0
    held_out_defects: int = 0
    better: float = 1.0
    worse: float = 1.0
    likely: float = 0.5


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to deal with turns that is tried, proven or given up as rewrites are: by its trial.

    id: as turns log it in the place of a rewrite's. since: when it came into its state; reason:
    why, in one clause.
    """

    id: str
    state: RewriteState
    since: datetime
    reason: str
    trial: Trial = field(default_factory=Trial)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What people say in vain -> what they say next, with success.

    language: as `en`. said: folded; meant: as it is to be read. scope: `everyone`.
    version: of the run that last changed it. since: when it came into its state; reason: why, in
        one clause.
    """

    id: str
    language: str
    said: str
    meant: str
    state: RewriteState
    evidence: Evidence
    since: datetime
    version: str = ""
    reason: str = ""
    scope: str = "everyone"
    trial: Trial = field(default_factory=Trial)
