"""All installed skills: those in the registers of a bundle, and those that were added since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Protocol

from sayso.understanding.cards import Card
from sayso.understanding.doubt import Refused
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import Register, Registered


class Lender(Protocol):
    """Opens what stands in a register; `sayso.runtime.load` has the real one."""

    @property
    def skills(self) -> Collection[str]:
        """Ids of all skills that it can open."""

    def cards(self, skill: str) -> Sequence[Card]:
        """The cards of a skill, one a locale. Raises KeyError for an unknown id."""

    def open(self, skill: str, locale: str) -> Installed:
        """A skill in one of its locales."""


@dataclass(frozen=True, slots=True, eq=False)
class Stock(Mapping[str, Installed]):
    """Skill -> the skill, in the first of its languages. A snapshot; a change makes a new one.

    cards: of the skills in memory, one a locale; registers: tongue -> what else is installed.
    gone: skills in a register that were changed or removed since it was written.
    lender: opens what is in the registers; None where there are none.
    rarities: registers that only tell how rare words are: all their skills are in memory.
    refused: (skill, locale) -> what the skill has turned down, of those in the registers.
    """

    cards: Mapping[str, Sequence[Card]] = field(default_factory=dict)
    registers: Mapping[str, Register] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    lender: Lender | None = None
    rarities: Mapping[str, Register] = field(default_factory=dict)
    refused: Mapping[tuple[str, str], Refused] = field(default_factory=dict)

    def __contains__(self, skill: object) -> bool:
        lent = self.lender is not None and skill in self.lender.skills
        return skill in self.cards or (lent and skill not in self.gone)

    def __iter__(self) -> Iterator[str]:
        lent = self.lender.skills if self.lender is not None else ()
        return chain((skill for skill in lent if skill not in self.gone), self.cards)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, skill: str) -> Installed:
        return self.of(skill)[0].open()

    def of(self, skill: str) -> Sequence[Card]:
        """The cards of a skill, one a locale. Raises KeyError for an unknown id."""
        if skill in self.cards or self.lender is None or skill in self.gone:
            return self.cards[skill]
        return self.lender.cards(skill)

    def put(self, skill: str, cards: Sequence[Card]) -> Stock:
        """The stock with this skill, in the place of one with its id."""
        return replace(self, cards={**self.cards, skill: cards}, gone=self.gone | {skill})

    def without(self, skill: str) -> Stock:
        """The stock without a skill."""
        left = {name: cards for name, cards in self.cards.items() if name != skill}
        return replace(self, cards=left, gone=self.gone | {skill})

    def speaking(self, locale: str) -> list[Card]:
        """Every skill in memory that speaks a locale, in the language that serves it."""
        return [near for cards in self.cards.values() if (near := _near(cards, locale))]

    @property
    def locales(self) -> Iterator[str]:
        """Every locale that some skill speaks."""
        return chain(
            (locale for register in self.registers.values() for locale in register.locales),
            (card.locale for cards in self.cards.values() for card in cards),
        )


class Lent(Mapping[str, Installed]):
    """The skills of a register that serve a locale, opened when they are asked for."""

    def __init__(self, stock: Stock, locale: str) -> None:
        tongue = locale.split("-")[0]
        register, lender = stock.registers[tongue], stock.lender
        assert lender is not None
        self._lender = lender
        self._gone = stock.gone
        self.registered = Registered(register, register.serving(locale, stock.gone))
        refused = {
            skill: said for (skill, of), said in stock.refused.items() if self._locale(skill) == of
        }
        self.registered = replace(self.registered, refused=refused)

    def __getitem__(self, skill: str) -> Installed:
        locale = self._locale(skill)
        if locale is None:
            raise KeyError(skill)
        return self._lender.open(skill, locale)

    def __contains__(self, skill: object) -> bool:
        return isinstance(skill, str) and self._locale(skill) is not None

    def __iter__(self) -> Iterator[str]:
        return (skill for skill in self._lender.skills if skill in self)

    def __len__(self) -> int:
        return int(self.registered.serving.sum())

    def is_sample(self, folded: str) -> bool:
        """Whether a folded sentence is word for word a sample of some skill in the register."""
        return self.registered.register.is_sample(folded)

    def named(self, folded: str) -> str | None:
        """The skill whose invocation name this is."""
        register, serving = self.registered.register, self.registered.serving
        unit = register.named(folded)
        return register.skill(unit) if unit is not None and serving[unit] else None

    def _locale(self, skill: str) -> str | None:
        register, serving = self.registered.register, self.registered.serving
        unit = next((at for at in register.units(skill) if serving[at]), None)
        return register.locale(unit) if unit is not None else None


def _near(cards: Sequence[Card], locale: str) -> Card | None:
    """A skill in the locale asked for, else in one of the same tongue, else None."""
    tongue = locale.split("-")[0]
    same = [card for card in cards if card.locale == locale]
    near = [card for card in cards if card.locale.split("-")[0] == tongue]
    return next(iter(same + near), None)


def stock_of(cards: Iterable[Card]) -> Stock:
    """The stock of these cards alone."""
    held: dict[str, list[Card]] = {}
    for card in cards:
        held.setdefault(card.skill, []).append(card)
    return Stock(held)
