"""Alexa's response JSON as an Answer: read strictly where it counts, unknown keys let be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sayso.dialogue.phrases import phrase
from sayso.errors import FulfilmentError
from sayso.fulfilment import alexa_schema as given
from sayso.fulfilment import ssml
from sayso.fulfilment.alexa import spoken_value
from sayso.fulfilment.python import complaint
from sayso.types.calls import Answer, Call, CallKind, Card, Opinion
from sayso.types.context import Context
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent, Language, Skill, SlotType, TypeValue

_DIALOG = ("Dialog.Delegate", "Dialog.ElicitSlot", "Dialog.ConfirmSlot", "Dialog.ConfirmIntent")
_UPDATE = "Dialog.UpdateDynamicEntities"
_WANTED = {"LinkAccount": "link_account", "AskForPermissionsConsent": "permissions"}


def read_answer(data: Any, skill: Skill, call: Call, context: Context) -> Answer:
    """An Answer from parsed response JSON. Raises FulfilmentError naming the key that is wrong."""
    if data is None and call.kind is CallKind.SESSION_ENDED:
        return Answer()
    try:
        response = given.Response.model_validate(data)
    except ValidationError as error:
        raise FulfilmentError(f"not an Alexa response: {complaint(error)}") from None
    if response.response is None:
        if call.kind is CallKind.SESSION_ENDED:
            return Answer()
        raise FulfilmentError('not an Alexa response: no "response" in it')
    return _answer(response.response, response.sessionAttributes or {}, skill, call, context)


def read_opinion(data: Any) -> Opinion:
    """What a skill thinks of a request. Raises FulfilmentError for anything but an opinion."""
    try:
        found = given.Response.model_validate(data).response
    except ValidationError as error:
        raise FulfilmentError(f"not an Alexa response: {complaint(error)}") from None
    if found is None or found.canFulfillIntent is None:
        raise FulfilmentError('not an Alexa response: no "canFulfillIntent" in it')
    return Opinion(found.canFulfillIntent.canFulfill.lower())


def _answer(
    body: given.Body, attributes: Mapping[str, Any], skill: Skill, call: Call, context: Context
) -> Answer:
    speech, markup = _words(body.outputSpeech, "outputSpeech")
    reprompt, _ = _words(body.reprompt.outputSpeech if body.reprompt else None, "reprompt")
    dialog = _dialog(body.directives or ())
    kind = dialog.type if dialog else None
    # Alexa leaves it to the device where nothing is said; one without a screen ends the session.
    ended = not reprompt if body.shouldEndSession is None else body.shouldEndSession
    updated = dialog.updatedIntent if dialog else None
    return Answer(
        speech=speech,
        ssml=markup,
        reprompt=reprompt or None,
        ended=ended and dialog is None,
        attributes=attributes,
        card=_card(body.card, skill, context.locale),
        ask_slot=_slot_asked(dialog),
        confirm=kind in ("Dialog.ConfirmIntent", "Dialog.ConfirmSlot"),
        confirm_slot=_slot_to_confirm(dialog),
        delegate=kind == "Dialog.Delegate",
        updated=_updated(updated, skill, call, context) if updated else None,
        agreed=_agreed(updated) if updated else (),
        entities=_entities(body.directives or ()),
    )


def _words(speech: given.Speech | None, where: str) -> tuple[str, str | None]:
    """Plain text, and the markup where there was some."""
    if speech is None:
        return "", None
    if speech.type == "PlainText":
        if speech.text is None:
            raise FulfilmentError(f"not an Alexa response: {where} of type PlainText has no text")
        return speech.text, None
    if speech.ssml is None:
        raise FulfilmentError(f"not an Alexa response: {where} of type SSML has no ssml")
    return ssml.plain(speech.ssml), ssml.enclosed(speech.ssml)


def _dialog(directives: Sequence[given.Directive]) -> given.Directive | None:
    """The directive that goes on with the dialogue; others than Alexa's dialogue need a screen."""
    ours = [d for d in directives if d.type.startswith("Dialog.") and d.type != _UPDATE]
    for directive in ours:
        if directive.type not in _DIALOG:
            raise FulfilmentError(
                f"not an Alexa response: {directive.type[:100]} is no directive known here; "
                f"write one of {', '.join(_DIALOG)}, {_UPDATE}"
            )
    if len(ours) > 1:
        told = " and ".join(directive.type for directive in ours[:3])
        raise FulfilmentError(f"not an Alexa response: {told} at once; send one of them")
    return ours[0] if ours else None


