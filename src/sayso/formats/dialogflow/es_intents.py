"""An intent of an ES agent: its parameters, prompts and responses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sayso.formats.dialogflow.phrases import TOO_MANY, Slots, read_es
from sayso.formats.foreign import Node
from sayso.formats.replies import template
from sayso.skills.templates import said
from sayso.types.skills import Intent

# "$5" is money, "#1" a rank: only a letter begins the name of a value.
_PLACE = re.compile(r"\$(?=[^\W\d])([\w-]+(?:\.original)?)|#(?=[^\W\d])([\w-]+\.[\w.-]+)")
_ORIGINAL = ".original"
_NOT_OURS = {
    "id": "bookkeeping of Dialogflow",
    "auto": "bookkeeping of Dialogflow",
    "priority": "settings of Dialogflow's recogniser",
    "mlDisabled": "settings of Dialogflow's recogniser",
    "webhookUsed": "a webhook of Dialogflow's protocol, which Sayso does not speak",
    "webhookForSlotFilling": "a webhook of Dialogflow's protocol, which Sayso does not speak",
    "contexts": "a context: Sayso's dialogue keeps its own",
    "parentId": "a context: Sayso's dialogue keeps its own",
    "rootParentId": "a context: Sayso's dialogue keeps its own",
    "events": "an event of the platform, nothing that a person says",
    "templates": "said again by the phrases beside them",
}
_NO_TEXT = "a card, a payload or a platform's own answer"


@dataclass(frozen=True, slots=True)
class EsIntent:
    """An intent's own file, or what stands for it where there is none.

    about: the file. phrases: language tag -> its training phrases.
    """

    name: str
    about: Node | None
    phrases: Mapping[str, Sequence[Node]]

    @property
    def fallback(self) -> bool:
        """Whether it is what the agent says when it understood nothing."""
        return self.about is not None and self.about.at("fallbackIntent").value is True

    @property
    def follows(self) -> bool:
        """Whether it is heard in a context only, after another intent."""
        return self.about is not None and bool(self.about.at("contexts").value)

    @property
    def welcomes(self) -> bool:
        """Whether opening the agent reaches it."""
        events = self.about.at("events").items() if self.about else []
        return any("WELCOME" in event.at("name").text().upper() for event in events)


def read_intent(intent: EsIntent, name: str, tag: str, types: Sequence[str]) -> Intent:
    """The intent in the language `tag`; name: in the skill."""
    slots = Slots(types)
    for parameter in _parameters(intent):
        _declare(parameter, tag, slots)
    samples = read_es(intent.phrases.get(tag, ()), slots)
    return Intent(name, tuple(samples), slots.all())


def read_replies(intent: EsIntent, made: Intent, tag: str, main: str) -> list[str]:
    """Reply templates of an intent in a language. main: of texts that name no language."""
    names = {slot.name: slot.name for slot in made.slots} | _slot_names(intent)
    found: dict[str, None] = {}
    for response in intent.about.at("responses").items() if intent.about else []:
        for message in response.at("messages").items():
            message.skip(_NO_TEXT)
            if (message.at("lang").text() or main) != tag:
                continue
            for text in _texts(message):
                _take(text, names, found)
    return list(found)


def account(intent: EsIntent) -> None:
    """What of an intent's file has no counterpart."""
    if intent.about is None:
        return
    intent.about.at("fallbackIntent").read("intents' flags")
    for key, reason in _NOT_OURS.items():
        intent.about.at(key).skip(reason)
    for response in intent.about.at("responses").items():
        response.at("affectedContexts").skip(_NOT_OURS["contexts"])
        response.at("resetContexts").skip(_NOT_OURS["contexts"])
        response.at("action").skip("the name that a webhook knows it by")
        for message in response.at("messages").items():
            message.at("lang").read("languages of replies")


def _parameters(intent: EsIntent) -> list[Node]:
    responses = intent.about.at("responses").items() if intent.about else []
    return [parameter for response in responses for parameter in response.at("parameters").items()]


def _own_name(parameter: Node) -> str:
    return parameter.at("name").text()


def _slot_names(intent: EsIntent) -> dict[str, str]:
    """Name of a parameter -> of its slot."""
    slots = Slots(())
    for parameter in _parameters(intent):
        name = _own_name(parameter)
        if name and _is_said(parameter) and not slots.full(name):
            slots.declare(name, "@sys.any")
    return {name: slot.name for name, slot in slots.known.items()}


def _is_said(parameter: Node) -> bool:
    """Whether a person says the value; others are constants, or come from a context."""
    name, value = _own_name(parameter), parameter.at("value").text()
    return value in ("", f"${name}", f"${name}{_ORIGINAL}") and bool(
        parameter.at("dataType").text()
    )


def _declare(parameter: Node, tag: str, slots: Slots) -> None:
    name = _own_name(parameter)
    for key in ("id", "outputDialogContexts", "defaultValue"):
        parameter.at(key).skip("bookkeeping of Dialogflow")
    if not name or not _is_said(parameter):
        parameter.skip("a value from a context or a constant, nothing that a person says")
        return
    if slots.full(name):
        parameter.skip(TOO_MANY)
        return
    again = name in slots.known
    slot = slots.declare(name, slots.note(parameter.at("dataType")))
    if again:
        parameter.skip("a second parameter of the same name")
        return
    parameter.at("name").read("slots")
    parameter.at("value").read("slots")
    asked: dict[str, None] = {}
    for prompt in parameter.at("prompts").items():
        text = said(prompt.at("value").text())
        if text and (prompt.at("lang").text() or tag) == tag:
            prompt.at("value").read("questions for slots")
            asked[text] = None
        prompt.at("lang").read("questions for slots")
    slots.known[name] = replace(
        slot,
        required=parameter.at("required").flag("slots' flags"),
        multiple=parameter.at("isList").flag("slots' flags"),
        ask=tuple(asked),
    )


def _texts(message: Node) -> list[Node]:
    """The texts of a message that is spoken wherever the agent is."""
    kind = str(message.at("type").value)
    if kind == "simple_response":
        texts = [message.at("textToSpeech")]
    elif kind in ("0", "message") and not message.at("platform").text():
        speech = message.at("speech")
        texts = speech.items() or [speech]
    else:
        return []
    message.at("type").read("kinds of replies")
    return texts


def _take(text: Node, names: Mapping[str, str], found: dict[str, None]) -> None:
    def slot_of(match: re.Match[str]) -> str | None:
        return names.get(match[1].removesuffix(_ORIGINAL)) if match[1] else None

    if not text.text():
        text.skip("an empty reply")
        return
    made = template(text.text(), _PLACE, slot_of)
    if made is None:
        text.skip("a reply that speaks a value which is no slot of the intent")
        return
    text.map("reply template") if made != text.value else text.read("replies")
    found[made] = None
