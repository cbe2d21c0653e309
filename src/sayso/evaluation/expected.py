"""What a turn came to, beside what a script expects of it: state is compared, hardly ever wording.

outcome, skill, intent   of the decision; where it chose nothing, of the question that stays open
slots, lacks             values of that reading, a list where there are several; what it has not
asks                     the slot asked for: `time`, or `reminder.time` where that is not plain
confirms                 true: a yes or no is awaited; a slot's name: of that slot
which                    skills, or `skill.Intent`, that are offered
acts                     true: the skill did it and asks no more; false: no skill did anything
runs                     all that was done in this turn, in order: [{skill, intent, slots}]
                         (neither counts AMAZON.* intents that are not named: a stop does nothing)
ended, reply_contains, rings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.evaluation.overheard import Called
from sayso.runtime.home import Event
from sayso.types.context import Asked, Awaiting
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.turns import Reply

EXPECTED = frozenset(
    (
        *("outcome", "skill", "intent", "slots", "lacks", "asks", "confirms", "which"),
        *("acts", "runs", "ended", "reply_contains", "rings"),
    )
)
RUN = frozenset(("skill", "intent", "slots", "lacks"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A turn from outside and inside: the reply, the calls made, the question left in the air."""

    reply: Reply
    calls: Sequence[Called] = ()
    awaiting: Awaiting | None = None
    rang: Sequence[Event] = ()

    @property
    def pending(self) -> Hypothesis | None:
        """The reading that waits for an answer."""
        return self.awaiting.pending if self.awaiting is not None else None

    @property
    def reading(self) -> Hypothesis | None:
        """What the turn was about, with its slots as they stand after it."""
        # A no that a back-end is told of is about what it has asked.
        told = [each.reading for each in self.calls if each.call.denied or each.call.refused]
        chosen = next(iter(told), None) or self.reply.decision.chosen or self.pending
        if chosen is None:
            return None
        later = (self.pending, *(each.reading for each in reversed(self.calls)))
        return next((each for each in later if each and _same(each, chosen)), chosen)

    @property
    def done(self) -> Sequence[Hypothesis]:
        """What skills did, in order."""
        return [each.reading for each in self.calls if each.acted]

    @property
    def acts(self) -> bool:
        """Whether what was asked for has been done, with nothing more awaited of it."""
        reading = self.reading
        if reading is None or (self.pending is not None and _same(self.pending, reading)):
            return False
        return any(_same(each, reading) for each in self.done)


def _same(one: Hypothesis, other: Hypothesis) -> bool:
    return (one.skill, one.intent) == (other.skill, other.intent)


def problems(seen: Seen, expect: Mapping[str, Any]) -> list[str]:
    """Where a turn differs from what is expected of it, in words."""
    reading, reply = seen.reading, seen.reply
    found = {
        "outcome": str(reply.decision.outcome),
        "skill": reading.skill if reading else None,
        "intent": reading.intent if reading else None,
        "ended": reply.ended,
    }
    told = [
        f"{name}: {value}, expected {expect[name]}"
        for name, value in found.items()
        if name in expect and value != expect[name]
    ]
    told += _slot_problems(reading.slots if reading else (), expect)
    told += _question_problems(seen, expect)
    told += _act_problems(seen, expect)
    if str(expect.get("reply_contains", "")).casefold() not in reply.speech.casefold():
        told.append(f'reply: "{reply.speech}", expected "{expect["reply_contains"]}" in it')
    if "rings" in expect and not any(expect["rings"] in event.speech for event in seen.rang):
        told.append(f"nothing rang with {expect['rings']!r}")
    if reply.trace.failure:
        told.append(f"failure: {reply.trace.failure}")
    return told


def _slot_problems(slots: Sequence[SlotValue], expect: Mapping[str, Any]) -> Iterator[str]:
    """A value is right as it was said or as what it stands for, in any case of letters."""
    for name, wanted in (expect.get("slots") or {}).items():
        said = [{s.value, s.normalised or s.value} for s in slots if s.name == name]
        forms = [{each.casefold() for each in one} for one in said]
        values = wanted if isinstance(wanted, list) else [wanted]
        several = isinstance(wanted, list) and len(said) != len(values)
        if several or not all(any(str(v).casefold() in f for f in forms) for v in values):
            shown = " and ".join(str(one) for one in said) or "missing"
            yield f"slot {name}: {shown}, expected {wanted}"
    for name in _names(expect.get("lacks")):
        if any(slot.name == name for slot in slots):
            values = [slot.value for slot in slots if slot.name == name]
            yield f"slot {name}: {', '.join(values)}, expected none"


def _question_problems(seen: Seen, expect: Mapping[str, Any]) -> Iterator[str]:
    awaiting, pending = seen.awaiting, seen.pending
    asked = awaiting.asked if awaiting is not None else None
    slot = awaiting.slot if awaiting is not None else None
    if "asks" in expect:
        skill, _, wanted = str(expect["asks"]).rpartition(".")
        whose = pending.skill if pending is not None else ""
        if asked is not Asked.SLOT or slot != wanted or skill not in ("", whose):
            yield f"asks: {_question(awaiting)}, expected {expect['asks']}"
    if "confirms" in expect:
        confirms, wanted = asked is Asked.CONFIRM, expect["confirms"]
        right = confirms is wanted if isinstance(wanted, bool) else confirms and slot == wanted
        if not right:
            yield f"confirms: {_question(awaiting)}, expected {wanted}"
    if "which" in expect:
        options = awaiting.options if awaiting is not None else ()
        offered = {n for o in options for n in (o.skill, f"{o.skill}.{o.intent}")}
        if not {*_names(expect["which"])} <= offered:
            yield f"which: {_question(awaiting)}, expected {expect['which']}"


def _question(awaiting: Awaiting | None) -> str:
    """The question in the air, as a problem names it."""
    if awaiting is None:
        return "nothing"
    options = (awaiting.pending,) if awaiting.pending else awaiting.options
    about = " or ".join(f"{option.skill}.{option.intent}" for option in options)
    return f"{awaiting.asked} {about}{f' {awaiting.slot}' if awaiting.slot else ''}"


def _act_problems(seen: Seen, expect: Mapping[str, Any]) -> Iterator[str]:
    done = [each for each in seen.done if not _standard(each.intent, expect)]
    shown = ", ".join(map(_named, done)) or "nothing"
    if expect.get("acts") is True and not seen.acts:
        yield f"acts: did {shown}, awaits {_question(seen.awaiting)}, expected it done"
    if expect.get("acts") is False and done:
        yield f"acts: did {shown}, expected nothing"
    if "runs" not in expect:
        return
    wanted = [f"{run['skill']}.{run['intent']}" for run in expect["runs"]]
    if [*map(_named, done)] != wanted:
        yield f"runs: {shown}, expected {', '.join(wanted) or 'nothing'}"
        return
    for place, (reading, run) in enumerate(zip(done, expect["runs"], strict=True), 1):
        for problem in _slot_problems(reading.slots, run):
            yield f"run {place}: {problem}"


def _standard(intent: str, expect: Mapping[str, Any]) -> bool:
    """Whether this is a stop, help or no, which does nothing in the world, and is not asked for."""
    named = {run["intent"] for run in expect.get("runs", ())}
    return intent.startswith("AMAZON.") and intent not in named


def _named(reading: Hypothesis) -> str:
    return f"{reading.skill}.{reading.intent}"


def _names(raw: Any) -> Sequence[str]:
    """One name or several."""
    return (raw,) if isinstance(raw, str) else tuple(map(str, raw or ()))
