"""SGD's tables as dataclasses: dialogues of turns, with acts, spans, states and service calls.

    train = dialogues(data / "dialogues/sgd/train.parquet", every=10)
    services = schema(data / "dialogues/sgd/schema_train.json")

The tables are described in the README of the data: one row a turn, with JSON in its columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

NO_INTENT = "NONE"  # a service that is not used (any more) in a turn has this for its intent
DONT_CARE = "dontcare"


@dataclass(frozen=True, slots=True)
class SlotSchema:
    """A slot of a service; `values` of a categorical one are all that it can have."""

    name: str
    description: str
    categorical: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentSchema:
    """An intent of a service; optional: slot -> what it has where nobody says anything."""

    name: str
    description: str
    transactional: bool = False
    required: tuple[str, ...] = ()
    optional: Mapping[str, str] | None = None
    results: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the slots that a person may fill: the required ones, then the optional."""
        return (*self.required, *(self.optional or ()))


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its schema describes it: what we call a skill."""

    name: str
    description: str
    slots: tuple[SlotSchema, ...]
    intents: tuple[IntentSchema, ...]

    def slot(self, name: str) -> SlotSchema:
        """The slot of that name. Raises KeyError where there is none."""
        for each in self.slots:
            if each.name == name:
                return each
        raise KeyError(f'{self.name}: no slot "{name}"')

    def intent(self, name: str) -> IntentSchema | None:
        """The intent of that name; None for `NONE` and for unknown ones."""
        return next((each for each in self.intents if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Act:
    """What one side does in a turn: `INFORM city [London]`.

    act: INFORM, REQUEST, CONFIRM, OFFER, AFFIRM, SELECT, INFORM_INTENT, ... as in the paper.
    slot: None for acts about no slot; `intent` for those about an intent, `count` for INFORM_COUNT.
    values: as said; canonical: as a service call has them (empty where that is the same).
    """

    service: str
    act: str
    slot: str | None = None
    values: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a turn's text that are a value of a non-categorical slot."""

    service: str
    slot: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """What the user wants of one service, up to and including a turn of theirs.

    intent: the active one, or `NONE`. requested: slots that they ask about in this turn.
    values: slot -> all spellings so far of its current value; any of them is right.
    """

    intent: str
    requested: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call that the system made before it spoke."""

    service: str
    method: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a turn has to do with one service. state: of user turns alone."""

    service: str
    acts: tuple[Act, ...]
    spans: tuple[Span, ...]
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One side speaks. The user begins and the two take turns.

    acts, spans: of all services. states: service -> state, for each service of a user's turn.
    calls: made before the system spoke; results: how many rows they gave, None without a call.
    """

    number: int
    by_user: bool
    text: str
    acts: tuple[Act, ...]
    spans: tuple[Span, ...]
    states: Mapping[str, State]
    calls: tuple[ServiceCall, ...] = ()
    results: int | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """Services that the turn is about, in the order in which the turn names them."""
        named = [*self.states, *(act.service for act in self.acts)]
        return tuple(dict.fromkeys([*named, *(span.service for span in self.spans)]))

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The turn by service: one frame for each of `services`."""
        return tuple(self.frame(service) for service in self.services)

    def frame(self, service: str) -> Frame:
        """What the turn has to do with that service; an empty frame where it is nothing."""
        return Frame(
            service,
            tuple(act for act in self.acts if act.service == service),
            tuple(span for span in self.spans if span.service == service),
            self.states.get(service),
        )


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A whole conversation; services: all that it uses, in the order of the source."""

    id: str
    services: tuple[str, ...]
    turns: tuple[Turn, ...]

    @property
    def user_turns(self) -> Iterator[tuple[Turn | None, Turn]]:
        """Each turn of the user with the system's before it (None before the first)."""
        before: Turn | None = None
        for turn in self.turns:
            if turn.by_user:
                yield before, turn
            else:
                before = turn


def schema(path: Path) -> dict[str, Service]:
    """The services of a schema file, by name."""
    written = json.loads(path.read_text(encoding="utf-8"))
    return {each["service_name"]: _service(each) for each in written}


def dialogues(path: Path, *, every: int = 1) -> list[Dialogue]:
    """The dialogues of a table, in the order of their ids; only every n-th of them with `every`.

    Takes what `test` installs (pyarrow).
    """
    from pyarrow import parquet

    table = parquet.read_table(path)
    kept = set(sorted(set(table.column("dialogue_id").to_pylist()))[::every])
    rows = [row for row in table.to_pylist() if row["dialogue_id"] in kept]
    rows.sort(key=lambda row: (row["dialogue_id"], row["turn"]))
    return [_dialogue(id, list(each)) for id, each in groupby(rows, lambda row: row["dialogue_id"])]


def _dialogue(id: str, rows: Sequence[Mapping[str, Any]]) -> Dialogue:
    services = dict.fromkeys(name for row in rows for name in row["services"] or ())
    return Dialogue(id, tuple(services), tuple(map(_turn, rows)))


def _turn(row: Mapping[str, Any]) -> Turn:
    states = _json(row["state"]) or {}
    calls = _json(row["service_call"]) or []
    return Turn(
        number=row["turn"],
        by_user=row["speaker"] == "user",
        text=row["text"],
        acts=tuple(map(_act, _json(row["actions"]) or ())),
        spans=tuple(Span(**span) for span in _json(row["slots"]) or ()),
        states={name: _state(state) for name, state in states.items()},
        calls=tuple(ServiceCall(**call) for call in calls),
        results=row["service_results_n"],
    )


def _act(node: Mapping[str, Any]) -> Act:
    # The table leaves `canonical` out where it is the values, word for word.
    values, canonical = node.get("values") or (), node.get("canonical") or ()
    return Act(node["service"], node["act"], node.get("slot"), tuple(values), tuple(canonical))


def _state(node: Mapping[str, Any]) -> State:
    values = {slot: tuple(spellings) for slot, spellings in node["values"].items()}
    return State(node["intent"], tuple(node["requested"]), values)


def _service(node: Mapping[str, Any]) -> Service:
    slots = tuple(
        SlotSchema(x["name"], x["description"], x["is_categorical"], tuple(x["possible_values"]))
        for x in node["slots"]
    )
    intents = tuple(
        IntentSchema(
            x["name"],
            x["description"],
            x["is_transactional"],
            tuple(x["required_slots"]),
            x["optional_slots"],
            tuple(x["result_slots"]),
        )
        for x in node["intents"]
    )
    return Service(node["service_name"], node["description"], slots, intents)


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
