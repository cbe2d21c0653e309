"""SGD's dialogues -> slots that a request lacks, with the values said before that may be meant.

A request is a turn of the user with which an intent becomes the active one of its service, or, once
the service was called for it, one that informs of something more (`and for Friday?`). It lasts
until the next one begins. A slot of its intent is wanted if this turn neither says it nor takes it
from what the system offered, confirmed or asked for with a value in the turn before.

Right is what the request has come to hold for the slot at its end, in any spelling, provided it is
one of the candidates: a value of the user's state at an earlier turn, of any service. So a value
that the system proposes from earlier in the dialogue and the user agrees to counts as carried, for
that is how these dialogues carry from service to service. A slot that ends empty, or with something
new, has no right candidate: to carry anything is wrong there. Distance is in turns of the user,
from the one in which the candidate was said, or last said again, to the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.sgd.reading import DONT_CARE, NO_INTENT, Dialogue, IntentSchema, Service, Turn
from sayso.dialogue.carrying.anaphors import anaphors, is_elliptical, named
from sayso.dialogue.carrying.roles import GUARDED, parts, role_of
from sayso.dialogue.carrying.spoken import MOST, TURNS
from sayso.dialogue.carrying.weigh import Offer, Wanted
from sayso.types.context import Spoken
from sayso.types.readings import SlotValue
from sayso.types.skills import Carry
from sayso.understanding.fold import fold
from sayso.understanding.heard import words

NOW = datetime(2019, 3, 1, tzinfo=UTC)
OFFERING = {"OFFER", "CONFIRM", "REQUEST"}
_GRAMMARS = {"AMAZON.DATE", "AMAZON.TIME", "AMAZON.NUMBER"}
Services = Mapping[str, Service]


@dataclass(frozen=True, slots=True)
class Want:
    """A slot that a request lacks, its candidates, and the places of those that are right.

    turn: of the user, counted from 0. beyond: the request came to hold a value that only the system
        had named before, which is no candidate.
    """

    wanted: Wanted
    offers: Sequence[Offer]
    right: frozenset[int]
    turn: int
    beyond: bool


def wants(dialogue: Dialogue, services: Services) -> Iterator[Want]:
    """All slots that the requests of a dialogue lack."""
    turns = [(before, turn) for before, turn in dialogue.user_turns]
    canonical = _canonical(dialogue)
    memory: list[Spoken] = []
    spellings: dict[tuple[str, str], frozenset[str]] = {}
    active: tuple[str, str] | None = None
    called: set[tuple[str, str]] = set()
    told: set[str] = set()  # what the system has named
    for at, (before, turn) in enumerate(turns):
        if before is not None:
            called |= {(call.service, call.method) for call in before.calls}
            named = (v for act in before.acts for v in act.values)
            told |= {_plain(v, canonical) for v in named}
        for service, intent in _requests(turn, active, called, services):
            state = _end(turns[at:], service, intent.name)
            yield from _lacking(
                service, intent, turn, before, at, memory, state, services, canonical, told
            )
        active = _active(turn) or active
        called -= {pair for pair in called if pair != active}
        _remember(memory, spellings, turn, at, services, canonical)


def kind_of(service: Service, slot: str) -> str:
    """The type that a slot would have in a skill: by its name and description, or a catalogue."""
    known, named = service.slot(slot), {*parts(slot)}
    told = {*fold(known.description).split()}
    if named & {"date"}:
        return "AMAZON.DATE"
    if named & {"time"}:
        return "AMAZON.TIME"
    if known.values and all(value.isdecimal() for value in known.values):
        return "AMAZON.NUMBER"
    if known.categorical:
        return f"{service.name}_{slot}"
    if (named | told) & {"city", "town", "area"} and "name" not in named:
        return "AMAZON.City"
    return parts(slot)[-1]


def _requests(
    turn: Turn, active: tuple[str, str] | None, called: set[tuple[str, str]], services: Services
) -> Iterator[tuple[str, IntentSchema]]:
    """The request that the turn begins, if it does."""
    now = _active(turn)
    if now is None:
        return
    intent = services[now[0]].intent(now[1])
    more = any(act.act == "INFORM" and act.service == now[0] for act in turn.acts)
    if intent is not None and (now != active or (now in called and more)):
        yield now[0], intent


def _active(turn: Turn) -> tuple[str, str] | None:
    """The service and intent that a turn is about; of two services the one that it informs of."""
    live = [
        (name, state.intent) for name, state in turn.states.items() if state.intent != NO_INTENT
    ]
    begun = {act.service for act in turn.acts if act.act == "INFORM_INTENT"}
    acted = {act.service for act in turn.acts}
    for among in (begun, acted):
        found = [pair for pair in live if pair[0] in among]
        if found:
            return found[0]
    return live[0] if len(live) == 1 else None


def _end(
    turns: Sequence[tuple[Turn | None, Turn]], service: str, intent: str
) -> Mapping[str, tuple[str, ...]]:
    """What a request holds at its end: in the last turn before another one begins."""
    held: Mapping[str, tuple[str, ...]] = {}
    for at, (before, turn) in enumerate(turns):
        state = turn.states.get(service)
        done = before is not None and any(
            (call.service, call.method) == (service, intent) for call in before.calls
        )
        more = any(act.act == "INFORM" and act.service == service for act in turn.acts)
        gone = state is None or state.intent != intent or _active(turn) != (service, intent)
        if at and (gone or (done and more)):
            break
        if state is not None:
            held = state.values
    return held


def _lacking(
    service: str,
    intent: IntentSchema,
    turn: Turn,
    before: Turn | None,
    at: int,
    memory: Sequence[Spoken],
    state: Mapping[str, tuple[str, ...]],
    services: Services,
    canonical: Mapping[str, str],
    told: set[str],
) -> Iterator[Want]:
    said = {act.slot for act in turn.acts if act.service == service and act.act == "INFORM"}
    said |= {span.slot for span in turn.spans if span.service == service}
    just = before.acts if before is not None else ()
    offered = {x.slot for x in just if x.service == service and x.act in OFFERING and x.values}
    here = services[service]
    folded = fold(turn.text)
    pointed = frozenset(role for role, _ in anaphors(folded, "en"))
    outside = [
        part
        for word in words(turn.text)
        if not any(span.start <= word.start and word.end <= span.end for span in turn.spans)
        for part in fold(word.text).split()
    ]
    roles = frozenset(
        role_of(name, kind_of(here, name)) for name in said if name and _has(here, name)
    )
    for name in intent.slots:
        if name in said or name in offered:
            continue
        wanted = Wanted(
            service,
            intent.name,
            name,
            kind_of(here, name),
            required=name in intent.required,
            changes=intent.transactional,
            agreed=intent.transactional,
            guarded=role_of(name, kind_of(here, name)) in GUARDED,
            pointed=pointed,
            named=named(folded, "en"),
            told=roles,
            elliptical=is_elliptical(folded, outside, "en"),
        )
        offers = _offers(wanted, memory, here, at)
        gold = {_plain(value, canonical) for value in state.get(name, ())} - {DONT_CARE}
        right = frozenset(
            place for place, x in enumerate(offers) if (x.spoken.value.normalised or "") in gold
        )
        yield Want(wanted, offers, right, at, not right and bool(gold & told))


def _offers(wanted: Wanted, memory: Sequence[Spoken], service: Service, at: int) -> list[Offer]:
    """What the slot could hold, the latest first."""
    catalogue = {value.casefold() for value in service.slot(wanted.name).values}
    found: list[Offer] = []
    for spoken in reversed(memory):
        kinds = {spoken.value.type, wanted.type}
        if at - spoken.turn > TURNS or (kinds & _GRAMMARS and len(kinds) > 1):
            continue
        holds = (spoken.value.normalised or "").casefold() in catalogue
        if catalogue and not holds:
            continue
        found.append(Offer(spoken, holds, latest=not found))
    return found


def _remember(
    memory: list[Spoken],
    spellings: dict[tuple[str, str], frozenset[str]],
    turn: Turn,
    at: int,
    services: Services,
    canonical: Mapping[str, str],
) -> None:
    """The values that are new in the state of this turn, or said again."""
    informed = {(act.service, act.slot) for act in turn.acts if act.act == "INFORM"}
    for service, state in turn.states.items():
        for slot, values in state.values.items():
            now = frozenset(_plain(value, canonical) for value in values)
            old = spellings.get((service, slot), frozenset())
            same = bool(now & old) and (service, slot) not in informed
            spellings[service, slot] = now
            if same or DONT_CARE in now:
                continue
            plain = sorted(now)[0]
            value = SlotValue(slot, kind_of(services[service], slot), values[0], normalised=plain)
            memory[:] = [x for x in memory if (x.skill, x.value.name) != (service, slot)]
            memory.append(Spoken(service, state.intent, value, Carry.ALWAYS, "user", at, NOW))
    del memory[:-MOST]


def _canonical(dialogue: Dialogue) -> Mapping[str, str]:
    """Spelling -> the form that service calls have."""
    return {
        spelling: act.canonical[0]
        for turn in dialogue.turns
        for act in turn.acts
        if act.canonical
        for spelling in act.values
    }


def _plain(value: str, canonical: Mapping[str, str]) -> str:
    return canonical.get(value, value).casefold()


def _has(service: Service, name: str) -> bool:
    return any(each.name == name for each in service.slots)
