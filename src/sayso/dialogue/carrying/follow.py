"""Sentences that are no request by themselves, but are after what was said before.

going on        `and tomorrow?`, `what about Paris`: what was done last, with another value
pointing back   `cancel it`: the words mean something once the value stands in their place
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sayso.dialogue.carrying.anaphors import anaphors, lead
from sayso.dialogue.carrying.candidates import is_meant, whence
from sayso.dialogue.carrying.roles import Role, role_of
from sayso.dialogue.carrying.spoken import lately
from sayso.dialogue.carrying.weigh import Alike
from sayso.dialogue.said import said_of
from sayso.types.context import Context, Spoken
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue, Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.heard import words
from sayso.understanding.installed import Installed

THINGS = frozenset({Role.THING, Role.LOCK, Role.MONEY})  # what `it` may be
TRIES = 2  # values that are put in the place of what points back
_ENDS = " .?!…。？！।"
Again = Callable[[Utterance], Decision]


def going_on(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """What was done last with the values that were said now; None where more was said than values.

    Only while nothing is open: a question and a session have answers of their own.
    """
    done = context.done
    if done is None or context.awaiting is not None or context.active is not None:
        return None
    held = installed.get(done.skill)
    intent = held.language.intent(done.intent) if held is not None else None
    tongue = context.locale.split("-")[0]
    begun = lead(fold(heard.utterance.text), tongue)
    if held is None or intent is None or not begun:
        return None
    at = _after(heard, begun)
    text = heard.utterance.text[at:].rstrip(_ENDS)
    rest = Heard(replace(heard.utterance, text=text), words(text))
    said = said_of(rest, done, held, context)
    if not (said.plain and said.values) or said.denied:
        return None
    new = [replace(x, start=(x.start or 0) + at, end=(x.end or 0) + at) for x in said.values]
    names = {each.name for each in new}
    kept = {
        (each.value.name, _key(each.value)): each
        for each in lately(context)
        if (each.skill, each.intent) == (done.skill, done.intent)
    }
    old = [x for x in done.slots if x.name not in names and (x.name, _key(x)) in kept]
    whences = {x.name: whence(kept[x.name, _key(x)], context) for x in old}
    return replace(
        done,
        slots=(*(replace(x, start=None, end=None) for x in old), *new),
        carried={name: f"{each}; the sentence goes on from it" for name, each in whences.items()},
        confidence=1.0,
    )


def pointing_back(
    heard: Heard,
    context: Context,
    decision: Decision,
    installed: Mapping[str, Installed],
    alike: Alike,
    again: Again,
) -> Decision | None:
    """The decision on the words with a value from before in the place of what points back to it.

    Asked where the words alone are not acted upon. None where that is no better, where the words
    alone come nowhere near it (`double it` converts no miles), or where the slot that takes the
    value is hardly one for it.
    """
    near = {(x.skill, x.intent) for x in decision.hypotheses}
    if decision.outcome is Outcome.ACT or context.awaiting is not None or not context.spoken:
        return None
    text = heard.utterance.text
    for role, spoken, start, end in _places(text, context):
        value = spoken.value.value
        before = _before(text[start:end], role)
        put = f"{text[:start]}{before}{value}{text[end:]}"
        found = again(replace(heard.utterance, text=put))
        chosen = found.chosen
        first = start + len(before)
        taker = _taker(chosen, first, first + len(value)) if chosen is not None else None
        if chosen is None or taker is None or (chosen.skill, chosen.intent) not in near:
            continue
        if not is_meant(spoken, chosen, taker, role, context, installed, alike):
            continue
        why = f"{whence(spoken, context)}; words point back to it"
        gone = (start, first + len(value), end)

        def told(each: Hypothesis, gone: tuple[int, int, int] = gone, why: str = why) -> Hypothesis:
            return _put_back(each, *gone, why)

        return replace(
            found,
            chosen=told(chosen),
            options=tuple(map(told, found.options)),
            hypotheses=tuple(map(told, found.hypotheses)),
            reason=f'"{text[start:end]}" is {value}; {found.reason}',
        )
    return None


def _after(heard: Heard, begun: str) -> int:
    """Where the sentence goes on after its first words."""
    left = len(begun.split())
    for word in heard.words:
        if left <= 0 and fold(word.text):
            return word.start
        left -= len(fold(word.text).split())
    return len(heard.utterance.text)


def _places(text: str, context: Context) -> Iterator[tuple[Role, Spoken, int, int]]:
    """Values that words may point back to, the latest first, and where these words stand."""
    tongue = context.locale.split("-")[0]
    tried = 0
    for role, said in anaphors(fold(text), tongue):
        found = re.search(rf"\b{re.escape(said)}\b", text, re.IGNORECASE)
        if found is None:
            continue
        for spoken in reversed(lately(context)):
            of = role_of(spoken.value.name, spoken.value.type)
            fits = of is role or (role is Role.THING and of in THINGS)
            if fits and tried < TRIES:
                tried += 1
                yield role, spoken, *found.span()


def _before(said: str, role: Role) -> str:
    """What a value needs before it where those words stood: `there` is a place and its preposition.

    English and German have the same one.
    """
    return "in " if role is Role.PLACE and not said.casefold().startswith("that ") else ""


def _taker(chosen: Hypothesis, start: int, end: int) -> str | None:
    """The slot that has the value that was put in, as a value of its own."""
    within = (
        x.name
        for x in chosen.slots
        if x.start is not None and x.end is not None and x.start <= start < end <= x.end
    )
    return next(within, None)


def _put_back(each: Hypothesis, start: int, end: int, before: int, why: str) -> Hypothesis:
    """A reading of the words that were put together, as one of those that were said.

    [start, end) is where the value was put, in the place of [start, before).
    """
    slots, carried = [], dict(each.carried)
    for x in each.slots:
        if x.start is None or x.end is None or x.end <= start:
            slots.append(x)
        elif x.start >= end:
            slots.append(replace(x, start=x.start + before - end, end=x.end + before - end))
        else:
            slots.append(replace(x, start=None, end=None))
            carried[x.name] = why
    return replace(each, slots=tuple(slots), carried=carried)


def _key(value: SlotValue) -> str:
    return (value.normalised or value.value).casefold()
