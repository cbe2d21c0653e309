"""Documents and dialogues -> skills in the making."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sayso.formats.foreign import Node
from sayso.formats.locales import locale_of
from sayso.formats.made import MADE, samples, shall_i
from sayso.formats.thingpedia.language import Drafts
from sayso.formats.thingpedia.programs import Program, read_program
from sayso.formats.thingpedia.spoken import PLACEHOLDER, phrases, places, slot_of, turn
from sayso.formats.titles import words
from sayso.skills.templates import said
from sayso.types.skills import Slot

_NO_CALL = "none"
_SMALL_TALK = "no call of the skill; an answer, or small talk"
_BOOKKEEPING = "bookkeeping of Thingpedia"
_LATER = "said within a dialogue: what it means hangs on what was said before"


@dataclass
class Making:
    """A skill in the making. tests: name of a test set -> its rows."""

    drafts: Drafts
    locale: str = "en-US"
    title: str = ""
    told: str = ""
    tests: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def read_classes(document: Node, making: dict[str, Making]) -> list[str]:
    """The names of the classes that a document speaks of."""
    found = []
    for node in document.at("classes").items():
        name = node.at("name").text("names and descriptions")
        made = making.setdefault(name, Making(Drafts(name)))
        found.append(name)
        _class(node, made)
    for node in document.at("datasets").items():
        name = node.at("of").text("names and descriptions")
        made = making.setdefault(name, Making(Drafts(name)))
        found.append(name)
        tongue = node.at("language")
        made.locale = locale_of(tongue.text("names and descriptions")) or made.locale
        for example in node.at("examples").items():
            _example(example, made)
    for made in (making[name] for name in found):
        _without_examples(document, made)
    return found


def _class(node: Node, made: Making) -> None:
    """What a class says of its functions; samples are made where no dataset has any."""
    for key in ("thingpedia_name", "name", "canonical"):
        title = node.at(key).text("names and descriptions")
        made.title = made.title or ("" if title == made.drafts.name else said(title))
    for key in ("thingpedia_description", "description"):
        told = node.at(key).text("names and descriptions")
        made.told = made.told or said(told)
    for function in node.at("functions").items():
        name = function.at("name").text("functions")
        draft = made.drafts.of(Program([f"{made.drafts.name}.{name}"]))
        for parameter in function.at("parameters").items():
            way = parameter.at("way").text("parameters")
            called = parameter.at("name").text("parameters")
            kind = parameter.at("type").text("parameters")
            if not way.startswith("in"):
                parameter.skip("what a query gives back")
                continue
            draft.kinds[slot_of(called)] = kind
            prompt = parameter.at("prompt")
            asked = [x.text("prompts") for x in prompt.items()] or [prompt.text("prompts")]
            if "req" in way:
                ask = [said(x) for x in asked if said(x)]
                draft.asks[slot_of(called)] = ask or [f"Which {words(called)}?"]
        sure = function.at("confirm")
        if sure.value is True and function.at("kind").value == "action":
            sure.read("confirmations")
            draft.confirm = (shall_i(name, _texts(function.at("canonical"), "canonical forms")),)


def _without_examples(document: Node, made: Making) -> None:
    for node in document.at("classes").items():
        for function in node.at("functions").items():
            name = str(function.at("name").value)
            draft = made.drafts.of(Program([f"{made.drafts.name}.{name}"]))
            if node.at("name").value != made.drafts.name or draft.samples:
                continue
            told = _texts(function.at("canonical"), "", MADE)
            slots = [Slot(x, "", required=x in draft.asks) for x in draft.kinds]
            for sample in samples(name, told, slots):
                draft.speaks(sample, draft.kinds)


def _texts(node: Node, kind: str = "", note: str = "") -> list[str]:
    found = [x.text(kind, note) for x in node.items()] or [node.text(kind, note)]
    return [x for x in found if x]


def _example(node: Node, made: Making) -> None:
    program = _program(node.at("program"))
    if program is None:
        return
    draft = made.drafts.of(program)
    kind = node.at("kind").text("examples")
    node.at("program").map("the functions that it calls: an intent")
    kinds = {
        slot_of(name, program.fills): part.text("parameters")
        for name, part in node.at("parameters").entries()
    }
    for key in ("id", "name"):
        node.at(key).skip(_BOOKKEEPING)
    english = made.locale.startswith("en")
    for utterance in node.at("utterances").items():
        text = utterance.text()
        found = [x for x in phrases(text, kind, english, program.fills) if draft.speaks(x, kinds)]
        draft.keep("utterances", text)
        if not found:
            utterance.skip("only free text: it would fit whatever is said")
        elif found == [text]:
            utterance.read("utterances")
        else:
            places_ = places(text)
            utterance.map("utterances with slots" if places_ else "utterances in our spelling")


def read_dialogue(dialogue: Node, made: Making, tests: str) -> None:
    """Its first turn is a sample, or a row of the test set `tests`; what follows is kept."""
    dialogue.at("id").skip(_BOOKKEEPING)
    for number, node in enumerate(dialogue.at("turns").items()):
        text = " ".join(str(x.value) for x in node.at("U").items())
        program = _program(node.at("UT"))
        node.at("C").skip("what was found")
        for key in ("A", "AT", "N"):
            node.at(key).skip("what the agent said")
        if not text:
            continue
        draft = made.drafts.of(program or Program([_NO_CALL]))
        if program is None or number:
            node.skip(_LATER if number else _SMALL_TALK)
            draft.keep("later", text)
            continue
        why = _tested(text, program, made, tests) if tests else _taught(text, program, made)
        if why or not tests:
            draft.keep("turns", text)
        if why:
            node.skip(why)
            continue
        node.at("U").map("rows of a test set" if tests else "turns, values made slots")
        node.at("UT").map("the functions that it calls: an intent")


def _taught(text: str, program: Program, made: Making) -> str:
    """Takes a turn as a sample; why not, where it is none."""
    spoken = turn(text, program.values)
    draft = made.drafts.of(program)
    if not draft.speaks(spoken.sample, {slot_of(x.parameter): x.kind for x in program.values}):
        return "only free text: it would fit whatever is said"
    for slot, stood in spoken.values.items():
        draft.stood(slot, "" if PLACEHOLDER.search(stood) else stood)
    for value in program.values:
        _heard(value.kind, spoken.values.get(slot_of(value.parameter)), made)
    return ""


def _tested(text: str, program: Program, made: Making, tests: str) -> str:
    """Takes a turn as a row of a test set; why not, where it is none."""
    if PLACEHOLDER.search(text):
        return "a placeholder in the place of what was said"
    if not made.drafts.of(program).samples:
        return "a test of what no sample says"
    spoken = turn(text, program.values)
    row = {"text": text, "intent": made.drafts.intent(program), "slots": dict(spoken.values)}
    made.tests.setdefault(tests, []).append(row)
    return ""


def _heard(kind: str, text: str | None, made: Making) -> None:
    if text and ":" in kind:
        made.drafts.entities.setdefault(kind, {})[said(text)] = None


def _program(node: Node) -> Program | None:
    """What a program calls; None where it calls nothing, or cannot be read."""
    lines = [str(x.value) for x in node.items()] or [node.text()]
    try:
        found = read_program("\n".join(lines))
    except ValueError:
        return None
    return found if found.functions else None
