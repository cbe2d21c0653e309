"""Parcel Counter: leaves the dialogue to the model, and steps in where a parcel cannot go so.

An ask-sdk skill. A crate is refused (ElicitSlot), a large parcel confirmed (ConfirmSlot); the rest
is delegated (Dialog.Delegate) until the dialogue is complete and its question answered.
"""
# mypy: ignore-errors
# A developer's ask-sdk skill as it comes: the SDK's decorators have no types.

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type
from ask_sdk_model import DialogState, IntentConfirmationStatus, Response, SlotConfirmationStatus
from ask_sdk_model.dialog import ConfirmSlotDirective, DelegateDirective, ElicitSlotDirective

sb = SkillBuilder()

EUROS = {"S": 4, "M": 7, "L": 12}
HELP = "Say for example: send a small parcel to Martha on Monday."
SIZES = "We take small, medium and large ones. Which is it?"


def size_of(slot):
    """The id of the size said; None where none was said, or none that we know."""
    authorities = slot.resolutions.resolutions_per_authority if slot.resolutions else None
    for authority in authorities or []:
        if authority.values:
            return authority.values[0].value.id
    return None


@sb.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def launch(handler_input: HandlerInput) -> Response:
    return handler_input.response_builder.speak("What would you like to send?").ask(HELP).response


def is_under_way(handler_input: HandlerInput) -> bool:
    request = handler_input.request_envelope.request
    return is_intent_name("SendParcel")(handler_input) and (
        request.dialog_state != DialogState.COMPLETED
    )


@sb.request_handler(can_handle_func=is_under_way)
def go_on(handler_input: HandlerInput) -> Response:
    intent = handler_input.request_envelope.request.intent
    builder, size = handler_input.response_builder, intent.slots["size"]
    denied = size.confirmation_status == SlotConfirmationStatus.DENIED
    if size.value and (denied or size_of(size) not in EUROS):
        size.value, size.resolutions = None, None
        size.confirmation_status = SlotConfirmationStatus.NONE
        ask = ElicitSlotDirective(updated_intent=intent, slot_to_elicit="size")
        return builder.speak(SIZES).ask(SIZES).add_directive(ask).response
    if size_of(size) == "L" and size.confirmation_status == SlotConfirmationStatus.NONE:
        words = f"A large one costs {EUROS['L']} euros. Is it really large?"
        check = ConfirmSlotDirective(slot_to_confirm="size")
        return builder.speak(words).ask(words).add_directive(check).response
    return builder.add_directive(DelegateDirective()).response


@sb.request_handler(can_handle_func=is_intent_name("SendParcel"))
def send(handler_input: HandlerInput) -> Response:
    intent = handler_input.request_envelope.request.intent
    builder = handler_input.response_builder.set_should_end_session(True)
    if intent.confirmation_status == IntentConfirmationStatus.DENIED:
        return builder.speak("All right, nothing is sent.").response
    slots = {name: slot.value for name, slot in intent.slots.items()}
    said = f"The {slots['size']} parcel for {slots['recipient']} is ordered for {slots['date']}."
    return builder.speak(said).response


@sb.request_handler(can_handle_func=is_intent_name("ParcelPrice"))
def price(handler_input: HandlerInput) -> Response:
    slot = handler_input.request_envelope.request.intent.slots["size"]
    id = size_of(slot)
    if id not in EUROS:
        ask = ElicitSlotDirective(slot_to_elicit="size")
        return handler_input.response_builder.speak(SIZES).ask(SIZES).add_directive(ask).response
    said = f"A {slot.value} parcel costs {EUROS[id]} euros."
    return handler_input.response_builder.speak(said).set_should_end_session(True).response


def is_closing(handler_input: HandlerInput) -> bool:
    names = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
    return any(is_intent_name(name)(handler_input) for name in names)


@sb.request_handler(can_handle_func=is_closing)
def close(handler_input: HandlerInput) -> Response:
    builder = handler_input.response_builder.speak("The counter is closed.")
    return builder.set_should_end_session(True).response


@sb.request_handler(can_handle_func=is_request_type("IntentRequest"))
def assist(handler_input: HandlerInput) -> Response:
    return handler_input.response_builder.speak(HELP).ask(HELP).response


@sb.request_handler(can_handle_func=is_request_type("SessionEndedRequest"))
def ended(handler_input: HandlerInput) -> Response:
    return handler_input.response_builder.response


lambda_handler = sb.lambda_handler()
