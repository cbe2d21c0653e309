"""NLU blocks of Rasa's YAML: intents, synonyms, lookups and regexes, with the line of each text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.errors import SkillError
from sayso.skills.accounting import Ledger
from sayso.skills.yaml_lines import Document, Path

KINDS = ("intent", "synonym", "lookup", "regex")
DASH = "-"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of a block. where: its file and line. book: for what becomes of it."""

    text: str
    where: str
    book: Ledger


@dataclass(frozen=True, slots=True)
class Item:
    """A block of one kind of `KINDS`."""

    kind: str
    name: str
    texts: Sequence[Text]


def spread(node: Any) -> Any:
    """Data in which a text of several lines is the list of them, blank ones left out.

    Rasa writes examples as one text with a line each, and each of them is to be accounted for.
    """
    if isinstance(node, Mapping):
        return {key: spread(child) for key, child in node.items()}
    if isinstance(node, list):
        return [spread(child) for child in node]
    if isinstance(node, str) and "\n" in node:
        lines = [line for line in node.split("\n") if line.strip()]
        return lines or ""
    return node


def read_items(document: Document, file: str, label: str, book: Ledger) -> list[Item]:
    """The blocks under `nlu`. label: what errors call the file.

    Raises SkillError for a shape that Rasa would refuse, too.
    """
    raw = document.data.get("nlu")
    if raw is None:
        book.skip("nlu", raw, "no examples")
        return []
    if not isinstance(raw, list):
        raise SkillError(
            f"{label}:{document.line(('nlu',))}: nlu is a list; put a dash before each"
        )
    found = [_read(node, ("nlu", n), document, (file, label), book) for n, node in enumerate(raw)]
    return [item for item in found if item]


def _read(
    node: Any, path: Path, document: Document, files: tuple[str, str], book: Ledger
) -> Item | None:
    file, label = files
    line = document.line(path)
    where = f"{file}:{line}"
    kind = next((k for k in KINDS if isinstance(node, Mapping) and k in node), None)
    if kind is None:
        book.skip(where, spread(node), "neither an intent nor a synonym, lookup or regex")
        return None
    name = node[kind]
    if not isinstance(name, str) or not name.strip() or "\n" in name:
        raise SkillError(f"{label}:{line}: {kind} without a name; write it behind `{kind}:`")
    for key, child in node.items():
        if key not in (kind, "examples"):
            book.skip(where, spread(child), f"{key}: not used")
    inside = (*path, "examples")
    raw = node.get("examples")
    texts = tuple(_texts(raw, inside, document, file, book)) if "examples" in node else ()
    return begun(kind, str(name).strip(), texts, where, book)


def begun(kind: str, name: str, texts: Sequence[Text], where: str, book: Ledger) -> Item:
    """A block, its name written down."""
    if texts:
        book.read({"intent": "intents", "regex": "regexes"}.get(kind, f"{kind}s"))
    else:
        book.skip(where, name, f"{kind} without examples")
    return Item(kind, name, tuple(texts))


def _texts(raw: Any, path: Path, document: Document, file: str, book: Ledger) -> Iterator[Text]:
    line = document.line(path)
    below = 1 if isinstance(raw, str) and "\n" in raw else 0  # a block begins under its key
    if isinstance(raw, list):
        for number, node in enumerate(raw):
            yield from _listed(node, f"{file}:{document.line((*path, number))}", book)
    elif not isinstance(raw, str) or not raw.strip():
        book.skip(f"{file}:{line}", spread(raw), "no examples")
    else:
        for number, text in enumerate(raw.split("\n")):
            where = f"{file}:{line + number + below}"
            if text.strip():
                yield from _dashed(text.strip(), where, book)


def _dashed(text: str, where: str, book: Ledger) -> Iterator[Text]:
    """Where a line of a block begins with a dash, what follows it."""
    if text.startswith("#"):
        book.skip(where, text, "a comment")
    elif not text.startswith(DASH):
        book.skip(where, text, "a line without a dash, which Rasa passes over, too")
    elif not text[1:].strip():
        book.skip(where, text, "an empty example")
    else:
        yield Text(str(text[1:]).strip(), where, book)


def _listed(node: Any, where: str, book: Ledger) -> Iterator[Text]:
    """An example of a list: a text, or one with more about it."""
    text = node.get("text") if isinstance(node, Mapping) else node
    if isinstance(node, Mapping):
        rest = {key: spread(child) for key, child in node.items() if key != "text"}
        book.skip(where, rest, "metadata of an example")
    if not isinstance(text, str) or not text.strip():
        if not isinstance(node, Mapping) or "text" in node:
            book.skip(where, spread(text), "an example without text")
        return
    lines = [line.strip() for line in str(text).split("\n") if line.strip()]
    for more in lines[1:]:
        book.skip(where, more, "more than one line; the first counts")
    yield Text(lines[0].removeprefix(f"{DASH} "), where, book)
