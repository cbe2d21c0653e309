"""Slots that stand in few samples, filled by their descriptions in a turn of the engine.

A slot with a description that stands in fewer than FEW of its intent's samples is looked for by
what it is said to mean; all others are the business of the skill's own model alone. What that
model makes of so few samples counts where it is very sure, or where all words beside are those of a
sample. The only day or time that was said fills the only slot that takes one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.skills.templates import pieces
from sayso.types.context import Asked, Context
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Intent
from sayso.understanding.builtin import KINDS, spans
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.described.descriptions import sparse
from sayso.understanding.described.past import Past
from sayso.understanding.described.read import SURE, Found
from sayso.understanding.fold import fold

if TYPE_CHECKING:
    from sayso.understanding.installed import Installed

OWN = 0.9  # confidence from which the skill's own model is believed of a slot of few samples
LIKELY = 0.2  # probability from which a value is taken for the slot that was asked for
_ALONE = ("AMAZON.DATE", "AMAZON.TIME")
_NOW = "PRESENT_REF"
_SOURCES = ("said", "listed")  # what an utterance alone gives; the dialogue knows of the rest


@dataclass(frozen=True, slots=True)
class Filled:
    """What was found by descriptions. tags: of all slots that were said; meant: without words."""

    tags: Sequence[Tagged]
    meant: Sequence[SlotValue] = ()


def fill(
    heard: Heard,
    held: Installed,
    name: str,
    tags: Sequence[Tagged],
    context: Context,
    *,
    as_answer: bool = True,
) -> Filled:
    """The slots of an intent. tags: those that the skill's own model has found.

    as_answer: whether what was asked for is expected; an answer may say something else first.
    """
    intent, descriptions = held.language.intent(name), held.descriptions
    if intent is None or descriptions is None or not heard.words or heard.states is None:
        return Filled(tags)
    skill = descriptions.of(intent)
    if skill is None or (reader := descriptions.reader) is None:
        return Filled(tags)
    past, asked = _past(held, intent, context), _asked(held, intent, context)
    if not as_answer:
        past = replace(past, asked=())
    read = reader.read(
        heard, skill, past, intent=name, sources=_SOURCES, sure=LIKELY, locale=held.locale
    )
    wanted = sparse(intent)
    found = [
        each
        for each in read.found.values()
        if each.slot in wanted
        # What is acted upon is likelier than not; where more speaks for it, less will do.
        and each.probability >= (LIKELY if _expected(each, heard, tags, asked) else SURE)
        and _is_value(each.value, each.slot, held, intent, context)
    ]
    said = [tag for each in found if (tag := _tag(heard, each)) is not None]
    told = _as_sampled(heard, tags, intent)
    own = [x for x in tags if told or x.name not in wanted or x.confidence >= OWN]
    kept = _surer(own, said)
    kept += _alone(heard, held, intent, wanted, kept, context)
    known = {tag.name for tag in kept}
    return Filled(kept, [*_meant(held, intent, found, known, context)])


def _expected(found: Found, heard: Heard, tags: Sequence[Tagged], asked: str | None) -> bool:
    """Whether an answer's words are for the slot that was asked for, or what both models say.

    Of few samples the skill's own does not know much, nor do words beside a question.
    """
    tag = _tag(heard, found)
    if tag is None or asked is None:
        return False
    same = (x for x in tags if x.name == tag.name)
    return found.slot == asked or any(x.start < tag.end and x.end > tag.start for x in same)


def _past(held: Installed, intent: Intent, context: Context) -> Past:
    """What the conversation knows of the intent: the question in the air, what is filled."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if awaiting is None or pending is None or pending.skill != held.skill.id:
        return Past(fresh=context.active != held.skill.id)
    filled = {slot.name: slot.normalised or slot.value for slot in pending.slots}
    asked = _asked(held, intent, context)
    asks = awaiting.asked is Asked.SLOT and awaiting.slot is not None
    did = ("REQUEST",) if asks else ("CONFIRM",)
    return Past(pending.intent, filled, [asked] if asked else [], did=did, fresh=False)


