"""A second world for the test, made otherwise than `sessions`: nothing is fitted on it.

Single commands of other sets, another channel of noise, other times, other habits: a person says a
thing up to five times and is the likelier to say it again the more it matters; what goes wrong
depends on what was heard and not on a coin alone: a garbled request fails far more often. The log
has no signals of speaking over a reply, and a confidence for every second home only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

from benchmarks.rephrasing.mishearing import garbled
from benchmarks.rephrasing.sessions import Turn
from benchmarks.rephrasing.wishes import Stock, Wish

_PROTESTS = ("nope", "ugh", "that is not it", "wrong one", "hey", "oh come on", "turn that off")


def run_errands(wishes: Sequence[Wish], stock: Stock, chance: Random) -> list[Turn]:
    """The turns of a person with these wishes."""
    turns: list[Turn] = []
    scored = chance.random() < 0.5
    number = 0
    queue = list(wishes)
    while queue:
        wish = queue.pop(0)
        number += 1
        matters = chance.random()
        slow = False
        text = wish.text
        for tries in range(5):
            spoiled = chance.random() < 0.25
            heard = garbled(text, chance) if spoiled else text
            bad = chance.random() < (0.7 if spoiled else 0.12 if tries == 0 else 0.3)
            _log(turns, number, wish, heard, bad, slow or tries == 0, scored, stock, chance)
            if not bad or chance.random() > 0.3 + 0.6 * matters:
                break
            if chance.random() < 0.1:
                protest = chance.choice(_PROTESTS)
                other = Wish(protest, "home", "stop", "stop")
                _log(turns, -number, other, protest, False, False, scored, stock, chance)
            slow = chance.random() < 0.3
            text = stock.reworded(wish, chance) if chance.random() < 0.45 else wish.text
        like = stock.other(wish, chance)
        if like is not None and chance.random() < 0.2:
            queue.insert(0, like)
        elif len(text.split()) <= 4 and chance.random() < 0.1 and not turns[-1]["bad"]:
            queue.insert(0, wish)
    return turns


def _log(
    turns: list[Turn], number: int, wish: Wish, text: str, bad: bool, slow: bool, scored: bool,
    stock: Stock, chance: Random,
) -> None:  # fmt: skip
    gap = chance.gammavariate(2.0, 7.0) if slow else 2.0 + chance.gammavariate(1.5, 5.0)
    skill: str | None = wish.skill
    intent: str | None = wish.intent
    slots, outcome = dict(wish.slots), "act"
    if bad:
        way = chance.random()
        if way < 0.4:
            skill, intent, slots, outcome = None, None, {}, "abstain"
        elif way < 0.7 or not slots:
            skill, intent = chance.choice(stock.intents)
            slots, outcome = {}, "act" if way < 0.62 else "ask"
        else:
            name = chance.choice(sorted(slots))
            slots[name] = garbled(slots[name], chance)
    elif chance.random() < 0.07:
        outcome = "ask"
    sure = None if skill is None or not scored else chance.uniform(0.3, 0.9) + 0.1 * (not bad)
    turns.append(
        {
            "words": text,
            "gap_s": gap,
            "outcome": outcome,
            "skill": skill,
            "intent": intent,
            "slots": json.dumps(slots, sort_keys=True),
            "confidence": sure,
            "failed": chance.random() < (0.08 if bad else 0.01),
            "refused": bad and outcome == "act" and chance.random() < 0.2,
            "barge_in_ms": None,
            "wish": number,
            "bad": bad,
        }
    )
