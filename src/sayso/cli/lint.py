"""`sayso lint`: where skills get in each other's way; for a developer, and for CI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.output import AsJson, console, print_json, progress, table

if TYPE_CHECKING:
    from rich.console import Console

    from sayso.encoders import Encoders
    from sayso.evaluation.collisions.find import Found
    from sayso.evaluation.collisions.nouns import Collision, Site
    from sayso.types.skills import Skill

SITES = 6  # shown to people of a large group; --json has all
PAIRS = 5
COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan"}


@dataclass(frozen=True, slots=True)
class Looked:
    """What is linted: the skills, the locales they are served in, and what hears these."""

    skills: Sequence[Skill]
    locales: Sequence[str]
    encoders: Encoders


def lint(
    place: Annotated[
        Path, typer.Argument(metavar="PLACE", help="A home, or anything with skills to read.")
    ],
    skill: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only what concerns this skill; or the path of one that is to be added.",
        ),
    ] = None,
    locale: Annotated[
        str | None, typer.Option(help="Only this locale; else all that are served.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail, too.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Most findings shown; --json has all.")] = 50,
    accept: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Leave out what was accepted in this file.")
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", metavar="FILE", help="Accept all that is found."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find collisions of skills; exit code 1 for errors, with --strict for warnings too."""
    from sayso.evaluation.collisions.baseline import Baseline, read_baseline
    from sayso.evaluation.collisions.baseline import write_baseline as write
    from sayso.evaluation.collisions.find import find

    accepted = read_baseline(accept) if accept else Baseline()
    looked, only = _with(_looked(place, locale), skill)
    with progress(quiet=as_json) as tell:
        found = find(looked.skills, looked.locales, looked.encoders, tell)
    about = [one for one in found.collisions if only is None or only in one.skills]
    if write_baseline:
        write(write_baseline, about)
        console(stderr=True).print(f"Accepted {len(about)} findings in {write_baseline}.")
        return
    fresh = [one for one in about if not accepted.accepts(one)]
    by_id = {one.id: one for one in looked.skills}
    if as_json:
        print_json(_as_json(found, fresh, len(about) - len(fresh), by_id))
    else:
        _show(found, fresh, len(about) - len(fresh), limit, by_id)
    failing = {"error", "warning"} if strict else {"error"}
    if any(one.severity in failing for one in fresh):
        raise typer.Exit(1)


def _looked(place: Path, locale: str | None) -> Looked:
    from sayso.encoders import Encoders
    from sayso.runtime.skill_files import written_skills
    from sayso.settings import FILE_NAME, read_settings
    from sayso.skills import read_skills

    if (place / FILE_NAME).is_file():
        settings = read_settings(place)
        understanding = settings.understanding
        encoders = Encoders.load(understanding.encoder, understanding.encoders, threads=2)
        skills, spoken = written_skills(place), list(settings.locales)
    else:
        skills, encoders = read_skills(place), Encoders.load(threads=2)
        spoken = list(dict.fromkeys(x for skill in skills for x in skill.locales))
    return Looked(skills, [locale] if locale else spoken, encoders)


def _with(looked: Looked, skill: str | None) -> tuple[Looked, str | None]:
    """With a skill that is to be added, if its path is given; and the id that findings must name.

    It takes the place of an installed one of its id. Raises SkillError for one that is nowhere.
    """
    from sayso.errors import SkillError
    from sayso.skills import read_skill

    if skill is None or any(one.id == skill for one in looked.skills):
        return looked, skill
    if not Path(skill).exists():
        raise SkillError(f'no skill "{skill}" is here; give its id, or the path of its folder')
    added = read_skill(skill)
    others = [one for one in looked.skills if one.id != added.id]
    return Looked([*others, added], looked.locales, looked.encoders), added.id