def _entities(directives: Sequence[given.Directive]) -> tuple[SlotType, ...] | None:
    """The values that Dialog.UpdateDynamicEntities sets, the last one's; None without one."""
    updates = [d for d in directives if d.type == _UPDATE]
    if not updates:
        return None
    try:
        update = given.Entities.model_validate(updates[-1].model_extra)
    except ValidationError as error:
        raise FulfilmentError(
            f"not an Alexa response: Dialog.UpdateDynamicEntities: {complaint(error)}"
        ) from None
    types = update.types or () if update.updateBehavior == "REPLACE" else ()
    return tuple(SlotType(kind.name, tuple(map(_value, kind.values))) for kind in types)


def _value(entity: given.Entity) -> TypeValue:
    return TypeValue(entity.name.value, entity.id, tuple(entity.name.synonyms or ()))


def _slot_asked(dialog: given.Directive | None) -> str | None:
    if dialog is None or dialog.type != "Dialog.ElicitSlot":
        return None
    if not dialog.slotToElicit:
        raise FulfilmentError("not an Alexa response: Dialog.ElicitSlot has no slotToElicit")
    return dialog.slotToElicit


def _slot_to_confirm(dialog: given.Directive | None) -> str | None:
    if dialog is None or dialog.type != "Dialog.ConfirmSlot":
        return None
    if not dialog.slotToConfirm:
        raise FulfilmentError("not an Alexa response: Dialog.ConfirmSlot has no slotToConfirm")
    return dialog.slotToConfirm


def _agreed(intent: given.Intent) -> tuple[str, ...]:
    """Slots that the skill calls confirmed: a value of its own making need not be asked about."""
    slots = (intent.slots or {}).items()
    return tuple(n for n, slot in slots if slot.value and slot.confirmationStatus == "CONFIRMED")


def _card(card: given.Card | None, skill: Skill, locale: str) -> Card | None:
    """Simple and Standard cards; those that ask for an account or for leave say so in words.

    Sayso has neither to give; who sees the card knows at least why the skill does no more.
    """
    if card is None:
        return None
    if card.type in _WANTED:
        kind = _WANTED[card.type]
        return Card(skill.name, phrase(kind, locale, name=skill.name), kind=kind)
    if card.type not in ("Simple", "Standard"):
        raise FulfilmentError(
            f"not an Alexa response: a card of type {card.type[:100]}; write Simple, Standard, "
            f"{', '.join(_WANTED)}"
        )
    image = card.image
    url = (image.largeImageUrl or image.smallImageUrl) if image else None
    return Card(card.title or "", card.text or card.content or "", url)


def _updated(intent: given.Intent, skill: Skill, call: Call, context: Context) -> Hypothesis:
    """The reading as the skill changed it; slots it sent back unchanged keep what they were."""
    language = skill.language(context.locale) or Language(context.locale)
    declared = language.intent(intent.name)
    if declared is None:
        known = call.hypothesis is not None and call.hypothesis.intent == intent.name
        if not known:
            raise FulfilmentError(
                f'not an Alexa response: updatedIntent is "{intent.name[:100]}", no intent of '
                f"{skill.id} in {language.locale}"
            )
        declared = Intent(intent.name)
    before = call.hypothesis.slots if call.hypothesis else ()
    slots: list[SlotValue] = []
    for name, slot in (intent.slots or {}).items():
        had = [s for s in before if s.name == name]
        kind = declared.slot(name)
        if kind is None and not had:
            told = f'"{name[:100]}", no slot of {intent.name}'
            raise FulfilmentError(f"not an Alexa response: updatedIntent.slots has {told}")
        if len(had) > 1 and slot.value is None:  # a list: its values are not under `value`
            slots += had
        elif had and spoken_value(had[0], language) == slot.value:
            slots.append(had[0])
        elif slot.value:
            changed = SlotValue(name, kind.type if kind else "", slot.value, normalised=slot.value)
            slots.append(changed)
    confidence = call.hypothesis.confidence if call.hypothesis else 1.0
    return Hypothesis(skill.id, intent.name, tuple(slots), confidence=confidence)
