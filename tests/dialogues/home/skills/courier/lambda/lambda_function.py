"""Parcel Post: a form whose questions are left to the assistant (Dialog.Delegate)."""

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import get_dialog_state, is_intent_name, is_request_type
from ask_sdk_model import DialogState, IntentConfirmationStatus, Response
from ask_sdk_model.dialog import DelegateDirective


class UnfinishedParcel(AbstractRequestHandler):
    """What is not complete is handed back; a heavy parcel is picked up on Mondays only."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return (
            is_intent_name("SendParcel")(handler_input)
            and get_dialog_state(handler_input) != DialogState.COMPLETED
        )

    def handle(self, handler_input: HandlerInput) -> Response:
        intent = handler_input.request_envelope.request.intent
        weight, day = intent.slots["weight"], intent.slots["day"]
        if weight.value in ("heavy", "big", "large") and not day.value:
            day.value = "2026-11-23"
        directive = DelegateDirective(updated_intent=intent)
        return handler_input.response_builder.add_directive(directive).response


class FinishedParcel(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("SendParcel")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        status = handler_input.request_envelope.request.intent.confirmation_status
        denied = status == IntentConfirmationStatus.DENIED
        said = "Then we won't come." if denied else "We will come and pick it up."
        return handler_input.response_builder.speak(said).set_should_end_session(True).response


class Track(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("TrackParcel")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder.speak("It is on its way.")
        return builder.set_should_end_session(True).response


class Rest(AbstractRequestHandler):
    """Opening, help, stop and the end of the session."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder
        if is_request_type("SessionEndedRequest")(handler_input):
            return builder.response
        if is_request_type("LaunchRequest")(handler_input) or is_intent_name("AMAZON.HelpIntent")(
            handler_input
        ):
            said = "Say for example: send a heavy parcel to Haven."
            return builder.speak(said).ask(said).response
        return builder.speak("Okay.").set_should_end_session(True).response


builder = SkillBuilder()
for handler in (UnfinishedParcel(), FinishedParcel(), Track(), Rest()):
    builder.add_request_handler(handler)
lambda_handler = builder.lambda_handler()
