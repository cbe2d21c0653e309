"""Back-ends that loop, die, hang or talk nonsense: it is said, the conversation goes on, and
nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.runtime.home import Home
from sayso.types.skills import Fulfilment, FulfilmentKind, Intent, Language, Skill, Slot
from sayso.types.turns import Reply

# Behaves as the session's attribute `mood`, or the file `mood` beside it, says; notes every call.
CODE = """
import json, os, time
from pathlib import Path

HERE = Path(__file__).parent


def said(text, ended=True, **more):
    speech = {"type": "PlainText", "text": text}
    return {"response": {"outputSpeech": speech, "shouldEndSession": ended, **more}}


def lambda_handler(event, context):
    request = event["request"]
    name = request.get("intent", {}).get("name", request["type"])
    with (HERE / "calls").open("a") as file:
        file.write(name + " " + str(request.get("dialogState")) + "\\n")
    mood = (HERE / "mood").read_text()
    if request["type"] == "SessionEndedRequest":
        return {}
    if name == "AMAZON.StopIntent":
        return said("Farewell.")
    if mood == "die":
        os._exit(3)
    if mood == "hang":
        time.sleep(30)
    if mood == "loop":
        return {"response": {"directives": [{"type": "Dialog.Delegate"}]}}
    if mood == "swap":
        other = "TendHives" if name != "TendHives" else "CountBees"
        updated = {"name": other, "slots": {}}
        return {"response": {"directives": [{"type": "Dialog.Delegate", "updatedIntent": updated}]}}
    if mood == "odd slot":
        directive = {"type": "Dialog.ElicitSlot", "slotToElicit": "honey"}
        return said("How much honey?", False, directives=[directive])
    if mood == "huge":
        return said("x" * 300_000)
    if mood == "nonsense":
        return ["no", "response"]
    return {"sessionAttributes": {"n": event["session"]["attributes"].get("n", 0) + 1},
            **said("Bees are fine. More?", False)}
"""


@pytest.fixture
def bees(home: Home, tmp_path: Path) -> Home:
    """A home with a bee keeper's skill, whose mood is written into a file."""
    folder = tmp_path / "bees"
    folder.mkdir()
    (folder / "code.py").write_text(CODE)
    intents = (
        Intent(
            "TendHives", ("tend the hives", "look after the bees"), (Slot("n", "AMAZON.NUMBER"),)
        ),
        Intent("CountBees", ("count the bees", "how many bees are there")),
        Intent("AMAZON.StopIntent"),
    )
    language = Language("en-US", "bee keeper", "Looks after bees.", ("tend the hives",), intents)
    made = Fulfilment(FulfilmentKind.ALEXA, handler="code:lambda_handler", timeout_s=1.0)
    home.install(Skill("bees", "Bees", languages=(language,), fulfilment=made, folder=str(folder)))
    home.approve("bees", "ana")
    return home


class Keeper:
    """Somebody who talks to the bee keeper's skill, and sees what it was told."""

    def __init__(self, home: Home) -> None:
        folder = home.engine.skills["bees"].folder
        assert folder is not None
        self.home, self.folder = home, Path(folder)

    def __call__(self, text: str, mood: str = "well") -> Reply:
        (self.folder / "mood").write_text(mood)
        (self.folder / "calls").write_text("")
        return self.home.turn(text, user="ana")

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def say(bees: Home) -> Keeper:
    return Keeper(bees)


SORRY = "Sorry, Bees isn't answering right now."


@pytest.mark.parametrize(
    ("mood", "failure", "calls"),
    [
        ("die", "its process exited with 3", 1),
        ("hang", "1 s", 1),
        ("loop", "delegates again and again", 2),
        ("swap", "delegates again and again", 4),
        ("odd slot", 'asks for "honey", no slot of TendHives', 1),
        ("huge", "bytes of JSON", 1),
        ("nonsense", "not an Alexa response", 1),
    ],
)
def test_a_failure_is_one_sentence_and_the_back_end_is_called_no_more_than_it_must(
    say: Keeper, mood: str, failure: str, calls: int
) -> None:
    reply = say("tend the hives", mood)
    assert (reply.speech, reply.ended) == (SORRY, True)
    assert failure in (reply.trace.failure or "")
    assert len(say.calls) == calls
    assert say("tend the hives").speech == "Bees are fine. More?", "and is well again"


@pytest.mark.parametrize("mood", ["die", "hang", "odd slot", "huge", "nonsense"])
def test_a_session_stands_as_before_after_one_failure(say: Keeper, mood: str) -> None:
    say("tend the hives")
    failed = say("count the bees", mood)
    assert (failed.speech, failed.ended) == (SORRY, False)
    assert failed.reprompt == "Bees are fine. More?"
    assert len(say.calls) == 1, "nothing is sent a second time"
    context = say.home.store.context("ana", failed.conversation)
    assert context is not None
    assert (context.active, context.attributes["n"], context.failures) == ("bees", 1, 1)
    assert say("count the bees").speech == "Bees are fine. More?"
    context = say.home.store.context("ana", failed.conversation)
    assert context is not None
    assert (context.attributes["n"], context.failures) == (2, 0)


def test_two_failures_in_a_row_end_the_session(say: Keeper) -> None:
    say("tend the hives")
    assert not say("count the bees", "die").ended
    assert say("count the bees", "die").ended
    assert say("stop").speech != "Farewell.", "its session is over"


def test_stop_is_heard_after_a_failure(say: Keeper) -> None:
    say("tend the hives")
    say("count the bees", "die")
    stopped = say("stop")
    assert (stopped.speech, stopped.ended) == ("Farewell.", True)
