"""What a Lex bot says: groups of messages, each with variations."""

from __future__ import annotations

import re
from collections.abc import Collection

from sayso.formats.foreign import Node
from sayso.formats.replies import LONGEST, template
from sayso.skills.templates import said, slot_names, stray_brace

_TAG = re.compile(r"<[^>]*>")
_PLACE = re.compile(r"\{\s*([\w.-]+)\s*\}|\[[\w.-]+\]")
_NO_SLOT = "says a value which is no slot of the intent"


def questions(specification: Node, slots: Collection[str]) -> tuple[str, ...]:
    """The ways to ask something; `{slot}` in them is the value of another slot."""
    found: dict[str, None] = {}
    for node in _texts(specification):
        text = " ".join(_TAG.sub(" ", node.text()).split())
        if set(slot_names(text)) - set(slots) or stray_brace(text):
            node.skip(_NO_SLOT)
        elif said(text):
            _take(node, text, "questions")
            found[text] = None
    return tuple(found)


def replies(response: Node, slots: Collection[str]) -> list[str]:
    """Reply templates of what is said in the end."""
    found: dict[str, None] = {}
    for node in _texts(response):
        text = " ".join(_TAG.sub(" ", node.text()).split())

        def slot_of(match: re.Match[str]) -> str | None:
            return match[1] if match[1] in slots else None

        made = template(text, _PLACE, slot_of)
        if made is None:
            node.skip(_NO_SLOT)
        else:
            _take(node, made, "replies")
            found[made] = None
    return list(found)


def _take(node: Node, text: str, kind: str) -> None:
    node.read(kind) if text == node.value else node.map(f"{kind}, in our form")


def _texts(specification: Node) -> list[Node]:
    """Texts of all groups; where several groups are said in turn, the first one alone is ours."""
    lists = [specification.at(key).items() for key in ("messageGroupsList", "messageGroups")]
    groups = [group for each in lists for group in each]
    for group in groups[1:]:
        group.skip("said after the first message; Sayso says one")
    found: list[Node] = []
    for message in specification.at("messages").items():  # of V1
        spoken = message.at("contentType").value in ("PlainText", "SSML")
        message.skip("a payload" if not spoken else "how often Lex asks, and in which form")
        if spoken and message.at("content").text():
            found.append(message.at("content"))
    for group in groups[:1]:
        for message in [group.at("message"), *group.at("variations").items()]:
            message.skip("a card or a payload")
            nodes = [message.at(key, "value") for key in ("plainTextMessage", "ssmlMessage")]
            said_in = [node for node in nodes if node.text()][:1]
            for node in said_in:
                if len(node.text()) > LONGEST:
                    node.skip(f"longer than {LONGEST} characters")
                else:
                    found.append(node)
    return found
