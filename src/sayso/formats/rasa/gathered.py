"""The files of one Rasa project, read and sorted, before a skill is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.errors import SkillError
from sayso.formats.foreign import load
from sayso.formats.format import TestRow
from sayso.formats.rasa.domain import Domain
from sayso.formats.rasa.items import Item, Text, read_items, spread
from sayso.formats.rasa.json_data import read_json_items
from sayso.formats.rasa.links import Links
from sayso.formats.rasa.markdown import answers_of, lines_of, read_markdown, read_stories
from sayso.formats.rasa.project import Kind, lists_named
from sayso.formats.rasa.tests import is_test_file
from sayso.skills.accounting import Ledger
from sayso.skills.tree import Tree, read_yaml_text
from sayso.skills.yaml_lines import Document, parse_yaml


@dataclass
class Project:
    """What the files of one project hold, before it is put together.

    root: of its files, in the tree. parsed: YAML by file. stories: of Markdown, by file. told:
    files of responses in Markdown. sources: what is to be accounted for. held: examples that are
    kept for tests, by file; tests: what became of them, by the name of a test set.
    """

    root: str
    items: list[Item] = field(default_factory=list)
    held: dict[str, list[Item]] = field(default_factory=dict)
    tests: dict[str, Sequence[TestRow]] = field(default_factory=dict)
    domain: Domain = field(default_factory=Domain)
    links: Links = field(default_factory=Links)
    parsed: dict[str, Document] = field(default_factory=dict)
    stories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    books: dict[str, Ledger] = field(default_factory=dict)


def read_project(tree: Tree, root: str, files: Mapping[str, Kind]) -> Project:
    """Reads the files of a project. Raises SkillError for what is broken."""
    project = Project(root, books={file: Ledger() for file in files})
    for file, kind in files.items():
        text = read_yaml_text(tree, file) if kind is Kind.YAML else tree.text(file)
        project.texts[file] = text
        if kind is Kind.YAML:
            document = _parse(text, tree.label(file))
            project.parsed[file], project.sources[file] = document, spread(document.data)
            project.domain.add(document.data)
        elif kind is Kind.JSON:
            project.sources[file] = load(tree, file).source
        else:
            project.sources[file] = lines_of(text)
            if kind is Kind.STORIES:
                project.stories[file] = read_stories(text)
            if kind is Kind.RESPONSES:
                project.told.append(file)
                project.domain.add({"responses": answers_of(text)})
    lists: dict[str, Sequence[Text]] = _lists(tree, project, files)
    held = _held(project, files)
    for file, kind in files.items():
        book, label = project.books[file], tree.label(file)
        into = project.held.setdefault(file, []) if file in held else project.items
        if kind is Kind.NLU:
            into += read_markdown(project.texts[file], file, label, book, lists)
        elif kind is Kind.JSON:
            into += read_json_items(project.sources[file], file, label, book)
        elif kind is Kind.YAML and "nlu" in project.parsed[file].data:
            into += read_items(project.parsed[file], file, label, book)
    for entry in (entry for entries in lists.values() for entry in entries):
        entry.book.skip(entry.where, entry.text, "a list that no lookup names")
    for file, document in project.parsed.items():
        project.links.add(document.data, file, project.domain.forms)
    for file, stories in project.stories.items():
        project.links.add({"stories": stories}, file, project.domain.forms)
    return project


def _held(project: Project, files: Mapping[str, Kind]) -> set[str]:
    """The files whose examples are for tests: never all of them, whatever their folder's name."""
    spoken = [
        file
        for file, kind in files.items()
        if kind in (Kind.NLU, Kind.JSON)
        or (kind is Kind.YAML and "nlu" in project.parsed[file].data)
    ]
    held = {file for file in spoken if is_test_file(file)}
    return held if len(held) < len(spoken) else set()


def _parse(text: str, label: str) -> Document:
    document = parse_yaml(text, label)
    if document.problems:
        raise SkillError(*(f"{label}:{line}: {what}" for line, what in document.problems))
    if not isinstance(document.data, dict):
        raise SkillError(f"{label}:1: not Rasa's; a file of Rasa begins with `nlu:` or another key")
    return document


def _lists(tree: Tree, project: Project, files: Mapping[str, Kind]) -> dict[str, Sequence[Text]]:
    """Lists of values beside Markdown; each gets an account of its own."""
    texts = [project.texts[file] for file, kind in files.items() if kind is Kind.NLU]
    names = [name for name in tree.names if name.startswith(project.root)]
    found: dict[str, Sequence[Text]] = {}
    for name in lists_named(texts, names) if texts else ():
        book = project.books[name] = Ledger()
        text = tree.text(name)
        project.sources[name] = lines_of(text)
        lines = enumerate(text.splitlines(), start=1)
        found[name] = [Text(x.strip(), f"{name}:{n}", book) for n, x in lines if x.strip()]
    return found
