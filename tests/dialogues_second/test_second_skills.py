"""The skills of the second set, called directly: what is wrong is asked, state can be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sayso.fulfilment.handler import Request, Response, Slot
from sayso.fulfilment.loading import inside, load
from sayso.fulfilment.storage import Storage
from sayso.types.calls import CallKind

SKILLS = Path(__file__).parent / "skills"
NOW = datetime(2026, 11, 20, 17, 40, tzinfo=ZoneInfo("Europe/Berlin"))
Say = Callable[..., Response]


def filled(name: str, value: str, id: str | None = None) -> Slot:
    return Slot(value, name=name, value=value, normalised=value, id=id, matched=True)


def speaking(skill: str, folder: Path) -> Say:
    code = load(str(SKILLS / skill), "handler:handle")
    storage = Storage(folder / skill / "storage.db")

    def say(intent: str, *said: Slot, **about: Any) -> Response:
        request = Request(
            kind=CallKind.INTENT,
            skill=skill,
            now=NOW,
            storage=storage,
            intent=intent,
            said=said,
            time_zone="Europe/Berlin",
            attributes={},
            seed="seed",
            **about,
        )
        with inside(code):
            given = code.call(request)
        return Response(given) if isinstance(given, str) else given

    return say


def test_the_cinema_asks_for_what_cannot_be_and_books_after_a_yes(tmp_path: Path) -> None:
    say = speaking("cinema", tmp_path)
    film, late = filled("film", "Marble Street", "marble"), filled("showing", "late", "22:00")
    day, eight = filled("date", "2026-11-21"), filled("seats", "8")
    assert say("BookSeats").ask == "film"
    assert say("BookSeats", film, filled("date", "2026-W47-WE")).ask == "date"
    assert say("BookSeats", film, filled("date", "2026-12-24")).ask == "date"
    assert say("BookSeats", film, day).ask == "showing"
    assert say("BookSeats", film, day, late, filled("seats", "12")).ask == "seats"
    assert say("BookSeats", film, day, late, eight).confirm
    assert "no seats" in say("MyBookings").speech
    say("BookSeats", film, day, late, eight, confirmed=True)
    assert "8 seats for Marble Street on 2026-11-21, the late" in say("MyBookings").speech
    say("GiveBack", film, confirmed=True)
    assert "no seats" in say("MyBookings").speech


def test_the_pet_diary_knows_who_is_hungry(tmp_path: Path) -> None:
    say = speaking("pets", tmp_path)
    olive, hugo = filled("pet", "Olive", "olive"), filled("pet", "Hugo", "hugo")
    assert say("Fed").ask == "pet"
    assert say("Fed", filled("pet", "the emu")).ask == "pet"
    assert say("Fed", olive, hugo).speech == "Olive and Hugo fed."
    assert say("WhoIsHungry").speech == "Still hungry: Biscuit, Captain and Pebbles."
    say("NotFed", olive)
    assert say("HasEaten", olive).speech == "Olive is still hungry."
    assert say("HasEaten", hugo).speech == "Hugo has eaten."


def test_glasses_are_counted_for_each_person(tmp_path: Path) -> None:
    say = speaking("water", tmp_path)
    assert "2 of 6" in say("Drank", filled("glasses", "2"), user="otto").speech
    assert say("SetGoal", filled("glasses", "90"), user="otto").ask == "glasses"
    say("SetGoal", filled("glasses", "10"), user="otto")
    assert "2 of 10" in say("HowMany", user="otto").speech
    assert "0 of 6" in say("HowMany", user="noor").speech


def answer(state: str, confirmed: str = "NONE", **slots: dict[str, Any]) -> dict[str, Any]:
    """What the parcel counter says to a SendParcel of that dialogue state."""
    code = load(str(SKILLS / "parcel"), "lambda/lambda_function:lambda_handler")
    names = ("recipient", "size", "date")
    event = {
        "version": "1.0",
        "context": {"System": {"application": {"applicationId": "parcel"}}},
        "request": {
            "type": "IntentRequest",
            "requestId": "r1",
            "timestamp": NOW.isoformat(),
            "locale": "en-US",
            "dialogState": state,
            "intent": {
                "name": "SendParcel",
                "confirmationStatus": confirmed,
                "slots": {name: {"name": name, **slots.get(name, {})} for name in names},
            },
        },
    }
    with inside(code):
        given: dict[str, Any] = code.call(event, None)["response"]
    return given


def size(words: str, id: str, status: str = "NONE") -> dict[str, Any]:
    value = {"value": {"name": words, "id": id}}
    authority = {"authority": "a", "status": {"code": "ER_SUCCESS_MATCH"}, "values": [value]}
    resolutions = {"resolutionsPerAuthority": [authority]}
    return {"value": words, "confirmationStatus": status, "resolutions": resolutions}


@pytest.mark.parametrize(
    ("said", "directive"),
    [
        ({}, "Dialog.Delegate"),
        ({"size": size("small", "S")}, "Dialog.Delegate"),
        ({"size": size("crate", "XL")}, "Dialog.ElicitSlot"),
        ({"size": size("large", "L")}, "Dialog.ConfirmSlot"),
        ({"size": size("large", "L", "CONFIRMED")}, "Dialog.Delegate"),
        ({"size": size("large", "L", "DENIED")}, "Dialog.ElicitSlot"),
    ],
)
def test_the_parcel_counter_steps_in_where_a_size_will_not_do(
    said: dict[str, Any], directive: str
) -> None:
    given = answer("IN_PROGRESS", **said)
    assert [each["type"] for each in given["directives"]] == [directive]
    if directive == "Dialog.ElicitSlot":
        assert "value" not in given["directives"][0]["updatedIntent"]["slots"]["size"]


def test_a_parcel_goes_off_after_a_yes_alone() -> None:
    slots = {"recipient": {"value": "Martha"}, "date": {"value": "2026-11-23"}}
    sent = answer("COMPLETED", "CONFIRMED", size=size("small", "S"), **slots)
    kept = answer("COMPLETED", "DENIED", size=size("small", "S"), **slots)
    assert "small parcel for Martha is ordered" in sent["outputSpeech"]["ssml"]
    assert "nothing is sent" in kept["outputSpeech"]["ssml"]
    assert sent["shouldEndSession"] is kept["shouldEndSession"] is True
