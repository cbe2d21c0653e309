"""Which file of a tree is what: of which Leon skill, in which locale.

skills/games/dice/config/en.json   actions with their utterances (before 2023: nlu/en.json)
skills/games/dice/skill.json       name and description; since 2025 the actions, without utterances
skills/dice_skill/locales/en.json  since 2025: answers alone
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sayso.formats.foreign import peek
from sayso.formats.locales import locale_of
from sayso.skills.tree import Tree

FOLDERS = ("config", "nlu", "locales")
ABOUT = "skill.json"
_MOST = 2000  # files that are looked into


@dataclass(frozen=True, slots=True)
class Folder:
    """A skill's files. root: its folder, "" for the tree itself. about: its skill.json, or "".

    spoken: locale -> the file with what is said in it.
    """

    root: str
    spoken: Mapping[str, str]
    about: str = ""

    @property
    def files(self) -> list[str]:
        """All of them."""
        return [*self.spoken.values(), *([self.about] if self.about else [])]


def folders_of(tree: Tree) -> list[Folder]:
    """The skills of a tree, each with its languages: American English first."""
    spoken: dict[str, dict[str, str]] = {}
    about: dict[str, str] = {}
    for name in [x for x in tree.names if x.endswith(".json")][:_MOST]:
        path = PurePosixPath(name)
        if path.name == ABOUT:
            if has_actions(peek(tree, name, b'"actions"')):
                about[_folder(path.parent)] = name
        elif (locale := locale_of(path.stem)) and _speaks(tree, name, path):
            above = path.parent.parent if path.parent.name in FOLDERS else path.parent
            spoken.setdefault(_folder(above), {}).setdefault(locale, name)
    for root in spoken:
        named = f"{root}/{ABOUT}".lstrip("/")
        if named in tree.names:
            about.setdefault(root, named)
    return [
        Folder(root, _sorted(spoken.get(root, {})), about.get(root, ""))
        for root in sorted({*spoken, *about})
    ]


def is_spoken(name: str) -> bool:
    """Whether a file lies where Leon has a language: config/en.json."""
    path = PurePosixPath(name)
    named = path.suffix == ".json" and path.parent.name in FOLDERS
    return named and locale_of(path.stem) is not None


def has_actions(data: Any) -> bool:
    """Whether some data has actions as Leon writes them."""
    actions = data.get("actions") if isinstance(data, Mapping) else None
    if not isinstance(actions, Mapping):
        return False
    known = ("utterance_samples", "answers", "type")
    return any(isinstance(x, Mapping) and any(key in x for key in known) for x in actions.values())


def _speaks(tree: Tree, name: str, path: PurePosixPath) -> bool:
    data = peek(tree, name, b'"actions"')
    if not has_actions(data):
        return False
    said = any(isinstance(x, Mapping) and "utterance_samples" in x for x in _all(data["actions"]))
    return said or path.parent.name in FOLDERS


def _all(actions: Mapping[str, Any]) -> Sequence[Any]:
    return list(actions.values())


def _folder(path: PurePosixPath) -> str:
    return "" if str(path) == "." else str(path)


def _sorted(spoken: Mapping[str, str]) -> dict[str, str]:
    order = sorted(spoken, key=lambda x: (x != "en-US", not x.startswith("en"), x))
    return {locale: spoken[locale] for locale in order}
