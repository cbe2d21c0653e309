"""What no answer of a back-end may ask for or set, whatever protocol it came in."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.errors import FulfilmentError
from sayso.types.calls import Answer, Call
from sayso.types.context import Context
from sayso.types.skills import Language, Skill, SlotType

MOST_VALUES = 100  # of all types together, as Alexa allows
MOST_NAMES = 1000  # of them, synonyms included: they are kept with the conversation


def check_entities(types: Sequence[SlotType], language: Language | None) -> None:
    """Raises FulfilmentError for too many values, an empty one, or a type of no slot."""
    values = [value for kind in types for value in kind.values]
    names = [name for value in values for name in (value.value, *value.synonyms)]
    if len(values) > MOST_VALUES or len(names) > MOST_NAMES:
        raise FulfilmentError(
            f"it sets {len(values)} values with {len(names)} names; at most {MOST_VALUES} with "
            f"{MOST_NAMES} are kept; send those that matter now"
        )
    if not all(name.strip() for name in names):
        raise FulfilmentError("it sets a value without a name; give each one a text")
    known = _types(language) if language is not None else set()
    for kind in types:
        if kind.name not in known:
            raise FulfilmentError(f'it sets values of "{kind.name}", the type of no slot')


def _types(language: Language) -> set[str]:
    used = {slot.type for intent in language.intents for slot in intent.slots}
    return used | {kind.name for kind in language.types}


def check_asked(answer: Answer, skill: Skill, call: Call, context: Context) -> None:
    """Raises FulfilmentError for a question that no answer could ever fit."""
    chosen = answer.updated or call.hypothesis
    if chosen is None and (answer.ask_slot or answer.confirm or answer.delegate):
        raise FulfilmentError("it asks for a slot or a yes, but no intent is under way")
    if chosen is None:
        return
    language = skill.language(context.locale)
    intent = language.intent(chosen.intent) if language else None
    for name in (answer.ask_slot, answer.confirm_slot):
        if name is not None and (intent is None or intent.slot(name) is None):
            raise FulfilmentError(f'it asks for "{name}", no slot of {chosen.intent}')
    if answer.confirm_slot and not any(x.name == answer.confirm_slot for x in chosen.slots):
        raise FulfilmentError(
            f'it asks whether "{answer.confirm_slot}" is right, which has no value'
        )
