"""An intent of a Lex bot: its samples, slots, questions and replies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sayso.formats.foreign import Node
from sayso.formats.lex.messages import questions, replies
from sayso.formats.lex.types import type_of
from sayso.formats.names import identifier, slot_name
from sayso.skills.restore import OURS
from sayso.skills.templates import pieces, said, stray_brace
from sayso.types.skills import Intent, Slot, SlotType

FALLBACK = "AMAZON.FallbackIntent"
_ELSEWHERE = ("AMAZON.KendraSearchIntent", "AMAZON.QnAIntent", "AMAZON.BedrockAgentIntent")
_NOT_OURS = {
    "identifier": "bookkeeping of Lex",
    "description": "a remark of the developer",
    "dialogCodeHook": "a Lambda function of Lex's protocol",
    "inputContexts": "a context: Sayso's dialogue keeps its own",
    "outputContexts": "a context: Sayso's dialogue keeps its own",
    "initialResponseSetting": "said before the questions; Sayso asks at once",
    "kendraConfiguration": "a search of Amazon's",
    "qnAIntentConfiguration": "a search of Amazon's",
    "bedrockAgentIntentConfiguration": "a search of Amazon's",
}


def read_intent(
    node: Node, slots: Sequence[Node], types: dict[str, SlotType], taken: Collection[str]
) -> tuple[Intent | None, list[str]]:
    """An intent and its replies; None where it is a service of Amazon's that does the answering."""
    own = node.at("name").text()
    parent = node.at("parentIntentSignature").text()
    if not own or parent in _ELSEWHERE:
        node.skip("answered by a service of Amazon's" if own else "an intent without a name")
        for slot in slots:
            slot.skip("a slot of an intent that is not used")
        return None, []
    for key, reason in _NOT_OURS.items():
        node.at(key).skip(reason)
    name = identifier(own, taken)
    if parent.startswith("AMAZON.") and parent not in taken:
        name = parent
        node.at("parentIntentSignature").map("the standard intent that it is")
    if name == own:
        node.at("name").read("intents")
    else:
        node.at("name").map(f"intent's name as Sayso has it ({name})")
    named = {str(slot.at("name").value): slot for slot in _in_order(node, slots)}
    ours: dict[str, str] = {}
    for each in named:
        ours[each] = slot_name(each, ours.values())
    confirm, answers = _settings(node, list(ours.values()))
    intent = Intent(
        name,
        samples_of(node.at("sampleUtterances"), ours),
        tuple(_slot(slot, ours, types) for slot in named.values()),
        confirm=confirm,
        extra={OURS: {"name": own}} if own != name else {},
    )
    return intent, answers


def _in_order(node: Node, slots: Sequence[Node]) -> list[Node]:
    """Slots in the order in which the bot asks for them."""
    first: dict[str, float] = {}
    for each in node.at("slotPriorities").items():
        rank = each.at("priority").value
        first[each.at("slotName").text("slots")] = rank if isinstance(rank, int | float) else 0
        each.at("priority").map("the order of the slots")
    usable = []
    for slot in slots:
        if slot.at("name").text():
            usable.append(slot)
        else:
            slot.skip("a slot without a name")
    return sorted(usable, key=lambda slot: first.get(slot.at("name").text(), len(slots)))


def _slot(node: Node, ours: dict[str, str], types: dict[str, SlotType]) -> Slot:
    own = node.at("name").text("slots")
    for key in ("identifier", "description", "obfuscationSetting"):
        node.at(key).skip("bookkeeping of Lex")
    value = node.at("valueElicitationSetting")
    value.skip("how often, how long and by which keys Lex asks")
    value.at("defaultValueSpecification").skip("a value of a context")
    constraint = value.at("slotConstraint")
    constraint = constraint if constraint.there else node.at("slotConstraint")
    constraint.map("whether a slot is required")
    slot = Slot(
        ours[own],
        type_of(node.at("slotTypeName"), types),
        samples=samples_of(value.at("sampleUtterances"), ours),
        required=constraint.value == "Required",
        multiple=node.at("multipleValuesSetting", "allowMultipleValues").flag("slots' flags"),
    )
    return replace(slot, ask=questions(value.at("promptSpecification"), list(ours.values())))


def samples_of(utterances: Node, ours: dict[str, str]) -> tuple[str, ...]:
    """The samples of a list of utterances. ours: slot in Lex -> slot of ours."""
    return samples_in([each.at("utterance") for each in utterances.items()], ours)


def samples_in(texts: Sequence[Node], ours: dict[str, str]) -> tuple[str, ...]:
    """The samples that some texts are."""
    found: dict[str, None] = {}
    for node in texts:
        text = node.text()
        parts = pieces(text)
        if any(piece.slot and piece.slot not in ours for piece in parts):
            node.skip("names a slot that its intent does not have")
            continue
        made = "".join("{" + ours[x.slot] + "}" if x.slot else _plain(x.text) for x in parts)
        made = " ".join(made.split())
        if not said(made):
            node.skip("an empty sample")
            continue
        node.read("samples") if made == text else node.map("sample with plain {slot} marks")
        found[made] = None
    return tuple(found)


def _plain(text: str) -> str:
    return text.replace("{", " ").replace("}", " ") if stray_brace(text) else text


def _settings(node: Node, slots: Collection[str]) -> tuple[tuple[str, ...], list[str]]:
    """The question before the intent is done, and what is said afterwards."""
    setting = node.at("intentConfirmationSetting")
    setting.skip("how often Lex asks, and what it says after a no")
    confirm: tuple[str, ...] = ()
    if _active(setting):
        confirm = questions(setting.at("promptSpecification"), slots)
    closing, hook = node.at("intentClosingSetting"), node.at("fulfillmentCodeHook")
    closing.skip("what Lex does next")
    hook.skip("a Lambda function of Lex's protocol")
    answers = replies(closing.at("closingResponse"), slots) if _active(closing) else []
    done = hook.at("postFulfillmentStatusSpecification", "successResponse")
    return confirm, answers or replies(done, slots)


def _active(setting: Node) -> bool:
    flags = [setting.at(key) for key in ("isActive", "active") if setting.at(key).there]
    for flag in flags:
        flag.read("settings that are on or off")
    return all(flag.value is not False for flag in flags)
