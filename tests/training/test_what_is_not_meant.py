"""The example home, told what not to do, and told nothing at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.runtime.load import load
from sayso.skills import read_skills
from sayso.training.train import train
from sayso.types.context import Context
from sayso.types.readings import Decision, Outcome
from tests.examples.skill import HOME
from tests.training.fresh import NONSENSE, RARE

pytestmark = pytest.mark.slow

# A sentence, and the intents that it says not to act on: any of these would be its opposite.
DENIED = (
    ("don't turn on the lights", "lights.TurnOn"),
    ("do not turn off the kitchen light", "lights.TurnOff"),
    ("please don't switch on the lamp in the office", "lights.TurnOn"),
    ("don't dim the bedroom lights", "lights.Dimmer lights.SetBrightness"),
    ("do not make the living room any brighter", "lights.Brighter"),
    ("i didn't want the lights to be red", "lights.SetColor"),
    ("never touch the porch light", "lights.TurnOn lights.TurnOff"),
    ("don't play any music", "music.PlayMusic"),
    ("i didn't ask for music", "music.PlayMusic"),
    ("please do not play static orchard", "music.PlayMusic"),
    ("i don't want to hear velvet harbor", "music.PlayMusic"),
    ("don't skip this song", "music.NextSong"),
    ("do not pause the music", "music.PauseMusic"),
    ("you shouldn't turn up the volume", "music.VolumeUp"),
    ("don't make it louder", "music.VolumeUp"),
    ("don't lower the volume", "music.VolumeDown"),
    ("never play that again", "music.PlayMusic music.PreviousSong"),
    ("don't set a timer", "timer.SetTimer"),
    ("do not start a timer for ten minutes", "timer.SetTimer"),
    ("never mind the timer", "timer.SetTimer timer.AddTime"),
    ("i don't need a timer for the pasta", "timer.SetTimer timer.AddTime"),
    ("don't cancel the timer", "timer.CancelTimer timer.CancelAllTimers"),
    ("do not add five minutes to the egg timer", "timer.AddTime timer.SetTimer"),
    ("don't wake me up at seven", "alarm.SetAlarm"),
    ("do not set an alarm for tomorrow morning", "alarm.SetAlarm"),
    ("i never asked for an alarm at six", "alarm.SetAlarm"),
    ("don't delete my alarms", "alarm.CancelAlarm alarm.CancelAllAlarms"),
    ("please don't snooze", "alarm.Snooze"),
    ("don't remind me to call mum", "reminder.SetReminder"),
    ("you don't have to remind me about the bins", "reminder.SetReminder"),
    ("do not delete any reminders", "reminder.CancelReminder reminder.CancelAllReminders"),
    ("don't unlock the front door", "doors.UnlockDoor"),
    ("do not lock the back door", "doors.LockDoor"),
    ("you must not open the garage door", "doors.UnlockDoor"),
    ("don't add milk to the shopping list", "list.AddItem"),
    ("i didn't say to put eggs on the list", "list.AddItem"),
    ("do not clear my to do list", "list.ClearList"),
    ("don't remove the bread from the list", "list.RemoveItem"),
    ("don't turn the heating up", "thermostat.Warmer thermostat.SetTemperature"),
    ("do not set the thermostat to twenty degrees", "thermostat.SetTemperature"),
    ("don't make it colder in here", "thermostat.Cooler"),
    ("do not put lunch with sam in my calendar", "calendar.AddEvent"),
    ("don't cancel my meeting on friday", "calendar.DeleteEvent"),
    ("i don't want a joke", "smalltalk.Joke"),
    ("do not roll the dice", "dice.RollDice"),
    ("don't flip a coin", "dice.FlipCoin"),
    ("do not call anna", "reminder.SetReminder calendar.AddEvent"),
    ("i didn't ask for the weather", "weather.Forecast"),
    ("don't start the quiz", "quiz.StartQuizIntent"),
    ("no one said you should turn off the lights", "lights.TurnOff"),
)
# What sounds like a denial and is none, with the intent that it means.
MEANT = (
    ("why don't you turn on the kitchen light", "lights.TurnOn"),
    ("don't forget to wake me up at seven", "alarm.SetAlarm"),
    ("can't you play some jazz", "music.PlayMusic"),
    ("i can't hear the music", "music.VolumeUp"),
    ("i don't need the egg timer anymore", "timer.CancelTimer"),
    ("no more timers please", "timer.CancelAllTimers"),
    ("i don't like this song", "music.NextSong"),
    ("we don't need the light in the bathroom", "lights.TurnOff"),
)
GIBBERISH = (
    "asdkjh asd lkjqwe",
    "fjfjfjfj",
    "hjkl hjkl hjkl",
    "qwertz uiop",
    "zxcvbn mnbvcxz",
    "lkjsdf oiuwer xcmvn",
    "dfg",
    "a",
    "b",
    "q",
    "x y z",
    "e e e e",
    "...",
    "?",
    "!!!",
    "-",
    "123 456 789 000",
    "🙃🙃🙃",
    "uh",
    "um uh er",
    "the",
    "and then the of",
    "to to to to",
    "it was at in on by",
    "the cat sat green running because",
    "frobnicate the snargle with wibble",
    "blorf gleep zorp",
    "snickle wunk tarradiddle",
    "shoobie doo wop bop",
    "mumble mumble rhubarb rhubarb",
    "hrmpf grmbl",
    "krrrsh pffft",
    "ayy yo yo skrrt",
    "some body once tolled knee the whirled",
    "wreck a nice beach by the see",
    "ice cream ewe scream wee awl",
    "for tee too fore thyme",
    "guten morgen wie geht es ihnen heute",
    "wo kann ich hier eine fahrkarte kaufen",
    "je voudrais un verre d'eau",
    "le chat dort sur le canapé",
    "el perro corre por la calle",
    "necesito ayuda con mi tarea",
    "buongiorno signora come sta",
    "vandaag is het erg koud buiten",
    "kde je nejbližší lékárna",
    "今日は疲れました",
    "я не понимаю",
    "lorem ipsum dolor sit amet",
    "sed ut perspiciatis unde omnis",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    encoder = Encoder.load(threads=2)
    folder = tmp_path_factory.mktemp("home") / "bundle"
    train(read_skills(HOME / "skills"), folder, encoder=encoder)
    return load(folder, encoder=encoder)


def decide(engine: Engine, text: str) -> Decision:
    return engine.decide(text, Context("c", datetime(2026, 11, 21, 9, tzinfo=UTC)))


def acted(decision: Decision) -> str:
    chosen = decision.chosen
    return f"{chosen.skill}.{chosen.intent}" if chosen is not None else ""


def test_what_was_denied_is_not_done(engine: Engine) -> None:
    done = {text: acted(decide(engine, text)) for text, _ in DENIED}
    wrong = [(text, done[text]) for text, intents in DENIED if done[text] in intents.split()]
    assert wrong == []


def test_of_what_was_denied_hardly_anything_is_taken_for_something_else(engine: Engine) -> None:
    done = [(text, acted(decide(engine, text))) for text, _ in DENIED]
    wrong = [pair for pair in done if pair[1] and ".Cancel" not in pair[1]]
    assert len(wrong) <= len(DENIED) // 10, wrong


def test_what_only_sounds_like_a_denial_is_done(engine: Engine) -> None:
    missed = [(text, acted(decide(engine, text))) for text, intent in MEANT]
    wrong = [pair for pair, (_, intent) in zip(missed, MEANT, strict=True) if pair[1] != intent]
    assert len(wrong) <= 1, wrong


def test_gibberish_is_not_acted_upon(engine: Engine) -> None:
    for sentences in (GIBBERISH, NONSENSE):
        outcomes = [(text, decide(engine, text)) for text in sentences]
        wrong = [(text, acted(x)) for text, x in outcomes if x.outcome is not Outcome.ABSTAIN]
        assert len(wrong) <= 1, wrong


def test_a_rare_name_does_not_make_a_request_nonsense(engine: Engine) -> None:
    done = [(text, acted(decide(engine, text)), intent) for text, intent in RARE]
    wrong = [each for each in done if not f"{each[1]}.".startswith(f"{each[2]}.")]
    assert len(wrong) <= 2, wrong


def test_there_are_enough_of_each() -> None:
    assert len({text for text, _ in DENIED}) >= 40
    assert all(len(set(texts)) == 50 for texts in (GIBBERISH, NONSENSE, RARE))
    assert Path(HOME).is_dir()
