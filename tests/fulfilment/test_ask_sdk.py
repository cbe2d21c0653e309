"""Skills written with ask-sdk-core, unmodified, in a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.fulfilment import Backends
from sayso.types.calls import Answer, Call, Card
from sayso.types.readings import Candidate, SlotValue
from sayso.types.skills import Skill
from tests.fulfilment.skills import ENDED, LAUNCH, ask_skill, asking, city, context

TIDES = """
import logging

from ask_sdk_core.dispatch_components import (
    AbstractExceptionHandler, AbstractRequestHandler, AbstractRequestInterceptor,
    AbstractResponseInterceptor,
)
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import get_slot, get_slot_value, is_intent_name, is_request_type
from ask_sdk_model import DialogState
from ask_sdk_model.dialog import DelegateDirective, ElicitSlotDirective
from ask_sdk_model.slu.entityresolution import StatusCode
from ask_sdk_model.ui import SimpleCard

from tides import height

logging.getLogger(__name__).setLevel(logging.INFO)


class Launch(AbstractRequestHandler):
    def can_handle(self, handler_input):
        return is_request_type("LaunchRequest")(handler_input)

    def handle(self, handler_input):
        return handler_input.response_builder.speak("Which harbour?").ask("Say a city.").response


class Forecast(AbstractRequestHandler):
    def can_handle(self, handler_input):
        return is_intent_name("Forecast")(handler_input)

    def handle(self, handler_input):
        request = handler_input.request_envelope.request
        builder = handler_input.response_builder
        place = get_slot(handler_input, "city")
        if place.value is None:
            return builder.speak("Which city?").add_directive(
                ElicitSlotDirective(slot_to_elicit="city")).response
        resolution = place.resolutions.resolutions_per_authority[0]
        if resolution.status.code != StatusCode.ER_SUCCESS_MATCH:
            return builder.speak("I do not know %s & co." % place.value).response
        best = resolution.values[0].value
        attributes = handler_input.attributes_manager.session_attributes
        attributes["asked"] = attributes.get("asked", []) + [best.id]
        day = get_slot_value(handler_input, "day")
        words = "In <b>%s</b> on %s it is %s." % (best.name, day, height(best.id))
        return builder.speak(words).set_card(SimpleCard("Tide", words)).set_should_end_session(
            False).response


class Book(AbstractRequestHandler):
    def can_handle(self, handler_input):
        return is_intent_name("Book")(handler_input)

    def handle(self, handler_input):
        if handler_input.request_envelope.request.dialog_state != DialogState.COMPLETED:
            return handler_input.response_builder.add_directive(DelegateDirective()).response
        return handler_input.response_builder.speak("Booked.").response


class Broken(AbstractRequestHandler):
    def can_handle(self, handler_input):
        return is_intent_name("Broken")(handler_input)

    def handle(self, handler_input):
        raise ValueError("no water")


class Ended(AbstractRequestHandler):
    def can_handle(self, handler_input):
        return is_request_type("SessionEndedRequest")(handler_input)

    def handle(self, handler_input):
        return handler_input.response_builder.response


class Count(AbstractRequestInterceptor):
    def process(self, handler_input):
        attributes = handler_input.attributes_manager.session_attributes
        attributes["turns"] = attributes.get("turns", 0) + 1


class Log(AbstractResponseInterceptor):
    def process(self, handler_input, response):
        print("said", response.output_speech)


class Sorry(AbstractExceptionHandler):
    def can_handle(self, handler_input, exception):
        return True

    def handle(self, handler_input, exception):
        return handler_input.response_builder.speak("Sorry: %s" % exception).response


builder = SkillBuilder()
for handler in (Launch(), Forecast(), Book(), Broken(), Ended()):
    builder.add_request_handler(handler)