def _as_json(
    found: Found, fresh: Sequence[Collision], accepted: int, by_id: Mapping[str, Skill]
) -> dict[str, Any]:
    return {
        "skills": found.skills,
        "samples": found.samples,
        "counts": {**_counts(fresh), "accepted": accepted},
        "findings": [_finding(one, by_id) for one in fresh],
        "pairs": [{"skills": pair, "findings": count} for pair, count in _pairs(fresh)],
    }


def _finding(one: Collision, by_id: Mapping[str, Skill]) -> dict[str, Any]:
    return {
        "severity": one.severity,
        "kind": one.kind,
        "said": one.said,
        "advice": one.advice,
        "cosine": one.cosine,
        "apart": one.apart,
        "taker": _site(one.taker, by_id) if one.taker else None,
        "sites": [_site(site, by_id) for site in one.sites],
    }


def _site(site: Site, by_id: Mapping[str, Skill]) -> dict[str, Any]:
    from sayso.skills.places import place_of

    place = place_of(by_id[site.skill], site.locale, site.intent, site.sample)
    return {
        "skill": site.skill,
        "locale": site.locale,
        "intent": site.intent,
        "sample": site.sample,
        "file": place.file,
        "line": place.line,
    }


def _counts(fresh: Sequence[Collision]) -> dict[str, int]:
    counts = Counter(str(one.severity) for one in fresh)
    return {f"{name}s": counts[name] for name in COLOURS}


def _pairs(fresh: Sequence[Collision]) -> list[tuple[tuple[str, str], int]]:
    """Skills that meet in most findings; a group of very many says nothing of two."""
    counts = Counter(
        pair
        for one in fresh
        if len(one.skills) <= 2 * SITES
        for pair in combinations(sorted(one.skills), 2)
    )
    return counts.most_common(PAIRS)


def _show(
    found: Found,
    fresh: Sequence[Collision],
    accepted: int,
    limit: int,
    by_id: Mapping[str, Skill],
) -> None:
    out = console()
    for one in fresh[:limit]:
        _show_one(out, one, by_id)
    if len(fresh) > limit:
        out.print(f"... and {len(fresh) - limit} more; see them with --limit or --json\n")
    pairs = [pair for pair in _pairs(fresh) if pair[1] > 1]
    if pairs:
        shown = table("skills that meet most", "", "findings")
        for (first, second), count in pairs:
            shown.add_row(first, second, str(count))
        out.print(shown, "", sep="\n")
    counts = ", ".join(_counted(count, name) for name, count in _counts(fresh).items())
    known = f"; {accepted} accepted" if accepted else ""
    out.print(f"{found.skills} skills, {found.samples} samples: {counts}{known}")


def _counted(count: int, name: str) -> str:
    return f"{count} {name.removesuffix('s') if count == 1 else name}"


def _show_one(out: Console, one: Collision, by_id: Mapping[str, Skill]) -> None:
    from rich.text import Text

    cosine = f" ({one.cosine:.2f})" if one.cosine is not None else ""
    head = f"{one.severity}: {one.kind}{cosine}: "
    out.print(Text.assemble((head, COLOURS[one.severity]), one.said))
    if one.taker is not None:
        out.print(f"  taken by {_line(one.taker, by_id)}")
    for site in one.sites[:SITES]:
        out.print(f"  {_line(site, by_id)}")
    if len(one.sites) > SITES:
        out.print(f"  and {len(one.sites) - SITES} more")
    out.print(f"  -> {one.advice}")
    for own in _apart(one):
        out.print(f"     {own}")
    out.print()


def _line(site: Site, by_id: Mapping[str, Skill]) -> str:
    from sayso.skills.places import place_of

    place = str(place_of(by_id[site.skill], site.locale, site.intent, site.sample))
    owner = f"{site.skill}.{site.intent}" if site.intent else f"{site.skill} (invocation name)"
    return f"{place}: {owner}: {site.sample}" if place else f"{owner}: {site.sample}"


def _apart(one: Collision) -> Iterator[str]:
    for skill, words in one.apart.items():
        yield f"only {skill} says: {', '.join(words)}"
