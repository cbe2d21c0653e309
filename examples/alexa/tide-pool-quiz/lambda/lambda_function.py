"""Tide Pool Quiz: three questions, hints, a score. All it knows of a game is in the session."""

import random

from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import get_slot, is_intent_name, is_request_type
from ask_sdk_model.ui import SimpleCard, StandardCard

sb = SkillBuilder()

QUESTIONS = {  # id of the creature: question, hint
    "hermit-crab": ("Who moves house when it has grown?", "It borrows the shells of snails."),
    "starfish": ("Who can grow back an arm?", "It has five of them, mostly."),
    "limpet": ("Who returns to its own spot on the rock?", "It looks like a tiny pointed hat."),
    "anemone": ("Who looks like a flower and stings?", "Clown fish like to live with it."),
    "urchin": ("Who walks on its spines?", "It is round like a hedgehog."),
}
NAMES = {"anemone": "sea anemone", "urchin": "sea urchin", "hermit-crab": "hermit crab"}
ROUNDS = 3


def session(handler_input):
    return handler_input.attributes_manager.session_attributes


def ask(handler_input, before=""):
    """The question that is open, after a few words."""
    question = QUESTIONS[session(handler_input)["open"][0]][0]
    speech = f'{before}<break time="300ms"/>{question}' if before else question
    return handler_input.response_builder.speak(speech).ask(question).response


def go_on(handler_input, before):
    """The next question, or the score."""
    game = session(handler_input)
    game["open"] = game["open"][1:]
    if game["open"]:
        return ask(handler_input, before)
    score = f"You knew {game['score']} of {ROUNDS}."
    game["over"] = True
    return (
        handler_input.response_builder.speak(f"{before} {score} Another round?")
        .ask("Another round?")
        .set_card(SimpleCard("Tide Pool Quiz", score))
        .response
    )


def is_open(handler_input):
    return bool(session(handler_input).get("open"))


@sb.request_handler(
    lambda h: (
        is_request_type("LaunchRequest")(h)
        or is_intent_name("StartQuizIntent")(h)
        or (is_intent_name("AMAZON.YesIntent")(h) and session(h).get("over"))
    )
)
def start(handler_input):
    envelope = handler_input.request_envelope
    chance = random.Random(f"{envelope.session.user.user_id} {envelope.request.timestamp}")
    questions = chance.sample(sorted(QUESTIONS), ROUNDS)
    session(handler_input).update(open=questions, score=0, hinted=[], over=False)
    return ask(handler_input, "Welcome to the tide pool.")


@sb.request_handler(lambda h: is_intent_name("AnswerIntent")(h) and is_open(h))
def answer(handler_input):
    game = session(handler_input)
    slot = get_slot(handler_input, "creature")
    authorities = slot.resolutions.resolutions_per_authority if slot.resolutions else []
    said = [value.value.id for each in authorities for value in each.values or []]
    if not said:
        return ask(handler_input, f"No {slot.value} lives here." if slot.value else "Sorry?")
    right = game["open"][0]
    if right in said:
        game["score"] += 1
        return go_on(handler_input, "<emphasis>Right!</emphasis>")
    return go_on(handler_input, f"No, it is the {NAMES.get(right, right)}.")


@sb.request_handler(lambda h: is_intent_name("HintIntent")(h) and is_open(h))
def hint(handler_input):
    creature = session(handler_input)["open"][0]
    session(handler_input)["hinted"] += [creature]
    words = QUESTIONS[creature][1]
    handler_input.response_builder.set_card(StandardCard("A hint", words))
    return ask(handler_input, words)


@sb.request_handler(lambda h: is_intent_name("SkipIntent")(h) and is_open(h))
def skip(handler_input):
    right = session(handler_input)["open"][0]
    return go_on(handler_input, f"It is the {NAMES.get(right, right)}.")


@sb.request_handler(
    lambda h: (
        is_intent_name("AMAZON.StopIntent")(h)
        or is_intent_name("AMAZON.CancelIntent")(h)
        or (is_intent_name("AMAZON.NoIntent")(h) and session(h).get("over"))
    )
)
def stop(handler_input):
    builder = handler_input.response_builder.speak("Mind the tide!")
    return builder.set_should_end_session(True).response


@sb.request_handler(is_request_type("SessionEndedRequest"))
def ended(handler_input):
    return handler_input.response_builder.response


@sb.request_handler(lambda h: True)
def anything_else(handler_input):
    if is_open(handler_input):
        return ask(handler_input, "Name a creature, or ask for a hint.")
    said = "Say: start a tide pool quiz."
    return handler_input.response_builder.speak(said).ask(said).response


lambda_handler = sb.lambda_handler()
