"""Lost Lighthouse: each room sets the things that can be named in it (dynamic entities)."""

from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import get_slot, is_intent_name, is_request_type
from ask_sdk_model.dialog import DynamicEntitiesDirective
from ask_sdk_model.er.dynamic import Entity, EntityListItem, EntityValueAndSynonyms, UpdateBehavior

sb = SkillBuilder()

ROOMS = (  # what is said of it, and its things: id -> names, the first one is its own
    (
        "You stand in a cellar. There are a brass key and a barrel of herrings.",
        {"key": ("brass key", "old key"), "herrings": ("barrel of herrings", "fish")},
    ),
    (
        "You are in the keeper's room. There are a cuckoo clock and a box of matches.",
        {"clock": ("cuckoo clock",), "matches": ("box of matches", "matchbox")},
    ),
    ("You are at the top. Here stands the great lamp.", {"lamp": ("great lamp", "lantern")}),
)
NEEDED = ("key", "matches")  # what opens the stairs of a room


def session(handler_input):
    return handler_input.attributes_manager.session_attributes


def things(place):
    """The directive that makes the things of a room known, and those of the last one unknown."""
    entities = [
        Entity(id=id, name=EntityValueAndSynonyms(value=names[0], synonyms=list(names[1:])))
        for id, names in ROOMS[place][1].items()
    ]
    return DynamicEntitiesDirective(
        update_behavior=UpdateBehavior.REPLACE,
        types=[EntityListItem(name="THING", values=entities)],
    )


def enter(handler_input, place, before=""):
    session(handler_input)["place"] = place
    said = f"{before} {ROOMS[place][0]}".strip()
    builder = handler_input.response_builder.speak(f"{said} What do you do?")
    return builder.ask("What do you do?").add_directive(things(place)).response


def say(handler_input, words):
    question = "What do you do?"
    return handler_input.response_builder.speak(f"{words} {question}").ask(question).response


def is_playing(handler_input):
    return "place" in session(handler_input)


@sb.request_handler(
    lambda h: is_request_type("LaunchRequest")(h) or is_intent_name("PlayIntent")(h)
)
def start(handler_input):
    session(handler_input)["taken"] = []
    return enter(handler_input, 0, "The door falls shut behind you.")


@sb.request_handler(lambda h: is_intent_name("TakeIntent")(h) and is_playing(h))
def take(handler_input):
    slot = get_slot(handler_input, "thing")
    authorities = slot.resolutions.resolutions_per_authority if slot.resolutions else []
    known = {  # the room's own things come from another authority than the model's
        value.value.id: "dynamic" in each.authority
        for each in authorities
        for value in each.values or []
    }
    taken = session(handler_input)["taken"]
    here = ROOMS[session(handler_input)["place"]][1]
    thing = next((id for id, dynamic in known.items() if dynamic and id in here), None)
    if thing is None:
        where = "You have no use for" if known else "There is no"
        return say(handler_input, f"{where} {slot.value} here.")
    if thing == "lamp":
        clear = DynamicEntitiesDirective(update_behavior=UpdateBehavior.CLEAR)
        builder = handler_input.response_builder.speak("You light the lamp. The ships are saved!")
        return builder.add_directive(clear).set_should_end_session(True).response
    if thing in taken:
        return say(handler_input, "You have it already.")
    taken.append(thing)
    return say(handler_input, f"You take the {here[thing][0]}.")


@sb.request_handler(lambda h: is_intent_name("ClimbIntent")(h) and is_playing(h))
def climb(handler_input):
    place = session(handler_input)["place"]
    if place == len(NEEDED):
        return say(handler_input, "There are no more stairs.")
    if NEEDED[place] not in session(handler_input)["taken"]:
        return say(handler_input, "The door to the stairs does not open. Something is missing.")
    return enter(handler_input, place + 1)


@sb.request_handler(
    lambda h: (
        (is_intent_name("LookIntent")(h) or is_intent_name("AMAZON.RepeatIntent")(h))
        and is_playing(h)
    )
)
def look(handler_input):
    return enter(handler_input, session(handler_input)["place"])


@sb.request_handler(is_request_type("SessionEndedRequest"))
def ended(handler_input):
    return handler_input.response_builder.response


@sb.request_handler(lambda h: True)
def anything_else(handler_input):
    for name in ("AMAZON.StopIntent", "AMAZON.CancelIntent"):
        if is_intent_name(name)(handler_input):
            builder = handler_input.response_builder.speak("The fog swallows the lighthouse.")
            return builder.set_should_end_session(True).response
    return say(handler_input, "You may look around, take something, or climb the stairs.")


lambda_handler = sb.lambda_handler()
