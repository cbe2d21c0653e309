"""Puppet Theatre: a form. What is missing is left to the assistant (Dialog.Delegate)."""

from ask_sdk_core.api_client import DefaultApiClient
from ask_sdk_core.exceptions import AskSdkException
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import get_dialog_state, is_intent_name, is_request_type
from ask_sdk_model import DialogState, IntentConfirmationStatus
from ask_sdk_model.canfulfill import (
    CanFulfillIntent,
    CanFulfillIntentValues,
    CanFulfillSlot,
    CanFulfillSlotValues,
    CanUnderstandSlotValues,
)
from ask_sdk_model.dialog import DelegateDirective, ElicitSlotDirective
from ask_sdk_model.services import ServiceException
from ask_sdk_model.services.directive import (
    Header,
    SendDirectiveRequest,
    SpeakDirective,
)
from ask_sdk_model.ui import SimpleCard

sb = CustomSkillBuilder(api_client=DefaultApiClient())

PLAYS = {
    "moon": "The Stubborn Moon",
    "fox": "Three Hats for a Fox",
    "soup": "The Nail Soup",
}
MOST = 8  # seats at once
TITLES = ", ".join(PLAYS.values())


def play_of(slots):
    """Id of the play that is meant, or None."""
    slot = slots.get("play")
    authorities = slot.resolutions.resolutions_per_authority if slot and slot.resolutions else []
    return next((x.value.id for each in authorities for x in each.values or []), None)


def say_meanwhile(handler_input, words):
    """A progressive response: heard at once, where somebody takes it; else it does no harm."""
    request = SendDirectiveRequest(
        header=Header(request_id=handler_input.request_envelope.request.request_id),
        directive=SpeakDirective(speech=words),
    )
    try:
        handler_input.service_client_factory.get_directive_service().enqueue(request)
    except (AskSdkException, ServiceException) as error:
        print("nobody hears:", error)


def intent_of(handler_input):
    return handler_input.request_envelope.request.intent


@sb.request_handler(is_request_type("CanFulfillIntentRequest"))
def can_fulfill(handler_input):
    """Whether somebody who names no skill may mean this one: they do who name one of its plays."""
    intent = intent_of(handler_input)
    named = (intent.slots or {}).get("play")
    known = play_of(intent.slots or {}) is not None
    if intent.name != "BookSeatsIntent" or named is None or not named.value:
        verdict = CanFulfillIntentValues.MAYBE
    else:
        verdict = CanFulfillIntentValues.YES if known else CanFulfillIntentValues.NO
    slots = {
        name: CanFulfillSlot(
            can_understand=CanUnderstandSlotValues.YES
            if name != "play" or known
            else CanUnderstandSlotValues.NO,
            can_fulfill=CanFulfillSlotValues.YES,
        )
        for name, slot in (intent.slots or {}).items()
        if slot.value
    }
    answer = CanFulfillIntent(can_fulfill=verdict, slots=slots)
    return handler_input.response_builder.set_can_fulfill_intent(answer).response


@sb.request_handler(
    lambda h: is_intent_name("BookSeatsIntent")(h) and get_dialog_state(h) != DialogState.COMPLETED
)
def still_asking(handler_input):
    """Its own rule first (not too many seats); the rest is asked by the dialog model."""
    intent = intent_of(handler_input)
    seats = intent.slots["seats"].value
    if seats and seats.isdigit() and int(seats) > MOST:
        question = f"I have {MOST} seats at most. How many would you like?"
        directive = ElicitSlotDirective(slot_to_elicit="seats", updated_intent=intent)
        builder = handler_input.response_builder.speak(question).ask(question)
        return builder.add_directive(directive).response
    directive = DelegateDirective(updated_intent=intent)
    return handler_input.response_builder.add_directive(directive).response


@sb.request_handler(is_intent_name("BookSeatsIntent"))
def book(handler_input):
    intent = intent_of(handler_input)
    builder = handler_input.response_builder
    if intent.confirmation_status == IntentConfirmationStatus.DENIED:
        return builder.speak("Nothing is booked.").set_should_end_session(True).response
    say_meanwhile(handler_input, "One moment, I look for <b>seats</b>.")
    slots = intent.slots
    title = PLAYS[play_of(slots)]
    said = f"Booked: {slots['seats'].value} seats for {title} on {slots['day'].value}."
    builder.speak(said).set_card(SimpleCard("Your seats", said))
    return builder.set_should_end_session(True).response


@sb.request_handler(is_intent_name("ListPlaysIntent"))
def list_plays(handler_input):
    question = "Which one would you like to see?"
    builder = handler_input.response_builder.speak(f"We play {TITLES}. {question}")
    return builder.ask(question).response


@sb.request_handler(is_request_type("SessionEndedRequest"))
def ended(handler_input):
    return handler_input.response_builder.response


@sb.request_handler(lambda h: True)
def anything_else(handler_input):
    builder = handler_input.response_builder
    for name in ("AMAZON.StopIntent", "AMAZON.CancelIntent"):
        if is_intent_name(name)(handler_input):
            return builder.speak("Curtain.").set_should_end_session(True).response
    said = "Say for example: two seats for The Stubborn Moon tomorrow."
    return builder.speak(said).ask(said).response


lambda_handler = sb.lambda_handler()
