"""The request JSON that Alexa's skills expect."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sayso.fulfilment.alexa import describe, describe_can_fulfill
from sayso.types.calls import Progress
from sayso.types.readings import Candidate, Corrected, Hypothesis, SlotValue
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Slot, SlotType
from tests.fulfilment.skills import ENDED, ENGLISH, FORECAST, LAUNCH, asking, city, context, skill

DAY = SlotValue("day", "AMAZON.DATE", "tomorrow", normalised="2026-03-15")


def slots(*given: SlotValue) -> Mapping[str, Any]:
    """The slots of an IntentRequest."""
    made: Mapping[str, Any] = describe(skill(), asking(*given), context())
    return made["request"]["intent"]["slots"]  # type: ignore[no-any-return]


def test_a_launch_says_who_and_where() -> None:
    made = describe(skill(), LAUNCH, replace(context({"a": 1}), session="s1"))
    request = made.pop("request")
    request.pop("requestId")
    assert made == {
        "version": "1.0",
        "session": {
            "new": True,
            "sessionId": "s1",
            "application": {"applicationId": "sayso.skill.weather"},
            "attributes": {"a": 1},
            "user": {"userId": "ana"},
        },
        "context": {
            "System": {
                "application": {"applicationId": "sayso.skill.weather"},
                "user": {"userId": "ana"},
                "device": {"deviceId": "kitchen", "supportedInterfaces": {}},
                "apiEndpoint": "https://127.0.0.1:1",
                "apiAccessToken": "",
            }
        },
    }
    assert request == {
        "type": "LaunchRequest",
        "timestamp": "2026-03-14T08:26:53Z",
        "locale": "en-US",
        "shouldLinkResultBeReturned": False,
    }


def test_the_skill_may_be_called_by_the_id_that_alexa_gave_it() -> None:
    known = skill(Fulfilment(FulfilmentKind.ALEXA, application_id="amzn1.ask.skill.1"))
    made = describe(known, LAUNCH, context())
    for place in (made["session"], made["context"]["System"]):
        assert place["application"] == {"applicationId": "amzn1.ask.skill.1"}


def test_a_request_for_an_opinion_tells_nothing_of_who_asks() -> None:
    reading = Hypothesis("weather", "Forecast", (DAY,))
    made = describe_can_fulfill(skill(), reading, context({"secret": 1}))
    assert made["request"]["type"] == "CanFulfillIntentRequest"
    assert made["request"]["intent"]["slots"]["day"]["value"] == "2026-03-15"
    told = json.dumps(made)
    assert not [word for word in ("ana", "kitchen", "secret", "dialogState") if word in told]


def test_every_request_has_its_own_id() -> None:
    made = [describe(skill(), LAUNCH, context())["request"]["requestId"] for _ in range(2)]
    assert made[0] != made[1]


def test_the_end_of_a_session_has_a_reason() -> None:
    request = describe(skill(), ENDED, context())["request"]
    assert (request["type"], request["reason"]) == ("SessionEndedRequest", "USER_INITIATED")


def test_a_built_in_slot_holds_what_the_words_mean() -> None:
    assert slots(DAY)["day"] == {
        "name": "day",
        "confirmationStatus": "NONE",
        "source": "USER",
        "value": "2026-03-15",
        "slotValue": {"type": "Simple", "value": "2026-03-15"},
    }


def test_a_catalogue_slot_holds_the_words_and_what_they_resolve_to() -> None:
    berlin = [Candidate("Berlin", "city-1"), Candidate("Bern")]
    resolved = slots(city("the capital", *berlin, normalised="Berlin"))["city"]
    (authority,) = resolved["resolutions"]["resolutionsPerAuthority"]
    values = authority.pop("values")
    assert resolved["value"] == "the capital"
    assert authority == {
        "authority": "amzn1.er-authority.echo-sdk.sayso.skill.weather.City",
        "status": {"code": "ER_SUCCESS_MATCH"},
    }
    assert values[0] == {"value": {"name": "Berlin", "id": "city-1"}}
    assert values[1]["value"]["name"] == "Bern"
    assert len(values[1]["value"]["id"]) == 32
    assert resolved["slotValue"]["resolutions"] == resolved["resolutions"]


def test_unknown_words_have_no_match_and_no_values() -> None:
    (authority,) = slots(city("atlantis"))["city"]["resolutions"]["resolutionsPerAuthority"]
    assert authority["status"]["code"] == "ER_SUCCESS_NO_MATCH"
    assert "values" not in authority


def test_slots_that_are_not_filled_are_there_without_a_value() -> None:
    given = slots(DAY)
    assert list(given) == ["city", "day", "items"]
    assert given["city"] == {"name": "city", "confirmationStatus": "NONE"}


def test_several_values_are_a_list() -> None:
    made = slots(city("rome"), city("oslo"))["city"]
    assert made["slotValue"]["type"] == "List"
    assert [one["value"] for one in made["slotValue"]["values"]] == ["rome", "oslo"]
    assert "value" not in made


def test_a_built_in_type_that_the_skill_extends_is_resolved() -> None:
    language = Language("en-US", intents=(FORECAST,), types=(SlotType("AMAZON.DATE"),))
    made = describe(skill(language=language), asking(DAY), context())["request"]["intent"]["slots"]
    assert made["day"]["value"] == "tomorrow"
    assert "resolutions" in made["day"]


def state(intent: Intent, *given: SlotValue, confirmed: bool = False, **extra: Any) -> str | None:
    """`dialogState` of a call."""
    language = Language("en-US", intents=(intent,), extra=extra)
    call = asking(*given, intent=intent.name, confirmed=confirmed)
    made: str | None = describe(skill(language=language), call, context())["request"].get(
        "dialogState"
    )
    return made


def test_the_state_of_the_dialogue_follows_what_is_filled_and_confirmed() -> None:
    required = Intent("I", slots=(Slot("day", "AMAZON.DATE", required=True),))
    confirmed = Intent("I", confirm=("Sure?",))
    assert state(FORECAST, DAY) is None
    assert state(FORECAST, DAY, confirmed=True) == "COMPLETED"
    assert state(required) == "STARTED"
    assert state(required, DAY) == "COMPLETED"
    assert state(confirmed) == "STARTED"
    assert state(confirmed, confirmed=True) == "COMPLETED"
    assert state(FORECAST, dialog={"intents": [{"name": "Forecast"}]}) == "COMPLETED"
    assert state(FORECAST, dialog=["odd"]) is None


def asked(**told: Any) -> Mapping[str, Any]:
    """The request of a call for the day, with what the person has said yes and no to."""
    made: Mapping[str, Any] = describe(skill(), replace(asking(DAY), **told), context())["request"]
    return made


def test_a_yes_confirms_the_intent_and_only_the_slots_that_were_agreed_to() -> None:
    intent = asked(confirmed=True)["intent"]
    assert intent["confirmationStatus"] == "CONFIRMED"
    assert intent["slots"]["day"]["confirmationStatus"] == "NONE"
    intent = asked(agreed=("day",))["intent"]
    assert intent["confirmationStatus"] == "NONE"
    assert intent["slots"]["day"]["confirmationStatus"] == "CONFIRMED"
    assert intent["slots"]["city"]["confirmationStatus"] == "NONE"


def test_a_no_is_told_of_the_intent_or_of_a_slot_which_keeps_its_value() -> None:
    request = asked(denied=True)
    assert request["intent"]["confirmationStatus"] == "DENIED"
    assert request["dialogState"] == "COMPLETED"
    request = asked(refused=("day",), progress=Progress.IN_PROGRESS)
    assert request["intent"]["slots"]["day"]["confirmationStatus"] == "DENIED"
    assert request["intent"]["slots"]["day"]["value"] == "2026-03-15"
    assert request["dialogState"] == "IN_PROGRESS"


def test_a_request_is_json_for_a_skill_without_the_language_too() -> None:
    odd = replace(context(), locale="ja-JP")
    made = describe(skill(language=ENGLISH), asking(city("x")), odd)
    assert json.loads(json.dumps(made)) == made
    assert made["request"]["intent"]["slots"]["city"]["value"] == "x"


def test_what_is_put_right_is_told_beside_alexas_own_parts() -> None:
    call = asking(DAY)
    assert call.hypothesis is not None
    before = replace(DAY, value="today", normalised="2026-03-14")
    corrected = replace(call.hypothesis, corrects=Corrected((before,)))
    made = describe(skill(), replace(call, hypothesis=corrected), context())
    assert made["context"]["Sayso"]["corrects"]["slots"]["day"]["value"] == "2026-03-14"
    assert made["request"]["intent"]["slots"]["day"]["value"] == "2026-03-15"
    assert "Sayso" not in describe(skill(), call, context())["context"]
