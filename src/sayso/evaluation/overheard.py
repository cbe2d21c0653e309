"""What back-ends are asked, and what they answer, while somebody listens.

A reply says what was decided; only the calls tell whether a skill has acted, and on what.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from sayso.fulfilment import Backends
from sayso.fulfilment.process import Progress, no_progress
from sayso.runtime.home import Home
from sayso.types.calls import Answer, Call, CallKind
from sayso.types.context import Context
from sayso.types.readings import LAUNCH, Hypothesis
from sayso.types.skills import Skill


@dataclass(frozen=True, slots=True)
class Called:
    """One call to a back-end, and what came back."""

    call: Call
    answer: Answer

    @property
    def reading(self) -> Hypothesis:
        """What the skill was to do; LAUNCH where it was only opened."""
        return self.answer.updated or self.call.hypothesis or Hypothesis(self.call.skill, LAUNCH)

    @property
    def acted(self) -> bool:
        """Whether the skill did something: it did not fail, ask back or hear that it must not."""
        answer = self.answer
        asked = answer.ask_slot is not None or answer.confirm or answer.delegate
        ended = self.call.kind is CallKind.SESSION_ENDED
        return not (asked or ended or self.call.denied or answer.failure is not None)


class _Overheard:
    """Back-ends whose calls are written down."""

    def __init__(self, backends: Backends, calls: list[Called]) -> None:
        self._backends, self._calls = backends, calls

    def answer(
        self, skill: Skill, call: Call, context: Context, progress: Progress = no_progress
    ) -> Answer:
        answer = self._backends.answer(skill, call, context, progress)
        self._calls.append(Called(call, answer))
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backends, name)


@contextmanager
def overheard(home: Home) -> Iterator[list[Called]]:
    """Calls as they are made, in order; the list may be emptied between turns."""
    backends, calls = home._backends, list[Called]()
    home._backends = cast(Backends, _Overheard(backends, calls))
    try:
        yield calls
    finally:
        home._backends = backends
