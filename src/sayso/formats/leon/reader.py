"""Leon's skills of a tree -> `Imported`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.errors import SkillError
from sayso.formats.foreign import Marks, load
from sayso.formats.format import Format, Imported
from sayso.formats.leon.files import Folder, folders_of, is_spoken
from sayso.formats.leon.language import make_language
from sayso.formats.leon.values import Values, shared_entities
from sayso.formats.names import unlike
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id, words
from sayso.skills.templates import said
from sayso.skills.tree import Tree, read_json
from sayso.types.skills import Language, Skill


def claims(tree: Tree) -> Sequence[str]:
    """Files of actions, by what lies in them."""
    return [file for folder in folders_of(tree) for file in folder.files]


def read(tree: Tree, name: str) -> Imported:
    """The skills of a tree. Raises SkillError."""
    read: dict[str, Marks] = {}
    skills: dict[str, Skill] = {}
    for file in tree.names:
        if is_spoken(file):
            read_json(tree, file)  # a language that cannot be read is not left out in silence
    folders = folders_of(tree)
    for folder in folders:
        skill = _read_folder(tree, folder, folder.root.rsplit("/", 1)[-1] or name, read)
        if skill is not None:
            id = unlike(skill.id, skills)
            skills[id] = replace(skill, id=id)
    if not skills:
        raise SkillError(f"{tree.source}: no action with utterance_samples; add some")
    accounts = {file: marks.close() for file, marks in read.items()}
    unused = {x: "nothing that people say" for x in tree.names if x not in accounts}
    return Imported([skills[id] for id in sorted(skills)], accounts, unused)


def _read_folder(tree: Tree, folder: Folder, name: str, read: dict[str, Marks]) -> Skill | None:
    for file in folder.files:
        read[file] = load(tree, file)
    about = read[folder.about].root if folder.about else None
    title = about.at("name").text("names and descriptions") if about else ""
    told = about.at("description").text("names and descriptions") if about else ""
    title = title or words(name.removesuffix("_skill")) or name
    languages: list[Language] = []
    replies = {}
    for locale, file in (folder.spoken or {"en-US": folder.about}).items():
        doc = read[file].root
        types = Values(shared=shared_entities(doc, tree, read))
        actions = about.at("actions") if about and locale.startswith("en") else None
        language, spoken = make_language(doc, types, locale, title, actions)
        if language.intents:
            languages.append(replace(language, description=told))
            replies[locale] = spoken
    if not languages:
        return None
    return Skill(
        id=skill_id(name.removesuffix("_skill")),
        name=said(title),
        description=told,
        languages=tuple(languages),
        fulfilment=fulfilment(languages, replies),
    )


LEON = Format("leon", "Leon skill", claims, read)
