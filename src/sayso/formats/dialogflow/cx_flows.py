"""Flows and pages of a CX agent: what it answers to an intent, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sayso.formats.dialogflow.phrases import TOO_MANY, Slots
from sayso.formats.foreign import Node
from sayso.formats.replies import template
from sayso.skills.templates import said

_PLACE = re.compile(
    r"\$(?:session|intent|page)\.params\.([\w-]+)(?:\.(?:original|resolved))?"
    r"|\$(?=[^\W\d])[\w.-]+"
)
_FILLED = re.compile(r"\$page\.params\.status\s*=\s*\"?FINAL\"?")
_STATE = "a path of the flow: Sayso's dialogue goes by what is filled"


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows an intent: said at once, or asked for on the page that it leads to."""

    route: Node
    page: Node | None

    def parameters(self) -> list[Node]:
        """What the page asks for."""
        return self.page.at("form", "parameters").items() if self.page else []

    def messages(self) -> list[Node]:
        """What is said in the end: with a form to fill, when it is filled."""
        if self.page is None:
            return self.route.at("triggerFulfillment", "messages").items()
        if not self.parameters():
            own = self.route.at("triggerFulfillment", "messages").items()
            return [*own, *self.page.at("entryFulfillment", "messages").items()]
        for route in self.page.at("transitionRoutes").items():
            if _FILLED.search(route.at("condition").text()):
                route.at("condition").map("the reply once all slots are filled")
                return route.at("triggerFulfillment", "messages").items()
        return []


@dataclass
class Flows:
    """All flows of an agent. answers: display name of an intent -> what follows it."""

    answers: dict[str, Answer] = field(default_factory=dict)

    def read(self, flow: Node | None, pages: Iterable[Node], groups: Iterable[Node]) -> None:
        """Take in one flow: its own file, its pages, its groups of routes."""
        pages = list(pages)
        by_name = {page.at("displayName").text(): page for page in pages}
        for source in [*([flow] if flow else []), *groups, *pages]:
            source.skip(_STATE)
            source.at("eventHandlers").skip("an answer to an event or to words not understood")
            source.at("nluSettings").skip("settings of Dialogflow's recogniser")
            for route in source.at("transitionRoutes").items():
                self._take(route, by_name)

    def _take(self, route: Node, pages: Mapping[str, Node]) -> None:
        name = route.at("intent").text()
        condition = route.at("condition").text()
        if not name or condition not in ("", "true"):
            return
        if name in self.answers:
            route.skip("a second answer to the same intent, in another place of the flow")
            return
        route.at("intent").read("intents of replies")
        self.answers[name] = Answer(route, pages.get(route.at("targetPage").text()))


def declare(answer: Answer, tag: str, main: str, slots: Slots) -> None:
    """The slots that a page asks for, with its questions in a language."""
    for parameter in answer.parameters():
        name = parameter.at("displayName").text("slots")
        if not name or slots.full(name):
            parameter.skip(TOO_MANY if name else "a parameter without a name")
            continue
        kind = slots.note(parameter.at("entityType"))
        slot = slots.declare(name, kind)
        first = parameter.at("fillBehavior", "initialPromptFulfillment", "messages")
        asked = [said(x) for x, _ in _spoken(first.items(), tag, main, "questions for slots")]
        slots.known[name] = replace(
            slot,
            required=parameter.at("required").flag("slots' flags"),
            multiple=slot.multiple or parameter.at("isList").flag("slots' flags"),
            ask=tuple(dict.fromkeys(x for x in asked if x)) or slot.ask,
        )


def replies(answer: Answer, slots: Slots, tag: str, main: str) -> list[str]:
    """Reply templates of an answer in a language."""
    names = {name: slot.name for name, slot in slots.known.items()}
    found: dict[str, None] = {}
    for text, nodes in _spoken(answer.messages(), tag, main, ""):
        made = template(text, _PLACE, lambda match: names.get(match[1]) if match[1] else None)
        for node in nodes:
            if made is None:
                node.skip("a reply that speaks a value which is no slot of the intent")
            else:
                node.map("reply template") if made != text else node.read("replies")
        found |= {made: None} if made else {}
    return list(found)


def _spoken(
    messages: Sequence[Node], tag: str, main: str, kind: str
) -> list[tuple[str, list[Node]]]:
    """Ways to say messages one after the other, with the parts that each is made of."""
    heard: list[list[Node]] = []
    for message in messages:
        if (message.at("languageCode").text() or main) != tag:
            continue
        texts = [node for node in message.at("text", "text").items() if node.text()]
        if texts:
            message.at("languageCode").read("languages of replies")
            heard.append(texts)
        else:
            message.skip("a card, a payload or a platform's own answer")
    ways = []
    for turn in range(max(map(len, heard), default=0)):
        nodes = [texts[turn % len(texts)] for texts in heard]
        ways.append((" ".join(node.text(kind) for node in nodes), nodes))
    return ways
