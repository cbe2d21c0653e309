"""The grammar that a language keeps in its notes -> `Grammar`.

Notes are written by importers, but anybody may send a skill: what is of another form is passed
over.

    intents:   grammar: [{say: [template], of: {key: [value]}, not_of: ..., words: [word],
                          place: slot}], or a template alone
    language:  grammar: {rules: {name: template}, skip: [words]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from sayso.skills.grammar import Mark, Node, read
from sayso.skills.restore import notes
from sayso.types.skills import Intent, Language
from sayso.understanding.grammars.accept import Entry, Grammar
from sayso.understanding.grammars.network import Facts, Network, SlotArc
from sayso.understanding.grammars.tokens import tokens
from sayso.understanding.grammars.values import Lexicon, is_range

NOTE = "grammar"


def grammar_of(language: Language) -> Grammar | None:
    """The grammar that a language keeps, None where it keeps none.

    A template that cannot be taken is left out: its samples teach what it says all the same.
    """
    if not any(NOTE in notes(intent.extra) for intent in language.intents):
        return None
    kept = _mapping(notes(language.extra).get(NOTE))
    rules = _read_all(_mapping(kept.get("rules")))
    lexicon, network = Lexicon(language), Network()
    entries: list[Entry] = []
    for intent in language.intents:
        for block in _blocks(intent):
            entries.append(_entry(intent, block))
            arc = partial(_arc, intent, entries[-1], lexicon)
            for template in _texts(block.get("say")):
                with suppress(ValueError):
                    network.add(read(template), rules, arc, len(entries) - 1)
    if not network.ends:
        return None
    skip = [tuple(word.text for word in tokens(text)) for text in _texts(kept.get("skip"))]
    return Grammar(network, entries, lexicon, [words for words in skip if words])


def _blocks(intent: Intent) -> Iterator[Mapping[str, Any]]:
    kept = notes(intent.extra).get(NOTE)
    for block in kept if isinstance(kept, list | tuple) else ():
        yield {"say": [block]} if isinstance(block, str) else _mapping(block)


def _entry(intent: Intent, block: Mapping[str, Any]) -> Entry:
    words = frozenset(word.text for text in _texts(block.get("words")) for word in tokens(text))
    place = block.get("place")
    named = place if isinstance(place, str) and intent.slot(place) is not None else None
    of, not_of = _facts(_mapping(block.get("of"))), _facts(_mapping(block.get("not_of")))
    return Entry(intent.name, of, not_of, words, named)


def _facts(asked: Mapping[str, Any]) -> Facts:
    return tuple((key, frozenset(_texts(values))) for key, values in sorted(asked.items()))


def _arc(intent: Intent, entry: Entry, lexicon: Lexicon, mark: Mark) -> SlotArc:
    """What stands for a mark. Raises ValueError for a slot that the intent has not."""
    slot = intent.slot(mark.slot)
    if slot is None:
        raise ValueError(f"{intent.name} has no slot {mark.slot}; add it under slots:")
    span = mark.values if is_range(mark.values) else ""
    is_open = not span and lexicon.is_open(slot.type)
    return SlotArc(slot.name, slot.type, span, is_open, entry.of, entry.not_of)


def _read_all(texts: Mapping[str, Any]) -> dict[str, Node]:
    """The rules that can be read."""
    rules: dict[str, Node] = {}
    for name, text in texts.items():
        with suppress(ValueError):
            rules[name] = read(text if isinstance(text, str) else "")
    return rules


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _texts(node: Any) -> list[str]:
    return [x for x in node if isinstance(x, str)] if isinstance(node, list | tuple) else []