builder.add_global_request_interceptor(Count())
builder.add_global_response_interceptor(Log())
builder.add_exception_handler(Sorry())
lambda_handler = builder.lambda_handler()
"""
HEIGHTS = "def height(harbour): return {'city-1': 'low'}[harbour]"
BERLIN = city("the capital", Candidate("Berlin", "city-1"), normalised="Berlin")
DAY = SlotValue("day", "AMAZON.DATE", "tomorrow", normalised="2026-03-15")


@pytest.fixture(scope="module")
def tides(tmp_path_factory: pytest.TempPathFactory) -> Skill:
    return ask_skill(tmp_path_factory.mktemp("tides"), TIDES, tides=HEIGHTS)


def test_launch_speaks_and_reprompts(backends: Backends, tides: Skill) -> None:
    assert backends.answer(tides, LAUNCH, context()) == Answer(
        "Which harbour?",
        ssml="<speak>Which harbour?</speak>",
        reprompt="Say a city.",
        ended=False,
        attributes={"turns": 1},
    )


def test_an_intent_reads_slots_resolutions_and_session(backends: Backends, tides: Skill) -> None:
    answer = backends.answer(tides, asking(BERLIN, DAY), context({"turns": 1, "asked": ["x"]}))
    assert answer.speech == "In Berlin on 2026-03-15 it is low."
    assert answer.attributes == {"turns": 2, "asked": ["x", "city-1"]}
    assert answer.card == Card("Tide", "In <b>Berlin</b> on 2026-03-15 it is low.")
    assert not answer.ended


def test_what_is_not_in_the_catalogue_is_no_match(backends: Backends, tides: Skill) -> None:
    answer = backends.answer(tides, asking(city("atlantis")), context())
    assert (answer.speech, answer.ended) == ("I do not know atlantis & co.", True)


def test_a_missing_slot_is_elicited(backends: Backends, tides: Skill) -> None:
    answer = backends.answer(tides, asking(DAY), context())
    assert (answer.speech, answer.ask_slot, answer.ended) == ("Which city?", "city", False)


def test_a_dialogue_is_delegated_until_it_is_complete(backends: Backends, tides: Skill) -> None:
    assert backends.answer(tides, asking(intent="Book"), context()).delegate
    done = backends.answer(tides, asking(intent="Book", confirmed=True), context())
    assert done.speech == "Booked."


def test_the_sdks_own_exception_handler_answers(backends: Backends, tides: Skill) -> None:
    answer = backends.answer(tides, asking(intent="Broken"), context())
    assert (answer.speech, answer.failure) == ("Sorry: no water", None)


def test_the_end_of_a_session_is_told_to_the_skill(backends: Backends, tides: Skill) -> None:
    assert backends.answer(tides, ENDED, context({"turns": 4})) == Answer(attributes={"turns": 5})


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def lambda_handler(event, context): return 'hi'", "not an Alexa response"),
        ("def lambda_handler(event, context): return None", "not an Alexa response"),
        ("def lambda_handler(event): return {}", "TypeError: lambda_handler() takes 1"),
        ("import ask_sdk_dynamodb", "No module named 'ask_sdk_dynamodb'"),
    ],
)
def test_what_a_lambda_handler_does_wrong_is_told(
    backends: Backends, tmp_path: Path, source: str, complaint: str
) -> None:
    answer = backends.answer(ask_skill(tmp_path, source), LAUNCH, context())
    assert complaint in (answer.failure or "")


def test_the_lambda_context_tells_the_time_left(backends: Backends, tmp_path: Path) -> None:
    source = """
    def lambda_handler(event, context):
        left = context.get_remaining_time_in_millis()
        same = context.aws_request_id == event["request"]["requestId"]
        text = f"{1000 < left <= 2000} {same} {context.function_name}"
        return {"response": {"outputSpeech": {"type": "PlainText", "text": text}}}
    """
    call: Call = asking()
    skill = ask_skill(tmp_path, source, timeout_s=2.0)
    assert backends.answer(skill, call, context()).speech == "True True weather"
