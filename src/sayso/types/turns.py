"""What happens in a conversation: from what was heard to the row that is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sayso.types.people import ANONYMOUS, ANYBODY, Person
from sayso.types.skills import Carry, SlotType


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


@dataclass(frozen=True, slots=True)
class Device:
    """What the person speaks to.

    type: such as `speaker` or `car`. state: what it and the things around it report, such as
        `{"oven": "on"}` or `{"oven": {"power": "on", "temperature": 180}}`.
    capabilities: such as `screen` or `camera`; empty where it has none, None where it is not known.
    place: where it is, such as `kitchen`; empty where it is not known.
    """

    id: str = "default"
    type: str = "unknown"
    state: Mapping[str, Any] = field(default_factory=dict)
    capabilities: Sequence[str] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened just before: an alarm rang, a skill was used.

    text: in a few words, such as `the doorbell rang`; may be empty where the skill says it all.
    skill: id of the skill that it came from, or None.
    at: aware; None means just now.
    used: the person used the skill; else it came by itself.
    """

    text: str = ""
    skill: str | None = None
    at: datetime | None = None
    used: bool = False

    @property
    def name(self) -> str:
        """What a habit goes by: the skill that it came from, else its words."""
        return self.skill or " ".join(self.text.casefold().split())[:40]


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


class Asked(StrEnum):
    """What the last reply asked the person."""

    SLOT = "slot"
    CONFIRM = "confirm"  # of the reading; of one value of it, where `Awaiting.slot` names it
    WHICH = "which"


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A question that hangs in the air: the next turn may be its answer.

    pending: the reading that goes on once it is answered (SLOT, CONFIRM).
    slot: the slot asked for (SLOT), or whose value is to be confirmed (CONFIRM).
    options: the readings to choose among (WHICH).
    misses: how often an answer was not understood.
    agreed: slots of which the value was confirmed; tried: slots that were asked for so far, once
        for each time. Neither has more names than the intent has slots, twice over.
    theirs: the back-end asked, or has handed the dialogue over: it is told of a no.
    """

    asked: Asked
    pending: Hypothesis | None = None
    slot: str | None = None
    options: Sequence[Hypothesis] = ()
    misses: int = 0
    agreed: Sequence[str] = ()
    tried: Sequence[str] = ()
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """What was open when somebody asked for something else, and is come back to after it.

    The question and the session of `Context`, and the words in which to ask again.
    """

    awaiting: Awaiting | None = None
    active: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    session: str | None = None
    entities: Sequence[SlotType] = ()
    speech: str = ""
    opened: Hypothesis | None = None


@dataclass(frozen=True, slots=True)
class Doubted:
    """A turn of which the person was asked, in its reply, whether it was right, and its skill."""

    turn: int
    skill: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A value that was spoken of, and may be meant again by who says no more than `there`.

    skill, intent: what it was said for. value: as it was understood, with no place in a text.
    mode: how far it is carried: ONCE counts turns from when it was said, not from when it was
        carried last. user: who said it; nobody else has.
    turn, at: the turn and the aware time of that turn.
    """

    skill: str
    intent: str
    value: SlotValue
    mode: Carry
    user: str
    turn: int
    at: datetime


MOST_ASIDE = 3  # deeper nobody remembers what was asked
MOST_REPROMPT = 2000  # characters


