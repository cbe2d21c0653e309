"""Training data and stories of Rasa 1, written in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.errors import SkillError
from sayso.formats.rasa.items import KINDS, Item, Text, begun
from sayso.skills.accounting import Ledger

_HEAD = re.compile(r"##+\s*(\w+)\s*:\s*(.*)$")
_NLU = re.compile(rf"^##\s*(?:{'|'.join(KINDS)})\s*:", re.MULTILINE)
_STORIES = re.compile(r"^\s*\*\s+[\w/+\"]", re.MULTILINE)
_REMARK = re.compile(r"<!--.*?-->")
_FORM = re.compile(r"-\s*form\{\s*\"name\"\s*:\s*(null|\"[^\"]*\")\s*\}$")
_ANSWERED = re.compile(r"^\s*\*\s+[\w.+-]+/[\w./+-]+\s*$", re.MULTILINE)
_ASKED = re.compile(r"\*\s+([\w.+-]+/[\w./+-]+)\s*$")
_SAID = re.compile(r"\*\s+([\w/+]+)\s*:\s*(\S.*)$")
_TITLE = re.compile(r"^##\s+\S", re.MULTILINE)
_ACTION = re.compile(r"^\s*-\s+(?:utter_|action_|\w+_form\b|slot\{|form\{)", re.MULTILINE)


_NO_LIST = "a lookup's file, not there or named before"


@dataclass
class _Block:
    kind: str
    name: str
    where: str
    texts: list[Text]

    def item(self, book: Ledger) -> Item:
        return begun(self.kind, self.name, self.texts, self.where, book)


def is_nlu(text: str) -> bool:
    """Whether a Markdown file holds training data."""
    return bool(_NLU.search(text))


def is_stories(text: str) -> bool:
    """Whether a Markdown file holds stories."""
    return all(pattern.search(text) for pattern in (_STORIES, _TITLE, _ACTION))


def is_responses(text: str) -> bool:
    """Whether a Markdown file holds what intents are answered: responses.md."""
    return bool(_TITLE.search(text) and _ANSWERED.search(text) and not _ACTION.search(text))


def read_responses(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, intent and text of each answer: `* faq/hours`, below it `- From nine to five.`"""
    intent = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("#"):
            intent = ""
        elif asked := _ASKED.match(line):
            intent = asked[1]
        elif intent and line.startswith("- ") and line[2:].strip():
            yield number, intent, line[2:].strip()


def answers_of(text: str) -> dict[str, list[dict[str, str]]]:
    """The responses of such a file as a domain has them: `utter_faq/hours` -> its variants."""
    found: dict[str, list[dict[str, str]]] = {}
    for _, intent, answer in read_responses(text):
        found.setdefault(f"utter_{intent}", []).append({"text": answer})
    return found


def lines_of(text: str) -> list[str]:
    """What is to be accounted for: the lines that are not blank."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_markdown(
    text: str, file: str, label: str, book: Ledger, lists: dict[str, Sequence[Text]]
) -> Iterator[Item]:
    """The blocks of a file. label: what errors call it. lists: path -> entries of lists
    beside it; those that a lookup names are taken out.

    Raises SkillError for a block without a name.
    """
    block: _Block | None = None
    comment = False
    for number, raw in enumerate(text.splitlines(), start=1):
        line, where = raw.strip(), f"{file}:{number}"
        if not line:
            continue
        begins = line.startswith("<!--")
        if comment or begins:
            comment = "-->" not in line
            book.skip(where, line, "a comment")
            continue
        line = _REMARK.sub("", line).rstrip() or line
        head = _HEAD.match(line)
        if head or line.startswith("#"):
            if block:
                yield block.item(book)
            block = _begin(head, line, (where, f"{label}:{number}"), book)
        elif block is None:
            book.skip(where, line, "outside of any intent, synonym, lookup or regex")
        elif line[0] in "-*+" and line[1:].strip():
            block.texts.append(Text(line[1:].strip(), where, book))
        elif block.kind == "lookup" and (entries := _entries(line, lists)) is not None:
            book.map(where, line, "a lookup's file")
            block.texts += entries
        else:
            missing = block.kind == "lookup" and line[0] not in "-*+"
            book.skip(where, line, _NO_LIST if missing else "an empty example")
    if block:
        yield block.item(book)


def read_stories(text: str) -> list[dict[str, Any]]:
    """The stories of a file, in the form that YAML has them in since Rasa 2; no line is refused.

    Each step's key `line` says where it stands.
    """
    stories: list[dict[str, Any]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("## "):
            stories.append({"story": line[3:].strip(), "steps": []})
        elif not stories or not line:
            continue
        elif match := _SAID.match(line):  # of a test: `* greet: hello there`
            step = {"intent": match[1], "user": match[2].strip(), "line": number}
            stories[-1]["steps"].append(step)
        elif line.startswith("* "):
            intents = [part.partition("{")[0].strip() for part in line[2:].split(" OR ")]
            either = [{"intent": each} for each in intents]
            stories[-1]["steps"].append({"or": either, "line": number})
        elif form := _FORM.match(line):
            name = None if form[1] == "null" else form[1].strip('"')
            stories[-1]["steps"].append({"active_loop": name, "line": number})
        elif line.startswith("- ") and "{" not in line:
            stories[-1]["steps"].append({"action": line[2:].strip(), "line": number})
    return stories


def _begin(
    head: re.Match[str] | None, line: str, places: tuple[str, str], book: Ledger
) -> _Block | None:
    where, label = places
    kind = head[1].lower() if head else ""
    if head is None or kind not in KINDS:
        book.skip(where, line, "a heading of something else")
        return None
    if not head[2].strip():
        raise SkillError(f"{label}: {kind} without a name; write it behind `{kind}:`")
    return _Block(kind, head[2].strip(), where, [])


def _entries(line: str, lists: dict[str, Sequence[Text]]) -> Sequence[Text] | None:
    """What the list that a lookup names holds, by the end of its path."""
    wanted = line.removeprefix("./")
    if not wanted.endswith(".txt"):
        return None
    path = next((path for path in lists if path == wanted or path.endswith(f"/{wanted}")), None)
    return lists.pop(path) if path is not None else None
