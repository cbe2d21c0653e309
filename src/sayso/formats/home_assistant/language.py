"""The sentences of one language -> `Language`.

Blocks of an intent that fix slots (`domain: light`) become a variant of it with the values in its
name, `HassTurnOn:light`: which sentences were said tells what was fixed. The note `hassil` in the
intent's extra has the plain name and the fixed slots.
"""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sayso.errors import SkillError
from sayso.formats.grammar import Mark, Node, count, marks, sample
from sayso.formats.home_assistant.gather import Block, Gathered
from sayso.formats.home_assistant.grammars import asked
from sayso.formats.home_assistant.lists import Types
from sayso.formats.home_assistant.places import Text
from sayso.formats.home_assistant.templates import read_template
from sayso.formats.names import identifier, unlike
from sayso.formats.sayings import says_something, seed_of
from sayso.formats.spelling import Spelling
from sayso.skills.restore import OURS
from sayso.types.skills import Intent, Language, Slot

_MOST = 24  # sentences of a template
_ENOUGH = 400  # sentences of a variant, about
_MARK = re.compile(r"\{([^{}:]+):([^{}:]+)\}")
_FIRST = ("domain", "device_class")


@dataclass
class _Draft:
    """A variant in the making.

    slots: name -> type; drawn: (list, slot) -> name here; grammar: its templates, by block.
    """

    name: str
    blocks: list[Block]
    samples: dict[str, None] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    drawn: dict[tuple[str, str], str] = field(default_factory=dict)
    grammar: list[dict[str, Any]] = field(default_factory=list)


