"""Curious Cabinet: a fact about a topic, and another one if you like. An ask-sdk skill."""

import logging
import random

import ask_sdk_core.utils as ask_utils
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard
from facts import FACTS, TITLES

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

sb = SkillBuilder()

ANOTHER = "Would you like another one?"
TOPICS = f"{', '.join(list(TITLES.values())[:-1])} and {list(TITLES.values())[-1]}"
HELP = f"I know facts about {TOPICS}. Say: tell me a fact about space."


def topic_said(handler_input: HandlerInput):
    """(words, id) of the topic slot; the id is None for a topic that is not in the cabinet."""
    slot = ask_utils.get_slot(handler_input, "topic")
    if slot is None or not slot.value:
        return None, None
    authorities = slot.resolutions.resolutions_per_authority if slot.resolutions else None
    for authority in authorities or []:
        if authority.values:
            return slot.value, authority.values[0].value.id
    return slot.value, None


def tell(handler_input: HandlerInput, topic=None) -> Response:
    """A fact that this session has not told yet, if there is one left."""
    attributes = handler_input.attributes_manager.session_attributes
    told = attributes.setdefault("told", [])
    topics = [topic] if topic else list(FACTS)
    fresh = [fact for name in topics for fact in FACTS[name] if fact not in told]
    if not fresh:
        said = f"That was all I know about {TITLES[topic]}." if topic else "That was all I know."
        return handler_input.response_builder.speak(said).set_should_end_session(True).response
    envelope = handler_input.request_envelope
    chance = random.Random(f"{envelope.session.user.user_id} {envelope.request.timestamp}")
    fact = chance.choice(fresh)
    attributes.update(told=[*told, fact], topic=topic)
    return (
        handler_input.response_builder.speak(f"{fact} {ANOTHER}")
        .ask(ANOTHER)
        .set_card(SimpleCard("Curious Cabinet", fact))
        .response
    )


@sb.request_handler(can_handle_func=ask_utils.is_request_type("LaunchRequest"))
def launch_request_handler(handler_input: HandlerInput) -> Response:
    said = "Welcome to the Curious Cabinet. About what shall I tell you a fact?"
    return handler_input.response_builder.speak(said).ask(HELP).response


@sb.request_handler(can_handle_func=ask_utils.is_intent_name("GetFactIntent"))
def get_fact_handler(handler_input: HandlerInput) -> Response:
    words, topic = topic_said(handler_input)
    if words and topic not in FACTS:
        said = f"There is nothing about {words} in the cabinet. {HELP}"
        return handler_input.response_builder.speak(said).ask(HELP).response
    return tell(handler_input, topic)


@sb.request_handler(
    can_handle_func=lambda handler_input: (
        ask_utils.is_intent_name("AnotherFactIntent")(handler_input)
        or ask_utils.is_intent_name("AMAZON.YesIntent")(handler_input)
    )
)
def another_fact_handler(handler_input: HandlerInput) -> Response:
    attributes = handler_input.attributes_manager.session_attributes
    return tell(handler_input, attributes.get("topic"))


@sb.request_handler(can_handle_func=ask_utils.is_intent_name("AMAZON.RepeatIntent"))
def repeat_handler(handler_input: HandlerInput) -> Response:
    told = handler_input.attributes_manager.session_attributes.get("told")
    said = f"{told[-1]} {ANOTHER}" if told else HELP
    return handler_input.response_builder.speak(said).ask(ANOTHER if told else HELP).response


@sb.request_handler(can_handle_func=ask_utils.is_intent_name("ListTopicsIntent"))
def list_topics_handler(handler_input: HandlerInput) -> Response:
    said = f"The drawers are {TOPICS}. Which one shall I open?"
    return handler_input.response_builder.speak(said).ask(said).response


@sb.request_handler(can_handle_func=ask_utils.is_intent_name("AMAZON.HelpIntent"))
def help_handler(handler_input: HandlerInput) -> Response:
    return handler_input.response_builder.speak(HELP).ask(HELP).response


@sb.request_handler(
    can_handle_func=lambda handler_input: any(
        ask_utils.is_intent_name(name)(handler_input)
        for name in ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent")
    )
)
def stop_handler(handler_input: HandlerInput) -> Response:
    builder = handler_input.response_builder.speak("The cabinet is closed. Goodbye!")
    return builder.set_should_end_session(True).response


@sb.request_handler(can_handle_func=ask_utils.is_intent_name("AMAZON.FallbackIntent"))
def fallback_handler(handler_input: HandlerInput) -> Response:
    return handler_input.response_builder.speak(f"I didn't get that. {HELP}").ask(HELP).response


@sb.request_handler(can_handle_func=ask_utils.is_request_type("SessionEndedRequest"))
def session_ended_handler(handler_input: HandlerInput) -> Response:
    logger.info("session ended: %s", handler_input.request_envelope.request.reason)
    return handler_input.response_builder.response


@sb.exception_handler(can_handle_func=lambda handler_input, exception: True)
def all_exception_handler(handler_input: HandlerInput, exception: Exception) -> Response:
    logger.error(exception, exc_info=True)
    said = "Sorry, a drawer is stuck. Please try again."
    return handler_input.response_builder.speak(said).ask(HELP).response


lambda_handler = sb.lambda_handler()
