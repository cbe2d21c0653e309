"""What an answer says of slots that are known by what is said of them: names, places, any words.

Values of catalogues, and what a grammar reads, are found by type (`mentions.py`). Of what no type
tells, the descriptions say which words it is, as in a first request: of `I am leaving from
Paddington` the station. Who is asked for one thing and says two (`from Paddington to Bath`) is read
as one who asks anew, if that leaves fewer words over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sayso.dialogue.words import FILLERS, HUMMING
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Context
from sayso.types.locales import language_of
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent, Slot
from sayso.understanding.contenders import heard_by
from sayso.understanding.contract import Heard
from sayso.understanding.described.descriptions import sparse
from sayso.understanding.described.read import SURE
from sayso.understanding.described.slots import NO, YES, DescribedSkill, stem
from sayso.understanding.fold import fold
from sayso.understanding.hints import spelled_out
from sayso.understanding.installed import Installed
from sayso.understanding.slots import slots_of

# Words that are put around a name, a place or a thing that was asked for, beside the small ones.
_AROUND = frozenset(
    "go goes going leave leaving depart departing start starting arrive arriving travel traveling"
    " travelling head headed heading look looking search searching find need needs love try pick"
    " choose take will somewhere something anything someone somebody anywhere place people person"
    " up out sounds nice great perfect he she his her him they them their whose who".split()
)
# What is written or looked for is any words; a part of them is not what was meant.
_WRITTEN = frozenset(
    "text message note content body comment description query question phrase sentence keyword"
    " subject reminder reminded task todo email mail letter caption term prompt summary reason"
    " feedback post tweet issue".split()
)
_HEAD = 3  # words of a description that say what the value is; those after, whose or what for
_TITLES = frozenset(("title", "name", "headline"))  # of what is written, they are written too


def told(
    heard: Heard,
    pending: Hypothesis,
    held: Installed,
    context: Context,
    found: Sequence[SlotValue],
    left: Callable[[Sequence[SlotValue]], Collection[str]],
) -> list[SlotValue]:
    """Values that are told by descriptions beside those that were found by type.

    left: the words that stand outside of values, and say something.
    """
    intent = held.language.intent(pending.intent)
    if intent is None or described_as(intent, held) is None:
        return []
    best = _beside(found, heard, intent, held, context, as_answer=True)
    if not left([*found, *best]):
        return best
    other = _beside(found, heard, intent, held, context, as_answer=False)
    fewer = len(left([*found, *other])) < len(left([*found, *best]))
    return other if fewer else best


def around(intent: Intent, held: Installed) -> Collection[str]:
    """Words, without a plural's ending, that say nothing more beside values of the intent.

    Those of its descriptions are among them: `two people`, where the number of people is wanted.
    """
    skill = described_as(intent, held)
    if skill is None:
        return ()
    words = [slot.words for slot in skill.slots] + [each.words for each in skill.intents]
    return _AROUND.union(*words)


def is_named(slot: Slot, intent: Intent, held: Installed) -> bool:
    """Whether the words for a slot are told by its description, and are no text of any words."""
    if described_as(intent, held) is None or slot.name not in sparse(intent):
        return False
    return slot.type != FREE_TEXT or not _is_written(slot)


def _is_written(slot: Slot) -> bool:
    told = fold(slot.description).split()
    head = {stem(word) for word in (*spelled_out(slot.name).split(), *told[:_HEAD])}
    return bool((head | set(map(stem, told)) if head & _TITLES else head) & _WRITTEN)


def is_told(slot: Slot, values: Sequence[SlotValue]) -> bool:
    """Whether one of the values is the slot's, likelier than not."""
    return any(each.name == slot.name and each.confidence >= SURE for each in values)


def is_yes_or_no(value: SlotValue, held: Installed) -> bool:
    """Whether it is a value of those that are yes or no, which is said of what was asked alone.

    `Yes, and two for Friday` wants no breakfast, and `on` is no yes before a day.
    """
    kind = held.language.type(value.type)
    values = kind.values if kind is not None else ()
    return bool(values) and all(fold(each.value) in YES | NO for each in values)


def described_as(intent: Intent, held: Installed) -> DescribedSkill | None:
    """What is said of the intent's slots, where they are known by that."""
    return held.descriptions.of(intent) if held.descriptions is not None else None


def content(words: Collection[str], intent: Intent, held: Installed) -> set[str]:
    """Of folded words those that are not to be expected beside values of the intent."""
    expected = around(intent, held)
    if not expected:
        return {*words}
    return {word for word in words if stem(word) not in expected and fold(word) not in expected}


def _beside(
    found: Sequence[SlotValue],
    heard: Heard,
    intent: Intent,
    held: Installed,
    context: Context,
    *,
    as_answer: bool,
) -> list[SlotValue]:
    """Values of slots that none was found for, in words that are no value yet."""
    tags = held.model.tag(heard_by(held, heard, context), [intent.name]).get(intent.name, ())
    read = slots_of(heard, held, intent.name, tags, context, as_answer=as_answer)[1]
    known = {each.name for each in found}
    tongue = language_of(context.locale)
    small = FILLERS.get(tongue, frozenset()) | HUMMING.get(tongue, frozenset())
    more = []
    for each in read:
        slot = intent.slot(each.name)
        if slot is None or each.name in known or not is_named(slot, intent, held):
            continue
        if each.start is not None and any(_overlap(each, x) for x in found):
            continue
        if set(fold(each.value).split()) <= small:
            continue
        more.append(each)
    return more


def _overlap(one: SlotValue, other: SlotValue) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)
