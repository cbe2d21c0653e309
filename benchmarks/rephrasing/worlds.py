"""The conversations that rephrase detection is fitted on, and those that it is tested on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from scripts.make_defects import mixed

from benchmarks.rephrasing.errands import run_errands
from benchmarks.rephrasing.households import households, towns
from benchmarks.rephrasing.mishearing import Ear
from benchmarks.rephrasing.sessions import Home, Turn, converse, some_home, windows
from benchmarks.rephrasing.wishes import Stock, Wish, commands, dialogues
from sayso.evaluation.households.simulate import USUAL

SETS = ("hwu64", "slurp", "snips")
_A_HOME = 40  # dialogues of one home
World = dict[str, list[Any]]


def fitting(data: Path) -> list[list[World]]:
    """Two kinds: dialogues of SGD's train part and strings of commands, in homes by lot; towns."""
    wishes = dialogues(data / "dialogues/sgd/train.parquet", share=0.35)
    turns = _lived(wishes, Stock(w for one in wishes for w in one), seed=1)
    stock = Stock(commands(data / f"nlu/{name}/train.parquet" for name in SETS))
    turns += _lived(_strung(stock, 5000, seed=5), stock, seed=3)
    usual = [(seed, USUAL) for seed in range(12, 15)]
    kinds = [(seed, mixed(seed)) for seed in range(20, 28)]
    lived = towns(data, "hwu64", usual, people=250, days=4)
    lived += towns(data, "hwu64", kinds, people=200, days=4)
    return [[windows(turns)], lived]


def example_home(data: Path) -> World:
    """The households of `evaluation`, told apart in skills, phrasings and seed from those above."""
    return households(data, people=400, days=6, seed=11)


def same_world(data: Path) -> World:
    """Dialogues of SGD's validation part, other homes of the same kind."""
    wishes = dialogues(data / "dialogues/sgd/validation.parquet")
    return windows(_lived(wishes, Stock(w for one in wishes for w in one), seed=2))


def other_world(data: Path) -> World:
    """Commands of other people's validation parts, told by `errands`: another kind of home."""
    stock = Stock(commands(data / f"nlu/{name}/validation.parquet" for name in SETS))
    strings = _strung(stock, 3000, seed=6)
    return windows([run_errands(x, stock, Random(f"7/{n}")) for n, x in enumerate(strings)])


def _lived(wishes: Sequence[Sequence[Wish]], stock: Stock, seed: int) -> list[list[Turn]]:
    ear, found, home = Ear(stock.words), [], Home()
    for number, dialogue in enumerate(wishes):
        chance = Random(f"{seed}/{number}")
        if number % _A_HOME == 0:
            home = some_home(chance, ear.misheard_text)
        found.append(converse(dialogue, stock, home, chance))
    return found


def _strung(stock: Stock, count: int, seed: int) -> list[list[Wish]]:
    chance = Random(seed)
    return [chance.sample(stock.wishes, chance.randrange(2, 9)) for _ in range(count)]
