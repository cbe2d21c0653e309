"""Snips datasets and Project Alice's skills of a tree -> `Imported`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sayso.errors import SkillError
from sayso.formats.format import Format, Imported
from sayso.formats.names import identifier
from sayso.formats.snips.alice import read_template
from sayso.formats.snips.datasets import documents, read_document, read_json_dataset
from sayso.formats.snips.drafts import Drafts
from sayso.formats.snips.files import File, files_of
from sayso.skills.accounting import Accounting, Ledger
from sayso.skills.templates import said
from sayso.skills.tree import Tree, read_json
from sayso.types.skills import Fulfilment, Skill

_TOLD = "I have nothing to say to that yet."


def claims(tree: Tree) -> Sequence[str]:
    """Datasets by what lies in them, dialog templates by their place."""
    return [file.name for file in files_of(tree)]


def read(tree: Tree, name: str) -> Imported:
    """One skill of all datasets; one of each Alice skill. Raises SkillError."""
    files = files_of(tree)
    accounts: dict[str, Accounting] = {}
    skills: dict[str, Skill] = {}
    for root in dict.fromkeys((file.root, file.kind == "alice") for file in files):
        own = [file for file in files if (file.root, file.kind == "alice") == root]
        skill = _read_skill(tree, own, name, accounts)
        if skill is not None:
            id = identifier(skill.id, skills)
            skills[id] = replace(skill, id=id)
    if not skills:
        raise SkillError(f"{tree.source}: no utterances; add some below `utterances`")
    unused = {file: "nothing that people say" for file in tree.names if file not in accounts}
    return Imported([skills[id] for id in sorted(skills)], accounts, unused)


def _read_skill(
    tree: Tree, files: Sequence[File], name: str, accounts: dict[str, Accounting]
) -> Skill | None:
    drafts: dict[str, Drafts] = {}
    told: dict[str, str] = {}
    title = ""
    for file in files:
        draft = drafts.setdefault(file.locale, Drafts(file.locale))
        data, book = _source(tree, file), Ledger()
        if file.kind == "alice":
            about = _mapping(tree, file, data)
            told[file.locale] = read_template(about, draft, book)
            named = (str(about.get(key) or "") for key in ("skill", "module"))
            title = title or next((text for text in named if said(text)), "")
        elif file.kind == "json":
            read_json_dataset(data, draft, book)
        else:
            for each, document in data:
                read_document(each, tree.label(file.name), document, draft, book)
            data = [each for each, _ in data]
        accounts[file.name] = book.close(data)
    title = title or name
    made = [
        replace(draft.language(title), description=told.get(draft.locale, ""))
        for draft in drafts.values()
    ]
    languages = [language for language in made if language.intents]
    if not languages:
        return None
    intents = dict.fromkeys(intent.name for language in languages for intent in language.intents)
    return Skill(
        id=identifier(title),
        name=title,
        description=languages[0].description,
        languages=tuple(languages),
        fulfilment=Fulfilment(replies=dict.fromkeys(intents, (_TOLD,))),
    )


def _source(tree: Tree, file: File) -> Any:
    if file.kind == "yaml":
        return documents(tree, file.name)
    return file.data if file.kind == "json" else read_json(tree, file.name)


def _mapping(tree: Tree, file: File, data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise SkillError(f"{tree.label(file.name)}:1: no dialog template; it must be an object")
    return data


SNIPS = Format("snips", "Snips dataset or Project Alice skill", claims, read)
