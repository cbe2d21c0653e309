"""Conversations with an assistant that sometimes fails, as a log holds them, and who said it again.

A person goes through a list of wishes. A wish that failed may be said again: as it was, better
heard, in other words, shorter, or with more; at once or after "no, stop". Or it is given up, or
another is tried in its place ("play X" failed, so "play Y"). A wish that went well may be followed
by one like it, or by the very same words ("next song"). Neither is a rephrase. Times, outcomes,
confidences and spoken-over replies differ by what happened, but overlap; how much, and which of
them a home reports at all, is drawn anew for each home, so that a model cannot lean on one of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.rephrasing.wishes import Stock, Wish

REACH_S = 45.0  # between two turns of a conversation
AHEAD = 3  # later turns that are looked at
_STOPS = (
    "no", "stop", "cancel", "what", "hello", "no thats wrong", "not that", "thats not what i said",
    "never mind", "wait", "no no", "are you listening", "come on", "forget it", "quiet",
)  # fmt: skip
_SHORT = 5  # words of what may be said twice over because it is wanted twice
_SMALL = 0.15  # how much rarer a yes or a thank you fails than other things
Turn = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """How people and the assistant are in one home; shares in [0, 1], times in seconds."""

    fails: float = 0.24
    fails_again: float = 0.4
    misheard: float = 0.55  # of what fails, because it was
    misheard_well: float = 0.08  # of what goes well all the same
    again: float = 0.62  # of failures that are said again
    swapped: float = 0.14  # failures after which something like it is asked for
    stopped: float = 0.14  # rephrases that come after a word of protest
    detour: float = 0.06  # rephrases that come after another request
    alike: float = 0.16  # good turns followed by a like one
    asked: float = 0.1  # turns with a value that are followed by one word of it, as was asked for
    repeated: float = 0.15  # good turns that are said once more, and wanted once more
    act: float = 0.55  # failures that were acted upon, wrongly
    ask: float = 0.12
    doubt: float = 0.1  # good turns that do not look good: asked, refused, broken
    again_s: tuple[float, float] = (7.5, 0.7)  # median, sigma of the logarithm
    next_s: tuple[float, float] = (13.0, 0.8)
    signals: bool = True
    barge: tuple[float, float] = (0.3, 0.08)  # spoken over: failures, good turns
    sure: tuple[float, float] = (0.62, 0.76)  # mean confidence: failures, good turns
    heard: Callable[[str, Random], str] = field(default=lambda text, _: text)


def some_home(chance: Random, heard: Callable[[str, Random], str]) -> Home:
    """A home by lot."""
    near: Callable[[float, float], float] = chance.uniform
    failing = near(0.55, 0.75)
    return Home(
        near(0.14, 0.34), near(0.25, 0.55), near(0.35, 0.75), near(0.03, 0.15), near(0.45, 0.8),
        near(0.08, 0.22), near(0.05, 0.25), near(0.02, 0.12), near(0.08, 0.25), near(0.0, 0.2),
        near(0.05, 0.25),
        near(0.35, 0.75), near(0.05, 0.2), near(0.05, 0.15), (near(5, 12), near(0.5, 0.9)),
        (near(8, 18), near(0.6, 1.0)), chance.random() < 0.6, (near(0.1, 0.5), near(0.03, 0.15)),
        (failing, min(0.93, failing + near(0.0, 0.25))), heard,
    )  # fmt: skip


def converse(wishes: Sequence[Wish], stock: Stock, home: Home, chance: Random) -> list[Turn]:
    """The turns of a person with these wishes. `wish` numbers what is wanted; the log lacks it."""
    told = _Telling(stock, home, chance)
    for wish in wishes:
        well = told.want(wish)
        short = len(wish.text.split()) <= _SHORT and not wish.small
        if well and short and chance.random() < home.repeated:
            told.want(wish, words=told.turns[-1]["words"])
        if wish.said and chance.random() < home.asked:
            told.answer(wish)
        like = stock.other(wish, chance) if chance.random() < home.alike else None
        if well and like is not None:
            told.want(like)
    return told.turns


class _Telling:
    def __init__(self, stock: Stock, home: Home, chance: Random) -> None:
        self.turns: list[Turn] = []
        self._stock, self._home, self._chance = stock, home, chance
        self._number = 0

    def want(self, wish: Wish, words: str | None = None) -> bool:
        """Say it until it works or patience ends; whether it worked."""
        home, chance = self._home, self._chance
        self._number += 1
        number, wait = self._number, home.next_s
        fails = home.fails * (_SMALL if wish.small else 1.0)
        before: str | None = None
        for _ in range(4):
            bad = chance.random() < fails
            text = words or self._put(wish, before, bad)
            self._log(number, wish, text, bad, wait)
            if not bad:
                return True
            before, words, fails, wait = text, None, home.fails_again, home.again_s
            what = chance.random()
            if what < home.again:
                if chance.random() < home.stopped:
                    self._protest()
                elif chance.random() < home.detour:
                    self._between()
            elif what < home.again + home.swapped:
                like = self._stock.other(wish, chance)
                if like is not None:
                    self._number += 1
                    self._log(self._number, like, like.text, chance.random() < fails, wait)
                return False
            else:
                return False
        return False

    def answer(self, wish: Wish) -> None:
        """Say one of the values, because it was asked for."""
        name = self._chance.choice(sorted(wish.said))
        self._number += 1
        self._log(self._number, wish, wish.said[name], self._chance.random() < 0.1, (6.0, 0.5))

    def _put(self, wish: Wish, before: str | None, bad: bool) -> str:
        """The words of a try; `before` are those of the try before."""
        home, chance = self._home, self._chance
        way = chance.random()
        if before is None:
            text = wish.text if way < 0.6 else self._stock.reworded(wish, chance)
        elif way < 0.4:
            text = wish.text
        elif way < 0.5:
            return before
        elif way < 0.62 and wish.said:
            text = _shortened(wish, chance)
        else:
            text = self._stock.reworded(wish, chance)
        if chance.random() < (home.misheard if bad else home.misheard_well):
            text = home.heard(text, chance) or text
        return text

    def _protest(self) -> None:
        text = self._chance.choice(_STOPS)
        self._number += 1
        wish = Wish(text, "sayso", "Stop", "stop")
        self._log(self._number, wish, text, self._chance.random() < 0.5, self._home.again_s)

    def _between(self) -> None:
        other = self._chance.choice(self._stock.wishes)
        self._number += 1
        self._log(self._number, other, other.text, self._chance.random() < 0.2, self._home.again_s)

    def _log(
        self, number: int, wish: Wish, text: str, bad: bool, wait: tuple[float, float]
    ) -> None:
        home, chance = self._home, self._chance
        outcome = "act"
        if bad:
            way = chance.random()
            outcome = "act" if way < home.act else "ask" if way < home.act + home.ask else "abstain"
        elif chance.random() < home.doubt:
            outcome = chance.choice(("ask", "ask", "act", "abstain"))
        skill, intent, slots = self._read(wish, text, bad, outcome)
        mean = home.sure[0 if bad else 1] - (0.25 if outcome != "act" else 0.0)
        confidence = chance.betavariate(6 * mean, 6 * (1 - mean))
        barged = home.signals and chance.random() < home.barge[0 if bad else 1]
        self.turns.append(
            {
                "words": text,
                "gap_s": min(120.0, chance.lognormvariate(0.0, wait[1]) * wait[0]),
                "outcome": outcome,
                "skill": skill,
                "intent": intent,
                "slots": json.dumps(slots, sort_keys=True),
                "confidence": None if skill is None else confidence,
                "failed": chance.random() < (0.06 if bad else 0.01),
                "refused": outcome == "act" and chance.random() < (0.15 if bad else 0.02),
                "barge_in_ms": chance.lognormvariate(7.3, 0.6) if barged else None,
                "wish": number,
                "bad": bad,
            }
        )

    def _read(
        self, wish: Wish, text: str, bad: bool, outcome: str
    ) -> tuple[str | None, str | None, dict[str, str]]:
        """How the assistant read it: skill, intent and slots."""
        chance = self._chance
        if outcome == "abstain":
            return None, None, {}
        if not bad:
            return wish.skill, wish.intent, dict(wish.slots)
        if chance.random() < 0.55 or not wish.slots:
            if chance.random() < 0.15:  # rightly read, and yet not what was wanted
                return wish.skill, wish.intent, dict(wish.slots)
            skill, intent = chance.choice(self._stock.intents)
            return skill, intent, {}
        slots, name = dict(wish.slots), chance.choice(sorted(wish.slots))
        if chance.random() < 0.4:
            del slots[name]
        else:
            other = self._stock.other(wish, chance)
            wrong = other.slots.get(name, "") if other else ""
            slots[name] = wrong if chance.random() < 0.4 else self._home.heard(slots[name], chance)
        return wish.skill, wish.intent, slots


def _shortened(wish: Wish, chance: Random) -> str:
    """Only what matters: the values and one or two other words, in their order."""
    kept = {word for words in wish.said.values() for word in words.split()}
    rest = sorted((word for word in set(wish.text.split()) - kept), key=lambda word: -len(word))
    kept |= set(rest[: chance.choice((1, 2))])
    return " ".join(word for word in wish.text.split() if word in kept)


_COLUMNS = (
    "words", "outcome", "skill", "intent", "slots", "confidence", "failed", "refused",
    "barge_in_ms",
)  # fmt: skip


def _same(turn: Turn, later: Turn) -> bool:
    """Whether the turn failed and the later one says the same."""
    return bool(turn["bad"] and later["wish"] == turn["wish"])


def windows(
    dialogues: Sequence[Sequence[Turn]], same: Callable[[Turn, Turn], bool] = _same
) -> dict[str, list[Any]]:
    """A row for each turn that has a later one in reach: columns as `feedback.rephrased` reads.

    Besides: `dialogue`, its number, and `truth`: 1 to AHEAD, the first later turn that says the
    same again, by `same`; 0 for none.
    """
    names = [f"{name}_{k}" for k in range(AHEAD + 1) for name in (*_COLUMNS, "gap_s")]
    rows: dict[str, list[Any]] = {name: [] for name in (*names, "language", "dialogue", "truth")}
    for number, turns in enumerate(dialogues):
        for at, turn in enumerate(turns):
            later: list[tuple[Turn, float]] = [(turn, 0.0)]
            for after in turns[at + 1 : at + 1 + AHEAD]:
                if after["gap_s"] > REACH_S:
                    break
                later.append((after, later[-1][1] + after["gap_s"]))
            if len(later) == 1:
                continue
            for k in range(AHEAD + 1):
                here, gap = later[k] if k < len(later) else (None, None)
                for name in _COLUMNS:
                    rows[f"{name}_{k}"].append(None if here is None else here[name])
                rows[f"gap_s_{k}"].append(gap)
            again = [k for k, (x, _) in enumerate(later) if k and same(turn, x)]
            rows["truth"].append(again[0] if again else 0)
            rows["dialogue"].append(number)
            rows["language"].append("en")
    return rows
