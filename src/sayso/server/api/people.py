"""`/v1/catalogue`: find a skill. `/v1/users/{user}`: what a person has enabled, uses, and wants.

Not `/v1/skills/search`: a skill may have that id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, StrictBool

from sayso.errors import SkillError
from sayso.runtime.people import Found
from sayso.server.api.skills import SkillId
from sayso.server.api.turns import Name
from sayso.server.door import ADoor, Caller, user_of
from sayso.server.errors import Refusal, documented
from sayso.server.limits import StrictRoute
from sayso.types.people import EnabledBy

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["people"])

User = Annotated[Name, Path()]
MOST_FOUND = 100


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What was found, best first."""

    skills: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Theirs:
    """What is known of a user; neutral: none of it counts."""

    user: str
    neutral: bool
    skills: Sequence[Found]


class Ranking(BaseModel):
    """neutral: rank for this user as for anybody, whatever is known of them."""

    model_config = ConfigDict(extra="forbid")

    neutral: StrictBool


@router.get("/catalogue", responses=documented(401, 403, 422))
async def find_skills(
    door: ADoor,
    caller: Caller,
    text: Annotated[str, Query(min_length=1, description="What the skill is to do.")],
    user: Annotated[Name | None, Query()] = None,
    k: Annotated[int, Query(ge=1, le=MOST_FOUND, description="How many.")] = 10,
    locale: Annotated[Name | None, Query()] = None,
) -> Catalogue:
    """The skills that fit a description best, for a user."""
    whose = user_of(caller, user)
    return Catalogue(await door.queue.run(door.home.find_skills, text, whose, k, locale))


@router.get("/users/{user}/skills", responses=documented(401, 403, 404, 422))
def list_theirs(user: User, door: ADoor, caller: Caller) -> Theirs:
    """The skills that a user has enabled or used, the enabled ones first."""
    whose = user_of(caller, user)
    return Theirs(whose, door.home.person(whose).neutral, door.home.skills_of(whose))


@router.get("/users/{user}/skills/{skill_id}", responses=documented(401, 403, 404, 422))
def show_theirs(user: User, skill_id: SkillId, door: ADoor, caller: Caller) -> Found:
    """Whether a user has enabled a skill, and how they use it."""
    return _found(door, user_of(caller, user), skill_id)


@router.put("/users/{user}/skills/{skill_id}", responses=documented(401, 403, 404, 422))
def enable(user: User, skill_id: SkillId, door: ADoor, caller: Caller) -> Found:
    """Enable a skill for a user; one that is enabled keeps its date."""
    whose = user_of(caller, user)
    _found(door, whose, skill_id)
    by = EnabledBy.ADMIN if caller.admin else EnabledBy.PERSON
    door.home.enable(whose, skill_id, by=by)
    return _found(door, whose, skill_id)


@router.delete(
    "/users/{user}/skills/{skill_id}", status_code=204, responses=documented(401, 403, 404, 422)
)
def disable(user: User, skill_id: SkillId, door: ADoor, caller: Caller) -> Response:
    """Disable a skill for a user; no error if it was not enabled."""
    whose = user_of(caller, user)
    try:
        door.home.disable(whose, skill_id)
    except SkillError as error:
        raise Refusal(404, str(error)) from error
    return Response(status_code=204)


@router.get("/users/{user}/ranking", responses=documented(401, 403, 404, 422))
def show_ranking(user: User, door: ADoor, caller: Caller) -> Ranking:
    """Whether a user is ranked for as anybody is."""
    return Ranking(neutral=door.home.person(user_of(caller, user)).neutral)


@router.put("/users/{user}/ranking", responses=documented(400, 401, 403, 404, 413, 415, 422))
def set_ranking(user: User, ranking: Ranking, door: ADoor, caller: Caller) -> Ranking:
    """Rank for a user as for anybody, or no longer."""
    door.home.neutral(user_of(caller, user), ranking.neutral)
    return ranking


def _found(door: ADoor, user: str, skill_id: str) -> Found:
    try:
        return door.home.skill_of(user, skill_id)
    except SkillError as error:
        raise Refusal(404, str(error)) from error
