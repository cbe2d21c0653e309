"""`/v1/skills`: what is installed; install and uninstall while the server runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response

from sayso.errors import FulfilmentError, SkillError
from sayso.fulfilment.addresses import read_url
from sayso.fulfilment.templates import check_templates
from sayso.runtime.home import Home
from sayso.server.door import Admin, ADoor, Caller
from sayso.server.errors import Refusal, documented
from sayso.server.limits import StrictRoute
from sayso.skills import from_json, to_json
from sayso.types.skills import ID, FulfilmentKind, Skill

router = APIRouter(prefix="/v1/skills", route_class=StrictRoute, tags=["skills"])

SkillId = Annotated[str, Path(max_length=100, pattern=ID)]
OVER_HTTP = (FulfilmentKind.REPLIES, FulfilmentKind.HTTPS, FulfilmentKind.CLIENT)


@dataclass(frozen=True, slots=True)
class Summary:
    """A skill in a list; intents: how many, over all its languages."""

    id: str
    name: str
    description: str
    locales: Sequence[str]
    intents: int
    fulfilment: FulfilmentKind


@dataclass(frozen=True, slots=True)
class Page:
    """Skills in the order of their ids; next: what to give as `after` for more, None at the end."""

    skills: Sequence[Summary]
    total: int
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """A skill that went live; version: hash of its definition."""

    id: str
    version: str


@router.get("", responses=documented(401, 403, 422))
def list_skills(
    door: ADoor,
    _: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[str, Query(max_length=100)] = "",
) -> Page:
    """The installed skills, a page at a time."""
    skills = sorted(_installed(door.home).values(), key=lambda skill: skill.id)
    rest = [skill for skill in skills if skill.id > after]
    shown = rest[:limit]
    more = shown[-1].id if len(rest) > limit else None
    return Page([_summary(skill) for skill in shown], len(skills), more)


@router.get("/{skill_id}", responses=documented(401, 403, 404, 422))
def show_skill(skill_id: SkillId, door: ADoor, caller: Caller) -> dict[str, Any]:
    """A skill's definition. How it is fulfilled (an address, say) is shown to an admin alone."""
    definition = to_json(_known(door.home, skill_id))
    return (
        definition if caller.admin else {k: v for k, v in definition.items() if k != "fulfilment"}
    )


@router.put("/{skill_id}", responses=documented(400, 401, 403, 404, 413, 415, 422))
def install_skill(
    skill_id: SkillId, door: ADoor, _: Admin, definition: Annotated[dict[str, Any], Body()]
) -> Installed:
    """Install a skill, or a new version of it, live in every worker; nothing else is retrained."""
    skill = from_json({"id": skill_id, **definition})
    _check(skill, skill_id, door.home.settings.fulfilment.private_addresses)
    return Installed(skill_id, door.home.install(replace(skill, folder=None)))


@router.delete("/{skill_id}", status_code=204, responses=documented(401, 403, 404, 422))
def uninstall_skill(skill_id: SkillId, door: ADoor, _: Admin) -> Response:
    """Take a skill out, live in every worker."""
    _known(door.home, skill_id)
    door.home.uninstall(skill_id)
    return Response(status_code=204)


@router.put("/{skill_id}/approval", status_code=204, responses=documented(401, 403, 404, 422))
def approve_skill(
    skill_id: SkillId,
    door: ADoor,
    _: Admin,
    by: Annotated[str, Query(min_length=1, max_length=100)] = "an admin over HTTP",
) -> Response:
    """Trust a skill that was installed live as much as the others. by: who says so; kept."""
    _known(door.home, skill_id)
    door.home.approve(skill_id, by)
    return Response(status_code=204)


def _check(skill: Skill, skill_id: str, private_addresses: bool) -> None:
    """Raises Refusal or SkillError for a skill that may not come in over HTTP."""
    if skill.id != skill_id:
        raise Refusal(422, f'The address says "{skill_id}"; say the same or nothing', field="id")
    kind = skill.fulfilment.kind
    if kind not in OVER_HTTP or skill.fulfilment.handler:
        # It would run code of the caller's choice here; whoever may write to the home may do so.
        allowed = " or ".join(OVER_HTTP)
        raise Refusal(
            403, f"A skill sent over HTTP answers by {allowed}", field=f"fulfilment.{kind}"
        )
    problems = [*_endpoint_problems(skill, private_addresses), *check_templates(skill)]
    if problems:
        raise SkillError(*(f"fulfilment.{problem}" for problem in problems))


def _endpoint_problems(skill: Skill, private_addresses: bool) -> list[str]:
    url = skill.fulfilment.url
    if url is None:
        return []
    try:
        read_url(url, private_addresses=private_addresses)
    except FulfilmentError as error:
        return [f"https: {error}"]
    return []


def _installed(home: Home) -> dict[str, Skill]:
    home.refresh()
    return {skill.id: skill for skill in home.skills()}


def _known(home: Home, skill_id: str) -> Skill:
    skill = _installed(home).get(skill_id)
    if skill is None:
        raise Refusal(404, f'No skill "{skill_id}" is installed; see GET /v1/skills')
    return skill


def _summary(skill: Skill) -> Summary:
    intents = sum(len(language.intents) for language in skill.languages)
    kind = skill.fulfilment.kind
    return Summary(skill.id, skill.name, skill.description, skill.locales, intents, kind)
