"""Who knows the truth: how much rewriting could repair at best, which is what a learner is held to.

any      each failed request is rewritten to the most usual phrasing of its goal that works:
         nothing that rewrites can do better
table    one rewrite for a text, whoever says it: the best for all who said it, those it hurts
         counted, too. What a table mined from everybody can do at best
floor    the same for texts that failed for so many people: what it may do with a privacy floor
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.goals import Goal, World
from sayso.evaluation.households.simulate import FIRST_DAY
from sayso.evaluation.households.truth import Kind, Share, Truth, share_of
from sayso.understanding.fold import fold


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Defect rates that rewriting could reach; `repairable`: share of defects that `any` mends.

    table: text as heard, folded -> what it is best rewritten to.
    """

    none: Share
    any: Share
    by_table: Share
    by_floor: Share
    repairable: float
    table_repairs: float
    floor_repairs: float
    table: Mapping[str, str]


def goal_of(one: Truth) -> Goal:
    """What the person wanted."""
    return Goal(one.skill, one.intent, json.loads(one.words), json.loads(one.slots), "")


def repair(world: World, assistant: Assistant, goal: Goal, at: datetime) -> str | None:
    """The most usual words for a goal that work, or None if none do."""
    if goal.skill is None:
        return None
    for phrasing in world.ways(goal)[0]:
        words = world.put(goal, phrasing)
        if world.serves(assistant.decide(words, at), goal):
            return words
    return None


def ceiling(
    world: World,
    assistant: Assistant,
    truth: Sequence[Truth],
    floor: int = 30,
) -> Ceiling:
    """What could be reached over these requests. floor: people whom a text failed."""
    import numpy as np

    rows = [one for one in truth if one.kind is Kind.REQUEST and one.right is not None]
    repairs: dict[tuple[str | None, str | None, str, str, int], str | None] = {}
    by_text: dict[str, list[int]] = defaultdict(list)
    mended = [bool(one.right) for one in rows]
    offers: dict[str, set[str]] = defaultdict(set)
    for place, one in enumerate(rows):
        text = fold(one.heard)
        by_text[text].append(place)
        if one.right:
            continue
        goal = goal_of(one)
        known = (goal.skill, goal.intent, goal.key, str(sorted(goal.said.items())), one.at_day)
        if known not in repairs:
            repairs[known] = repair(world, assistant, goal, _day(one.at_day))
        words = repairs[known]
        if words is not None:
            mended[place] = True
            offers[text].add(words)
    table: dict[str, str] = {}
    by_table, by_floor = ([bool(one.right) for one in rows] for _ in range(2))
    for text, offered in offers.items():
        mine = [rows[place] for place in by_text[text]]
        best, gain, after = _best(world, assistant, mine, offered)
        if gain > 0:
            table[text] = best
            failing = {one.user for one in mine if not one.right}
            for place, right in zip(by_text[text], after, strict=True):
                by_table[place] = right
                if len(failing) >= floor:
                    by_floor[place] = right
    people = np.array([one.person for one in rows], np.int64)
    everyone = np.ones(len(rows), bool)
    before = [bool(one.right) for one in rows]
    wrong = before.count(False) or 1

    def defects(right: Sequence[bool]) -> Share:
        return share_of(~np.array(right, bool), everyone, people)

    return Ceiling(
        none=defects(before),
        any=defects(mended),
        by_table=defects(by_table),
        by_floor=defects(by_floor),
        repairable=1 - mended.count(False) / wrong,
        table_repairs=1 - by_table.count(False) / wrong,
        floor_repairs=1 - by_floor.count(False) / wrong,
        table=table,
    )


def _best(
    world: World,
    assistant: Assistant,
    mine: Sequence[Truth],
    offers: set[str],
) -> tuple[str, int, list[bool]]:
    """The offer that serves most of these requests, how many more than before, and which."""
    before = sum(bool(one.right) for one in mine)
    found: tuple[str, int, list[bool]] = ("", 0, [])
    for words in sorted(offers):
        after = [
            world.serves(assistant.decide(words, _day(one.at_day)), goal_of(one)) for one in mine
        ]
        if sum(after) - before > found[1]:
            found = words, sum(after) - before, after
    return found


def _day(number: int) -> datetime:
    return FIRST_DAY + timedelta(days=number, hours=12)
