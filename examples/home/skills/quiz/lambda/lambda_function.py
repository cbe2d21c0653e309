"""Trivia Tower: five questions and a score, as an ask-sdk skill."""

import logging
import random
import re

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import get_slot, is_intent_name, is_request_type
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard
from questions import QUESTIONS

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

ROUND_LENGTH = 5
CATEGORIES = ", ".join(QUESTIONS)
WELCOME = "Welcome to Trivia Tower! Say start, or name a category."
HELP = (
    f"I ask {ROUND_LENGTH} questions, and you answer. "
    f"The categories are {CATEGORIES}. Say start a quiz, or: a science quiz."
)
PRAISE = ("Right!", "Correct!", "Well done!", "Exactly!")
ANOTHER = "Shall we play another round?"


def is_playing(attributes: dict) -> bool:
    return attributes.get("state") == "playing"


def question_of(attributes: dict) -> tuple:
    """The question that is being asked, and its answers."""
    category, number = attributes["round"][attributes["index"]]
    return QUESTIONS[category][number]


def simplified(words: str) -> str:
    """Words in the form answers are compared in."""
    plain = re.sub(r"[^\w ]", "", words.lower().replace("-", " "))
    return re.sub(r"^(an?|the) ", "", plain.strip())


def resolved(slot) -> tuple:
    """(name, id) of what a slot resolves to, or (None, None)."""
    authorities = slot.resolutions and slot.resolutions.resolutions_per_authority
    for authority in authorities or []:
        if authority.values:
            return authority.values[0].value.name, authority.values[0].value.id
    return None, None


def draw_round(category, chance: random.Random) -> list:
    """Questions of one category, or of all: [category, number] each."""
    pool = [
        [name, number]
        for name, questions in QUESTIONS.items()
        for number in range(len(questions))
        if category in (None, name)
    ]
    return chance.sample(pool, ROUND_LENGTH)


def start_round(handler_input: HandlerInput, category=None) -> Response:
    envelope = handler_input.request_envelope
    # Not the same questions each time, but the same for one person at one moment.
    chance = random.Random(f"{envelope.session.user.user_id} {envelope.request.timestamp}")
    attributes = handler_input.attributes_manager.session_attributes
    attributes.update(state="playing", round=draw_round(category, chance), index=0, score=0)
    of = f" about {category}" if category else ""
    return ask(handler_input, f"{ROUND_LENGTH} questions{of}.")


def ask(handler_input: HandlerInput, lead: str) -> Response:
    """Ask the question that is due, after some words."""
    attributes = handler_input.attributes_manager.session_attributes
    question = question_of(attributes)[0]
    said = f"{lead} Question {attributes['index'] + 1}. {question}".strip()
    return handler_input.response_builder.speak(said).ask(question).response


def go_on(handler_input: HandlerInput, lead: str) -> Response:
    """The next question, or the result after the last one."""
    attributes = handler_input.attributes_manager.session_attributes
    attributes["index"] += 1
    if attributes["index"] < len(attributes["round"]):
        return ask(handler_input, lead)
    attributes["state"] = "over"
    score = f"{attributes['score']} of {len(attributes['round'])}"
    return (
        handler_input.response_builder.speak(f"{lead} That was the round: {score}. {ANOTHER}")
        .ask(ANOTHER)
        .set_card(SimpleCard("Trivia Tower", f"You got {score} right."))
        .response
    )


class LaunchRequestHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_request_type("LaunchRequest")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        return handler_input.response_builder.speak(WELCOME).ask(HELP).response


class StartQuizHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("StartQuizIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        slot = get_slot(handler_input, "category")
        if slot is None or not slot.value:
            return start_round(handler_input)
        _, category = resolved(slot)
        if category not in QUESTIONS:
            said = f"I have no questions about {slot.value}. The categories are {CATEGORIES}."
            return handler_input.response_builder.speak(said).ask(HELP).response
        return start_round(handler_input, category)


class AnswerHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        attributes = handler_input.attributes_manager.session_attributes
        return is_playing(attributes) and is_intent_name("AnswerIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        attributes = handler_input.attributes_manager.session_attributes
        _, answers = question_of(attributes)
        slot = get_slot(handler_input, "answer")
        said = {simplified(words) for words in (slot.value, resolved(slot)[0]) if words}
        if said & {simplified(answer) for answer in answers}:
            attributes["score"] += 1
            return go_on(handler_input, PRAISE[attributes["index"] % len(PRAISE)])
        return go_on(handler_input, f"No, it's {answers[0]}.")


class DontKnowHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        attributes = handler_input.attributes_manager.session_attributes
        return is_playing(attributes) and is_intent_name("DontKnowIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        attributes = handler_input.attributes_manager.session_attributes
        return go_on(handler_input, f"It's {question_of(attributes)[1][0]}.")


class ScoreHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("ScoreIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        attributes = handler_input.attributes_manager.session_attributes
        if not is_playing(attributes):
            said = "No quiz is running. Shall we start one?"
            return handler_input.response_builder.speak(said).ask(said).response
        score = f"You have {attributes['score']} of {attributes['index']} right."
        return ask(handler_input, score)


class RepeatHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        attributes = handler_input.attributes_manager.session_attributes
        return is_playing(attributes) and is_intent_name("AMAZON.RepeatIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        return ask(handler_input, "Again.")


class YesHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        attributes = handler_input.attributes_manager.session_attributes
        return not is_playing(attributes) and is_intent_name("AMAZON.YesIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        return start_round(handler_input)


class HelpHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("AMAZON.HelpIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        attributes = handler_input.attributes_manager.session_attributes
        if is_playing(attributes):
            return ask(handler_input, "Just say your answer, or: I don't know.")
        return handler_input.response_builder.speak(HELP).ask(HELP).response


class StopHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        attributes = handler_input.attributes_manager.session_attributes
        declined = not is_playing(attributes) and is_intent_name("AMAZON.NoIntent")(handler_input)
        stopped = is_intent_name("AMAZON.StopIntent")(handler_input)
        return declined or stopped or is_intent_name("AMAZON.CancelIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        builder = handler_input.response_builder.speak("Thanks for playing!")
        return builder.set_should_end_session(True).response


class FallbackHandler(AbstractRequestHandler):
    """Whatever is no answer, and answers when nothing was asked."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_request_type("IntentRequest")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        attributes = handler_input.attributes_manager.session_attributes
        if is_playing(attributes):
            return ask(handler_input, "I didn't get that.")
        said = "No quiz is running. Say start to play."
        return handler_input.response_builder.speak(said).ask(said).response


class SessionEndedHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_request_type("SessionEndedRequest")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        logger.info("session ended: %s", handler_input.request_envelope.request.reason)
        return handler_input.response_builder.response


class CatchAllExceptionHandler(AbstractExceptionHandler):
    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        logger.error(exception, exc_info=True)
        said = "Sorry, something went wrong in the tower. Please say that again."
        return handler_input.response_builder.speak(said).ask(said).response


builder = SkillBuilder()
builder.add_request_handler(LaunchRequestHandler())
builder.add_request_handler(StartQuizHandler())
builder.add_request_handler(AnswerHandler())
builder.add_request_handler(DontKnowHandler())
builder.add_request_handler(ScoreHandler())
builder.add_request_handler(RepeatHandler())
builder.add_request_handler(YesHandler())
builder.add_request_handler(HelpHandler())
builder.add_request_handler(StopHandler())
builder.add_request_handler(FallbackHandler())  # after those it stands in for
builder.add_request_handler(SessionEndedHandler())
builder.add_exception_handler(CatchAllExceptionHandler())

lambda_handler = builder.lambda_handler()