def make_language(gathered: Gathered, name: str) -> Language:
    """Intents, types and what is kept. Raises SkillError with all problems of its templates."""
    types = Types(gathered)
    problems: list[str] = []
    common = _read_rules(gathered.rules, problems)
    first = _read_rules(gathered.first_rules, problems)
    drafts = _drafts(gathered.blocks)
    spelling = Spelling()
    for draft in drafts:
        lines = sum(len(block.sentences) for block in draft.blocks)
        most = max(4, min(_MOST, _ENOUGH // max(1, lines)))
        for block in draft.blocks:
            own = _read_rules(block.rules, problems)
            maps = (own, first, common) if block.new else (own, common, first)
            draft.grammar.append({"say": [], **asked(block)})
            for text in block.sentences:
                try:
                    _take(text, block, draft, ChainMap(*maps), types, most, spelling)
                except ValueError as error:
                    problems.append(f"{text.part.at(text.path)}: {error}")
            place = draft.grammar[-1].get("place")
            if place and draft.grammar[-1]["say"]:
                draft.slots.setdefault(place, types.of(place, block, ChainMap(*maps)))
    if problems:
        raise SkillError(*dict.fromkeys(problems))
    return Language(
        locale=gathered.locale,
        invocation_name=name.lower(),
        intents=tuple(_intent(draft) for draft in drafts if draft.samples),
        types=tuple(types.made.values()),
        extra={OURS: {"hassil": _kept(gathered), "grammar": _beside(gathered, spelling)}},
    )


def plain_name(intent: Intent) -> str:
    """The name that Home Assistant knows an intent by."""
    return str(intent.extra[OURS]["hassil"]["intent"])


def _drafts(blocks: Sequence[Block]) -> list[_Draft]:
    """One for each intent and set of fixed slots, in order."""
    found: dict[tuple[str, str], _Draft] = {}
    names: set[str] = set()
    for block in blocks:
        key = block.intent, json.dumps(block.slots, sort_keys=True, default=str)
        if key not in found:
            order = sorted(
                block.slots, key=lambda slot: (slot not in _FIRST, slot != _FIRST[0], slot)
            )
            values = [identifier(str(block.slots[slot])) for slot in order]
            plain = identifier(block.intent)
            named = ":".join([plain, ".".join(values)] if values else [plain])
            found[key] = _Draft(unlike(named, names), [])
            names.add(found[key].name)
        found[key].blocks.append(block)
    return list(found.values())


def _take(
    text: Text,
    block: Block,
    draft: _Draft,
    rules: Mapping[str, Node],
    types: Types,
    most: int,
    spelling: Spelling,
) -> None:
    """The sentences of one template, and the template itself, into the draft."""
    node = read_template(text.text)
    kinds: dict[tuple[str, str], str] = {}
    for mark in marks(node, rules):
        values, _, slot = mark.slot.partition(":")
        kinds[values, slot] = types.of(mark.values, block, rules)
    many = count(node, rules) > 1
    taken = sample(node, rules, seed_of(text.text), most, min(6, most))
    names = {key: _name_here(key, kind, draft) for key, kind in kinds.items()}
    spelled = [_MARK.sub(lambda mark: f"{{{names[mark[1], mark[2]]}}}", each) for each in taken]
    usable = [each for each in spelled if says_something(each, draft.slots)]
    if not usable:
        text.skip("only free text: it would fit whatever is said")
    elif many:
        text.map("templates, sampled")
    else:
        text.read("sentences")
    draft.samples |= dict.fromkeys(usable)
    if usable:
        spell = partial(_slot_here, names, block, types)
        draft.grammar[-1]["say"].append(spelling.spelled(node, rules, spell))


def _slot_here(names: Mapping[tuple[str, str], str], block: Block, types: Types, mark: Mark) -> str:
    """What stands within a slot's braces: its name here, before it the range that it draws from."""
    values, _, slot = mark.slot.partition(":")
    span = types.span(mark.values, block)
    here = names[values, slot]
    return f"{span}:{here}" if span else here


def _name_here(key: tuple[str, str], kind: str, draft: _Draft) -> str:
    """A slot's name in a variant: where one slot draws from lists of two types, the list's."""
    if key not in draft.drawn:
        values, slot = key
        name = slot if draft.slots.get(slot, kind) == kind else unlike(values, draft.slots)
        draft.slots[name] = kind
        draft.drawn[key] = name
    return draft.drawn[key]


def _intent(draft: _Draft) -> Intent:
    meant = {name: slot for (_, slot), name in draft.drawn.items() if name != slot}
    slots = tuple(
        Slot(name, kind, extra={OURS: {"hassil": meant[name]}} if name in meant else {})
        for name, kind in draft.slots.items()
    )
    first = draft.blocks[0]
    kept = {"intent": first.intent, "slots": dict(first.slots)}
    blocks = [dict(block.raw) for block in draft.blocks]
    grammar = [each for each in draft.grammar if each["say"]]
    extra = {OURS: {"hassil": {**kept, "blocks": blocks}, "grammar": grammar}}
    return Intent(draft.name, tuple(draft.samples), slots, extra=extra)


def _beside(gathered: Gathered, spelling: Spelling) -> dict[str, Any]:
    """What the grammar of a language has beside its templates."""
    passed = gathered.kept.get("skip_words")
    skip = [str(word) for word in passed] if isinstance(passed, list) else []
    told: dict[str, Any] = {"rules": spelling.texts, "skip": skip}
    return {key: value for key, value in told.items() if value}


def _read_rules(texts: Mapping[str, Text], problems: list[str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for name, text in texts.items():
        try:
            found[name] = read_template(text.text)
        except ValueError as error:
            problems.append(f"{text.part.at(text.path)}: {error}")
    return found


def _kept(gathered: Gathered) -> dict[str, Any]:
    """What is kept of a language beside its intents."""
    told = {
        "lists": gathered.lists,
        "expansion_rules": {name: text.text for name, text in gathered.rules.items()},
        "combination_lists": gathered.first_lists,
        "combination_rules": {name: text.text for name, text in gathered.first_rules.items()},
        "responses": {
            intent: {name: text.text for name, text in texts.items()}
            for intent, texts in gathered.responses.items()
        },
        "names": gathered.names,
        "rest": gathered.kept,
    }
    return {key: node for key, node in told.items() if node}
