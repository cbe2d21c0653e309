"""What was heard, how it can be read, and what is decided on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Alternative:
    """One entry of a recogniser's n-best list; score as the recogniser gave it, or None."""

    text: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A rewrite that fits what was heard, applied or not.

    id: of the rewrite. said: the cleaned text as heard. meant: what it is rewritten to.
    arm: see `Arm` in `lessons`. layer: `mined`, `global` or `personal`: who knew it.
    """

    id: str
    said: str
    meant: str
    arm: str
    layer: str = "mined"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was heard.

    raw: as it came in.
    text: cleaned for the models (Unicode NFKC, no control characters, single spaces), case kept;
        rewritten where `rewriting` was applied. Every span refers to this text.
    alternatives: the recogniser's n-best, best first; empty for typed text.
    """

    raw: str
    text: str
    alternatives: Sequence[Alternative] = ()
    rewriting: Rewriting | None = None


class ResolutionStatus(StrEnum):
    """Whether a slot's words are a known value."""

    MATCHED = "matched"
    NOT_MATCHED = "not_matched"


SAME_WORDS = 0.955  # score from which on the words are those of the value, however put


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value of a slot type that fits what was said.

    score: in [0, 1]; 1 is word for word, from SAME_WORDS on the same words in another form.
    dynamic: the back-end has set it for this conversation; no catalogue holds it.
    """

    value: str
    id: str | None = None
    score: float = 1.0
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class SlotValue:
    """A filled slot.

    value: the words said, `text[start:end]`; start and end are None for a value that was not
        said in this utterance (carried over, or given by a person's answer).
    normalised: the value in the form a skill receives: ISO 8601 for dates, times and durations,
        digits for numbers, the resolved value's name for a catalogue, else the words.
    status, candidates: entity resolution; best candidate first.
    confidence: in [0, 1].
    """

    name: str
    type: str
    value: str
    start: int | None = None
    end: int | None = None
    normalised: str | None = None
    status: ResolutionStatus = ResolutionStatus.NOT_MATCHED
    candidates: Sequence[Candidate] = ()
    confidence: float = 1.0

    def matches(self, *, dynamic: bool = False) -> Sequence[Candidate]:
        """Values of one authority (catalogue, conversation) that the words mean, all as well.

        Several where two values have the name that was said; status is NOT_MATCHED then, as no
        one may act on either. None where there is only likeness, or doubt.
        """
        mine = [each for each in self.candidates if each.dynamic is dynamic]
        alone = self.status is ResolutionStatus.MATCHED and mine[:1] == [*self.candidates[:1]]
        best = max((each.score for each in mine), default=0.0)
        if best < SAME_WORDS:
            return tuple(mine[:1]) if alone else ()
        return tuple(each for each in mine if each.score == best)

    @property
    def id(self) -> str | None:
        """Id of the resolved value, or None."""
        matched = self.status is ResolutionStatus.MATCHED and self.candidates
        return self.candidates[0].id if matched else None


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was done with these values, by the same intent of the same skill, and is put right."""

    slots: Sequence[SlotValue] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of an utterance: this skill, this intent, these slots.

    score: what the ranker compares, higher is better, no unit.
    confidence: calibrated probability in [0, 1] that the reading is right.
    features: what the score was made of, by name; what `sayso explain` shows.
    personal: what is known of the person and speaks for the skill, by what it is, in log-odds.
    situation: what goes on around and speaks for the reading, `signal: clause in plain words`, in
        log-odds.
    side_effects: acting on it by mistake costs dearly; it takes more confidence.
    carried: slot -> where its value was said before, and why it was taken from there; see
        `sayso.dialogue.carrying`.
    corrects: what was done before and this puts right; None for a request of its own.
    """

    skill: str
    intent: str
    slots: Sequence[SlotValue] = ()
    score: float = 0.0
    confidence: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)
    personal: Mapping[str, float] = field(default_factory=dict)
    side_effects: bool = False
    situation: Mapping[str, float] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    corrects: Corrected | None = None

    @property
    def plain(self) -> Hypothesis:
        """What was read, without what it was ranked by and what it puts right."""
        return replace(self, features={}, personal={}, situation={}, corrects=None)


LAUNCH = "LaunchRequest"  # intent of a reading that only opens a skill


class Outcome(StrEnum):
    """What the router decided to do."""

    ACT = "act"
    ASK = "ask"  # which of the `options` did you mean?
    ABSTAIN = "abstain"


class Basis(StrEnum):
    """What a decision rests on."""

    WORDS = "words"  # a request out of the blue that names no skill
    TRIAL = "trial"  # the same, where a skill on trial had a say: see `Context.trial`
    SESSION = "session"  # the words, while a session or a question is open
    NAMED = "named"  # the skill was named
    ANSWER = "answer"  # the last reply's question was answered
    SILENCE = "silence"  # nothing was said though somebody listened
    OPINION = "opinion"  # it was said whether the turn before was right: no request at all
    # Words about the conversation that no skill takes for itself, no requests either.
    DISMISSAL = "dismissal"  # never mind, stop
    THANKS = "thanks"
    REGRET = "regret"  # what was done is to be taken back, and there is no way


NO_REQUEST = (Basis.SILENCE, Basis.OPINION, Basis.DISMISSAL, Basis.THANKS, Basis.REGRET)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with an utterance, and why.

    chosen: the reading acted upon; None when asking or abstaining.
    options: readings offered when asking which one; a single one is asked about ("did you mean?").
    propensity: probability in (0, 1] with which the policy takes this decision here.
    threshold: confidence below which the router does not act.
    reason: one clause in plain words.
    """

    outcome: Outcome
    chosen: Hypothesis | None = None
    options: Sequence[Hypothesis] = ()
    hypotheses: Sequence[Hypothesis] = ()
    shortlist: Sequence[tuple[str, float]] = ()
    propensity: float = 1.0
    threshold: float = 0.0
    reason: str = ""
    basis: Basis = Basis.WORDS
