"""What rules and stories tie together: an intent, the form that it begins, what it is answered."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Spot = tuple[str, str]  # a file, and the path of a line in it: `.rules[0].steps[1].action`
Step = Mapping[str, Any]
_PERSON = ("intent", "or", "user")  # keys of a step in which somebody speaks


@dataclass(frozen=True, slots=True)
class Found:
    """A name, and the path of the line that gives it."""

    name: str
    path: str


@dataclass
class Links:
    """forms, replies: intent -> a form, names of responses. ends: form -> responses when filled.

    used: lines that said so. tested: lines that are rows of a test set.
    """

    forms: dict[str, str] = field(default_factory=dict)
    replies: dict[str, Sequence[str]] = field(default_factory=dict)
    ends: dict[str, Sequence[str]] = field(default_factory=dict)
    used: set[Spot] = field(default_factory=set)
    tested: set[Spot] = field(default_factory=set)

    def add(self, data: Mapping[str, Any], file: str, forms: Container[str]) -> None:
        """Take a further file: first its rules, which hold always, then its stories.

        forms: those of the domain. Test conversations, in which people's words stand, are passed
        over. Of several that speak of an intent the first counts.
        """
        for key in ("rules", "stories"):
            items = data.get(key)
            for number, item in enumerate(items if isinstance(items, list) else ()):
                if not isinstance(item, Mapping) or is_test(item):
                    continue
                path = f".{key}[{number}].steps"
                if item.get("condition"):
                    self._take_end(item, file, path, forms)
                else:
                    self._take(_steps(item), file, path, forms)

    def _take(self, steps: Sequence[Step], file: str, path: str, forms: Container[str]) -> None:
        """What follows the first thing said, until somebody speaks again."""
        intents = list(_asked(steps[:1], path))
        rest = dict(_until_person(steps))
        begun = list(_begun(rest, path, forms))
        if not begun:
            said = list(_told(rest, path))
            for intent in intents if said else ():
                self._note(self.replies, intent.name, [intent, *said], said, file)
            return
        form = begun[0].name
        ended = next((n for n, step in rest.items() if _is_end(step)), len(steps))
        after = list(_told({n: step for n, step in rest.items() if n > ended}, path))
        if after:
            self._note(self.ends, form, after, after, file)
        for intent in intents:
            if intent.name not in self.forms:
                self.forms[intent.name] = form
                self.used |= {(file, found.path) for found in (intent, *begun)}

    def _take_end(
        self, item: Mapping[str, Any], file: str, path: str, forms: Container[str]
    ) -> None:
        """A rule that holds while a form asks, and says something once it is filled."""
        steps = dict(enumerate(_steps(item)))
        active = [name for name in _loops(item.get("condition")) if name in forms]
        said = list(_told(steps, path))
        if active and said and any(map(_is_end, steps.values())):
            self._note(self.ends, active[0], said, said, file)

    def _note(
        self,
        into: dict[str, Sequence[str]],
        name: str,
        lines: Sequence[Found],
        said: Sequence[Found],
        file: str,
    ) -> None:
        if name not in into:
            into[name] = tuple(found.name for found in said)
            self.used |= {(file, found.path) for found in lines}


def is_test(item: Mapping[str, Any]) -> bool:
    """Whether a story is a test conversation: it says what a person says."""
    return any("user" in step for step in _steps(item))


def _steps(item: Mapping[str, Any]) -> list[Step]:
    steps = item.get("steps")
    found = steps if isinstance(steps, list) else []
    return [step if isinstance(step, Mapping) else {} for step in found]


def _loops(node: Any) -> Iterator[str]:
    for step in node if isinstance(node, list) else ():
        if isinstance(step, Mapping) and isinstance(step.get("active_loop"), str):
            yield str(step["active_loop"])


def _is_end(step: Step) -> bool:
    return "active_loop" in step and step["active_loop"] in (None, "null", "~")


def _asked(steps: Sequence[Step], path: str) -> Iterator[Found]:
    """Intents of the first step."""
    for step in steps:
        either = step.get("or")
        for number, each in enumerate(either if isinstance(either, list) else ()):
            if isinstance(each, Mapping) and isinstance(each.get("intent"), str):
                yield Found(str(each["intent"]), f"{path}[0].or[{number}].intent")
        if isinstance(step.get("intent"), str):
            yield Found(str(step["intent"]), f"{path}[0].intent")


def _until_person(steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """The steps behind the first until somebody speaks, with their numbers."""
    for number, step in enumerate(steps):
        if number and any(key in step for key in _PERSON):
            return
        if number:
            yield number, step


def _begun(steps: Mapping[int, Step], path: str, forms: Container[str]) -> Iterator[Found]:
    """The steps that begin a form."""
    for number, step in steps.items():
        for key in ("action", "active_loop"):
            name = step.get(key)
            if isinstance(name, str) and name in forms:
                yield Found(str(name), f"{path}[{number}].{key}")


def _told(steps: Mapping[int, Step], path: str) -> Iterator[Found]:
    """Responses among the actions."""
    for number, step in steps.items():
        action = step.get("action")
        if isinstance(action, str) and action.startswith("utter_"):
            yield Found(str(action), f"{path}[{number}].action")
