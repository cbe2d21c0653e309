"""The installed skills as one locale sees them: everything a turn looks things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sayso.skills.builtin_intents import phrases
from sayso.types.skills import Skill
from sayso.understanding import builtin
from sayso.understanding.cards import Card, Definitions, Opened, Sentences, sentence_key
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import STANDARD, Installed
from sayso.understanding.shortlist import Examples, Index


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot; a change of the skills makes a new one.

    installed, skills: skill -> the skill itself, opened when it is asked for, and its definition.
    standard: phrases of Alexa's standard intents (stop, help, yes, ...), groups ("", intent). They
        belong to no skill, so they are kept once for all.
    names: folded invocation name -> skill id.
    sentences: `sentence_key` of every sentence that is word for word somebody's sample, sorted.
    """

    installed: Mapping[str, Installed]
    skills: Mapping[str, Skill]
    index: Index
    standard: Index
    names: Mapping[str, str]
    sentences: Sentences

    def is_sample(self, folded: str) -> bool:
        """Whether a folded sentence is word for word a sample of some skill."""
        key = np.uint64(sentence_key(folded))
        at = int(np.searchsorted(self.sentences, key))
        return at < len(self.sentences) and bool(self.sentences[at] == key)


def view_of(
    cards: Iterable[Card],
    locale: str,
    encoder: TextEncoder | None,
    old: View | None = None,
) -> View:
    """The view of these skills. old: the view before the change, whose parts are used again."""
    held = {card.skill: card for card in cards}
    builtin.prepare(locale)  # or the first "half past six" would wait for its grammar
    opened = Opened(held.values())
    sentences = [card.sentences for card in held.values()]
    return View(
        installed=opened,
        skills=Definitions(opened),
        index=Index([card.examples for card in held.values()]),
        standard=_standard(held.values(), locale, encoder, old),
        names=_names(held.values()),
        sentences=np.unique(np.concatenate(sentences)) if sentences else np.zeros(0, np.uint64),
    )


def _standard(
    cards: Iterable[Card], locale: str, encoder: TextEncoder | None, old: View | None
) -> Index:
    listed = (name for card in cards for name in card.standard)
    wanted = dict.fromkeys([*STANDARD, *listed])
    pairs = [(name, text) for name in wanted for text in phrases(name, locale)]
    if old is not None and all(("", name) in old.standard for name, _ in pairs):
        return old.standard
    heard = hear_all([text for _, text in pairs], encoder)
    vectors = [words.pooled for words in heard if words.pooled is not None]
    examples = Examples(
        "",
        [name for name, _ in pairs],
        [text for _, text in pairs],
        np.stack(vectors) if vectors else None,
    )
    return Index([examples])


def _names(cards: Iterable[Card]) -> dict[str, str]:
    """Folded invocation names; one that two skills share names neither of them."""
    names: dict[str, str] = {}
    shared = set()
    for card in cards:
        name = fold(card.invocation)
        if name and names.setdefault(name, card.skill) != card.skill:
            shared.add(name)
    return {name: skill for name, skill in names.items() if name not in shared}
