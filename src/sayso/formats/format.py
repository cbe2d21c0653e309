"""What a format of other people's skills is to Sayso."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from sayso.skills.accounting import Accounting
from sayso.skills.tree import Tree
from sayso.types.skills import Skill

TestRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """What some files came to.

    skills: by the order of their ids. accounts: file -> what became of each of its lines. unused:
    file -> why no line of it is in the accounts: code, which is copied, pictures, licences. Each
    file of the tree is in one of the two. tests: skill's id -> name of a test set -> its rows, as
    `evaluation.testset` reads them in JSON lines.
    """

    skills: Sequence[Skill]
    accounts: Mapping[str, Accounting]
    unused: Mapping[str, str] = field(default_factory=dict)
    tests: Mapping[str, Mapping[str, Sequence[TestRow]]] = field(default_factory=dict)

    @property
    def accounting(self) -> Accounting:
        """Of all files together."""
        return reduce(Accounting.__add__, self.accounts.values(), Accounting())

    def table(self) -> str:
        """What became of all lines, and of the files that have none of a skill's."""
        whys = Counter(self.unused.values())
        files = [f"{'other':<8} {count:>7}  files: {why}" for why, count in whys.most_common()]
        return "\n".join([self.accounting.table(), *files])


@dataclass(frozen=True, slots=True)
class Exported:
    """A skill in another system's form. files: name -> text. left_out: what has no place there."""

    files: Mapping[str, str]
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read, and written where `write` is there.

    name: as in `--format`. title: for people. claims: names of the files of a tree that are surely
    of this format, by their names and, where these say too little, by a look inside; it never
    raises for bad content. read: the skills of a tree; its second argument names what has no name
    of its own (the folder's or zip's). Raises SkillError for what cannot be read, with file, line
    and what to do. write: a skill in all of its languages.
    """

    name: str
    title: str
    claims: Callable[[Tree], Sequence[str]]
    read: Callable[[Tree, str], Imported]
    write: Callable[[Skill], Exported] | None = None