@dataclass(frozen=True, slots=True)
class Context:
    """All that a turn knows besides the words; comes out of a turn and goes into the next.

    now: aware datetime in `time_zone`.
    active: id of the skill that holds the conversation open, or None.
    attributes: that skill's session attributes.
    session: id of the skill's session, None when none is open.
    turn: number of turns so far in this conversation.
    allowed: skills this person may use at all; None means all.
    person: what is known of the one who speaks; it is read anew for each turn and never kept here.
    trial: skills that are new and approved by nobody -> share of the latest requests that each
        was given; it is read anew for each turn and never kept here.
    entities: values of slot types that the active skill has set for its session.
    happened: what happened lately, the latest first.
    doubted: the turn before, if its reply asked whether it was right; nothing waits for the answer.
    aside: questions and sessions that wait behind this one, the latest last; at most MOST_ASIDE.
    silences: turns in a row in which nothing was said to the open session.
    reprompt: what is said if somebody does not answer; at most MOST_REPROMPT characters.
    done: the reading that was acted upon last, which may still be put right; opened: the one that
        opened the session. Both as they were read, without what they were ranked by.
    waiting: requests of a sentence that held several, not begun yet: the question comes first.
    spoken: values that were spoken of lately, the latest last; all that is carried over comes from
        here. Bounded in number, turns and time.
    failures: turns in a row in which the back-end of what is open has failed.
    """

    conversation: str
    now: datetime
    user: str = ANONYMOUS
    device: Device = field(default_factory=Device)
    locale: str = "en-US"
    time_zone: str = "UTC"
    active: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    session: str | None = None
    awaiting: Awaiting | None = None
    turn: int = 0
    last_speech: str = ""
    allowed: Sequence[str] | None = None
    person: Person = ANYBODY
    trial: Mapping[str, float] = field(default_factory=dict)
    entities: Sequence[SlotType] = ()
    happened: Sequence[Happening] = ()
    doubted: Doubted | None = None
    aside: Sequence[Aside] = ()
    silences: int = 0
    reprompt: str = ""
    done: Hypothesis | None = None
    opened: Hypothesis | None = None
    waiting: Sequence[str] = ()
    spoken: Sequence[Spoken] = ()
    failures: int = 0

    def closed(self) -> Context:
        """The same with no session open and no question in the air."""
        return replace(
            self,
            active=None,
            attributes={},
            session=None,
            awaiting=None,
            entities=(),
            doubted=None,
            silences=0,
            opened=None,
            failures=0,
        )

    def forgotten(self) -> Context:
        """Closed, and nothing of what was said before is come back to."""
        quiet = self.closed()
        return replace(quiet, aside=(), waiting=(), done=None, reprompt="", spoken=())


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """What a door hands to the runtime: one thing said by one person to one device.

    text: what was said; or give `alternatives`, the recogniser's n-best, best first.
    now: aware datetime; None means the runtime's clock.
    locale, time_zone: None means the home's.
    idempotency_key: a repeated key (of the same user) returns the first reply and acts once.
    happened: what happened just before, as far as Sayso cannot know it by itself.
    silence: nothing was said though the microphone was open; `text` is empty then.
    """

    text: str = ""
    user: str = ANONYMOUS
    conversation: str | None = None
    alternatives: Sequence[Alternative] = ()
    device: Device = field(default_factory=Device)
    locale: str | None = None
    time_zone: str | None = None
    now: datetime | None = None
    idempotency_key: str | None = None
    happened: Sequence[Happening] = ()
    silence: bool = False


class CallKind(StrEnum):
    """What a skill's back-end is told: the three request types of Alexa's protocol."""

    LAUNCH = "launch"
    INTENT = "intent"
    SESSION_ENDED = "session_ended"


