"""A tree with Rasa projects -> skills, and what became of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from sayso.formats.format import Imported, TestRow
from sayso.formats.names import identifier, locale
from sayso.formats.rasa.accounts import Taken, account, account_answers, account_stories
from sayso.formats.rasa.entities import NOTE, SYSTEM, build_entities
from sayso.formats.rasa.gathered import Project, read_project
from sayso.formats.rasa.intents import build_intents, gather
from sayso.formats.rasa.items import Item
from sayso.formats.rasa.links import Spot
from sayso.formats.rasa.project import (
    check_named,
    names_of,
    projects,
    rasa_files,
    why_unused,
)
from sayso.formats.rasa.replies import build_replies
from sayso.formats.rasa.tests import conversation_rows, example_rows
from sayso.skills.accounting import Accounting
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.tree import Tree
from sayso.skills.yaml_lines import Document, typed
from sayso.types.skills import Fulfilment, Language, Skill

MOST_KEPT = 256 * 1024  # characters of a project's other files, for the way back
_EXTRACTORS = ("DucklingEntityExtractor", "DucklingHTTPExtractor", "SpacyEntityExtractor")


def claims(tree: Tree) -> Sequence[str]:
    """Training data, domains, stories and settings of Rasa."""
    return list(rasa_files(tree))


def read(tree: Tree, name: str) -> Imported:
    """A skill for each project that has something to say."""
    check_named(tree)
    kinds = rasa_files(tree)
    found = projects(kinds)
    tests: dict[str, Mapping[str, Sequence[TestRow]]] = {}
    skills: list[Skill] = []
    accounts: dict[str, Accounting] = {}
    for root, title in names_of(found, name).items():
        project = read_project(tree, root, {file: kinds[file] for file in found[root]})
        skill = _build(project, title, {skill.id for skill in skills})
        if skill.languages[0].intents:
            skills.append(skill)
            tests |= {skill.id: project.tests} if project.tests else {}
        accounts |= {f: book.close(project.sources[f]) for f, book in project.books.items()}
    unused = {file: why_unused(file) for file in tree.names if file not in accounts}
    return Imported(sorted(skills, key=lambda skill: skill.id), accounts, unused, tests)


def _build(project: Project, title: str, taken: set[str]) -> Skill:
    """The skill of a project. Writes down what became of all of its lines."""
    domain, links = project.domain, project.links
    examples = gather(project.items)
    spans = [span for some in examples.values() for each in some for span in each.spans]
    categories = {
        (way.entity or slot.name): slot.values
        for slot in domain.slots.values()
        if slot.values
        for way in slot.mappings
        if way.kind == "from_entity"
    }
    extracted = _extracted(project.parsed)
    entities = build_entities(spans, project.items, categories, extracted)
    intents, names, asked = build_intents(examples, entities, domain, links)
    replies = build_replies(intents, names, domain, links)
    spoken = _locale(project.parsed)
    used = {slot.type for intent in intents for slot in intent.slots}
    types = (*entities.types, *(x for x in asked.types.values() if x.name in used))
    language = Language(spoken, title.strip().lower(), "", (), intents, types)
    id = identifier(title.lower().replace(" ", "-"), taken)
    links.tested |= _tests(project, names, language, id)
    taken_up = Taken(
        intents=[name for name, some in examples.items() if some],
        entities={span.entity for span in spans} | {*entities.names},
        slots=asked.slots,
        forms={links.forms[name] for name in examples if name in links.forms},
        replies=replies.used,
        prompts=asked.prompts,
        refused=replies.refused,
        links=links,
    )
    for file, document in project.parsed.items():
        account(document.data, file, taken_up, project.books[file])
    for file in project.told:
        account_answers(project.texts[file], file, taken_up, project.books[file])
    for file, stories in project.stories.items():
        account_stories(project.texts[file], stories, file, links, project.books[file])
    return Skill(
        id,
        title.replace("_", " ").replace("-", " ").strip().title() or title,
        languages=(language,),
        fulfilment=Fulfilment(replies=replies.texts),
        extra={NOTE: kept} if (kept := _kept(project, _regexes(project.items))) else {},
    )


def _tests(project: Project, names: Mapping[str, str], language: Language, skill: str) -> set[Spot]:
    """Fills the project's test sets; returns the lines of conversations that are in them."""
    more = {"skill": skill, "locale": language.locale}
    used: set[Spot] = set()
    stories = {file: document.data.get("stories") for file, document in project.parsed.items()}
    for file, told in {**stories, **project.stories}.items():
        rows = []
        for row, spots in conversation_rows(told, file, names, language):
            rows.append({**row, **more})
            used |= {*spots}
        if rows:
            project.tests[PurePosixPath(file).stem] = rows
    for file, items in project.held.items():
        found = [{**row, **more} for row in example_rows(items, names, language)]
        set_name = PurePosixPath(file).stem
        if found:
            project.tests[set_name] = [*project.tests.get(set_name, ()), *found]
    return used


def _extracted(parsed: Mapping[str, Document]) -> set[str]:
    """Entities that extractors of Rasa's pipeline find by themselves."""
    found: set[str] = set()
    for document in parsed.values():
        steps = document.data.get("pipeline")
        for step in steps if isinstance(steps, list) else ():
            if not isinstance(step, dict) or step.get("name") not in _EXTRACTORS:
                continue
            wanted = step.get("dimensions")
            found |= (
                {x for x in wanted if isinstance(x, str)} if isinstance(wanted, list) else {*SYSTEM}
            )
    return found


def _locale(parsed: Mapping[str, Document]) -> str:
    codes = (document.data.get("language") for document in parsed.values())
    spoken = (locale(code) for code in codes if isinstance(code, str))
    return next((found for found in spoken if found), DEFAULT_LOCALE)


def _regexes(items: Sequence[Item]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items:
        for text in item.texts if item.kind == "regex" else ():
            text.book.skip(text.where, text.text, "a regex; kept for export")
            found.setdefault(item.name, []).append(text.text)
    return found


def _kept(project: Project, regexes: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What Sayso has no use for and an export gives back."""
    files: dict[str, Any] = {}
    room = MOST_KEPT
    for file, document in project.parsed.items():
        rest = {key: node for key, node in document.data.items() if key not in ("nlu", "version")}
        room -= len(project.texts[file])
        if rest and room >= 0:
            # Comments and all, unless its examples are written out again elsewhere.
            name = file.removeprefix(project.root)
            files[name] = typed(rest) if "nlu" in document.data else project.texts[file]
    kept = {"files": files, "regexes": {name: list(some) for name, some in regexes.items()}}
    return {key: node for key, node in kept.items() if node}
