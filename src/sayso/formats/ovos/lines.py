"""The files of one locale, line by line, and what became of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.grammar import Choice, Node
from sayso.formats.ovos.files import File
from sayso.formats.ovos.templates import read_template
from sayso.skills.accounting import Accounting, Ledger
from sayso.skills.tree import Tree, read_json

# `# a note` is a comment, and so is `# fahrenheit`; `##` and `#%` are digits.
_COMMENT = re.compile(r"#\s*[^\W\d]|//|#!|#-")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something. where: as the ledger calls it."""

    text: str
    file: str
    where: str


@dataclass
class Books:
    """The ledgers of a tree's files, and what each file holds, to be counted afresh.

    renamed: file -> locale, where its folder names a language alone and is read as that locale.
    """

    ledgers: dict[str, Ledger] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def open(self, name: str, source: Any) -> Ledger:
        """The ledger of a file that holds `source`."""
        self.sources[name] = source
        return self.ledgers.setdefault(name, Ledger())

    def read(self, line: Line, kind: str) -> None:
        """A line was taken as it stands, if maybe for a locale that its folder does not name."""
        if line.file in self.renamed:
            self.map(line, f"{kind}, their language read as {self.renamed[line.file]}")
        else:
            self.ledgers[line.file].read(kind)

    def map(self, line: Line, note: str) -> None:
        """A line was taken in another form."""
        self.ledgers[line.file].map(line.where, line.text, note)

    def skip(self, line: Line, reason: str) -> None:
        """A line is not used, only kept."""
        self.ledgers[line.file].skip(line.where, line.text, reason)

    def close(self) -> dict[str, Accounting]:
        """File -> its account."""
        return {name: book.close(self.sources[name]) for name, book in self.ledgers.items()}


@dataclass
class Texts:
    """The lines of one locale: kind -> stem -> lines. about: what its skill.json says."""

    locale: str
    lines: dict[str, dict[str, list[Line]]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, list[Line]]:
        """Stem -> lines, of a kind of file."""
        return self.lines.get(kind, {})

    def kept(self) -> dict[str, Any]:
        """All of it as plain data, to be kept beside what is made of it."""
        kept: dict[str, Any] = {
            kind: {stem: [line.text for line in lines] for stem, lines in stems.items()}
            for kind, stems in self.lines.items()
        }
        return {**kept, "about": self.about} if self.about else kept


def read_texts(tree: Tree, locale: str, files: Iterable[File], books: Books) -> Texts:
    """The lines of a locale's files. Comments are skipped; files of the same stem are put together.

    Raises SkillError for a file that is not UTF-8, or a skill.json that is no JSON.
    """
    texts = Texts(locale)
    for file in files:
        if file.kind == "about":
            _read_about(tree, file, texts, books)
            continue
        rows = [row.strip() for row in tree.text(file.name).splitlines()]
        book = books.open(file.name, [row for row in rows if row])
        if not file.exact:
            books.renamed[file.name] = locale
        stems = texts.lines.setdefault(file.kind, {})
        stem = next((x for x in stems if x.casefold() == file.stem.casefold()), file.stem)
        lines = stems.setdefault(stem, [])
        for number, row in enumerate(rows, 1):
            lone = row.startswith("#") and (file.kind == "dialog" or row == "#")
            if _COMMENT.match(row) or (lone and file.kind != "entity"):
                book.skip(f"line {number}", row, "comment")
            elif row:
                lines.append(Line(row, file.name, f"line {number}"))
    return texts


def trees_of(lines: Sequence[Line], books: Books | None) -> list[tuple[Line, Node]]:
    """The lines that are templates. books: where the others are written, if that is still to do."""
    found = []
    for line in lines:
        try:
            found.append((line, read_template(line.text)))
        except ValueError as error:
            if books:
                books.skip(line, f"cannot be read: {error}")
    return found


def words_of(texts: Texts) -> dict[str, Node]:
    """Name of a .voc file -> its words, as the rules of the grammar."""
    found: dict[str, Node] = {}
    for stem, lines in texts.of("voc").items():
        nodes = [node for _, node in trees_of(lines, None)]
        if nodes:
            found[stem] = Choice(nodes)
    return found


def _read_about(tree: Tree, file: File, texts: Texts, books: Books) -> None:
    about = read_json(tree, file.name)
    book = books.open(file.name, about)
    if not isinstance(about, dict):
        book.skip("", about, "not an object")
        return
    for key, node in about.items():
        if key in ("skill_id", "name", "description") and isinstance(node, str) and node.strip():
            book.read("names and descriptions")
        elif key == "examples" and isinstance(node, list):
            for place, text in enumerate(node):
                if isinstance(text, str) and text.strip():
                    book.read("examples")
                else:
                    book.skip(f"examples[{place}]", text, "an example without words")
        else:
            book.skip(key, node, "not used by Sayso; kept")
    texts.about = {**about, **texts.about}
