"""Ferry Bell: a back-end that asks for slots, has them confirmed, and validates them itself."""

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type
from ask_sdk_model import IntentConfirmationStatus, Response, SlotConfirmationStatus
from ask_sdk_model.dialog import (
    ConfirmIntentDirective,
    ConfirmSlotDirective,
    DynamicEntitiesDirective,
    ElicitSlotDirective,
)
from ask_sdk_model.er.dynamic import Entity, EntityListItem, EntityValueAndSynonyms, UpdateBehavior
from ask_sdk_model.slu.entityresolution import StatusCode

SHIPS = {"seagull": "Seagull", "star": "Morning Star"}
MOST = 8


def resolved(slot):
    """Id of what a slot resolves to, or None."""
    authorities = slot.resolutions and slot.resolutions.resolutions_per_authority
    for authority in authorities or []:
        if authority.status.code == StatusCode.ER_SUCCESS_MATCH:
            return authority.values[0].value.id
    return None


class Book(AbstractRequestHandler):
    """From where, to where (not the same), for how many (at most MOST); then a yes."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("BookFerry")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder
        intent = handler_input.request_envelope.request.intent
        slots = intent.slots
        for name, question in (("from", "From which port?"), ("to", "To which port?")):
            if not slots[name].value:
                return elicit(builder, intent, name, question)
            if resolved(slots[name]) is None:
                said = f"No ferry goes to {slots[name].value}. {question}"
                return elicit(builder, intent, name, said)
        if resolved(slots["from"]) == resolved(slots["to"]):
            return elicit(builder, intent, "to", "You are there already. To which port?")
        passengers = slots["passengers"]
        if not passengers.value or not passengers.value.isdigit():
            return elicit(builder, intent, "passengers", "For how many people?")
        if not 0 < int(passengers.value) <= MOST:
            said = f"The ferry takes {MOST} people at most. For how many?"
            return elicit(builder, intent, "passengers", said)
        if int(passengers.value) > 4:
            if passengers.confirmation_status == SlotConfirmationStatus.DENIED:
                return elicit(builder, intent, "passengers", "For how many people, then?")
            if passengers.confirmation_status != SlotConfirmationStatus.CONFIRMED:
                said = f"{passengers.value} people, is that right?"
                directive = ConfirmSlotDirective(
                    updated_intent=intent, slot_to_confirm="passengers"
                )
                return builder.speak(said).ask(said).add_directive(directive).response
        if intent.confirmation_status == IntentConfirmationStatus.DENIED:
            return builder.speak("Then not.").set_should_end_session(True).response
        if intent.confirmation_status != IntentConfirmationStatus.CONFIRMED:
            said = f"From {slots['from'].value} to {slots['to'].value}. Shall I book it?"
            directive = ConfirmIntentDirective(updated_intent=intent)
            return builder.speak(said).ask(said).add_directive(directive).response
        attributes = handler_input.attributes_manager.session_attributes
        attributes["route"] = [slots["from"].value, slots["to"].value]
        said = "Booked. Another ticket?"
        return builder.speak(said).ask("Another ticket?").response


def elicit(builder, intent, name, question) -> Response:
    directive = ElicitSlotDirective(updated_intent=intent, slot_to_elicit=name)
    return builder.speak(question).ask(question).add_directive(directive).response


class Ships(AbstractRequestHandler):
    """Names the ships of today, and has them understood by their names from now on."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("ListFerries")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        ships = [
            Entity(id=id, name=EntityValueAndSynonyms(value=name)) for id, name in SHIPS.items()
        ]
        directive = DynamicEntitiesDirective(
            update_behavior=UpdateBehavior.REPLACE,
            types=[EntityListItem(name="SHIP", values=ships)],
        )
        said = f"{' and '.join(SHIPS.values())}. Which one will you take?"
        builder = handler_input.response_builder.speak(said).ask("Which ship?")
        return builder.add_directive(directive).response


class Take(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("TakeShip")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder
        slot = handler_input.request_envelope.request.intent.slots["ship"]
        if not slot.value or resolved(slot) is None:
            return builder.speak("I know no such ship. Which one?").ask("Which ship?").response
        return builder.speak(f"Aboard {slot.value}!").set_should_end_session(True).response


class Again(AbstractRequestHandler):
    """The route that the session remembers."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("SameAgain")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder
        route = handler_input.attributes_manager.session_attributes.get("route")
        if route is None:
            return builder.speak("There is none yet. Where to?").ask("Where to?").response
        said = f"Another one from {route[0]} to {route[1]} is booked."
        return builder.speak(said).set_should_end_session(True).response


class Rest(AbstractRequestHandler):
    """Opening, help, stop, a bare yes or no, and the end of the session."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder
        if is_request_type("SessionEndedRequest")(handler_input):
            return builder.response
        for name in ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent"):
            if is_intent_name(name)(handler_input):
                return builder.speak("Goodbye.").set_should_end_session(True).response
        said = "Where would you like to go? Say for example: from Haven to Saltmarsh."
        return builder.speak(said).ask(said).response


builder = SkillBuilder()
for handler in (Book(), Ships(), Take(), Again(), Rest()):
    builder.add_request_handler(handler)
lambda_handler = builder.lambda_handler()
