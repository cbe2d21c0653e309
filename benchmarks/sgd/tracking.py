"""Trackers of states: each reads a frame, a service in a turn of the user, and is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import thread_time

from benchmarks.sgd.following import Follow
from benchmarks.sgd.metrics import FrameScore, score
from benchmarks.sgd.reading import Dialogue, Service
from sayso.understanding.contract import Heard
from sayso.understanding.described.past import Past
from sayso.understanding.described.read import Reader
from sayso.understanding.described.slots import DescribedSkill

# heard, service, past -> intent, and all values of the state
Tracker = Callable[[Heard, str, Past], tuple[str | None, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Tracked:
    """A frame that was read: its score, and the milliseconds of the processor that it took."""

    dialogue: str
    turn: int
    score: FrameScore
    milliseconds: float
    intent: str | None
    values: Mapping[str, str]


def tracked(
    dialogues: Sequence[Dialogue],
    heard: Mapping[str, Heard],
    services: Mapping[str, Service],
    skills: Mapping[str, DescribedSkill],
    tracker: Tracker,
    follow: Callable[[Mapping[str, DescribedSkill]], Follow] = Follow,
) -> list[Tracked]:
    """Every frame, each on top of what was read of the turns before it, right or wrong."""
    found = []
    for dialogue in dialogues:
        state = follow(skills)
        for before, turn in dialogue.user_turns:
            state.system(before)
            pasts = {service: state.past(service) for service in turn.states}
            for service, truth in turn.states.items():
                began = thread_time()
                intent, values = tracker(heard[turn.text], service, pasts[service])
                took = 1000 * (thread_time() - began)
                state.note(service, intent, values)
                frame = score(services[service], truth, intent, values)
                found.append(Tracked(dialogue.id, turn.number, frame, took, intent, values))
    return found


def by_reader(reader: Reader, skills: Mapping[str, DescribedSkill]) -> Tracker:
    """What the package has learnt of described slots."""

    def track(heard: Heard, service: str, past: Past) -> tuple[str | None, Mapping[str, str]]:
        read = reader.read(heard, skills[service], past)
        values = {slot: found.value for slot, found in read.found.items()}
        return read.intent, {**past.filled, **values}

    return track


def nothing(heard: Heard, service: str, past: Past) -> tuple[str | None, Mapping[str, str]]:
    """No intent and no values."""
    del heard, service, past
    return None, {}


def always_carry(
    skills: Mapping[str, DescribedSkill],
) -> Tracker:
    """No word is read: all that the system names is taken, and what slots of the same name have.

    The intent is the first of the skill, or the one that the system proposed.
    """

    def track(heard: Heard, service: str, past: Past) -> tuple[str | None, Mapping[str, str]]:
        del heard
        skill = skills[service]
        carried = {
            each.slot.slot.name: each.value
            for each in past.known
            if each.slot.slot.name in skill.places
        }
        named = {offer.slot: offer.value for offer in past.offers}
        intent = past.proposed or past.intent or skill.intents[0].name
        return intent, {**carried, **past.filled, **named}

    return track
