"""Thingpedia's skills of a tree -> `Imported`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sayso.errors import SkillError
from sayso.formats.foreign import Marks
from sayso.formats.format import Format, Imported, TestRow
from sayso.formats.names import identifier, unlike
from sayso.formats.replies import fulfilment
from sayso.formats.thingpedia.dialogues import read_dialogues
from sayso.formats.thingpedia.documents import read_document
from sayso.formats.thingpedia.language import Drafts
from sayso.formats.thingpedia.making import Making, read_classes, read_dialogue
from sayso.formats.titles import words
from sayso.skills.tree import Tree
from sayso.types.skills import Skill

_THINGTALK = re.compile(rb"^\s*(?:abstract\s+)?(?:dataset|class)\s+@", re.MULTILINE)
_LINK = re.compile(rb"\A[\w.-]*/[\w./-]+\.tt\s*\Z")  # git's, where it makes a text of it
_ANNOTATED = re.compile(rb"^UT: ", re.MULTILINE)
_TESTS = re.compile(r"(?:^|[/_.-])(dev|test|eval)(?=[/_.-])(?!/train)", re.IGNORECASE)


def claims(tree: Tree) -> Sequence[str]:
    """ThingTalk's datasets and classes, and the dialogues beside them."""
    code = [x for x in tree.names if x.endswith(".tt") and _holds(tree, x, _THINGTALK)]
    turns = [x for x in tree.names if x.endswith(".txt") and _holds(tree, x, _ANNOTATED)]
    return [*code, *turns] if code or any("/eval/" in f"/{x}" for x in turns) else []


def read(tree: Tree, name: str) -> Imported:
    """A skill for each class. Raises SkillError with file and line for what is no ThingTalk."""
    # Whatever bears their names is read: a file that cannot be is not left out in silence.
    links = {x for x in tree.names if x.endswith(".tt") and _holds(tree, x, _LINK)}
    ends = (".tt", "annotated.txt")
    named = [x for x in tree.names if x.endswith(ends) and x not in links]
    files = list(dict.fromkeys([*named, *claims(tree)]))
    if not files:
        what = "no .tt file of ThingTalk and no annotated dialogues"
        raise SkillError(f"{tree.source}: {what}; import a class's folder")
    marks = {file: _load(tree, file) for file in files}
    making: dict[str, Making] = {}
    folders: dict[str, str] = {}  # of a .tt file -> its class
    for file in (x for x in files if x.endswith(".tt")):
        for one in read_classes(marks[file].root, making):
            folders.setdefault(file.rpartition("/")[0], one)
    turns = [x for x in files if x.endswith(".txt")]
    for file in sorted(turns, key=lambda x: bool(_test_set(x))):  # tests are of what is taught
        owner = _owner(file, folders) or _named(file) or next(iter(making), name)
        made = making.setdefault(owner, Making(Drafts(owner)))
        for dialogue in marks[file].root.items():
            read_dialogue(dialogue, made, _test_set(file))
    skills: dict[str, Skill] = {}
    tests: dict[str, Mapping[str, Sequence[TestRow]]] = {}
    for each in making.values():
        skill = _skill(each, list(skills))
        if skill is not None:
            skills[skill.id] = skill
            tests[skill.id] = _told_of(each.tests, skill)
    if not skills:
        raise SkillError(f"{tree.source}: no utterances in its datasets; add some")
    accounts = {file: each.close() for file, each in marks.items()}
    unused = {
        x: "a link to a file that is not here" if x in links else "nothing that people say"
        for x in tree.names
        if x not in accounts
    }
    ordered = [skills[id] for id in sorted(skills)]
    return Imported(ordered, accounts, unused, {id: sets for id, sets in tests.items() if sets})


def _load(tree: Tree, file: str) -> Marks:
    label, text = tree.label(file), tree.text(file)
    data = read_document(text, label) if file.endswith(".tt") else read_dialogues(text, label)
    return Marks(data, label)


def _skill(made: Making, taken: Sequence[str]) -> Skill | None:
    name = made.drafts.name
    title = made.title or words(name.rsplit(".", 1)[-1]) or name
    language = made.drafts.language(made.locale, title, made.told)
    if not language.intents:
        return None
    return Skill(
        id=unlike(identifier(name), taken),
        name=title,
        description=made.told,
        languages=(language,),
        fulfilment=fulfilment([language], {}),
    )


def _told_of(tests: Mapping[str, Sequence[TestRow]], skill: Skill) -> dict[str, Sequence[TestRow]]:
    """The test sets, each row with the skill and locale that it speaks of."""
    more = {"skill": skill.id, "locale": skill.languages[0].locale}
    return {name: [{**row, **more} for row in rows] for name, rows in tests.items()}


def _owner(file: str, folders: Mapping[str, str]) -> str | None:
    """The class whose folder is the innermost around a file."""
    around = [x for x in folders if not x or file.startswith(f"{x}/")]
    return folders[max(around, key=len)] if around else None


def _named(file: str) -> str:
    """The class that a file of dialogues without .tt files is of: the folder around `eval`."""
    match = re.search(r"([^/]+)/eval/", file)
    return match[1] if match else ""


def _test_set(file: str) -> str:
    """The name of the test set that a file of dialogues is; "" for one of training."""
    if re.search(r"(?:^|/)train/", file):
        return ""
    found = _TESTS.findall(file)
    return found[-1].lower() if found else ""


def _holds(tree: Tree, name: str, what: re.Pattern[bytes]) -> bool:
    try:
        return bool(what.search(tree.read(name)))
    except SkillError:
        return False


THINGPEDIA = Format("thingpedia", "Thingpedia class or dataset (ThingTalk)", claims, read)
