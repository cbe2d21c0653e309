"""What rules and stories tie together: an intent, the form that it begins, what it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Spot = tuple[str, str]  # a file, and the path of a line in it: `.rules[0].steps[1].action`


@dataclass
class Links:
    """forms, replies: intent -> a form, names of responses. ends: form -> responses when filled.

    used: lines that said so.
    """

    forms: dict[str, str] = field(default_factory=dict)
    replies: dict[str, Sequence[str]] = field(default_factory=dict)
    ends: dict[str, Sequence[str]] = field(default_factory=dict)
    used: set[Spot] = field(default_factory=set)

    def add(self, data: Mapping[str, Any], file: str, forms: Mapping[str, Any]) -> None:
        """Take a further file: first its rules, which hold always, then its stories.

        forms: those of the domain. Test conversations, in which people's words stand, are passed
        over. Of several that speak of an intent the first counts.
        """
        for key in ("rules", "stories"):
            items = data.get(key)
            for number, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, Mapping) and not is_test(item):
                    self._take(item, (file, f".{key}[{number}]"), forms)

    def _take(self, item: Mapping[str, Any], spot: Spot, forms: Mapping[str, Any]) -> None:
        file, path = spot
        steps = _steps(item)
        active = [name for name in _loops(item.get("condition")) if name in forms]
        if active and item.get("condition"):
            said = list(_told(steps, f"{path}.steps"))
            if said and any(_is_end(step) for step in steps):
                self._note(self.ends, active[0], said, [], file)
            return
        intents, first = _asked(steps, f"{path}.steps")
        if not intents or item.get("condition"):
            return
        rest = list(_until_person(steps[first:]))
        begun = [
            (name, f"{path}.steps[{first + n}].{key}")
            for n, step in enumerate(rest)
            for key in ("action", "active_loop")
            if (name := step.get(key)) in forms
        ]
        if begun:
            form = begun[0][0]
            ended = next((n for n, step in enumerate(rest) if _is_end(step)), len(rest))
            after = list(_told(rest[ended:], f"{path}.steps", first + ended))
            if after:
                self._note(self.ends, form, after, [], file)
            for intent, where in intents:
                if intent not in self.forms:
                    self.forms[intent] = form
                    self.used |= {(file, where), *((file, at) for name, at in begun)}
            return
        said = list(_told(rest, f"{path}.steps", first))
        for intent, where in intents if said else ():
            self._note(self.replies, intent, said, [where], file)

    def _note(
        self,
        into: dict[str, Sequence[str]],
        name: str,
        said: Sequence[tuple[str, str]],
        also: Sequence[str],
        file: str,
    ) -> None:
        if name not in into:
            into[name] = tuple(response for response, _ in said)
            self.used |= {(file, at) for _, at in said} | {(file, at) for at in also}


def is_test(item: Mapping[str, Any]) -> bool:
    """Whether a story is a test conversation: it says what a person says."""
    return any("user" in step for step in _steps(item))


def _steps(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps = item.get("steps")
    return (
        [step if isinstance(step, Mapping) else {} for step in steps or ()]
        if isinstance(steps, list)
        else []
    )


def _loops(node: Any) -> Iterator[str]:
    for step in node if isinstance(node, list) else ():
        if isinstance(step, Mapping) and isinstance(step.get("active_loop"), str):
            yield step["active_loop"]


def _is_end(step: Mapping[str, Any]) -> bool:
    return "active_loop" in step and step["active_loop"] in (None, "null", "~")


def _asked(steps: Sequence[Mapping[str, Any]], path: str) -> tuple[list[tuple[str, str]], int]:
    """Intents of the first step, with their paths, and the number of the step behind."""
    if not steps:
        return [], 0
    step, at = steps[0], f"{path}[0]"
    either = step.get("or")
    if isinstance(either, list):
        found = [
            (each["intent"], f"{at}.or[{n}].intent")
            for n, each in enumerate(either)
            if isinstance(each, Mapping) and isinstance(each.get("intent"), str)
        ]
        return found, 1
    intent = step.get("intent")
    return ([(intent, f"{at}.intent")] if isinstance(intent, str) else []), 1


def _until_person(steps: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The steps before somebody speaks again."""
    for step in steps:
        if "intent" in step or "or" in step:
            return
        yield step


def _told(
    steps: Sequence[Mapping[str, Any]], path: str, first: int = 0
) -> Iterator[tuple[str, str]]:
    """Responses among the actions, with their paths."""
    for number, step in enumerate(steps, start=first):
        action = step.get("action")
        if isinstance(action, str) and action.startswith("utter_"):
            yield action, f"{path}[{number}].action"
