"""Days in the life of many households: a log as Sayso would keep it, and the truth beside it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.goals import Goal, World
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.mishearing import Recogniser, read_table
from sayso.evaluation.households.people import Person, Tastes, people_of
from sayso.evaluation.households.phrasings import Speech, example_speech
from sayso.evaluation.households.talk import Talk
from sayso.evaluation.households.trouble import Trouble
from sayso.evaluation.households.truth import Truth
from sayso.evaluation.households.turn import Said, Scene
from sayso.runtime.engine import Engine
from sayso.skills.templates import pieces
from sayso.types.lessons import LoggedTurn
from sayso.types.skills import Skill
from sayso.understanding.fold import fold

FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
USUAL, NO_TROUBLE = Manners(), Trouble()
Day = tuple[list[LoggedTurn], list[Truth]]


@dataclass(frozen=True, slots=True)
class Town:
    """A world and its people, before anything is said. little: answers, thanks and the like."""

    world: World
    people: Sequence[Person]
    recogniser: Recogniser
    manners: Manners
    little: Mapping[str, Sequence[str]]


def example_town(skills: Sequence[Skill], people: int, seed: int, manners: Manners = USUAL) -> Town:
    """People who live with the example home."""
    return town(example_speech(skills), skills, people, seed, manners)


def town(
    speech: Speech,
    skills: Sequence[Skill],
    people: int,
    seed: int,
    manners: Manners = USUAL,
    *,
    strict: bool = True,
) -> Town:
    """People who live with these skills and put their requests in these ways. strict: see World."""
    told = _told()
    world = World(speech, skills, beyond=told["beyond"], strict=strict)
    recogniser = Recogniser(_words_of(speech), manners.ears, read_table())
    everyone = people_of(speech, people, seed, manners)
    little = {name: told[name] for name in ("yes", "no", "thanks", "stops", "complaints")}
    return Town(world, everyone, recogniser, manners, little)


def simulate(
    town: Town,
    engine: Engine | Assistant,
    days: int,
    seed: int,
    trouble: Trouble = NO_TROUBLE,
) -> Iterator[Day]:
    """One day after the other: its rows in order of time, and their truth in the same order.

    What is wanted is the same for the same seed, whatever the engine makes of it. Between two days
    the engine may learn: its rewrites are looked up anew for every turn. An `Assistant` in place
    of the engine keeps what it has decided from one simulation to the next. People remember what
    worked, so a town serves for one simulation.
    """
    assistant = engine if isinstance(engine, Assistant) else Assistant(engine, town.world.locale)
    tastes = Tastes(town.world.speech, seed, town.manners)
    scene = Scene(town.world, assistant, town.recogniser, tastes, town.manners, town.little)
    assistant.second_thoughts.forget()  # an assistant may have served others before
    counts: dict[str, int] = defaultdict(int)
    for day in range(days):
        start = FIRST_DAY + timedelta(days=day)
        said = [one for person in town.people for one in _day_of(person, scene, start, day, seed)]
        said += trouble.said(scene, start, day, seed)
        said.sort(key=lambda one: (one.row.at, one.row.id))
        rows: list[LoggedTurn] = []
        for one in said:
            rows.append(replace(one.row, turn=counts[one.row.conversation]))
            counts[one.row.conversation] += 1
        assistant.second_thoughts.remember(rows)
        yield trouble.damaged(rows, seed + day), [replace(one.truth, at_day=day) for one in said]


def _day_of(person: Person, scene: Scene, start: datetime, day: int, seed: int) -> Iterator[Said]:
    """Everything that one person says on a day."""
    manners, name = scene.manners, f"{seed}/{day}/{person.number}"
    plan = Random(f"{name}/plan")
    if plan.random() < manners.fickle:
        person.mood += 1
    count = _poisson(person.busy / (1 + manners.follows + manners.moves), plan)
    hours = sorted(_hour(plan) + person.early_h for _ in range(count))
    free = start
    at_goal = 0
    for hour in hours:
        at = max(start + timedelta(hours=min(max(hour, 0.1), 23.5)), free)
        device = plan.choice(person.devices)
        goal: Goal | None = None
        while True:
            told = Random(f"{name}/{at_goal}")
            goal = scene.world.wish(
                person, scene.tastes, hour, start + timedelta(hours=12), manners, told, like=goal
            )
            talk = Talk(scene, person, device, goal, f"{name}/{at_goal}", at)
            yield from talk.turns()
            gap = math.exp(told.gauss(math.log(manners.next_s), manners.next_spread))
            at = talk.end + timedelta(seconds=gap)
            more = told.random()
            if more < manners.again and talk.done:
                once_more = Talk(scene, person, device, goal, f"{name}/{at_goal}/again", at)
                yield from once_more.turns()
                at = once_more.end + timedelta(seconds=gap)
            at_goal += 1
            if more < manners.follows and goal.slots:
                continue
            if more < manners.follows + manners.moves:
                goal = None
                continue
            break
        free = at + timedelta(seconds=60)


def _poisson(mean: float, chance: Random) -> int:
    """How often something happens in a day that happens so often on average."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _hour(chance: Random) -> float:
    """An hour at which somebody is awake: mornings and evenings rather than others."""
    peak = chance.choices((7.5, 13.0, 19.0), (0.3, 0.2, 0.5))[0]
    return chance.gauss(peak, 2.2)


def _words_of(speech: Speech) -> set[str]:
    """Every word that anybody may say to these skills."""
    said = {piece.text for one in speech.phrasings for piece in pieces(one.text) if not piece.slot}
    said |= {form for words in speech.words.values() for word in words for form in word.said}
    return {word for text in said for word in fold(text).split()}


def _told() -> Mapping[str, Any]:
    text = files("sayso.evaluation.households").joinpath("words.yaml").read_text(encoding="utf-8")
    told: Mapping[str, Any] = yaml.safe_load(text)
    return told
