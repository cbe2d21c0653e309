"""The registers of a bundle: of each tongue, what the shortlist looks through."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from sayso.bundle import Stored
from sayso.bundle.layout import REGISTER
from sayso.training.progress import Progress
from sayso.types.skills import Skill
from sayso.understanding.cards import unpack_examples
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder
from sayso.understanding.installing import examples_of
from sayso.understanding.shortlist.registering import Registrar, Unit

_TOGETHER = 64  # skills that are listened to together


class Registers:
    """Written beside the parts of a version, and then moved to it. Use it in a `with` statement."""

    def __init__(self, folder: Path, tell: Callable[[int, int], None]) -> None:
        """folder: for what is not finished; tell: told of pieces of work done, and of how many."""
        self._folder, self._tell = folder, tell
        self._registrars: dict[str, Registrar] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        for registrar in self._registrars.values():
            registrar.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def beside(self, skills: Iterable[Stored]) -> Iterator[Stored]:
        """The skills as they come, each entered on its way."""
        for skill in skills:
            for locale in skill.locales():
                self.enter(_unit(skill, locale))
            yield skill

    def enter(self, unit: Unit) -> None:
        """Put a unit into the register of its tongue."""
        tongue, vectors = unit.locale.split("-")[0], unit.examples.vectors
        if tongue not in self._registrars:
            self._folder.mkdir(parents=True, exist_ok=True)
            size = vectors.shape[1] if vectors is not None else 0
            self._registrars[tongue] = Registrar(self._path(tongue), size)
        self._registrars[tongue].add(unit)

    def _path(self, tongue: str) -> Path:
        return self._folder / f"{tongue}{REGISTER}"

    def move(self, folder: Path) -> list[str]:
        """Finish the registers and move them there; their names."""
        names = []
        for tongue, registrar in self._registrars.items():
            registrar.finish(self._tell)
            path = self._path(tongue)
            os.replace(path, folder / path.name)
            names.append(path.name)
        return names


def _unit(skill: Stored, locale: str) -> Unit:
    card = skill.examples(locale)
    said, examples = card.settings, unpack_examples(skill.skill, card)
    sentences = card.tensors["sentences"]
    return Unit(locale, examples, fold(said["invocation"]), said["standard"], sentences)


def register_alone(
    skills: Sequence[Skill], folder: Path, encoder: TextEncoder | None, tell: Progress
) -> list[str]:
    """Write the registers of skills into a folder without fitting any; their names."""
    sentences = np.zeros(0, np.uint64)  # nobody asks for them here
    plans = [(skill, language) for skill in skills for language in skill.languages]
    with Registers(folder / ".draft", partial(tell, "indexing")) as registers:
        for at in range(0, len(plans), _TOGETHER):
            some = plans[at : at + _TOGETHER]
            found = examples_of(some, encoder)
            for (_, language), examples in zip(some, found, strict=True):
                name = fold(language.invocation_name)
                registers.enter(Unit(language.locale, examples, name, (), sentences))
            tell("listening", at + len(some), len(plans))
        return registers.move(folder)
