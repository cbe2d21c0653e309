"""The installed skills as one locale sees them: everything a turn looks things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sayso import memory
from sayso.skills.builtin_intents import phrases
from sayso.types.skills import Skill
from sayso.understanding import builtin
from sayso.understanding.cards import Card, Definitions, Opened, Sentences
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed
from sayso.understanding.lessons import STANDARD
from sayso.understanding.shortlist import Evidence, Examples, Index
from sayso.understanding.shortlist.words import Rarity, key
from sayso.understanding.stock import Lent, Stock
from sayso.understanding.turning import scoring_for


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot; a change of the skills makes a new one.

    installed, skills: skill -> the skill itself, opened when it is asked for, and its definition.
    standard: phrases of Alexa's standard intents (stop, help, yes, ...). They belong to no skill,
        so they are kept once for all, and searched in `standards`.
    names: of the skills in memory, folded invocation name -> skill id, None for a name that two
        share; sentences: `key` of every sentence that is word for word a sample of theirs, sorted.
    lent: the skills in the bundle's register, or None.
    """

    installed: Mapping[str, Installed]
    skills: Mapping[str, Skill]
    index: Index
    standard: Examples
    standards: Index
    names: Mapping[str, str | None]
    sentences: Sentences
    lent: Lent | None = None

    def is_sample(self, folded: str) -> bool:
        """Whether a folded sentence is word for word a sample of some skill."""
        wanted = np.uint64(key(folded))
        at = int(np.searchsorted(self.sentences, wanted))
        here = at < len(self.sentences) and bool(self.sentences[at] == wanted)
        return here or (self.lent is not None and self.lent.is_sample(folded))

    def named(self, folded: str) -> str | None:
        """The skill that has this invocation name, where no other has it."""
        lent = self.lent.named(folded) if self.lent is not None else None
        if folded not in self.names:
            return lent
        return self.names[folded] if lent is None else None

    def beside_standard(self, heard: Heard) -> Evidence:
        """What speaks for the standard phrases."""
        return self.standards.search(heard, 1).evidence[self.standard.skill]


def view_of(
    stock: Stock, locale: str, encoder: TextEncoder | None, old: View | None = None
) -> View:
    """The view of these skills. old: the view before the change, whose parts are used again."""
    cards = stock.speaking(locale)
    tongue = locale.split("-")[0]
    lent = Lent(stock, locale) if tongue in stock.registers else None
    return _view(cards, lent, stock.rarities.get(tongue), locale, encoder, old)


def _view(
    cards: list[Card],
    lent: Lent | None,
    rarity: Rarity | None,
    locale: str,
    encoder: TextEncoder | None,
    old: View | None,
) -> View:
    builtin.prepare(locale)  # or the first "half past six" would wait for its grammar
    memory.give_back()  # what reading the lists took
    opened = Opened(cards, lent)
    sentences = [card.sentences for card in cards]
    standard = _standard(cards, lent, locale, encoder, old)
    same = old is not None and old.standard is standard
    return View(
        installed=opened,
        skills=Definitions(opened),
        index=Index(
            [card.examples for card in cards],
            registered=lent.registered if lent is not None else None,
            rarity=rarity,
            scoring=scoring_for(encoder),
            old=old.index if old is not None else None,
        ),
        standard=standard,
        standards=old.standards if old is not None and same else Index([standard]),
        names=_names(cards),
        sentences=np.sort(np.concatenate(sentences)) if sentences else np.zeros(0, np.uint64),
        lent=lent,
    )


def _standard(
    cards: Iterable[Card],
    lent: Lent | None,
    locale: str,
    encoder: TextEncoder | None,
    old: View | None,
) -> Examples:
    listed = [name for card in cards for name in card.standard]
    more = lent.registered.register.standard if lent is not None else ()
    wanted = dict.fromkeys([*STANDARD, *listed, *more])
    pairs = [(name, text) for name in wanted for text in phrases(name, locale)]
    if old is not None and {name for name, _ in pairs} <= set(old.standard.intents):
        return old.standard
    heard = hear_all([text for _, text in pairs], encoder)
    vectors = [words.pooled for words in heard if words.pooled is not None]
    return Examples(
        "",
        [name for name, _ in pairs],
        [text for _, text in pairs],
        np.stack(vectors) if vectors else None,
    )


def _names(cards: Iterable[Card]) -> dict[str, str | None]:
    """Folded invocation names; one that two skills share names neither of them."""
    names: dict[str, str | None] = {}
    for card in cards:
        name = fold(card.invocation)
        if name and names.setdefault(name, card.skill) != card.skill:
            names[name] = None
    return names