def _asked(held: Installed, intent: Intent, context: Context) -> str | None:
    """The slot of the intent that was asked for last, None where none was."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if awaiting is None or pending is None or pending.skill != held.skill.id:
        return None
    name = awaiting.slot if awaiting.asked is Asked.SLOT else None
    return name if name and intent.slot(name) else None


def _is_value(words: str, name: str, held: Installed, intent: Intent, context: Context) -> bool:
    """Whether words may be a slot's value: what no grammar reads is no date."""
    slot = intent.slot(name)
    if slot is None or held.language.type(slot.type) is not None or slot.type not in KINDS:
        return slot is not None
    value = held.resolver.resolve(words, slot, now=context.now, locale=context.locale)
    return value.status is ResolutionStatus.MATCHED


def _as_sampled(heard: Heard, tags: Sequence[Tagged], intent: Intent) -> bool:
    """Whether the sentence is one of the samples, but for the values in the slots."""
    text = heard.utterance.text
    for tag in sorted(tags, key=lambda tag: -tag.start):
        text = f"{text[: tag.start]}{{{tag.name}}}{text[tag.end :]}"
    said = _shape(text)
    return bool(tags) and any(_shape(sample) == said for sample in intent.samples)


def _shape(template: str) -> Sequence[str]:
    """A sample's words, folded, and its slots in braces."""
    parts = (f"{{{x.slot}}}" if x.slot else fold(x.text) for x in pieces(template))
    return [part for part in parts if part]


def _alone(
    heard: Heard,
    held: Installed,
    intent: Intent,
    wanted: Collection[str],
    kept: Sequence[Tagged],
    context: Context,
) -> list[Tagged]:
    """The only day that was said for the only slot that takes one; a time likewise."""
    text, found = heard.utterance.text, []
    now, locale = context.now, held.locale
    numbers = {
        (start, end) for start, end, _ in spans("AMAZON.NUMBER", text, now=now, locale=locale)
    }
    ordinals = {
        (start, end) for start, end, _ in spans("AMAZON.Ordinal", text, now=now, locale=locale)
    }
    for kind in _ALONE:
        slots = [slot.name for slot in intent.slots if slot.type == kind]
        said = [
            (start, end)
            for start, end, value in spans(kind, text, now=now, locale=locale)
            # A bare number may be anything, and "now" often says nothing: "that's all for now".
            if (start, end) not in numbers and value != _NOW
        ]
        # The third of "the third floor tomorrow" may be a day, but tomorrow is one.
        said = [span for span in said if span not in ordinals] or said
        free = all(end <= tag.start or start >= tag.end for start, end in said for tag in kept)
        filled = any(tag.name in slots for tag in kept)
        if len(slots) == len(said) == 1 and slots[0] in wanted and free and not filled:
            found.append(Tagged(slots[0], *said[0], SURE))
    return found


def _tag(heard: Heard, found: Found) -> Tagged | None:
    if found.first is None or found.last is None:
        return None
    words = heard.words
    return Tagged(
        found.slot, words[found.first].start, words[found.last - 1].end, found.probability
    )


def _surer(tags: Sequence[Tagged], found: Sequence[Tagged]) -> list[Tagged]:
    """Of both, no slot twice and no words twice: the surer one stays; in the order of the words."""
    kept: list[Tagged] = []
    for tag in sorted([*tags, *found], key=lambda tag: -tag.confidence):
        mine = tag in tags
        rivals = [
            x for x in kept if x.name == tag.name or (x.start < tag.end and x.end > tag.start)
        ]
        # A slot that takes several values may have several tags of the skill's own model.
        if not rivals or (mine and all(x in tags for x in rivals)):
            kept.append(tag)
    return sorted(kept, key=lambda tag: (tag.start, tag.end))


def _meant(
    held: Installed,
    intent: Intent,
    found: Sequence[Found],
    known: set[str],
    context: Context,
) -> list[SlotValue]:
    """Values of catalogues that were meant, and not said in words that could be pointed at."""
    meant = []
    for each in found:
        slot = intent.slot(each.slot)
        if each.first is not None or slot is None or each.slot in known:
            continue
        value = held.resolver.resolve(each.value, slot, now=context.now, locale=context.locale)
        meant.append(replace(value, confidence=each.probability))
    return meant