class Progress(StrEnum):
    """How far the dialogue about an intent is when its back-end is called."""

    STARTED = "STARTED"  # the person has just asked for it
    IN_PROGRESS = "IN_PROGRESS"  # they have answered a question
    COMPLETED = "COMPLETED"  # all that the skill file wants is known and agreed to, or refused


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a skill's back-end.

    hypothesis: the reading to act upon (INTENT), None otherwise.
    confirmed: the person was asked and said yes. agreed: slots for whose values they did.
    denied: they said no. refused: slots for whose values they did.
    progress: of the dialogue about the intent. tried: slots that were asked for, see `Awaiting`.
    new_session: whether this call opens the skill's session.
    reason: why the session ended (SESSION_ENDED): USER_INITIATED, EXCEEDED_MAX_REPROMPTS or ERROR.
    undoes: nobody asked for it by name: it takes back what is put right.
    """

    kind: CallKind
    skill: str
    hypothesis: Hypothesis | None = None
    confirmed: bool = False
    new_session: bool = True
    reason: str | None = None
    agreed: Sequence[str] = ()
    denied: bool = False
    refused: Sequence[str] = ()
    progress: Progress = Progress.COMPLETED
    tried: Sequence[str] = ()
    undoes: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something a skill will say by itself: a timer that rings, a reminder.

    key: chosen by the skill; a later announcement of the same skill, user and key replaces it.
    due: aware datetime.
    """

    key: str
    speech: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What a screen may show beside the speech.

    kind: `plain`; or what a back-end asks of the person, which Sayso can only show: `link_account`,
        `permissions`.
    """

    title: str = ""
    text: str = ""
    image: str | None = None
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a back-end said, in Sayso's own terms, whatever its kind.

    speech: plain text to say; ssml: the same with markup, or None.
    ended: whether the skill's session is over.
    ask_slot / confirm: the skill asks for a slot, or for a yes (Dialog.ElicitSlot, ConfirmIntent).
    confirm_slot: the slot for whose value alone `confirm` wants a yes (Dialog.ConfirmSlot).
    delegate: the skill hands the dialogue back (Dialog.Delegate).
    agreed: slots of `updated` that the skill itself calls confirmed.
    announcements, cancelled: things to say later, and keys of such things to forget.
    entities: values of slot types from now on, in place of those set before in this session (none
        of them where it is empty); None leaves them as they are.
    failure: None, or what went wrong in words for the trace (never for the person).
    data: the same for programs, as JSON values; None where there is only something to say.
    corrected: it was a correction, and the skill has taken back what it did before.
    """

    speech: str = ""
    ssml: str | None = None
    reprompt: str | None = None
    ended: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)
    card: Card | None = None
    ask_slot: str | None = None
    confirm: bool = False
    confirm_slot: str | None = None
    delegate: bool = False
    updated: Hypothesis | None = None
    agreed: Sequence[str] = ()
    announcements: Sequence[Announcement] = ()
    cancelled: Sequence[str] = ()
    entities: Sequence[SlotType] | None = None
    failure: str | None = None
    data: Any = None
    corrected: bool = False


class Opinion(StrEnum):
    """What a skill thinks of a request that may be for it (CanFulfillIntentRequest)."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened inside a turn.

    timings: stage -> milliseconds, in the order of the stages; `backend` is the skill's own.
    failure: what went wrong, in words, or None.
    versions: of the bundle (`bundle`) and of the chosen skill (`skill`).
    rewriting: of what was heard, where one fitted.
    asked: why the reply asks whether it was right; None where it does not.
    """

    timings: Mapping[str, float] = field(default_factory=dict)
    failure: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    rewriting: Rewriting | None = None
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a back-end gave for programs, and the reading that it was given for."""

    chosen: Hypothesis
    data: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person hears, with what was decided and why.

    ended: whether the conversation is over (nothing more is awaited).
    data: what the back-end gave for programs, as JSON values, or None.
    earlier: the same of the requests before it in the same sentence, in order.
    """

    speech: str
    reprompt: str | None = None
    ended: bool = True
    ssml: str | None = None
    card: Card | None = None
    decision: Decision = field(default_factory=lambda: Decision(Outcome.ABSTAIN))
    trace: Trace = field(default_factory=Trace)
    conversation: str = ""
    turn: int = 0
    data: Any = None
    earlier: Sequence[Given] = ()


@dataclass(frozen=True, slots=True)
class Interaction:
    """One turn as it is logged."""

    id: str
    at: datetime
    user: str
    conversation: str
    turn: int
    request: TurnRequest
    utterance: Utterance
    decision: Decision
    reply: Reply
    locale: str
    time_zone: str
