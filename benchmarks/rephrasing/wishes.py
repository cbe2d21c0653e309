"""What people want, how they may put it, and what else they could have wanted.

Wishes are read from annotated sentences: user turns of SGD, commands of hwu64, slurp and snips. One
wish may be put in the words of another sentence with the same acts and slots, its values filled in.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sayso.understanding.fold import fold

_BEGIN, _END = "\ue000", "\ue001"  # around a slot's name in a template; no text has them


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing wanted. text: folded; slots: name -> value; said: name -> its words in `text`.

    kind: what sentences must share to be put in each other's words.
    """

    text: str
    skill: str
    intent: str
    kind: str
    slots: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    template: str = ""

    @property
    def like(self) -> str:
        """What another wish must equal to be put in the same words: all but what is filled in."""
        unsaid = {name: value for name, value in self.slots.items() if name not in self.said}
        return f"{self.kind}|{json.dumps(unsaid, sort_keys=True)}"

    @property
    def small(self) -> bool:
        """Whether it is a yes, a no, thanks or the like: hardly anybody says these again."""
        return self.intent.endswith(":")


class Stock:
    """All wishes of a set of sentences, by kind."""

    def __init__(self, wishes: Iterable[Wish]) -> None:
        self.wishes = list(wishes)
        self._templates: dict[str, list[str]] = defaultdict(list)
        self._values: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.intents = sorted({(wish.skill, wish.intent) for wish in self.wishes})
        self.words = sorted({word for wish in self.wishes for word in wish.text.split()})
        for wish in self.wishes:
            self._templates[wish.like].append(wish.template)
            for name, value in wish.slots.items():
                self._values[name].append((value, wish.said.get(name, fold(value))))

    def reworded(self, wish: Wish, chance: Random) -> str:
        """The wish in the words of another sentence of its kind, or its own where there is none."""
        for _ in range(6):
            template = chance.choice(self._templates[wish.like])
            if template != wish.template and _named(template) == set(wish.said):
                return _filled(template, wish.said)
        return wish.text

    def other(self, wish: Wish, chance: Random) -> Wish | None:
        """The same with another value in a slot, mostly in the same words; None without slots."""
        if not wish.said:
            return None
        name = chance.choice(sorted(wish.said))
        for _ in range(6):
            value, words = chance.choice(self._values[name])
            if value != wish.slots[name] and words != wish.said[name]:
                said = {**wish.said, name: words}
                template = wish.template
                if chance.random() < 0.4:
                    offered = chance.choice(self._templates[wish.like])
                    template = offered if _named(offered) == set(said) else template
                slots = {**wish.slots, name: value}
                text = _filled(template, said)
                return Wish(text, wish.skill, wish.intent, wish.kind, slots, said, template)
        return None


def _named(template: str) -> set[str]:
    return {part.split(_END)[0] for part in template.split(_BEGIN)[1:]}


def _filled(template: str, said: Mapping[str, str]) -> str:
    for name, words in said.items():
        template = template.replace(f"{_BEGIN}{name}{_END}", words)
    return template


def _wish(
    text: str,
    skill: str,
    intent: str,
    kind: str,
    values: Mapping[str, str],
    said: Mapping[str, str],
) -> Wish:
    """A wish whose slots that stand in the text, each once, are places of its template."""
    template = f" {fold(text)} "
    found = {}
    for name, words in sorted(said.items(), key=lambda item: -len(item[1])):
        if words and template.count(f" {words} ") == 1 and not name.startswith(_BEGIN):
            template = template.replace(f" {words} ", f" {_BEGIN}{name}{_END} ")
            found[name] = words
    kind = f"{kind}|{'+'.join(sorted(values))}"
    return Wish(fold(text), skill, intent, kind, values, found, template.strip())


def dialogues(file: Path, share: float = 1.0, seed: int = 0) -> list[list[Wish]]:
    """The user turns of dialogues of SGD as wishes, a list a dialogue."""
    import pyarrow.parquet as pq

    names = ["dialogue_id", "speaker", "text", "slots", "actions", "state"]
    found: dict[str, list[Wish]] = defaultdict(list)
    for row in pq.read_table(file, columns=names).to_pylist():
        if row["speaker"] == "user" and Random(f"{seed}/{row['dialogue_id']}").random() < share:
            wish = _of_turn(row)
            if wish.text:
                found[row["dialogue_id"]].append(wish)
    return list(found.values())


def _of_turn(row: Mapping[str, Any]) -> Wish:
    actions, state = json.loads(row["actions"] or "[]"), json.loads(row["state"] or "{}")
    service = actions[0]["service"] if actions else "none"
    act = "+".join(sorted({a["act"] for a in actions}))
    informs = any(a["act"].startswith("INFORM") for a in actions)
    active = state.get(service, {}).get("intent") or "NONE"
    asked = sorted(a["slot"] for a in actions if a["act"] == "REQUEST" and a.get("slot"))
    intent = active if informs else f"{act}:{'+'.join(asked)}"
    values = {
        a["slot"]: (a.get("canonical") or a["values"])[0]
        for a in actions
        if a["act"] == "INFORM" and a.get("values")
    }
    said = {s["slot"]: fold(s["value"]) for s in json.loads(row["slots"] or "[]")}
    said = {name: words for name, words in said.items() if name in values}
    kind = f"{service}|{act}|{intent}|{'+'.join(asked)}"
    return _wish(row["text"], service, intent, kind, values, said)


def commands(files: Iterable[Path]) -> list[Wish]:
    """Sentences of hwu64, slurp or snips as wishes."""
    import pyarrow.parquet as pq

    found = []
    for file in files:
        for row in pq.read_table(file, columns=["text", "intent", "slots"]).to_pylist():
            slots = {s["slot"]: fold(s["value"]) for s in json.loads(row["slots"] or "[]")}
            skill = row["intent"].split("_")[0]
            wish = _wish(row["text"], skill, row["intent"], row["intent"], slots, slots)
            if wish.text:
                found.append(wish)
    return found
