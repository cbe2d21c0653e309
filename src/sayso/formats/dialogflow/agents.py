"""Where agents lie in a tree, and which files are theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sayso.errors import SkillError
from sayso.formats.dialogflow.cx import read_cx_agent
from sayso.formats.dialogflow.es import ENTRIES, SAYS, read_es_agent
from sayso.formats.foreign import Marks
from sayso.formats.format import Format, Imported
from sayso.formats.names import unlike
from sayso.skills.tree import Tree
from sayso.types.skills import Skill

MOST_AGENTS = 200
_CX = re.compile(
    r"(?P<root>(?:.*/)?)(?:intents/(?P<a>[^/]+)/(?:(?P=a)\.json|trainingPhrases/[^/]+\.json)"
    r"|entityTypes/(?P<b>[^/]+)/(?:(?P=b)\.json|(?:entities|excludedPhrases)/[^/]+\.json)"
    r"|flows/[^/]+/.*\.json)"
)
_ES = re.compile(
    rf"(?P<root>(?:.*/)?)(?:intents/{SAYS.pattern.replace('name', 'i')}"
    rf"|entities/{ENTRIES.pattern.replace('name', 'e')})"
)
_PART = re.compile(r"(?P<root>(?:.*/)?)(?:agent|(?:intents|entities)/[^/]+)\.json")
_BARE_INTENT = re.compile(r"(?:.*/)?intents/[^/]+\.json")


def claims(tree: Tree) -> Sequence[str]:
    """Training phrases and entries; agent.json and the intents' own files where there are any."""
    roots = {*_es_roots(tree), *_roots(tree, _CX)}
    found = ((name, _PART.fullmatch(name)) for name in (_names(tree) if roots else ()))
    return [x for x, part in found if (part and part["root"] in roots) or _CX.fullmatch(x)]


def read(tree: Tree, name: str) -> Imported:
    """A skill an agent. Raises SkillError where none says anything."""
    es = _es_roots(tree)
    cx = [] if es else _roots(tree, _CX)
    if not es and not cx:
        raise SkillError(
            f"{tree.source}: no Dialogflow agent in it; expected "
            "intents/<name>_usersays_<lang>.json (ES) or "
            "intents/<name>/trainingPhrases/<lang>.json (CX, exported as a JSON package)"
        )
    if len(es or cx) > MOST_AGENTS:
        raise SkillError(f"{tree.source}: more than {MOST_AGENTS} agents; name a folder of fewer")
    skills: list[Skill] = []
    marks: dict[str, Marks] = {}
    for root in es or cx:
        called = name if len(es or cx) == 1 else root.rstrip("/").rpartition("/")[2] or name
        skill, files = (read_es_agent if es else read_cx_agent)(tree, root, called)
        skill = replace(skill, id=unlike(skill.id, [x.id for x in skills]))
        skills += [skill] if skill.languages else []
        marks |= files
    accounts = {file: each.close() for file, each in marks.items()}
    unused = {file: "no part of a Dialogflow agent" for file in tree.names if file not in accounts}
    return Imported(sorted(skills, key=lambda skill: skill.id), accounts, unused)


def _names(tree: Tree) -> list[str]:
    """Without the twins that a Mac puts into zips, and names that are none."""
    own = (x for x in tree.names if not x.startswith("__MACOSX/") and "/._" not in f"/{x}")
    return [x for x in own if len(x) <= 1000]


def _roots(tree: Tree, pattern: re.Pattern[str]) -> list[str]:
    """Folders (ending in `/`, or "") of the agents, by what lies in them."""
    found = (pattern.fullmatch(name) for name in _names(tree))
    return sorted({match["root"] for match in found if match})


def _es_roots(tree: Tree) -> list[str]:
    """Of ES agents; the oldest exports keep the phrases in the intents' own files."""
    names = set(_names(tree))
    intents = {x.rpartition("intents/")[0] for x in names if _BARE_INTENT.fullmatch(x)}
    bare = [root for root in intents if f"{root}agent.json" in names]
    return sorted({*_roots(tree, _ES), *bare})


DIALOGFLOW = Format("dialogflow", "Dialogflow ES or CX agent", claims, read)
