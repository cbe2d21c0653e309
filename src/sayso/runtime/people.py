"""A person and the catalogue: what they have, what they use, and what there is to be found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import jellyfish

from sayso.bundle import Bundle
from sayso.errors import SkillError
from sayso.runtime.engine import Engine
from sayso.runtime.requests import check, check_user
from sayso.settings import Settings
from sayso.stores.people import People
from sayso.stores.store import Store
from sayso.types.people import ANONYMOUS, EnabledBy, Person, Use
from sayso.types.turns import TurnRequest

NEAR, SHOWN = 0.75, 3  # likeness of ids that are named where one is unknown, and how many


@dataclass(frozen=True, slots=True)
class Found:
    """A skill as a person sees it who looks through the catalogue.

    description: its first line.
    enabled: whether this person has enabled it; since (aware) and by tell when and by whose word.
    use: how they use it, None if not at all or not lately.
    score: of a search, higher is better, no unit; None in a list.
    """

    id: str
    name: str
    description: str
    enabled: bool = False
    since: datetime | None = None
    by: EnabledBy | None = None
    use: Use | None = None
    score: float | None = None


def everything(bundle: Bundle) -> list[Found]:
    """All skills, by id. No model is opened: their definitions alone are read."""
    said = ((skill, bundle.stored(skill).definition()) for skill in sorted(bundle.places))
    return [
        Found(skill, told["name"], first_line(told.get("description", ""))) for skill, told in said
    ]


def theirs(engine: Engine, people: People, user: str) -> list[Found]:
    """Skills that a user has enabled or used, the enabled ones first, by id."""
    known = people.person(user).among(engine.knows)
    found = _described(engine, people, user, sorted({*known.enabled, *known.uses}))
    return sorted(found, key=lambda each: not each.enabled)


def one(engine: Engine, people: People, user: str, skill: str) -> Found:
    """A skill as it stands with a user. Raises SkillError for an unknown id."""
    check_known(engine, [skill])
    return _described(engine, people, user, [skill])[0]


def find(engine: Engine, people: People, asked: TurnRequest, k: int) -> list[Found]:
    """The k skills that fit what was asked best, best first."""
    locale = asked.locale or ""
    known = people.person(asked.user).among(engine.knows)
    scores = dict(engine.shortlist(asked.text, k, locale=locale, person=known))
    return _described(engine, people, asked.user, scores, scores)


def check_known(engine: Engine, skills: Iterable[str]) -> None:
    """Raise SkillError for ids that are not installed, with those that look like them."""
    unknown = [skill for skill in skills if not engine.knows(skill)]
    if unknown:
        raise SkillError(*(_complaint(engine, skill) for skill in unknown))


def _complaint(engine: Engine, skill: str) -> str:
    likeness = jellyfish.jaro_winkler_similarity
    near = [(likeness(skill.casefold(), each.casefold()), each) for each in engine.skills]
    best = [each for score, each in sorted(near, reverse=True)[:SHOWN] if score >= NEAR]
    advice = f"did you mean {' or '.join(best)}?" if best else "look with: sayso skills search"
    return f'no skill "{skill}" is installed; {advice}'


def _described(
    engine: Engine,
    people: People,
    user: str,
    skills: Iterable[str],
    scores: Mapping[str, float] | None = None,
) -> list[Found]:
    enabled = {each.skill: each for each in people.enabled(user)}
    uses = people.person(user).uses
    installed, found = engine.skills, list[Found]()
    for id in skills:
        skill, mine = installed[id], enabled.get(id)
        found.append(
            Found(
                id,
                skill.name,
                first_line(skill.description),
                mine is not None,
                mine.at if mine else None,
                mine.by if mine else None,
                uses.get(id),
                scores[id] if scores else None,
            )
        )
    return found


def first_line(description: str) -> str:
    """What a skill says of itself, in one line."""
    return next(iter(description.strip().splitlines()), "")


class KnownPeople(ABC):
    """The part of a home that is about people. See `Home`."""

    settings: Settings
    _store: Store

    @property
    @abstractmethod
    def engine(self) -> Engine:
        """The engine that serves now."""

    @abstractmethod
    def refresh(self) -> bool:
        """Take up a bundle that another process has pointed to; whether there was one."""

    def person(self, user: str) -> Person:
        """What is known of a user and used to rank for them."""
        self.refresh()
        return self._store.people.person(user).among(self.engine.knows)

    def skills_of(self, user: str) -> list[Found]:
        """The skills that a user has enabled or used, the enabled ones first."""
        self.refresh()
        return theirs(self.engine, self._store.people, user)

    def skill_of(self, user: str, skill: str) -> Found:
        """A skill as it stands with a user. Raises SkillError for an unknown id."""
        self.refresh()
        return one(self.engine, self._store.people, user, skill)

    def find_skills(
        self, text: str, user: str = ANONYMOUS, k: int = 10, locale: str | None = None
    ) -> list[Found]:
        """The k skills that fit a text best for a user, best first; nothing is logged."""
        self.refresh()
        asked = check(TurnRequest(text, user=user, locale=locale), self.settings.locales)
        return find(self.engine, self._store.people, asked, k)

    def enable(self, user: str, *skills: str, by: EnabledBy = EnabledBy.PERSON) -> int:
        """Enable skills for a user, all or none; how many were not enabled before.

        Raises SkillError for an unknown id, RequestError for too many and for no user.
        """
        self.refresh()
        check_user(user)
        check_known(self.engine, skills)
        return self._store.people.enable(user, skills, datetime.now(UTC), by)

    def disable(self, user: str, *skills: str) -> int:
        """Disable skills for a user; how many were enabled.

        Raises SkillError for an id that is neither installed nor enabled.
        """
        self.refresh()
        there = {each.skill for each in self._store.people.enabled(user)}
        check_known(self.engine, set(skills) - there)
        return self._store.people.disable(user, skills)

    def neutral(self, user: str, on: bool) -> None:
        """Rank for a user as for anybody, whatever is known of them; or no longer."""
        check_user(user)
        self._store.people.set_neutral(user, on)
