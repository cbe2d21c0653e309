"""Scripts: how they are read, played on their own clock, and what counts as a problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sayso.errors import EvaluationError, RequestError
from sayso.evaluation.script import Line, Script, Scripts, play, read_script, read_scripts
from sayso.runtime.home import Event, Home
from sayso.types.context import Awaiting, Context, Device
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.turns import Reply, Trace

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 20, 17, 40, tzinfo=BERLIN)
HEAD = 'start: "2026-11-20T17:40:00"\ntime_zone: Europe/Berlin\nturns:\n'


class ParrotHome(Home):
    """Answers everything alike; a bell rings for each user as the minutes pass."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.awaiting: Awaiting | None = None
        self.turns: list[tuple[str, str, datetime]] = []
        self.rung: list[Event] = []

    # What a listener looks at: back-ends that nobody calls, and what the turn left open.
    _backends: Any = None

    @property
    def store(self) -> Any:
        held = Context("c", START, awaiting=self.awaiting)
        return SimpleNamespace(context=lambda *_: held)

    def last_event(self) -> int:
        return 0

    def ring(self, now: datetime | None = None) -> int:
        assert now is not None
        minutes = int((now - START) / timedelta(minutes=1))
        for user in ("ana", "ben")[len(self.rung) : minutes]:
            id = len(self.rung) + 1
            self.rung.append(Event(id, user, "default", "bell", str(id), f"Ding {user}.", now, now))
        return minutes

    def events(self, *, user: str | None, after: int = 0, **_: Any) -> list[Event]:
        return [event for event in self.rung if event.user == user and event.id > after]

    def turn(self, text: str = "", *, user: str = "", now: Any = None, **_: Any) -> Reply:
        self.turns.append((text, user, now))
        return self.reply


def acted(*slots: SlotValue, speech: str = "Done.", failure: str | None = None) -> Reply:
    chosen = Hypothesis("alarm", "SetAlarm", slots)
    return Reply(speech, decision=Decision(Outcome.ACT, chosen), trace=Trace(failure=failure))


def problems(reply: Reply, **expect: Any) -> list[str]:
    [step] = play(ParrotHome(reply), Script(START, [Line("hello", "ana", expect)]))
    return list(step.problems)


def read(folder: Path, text: str) -> Script:
    (folder / "script.yaml").write_text(text, encoding="utf-8")
    return read_script(folder / "script.yaml")


def test_a_script_is_read_with_its_clock_and_defaults(tmp_path: Path) -> None:
    script = read(tmp_path, f"{HEAD}  - say: hello\n  - {{say: hi, user: ben, now: +9m}}\n")
    assert script.start == START
    assert script.lines == [
        Line("hello", "ana", {}, timedelta(seconds=10)),
        Line("hi", "ben", {}, timedelta(minutes=9)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "turns: [",
        HEAD,
        f"{HEAD}  - hello\n",
        f"{HEAD}  - user: ana\n",
        f"{HEAD}  - {{say: hello, now: soon}}\n",
        f"{HEAD}  - {{say: hello, expects: {{}}}}\n",
        f"{HEAD}  - {{say: hello, expect: {{intnet: Hello}}}}\n",
        f"{HEAD}  - {{say: hello, expect: act}}\n",
        HEAD.replace("Europe/Berlin", "Mars/Base") + "  - say: hello\n",
        HEAD.replace("2026-11-20", "soon") + "  - say: hello\n",
    ],
)
def test_what_is_no_script_is_refused_with_its_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"script\.yaml: cannot be read as a script"):
        read(tmp_path, text)


def test_a_script_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"gone\.yaml"):
        read_script(tmp_path / "gone.yaml")


def test_lines_are_said_on_the_clock_of_the_script() -> None:
    home = ParrotHome(acted())
    lines = [Line("a", "ana"), Line("b", "ben", later=timedelta(hours=1))]
    for _ in play(home, Script(START, lines)):
        pass
    assert home.turns == [("a", "ana", START), ("b", "ben", START + timedelta(hours=1))]
    assert home.turns[0][2].astimezone(UTC).hour == 16


def test_everybody_hears_what_rang_for_them_and_once() -> None:
    home = ParrotHome(acted())
    lines = [Line("x", user, later=timedelta(minutes=1)) for user in ("ben", "ana", "ben", "ana")]
    rang: Iterator[list[str]] = (
        [e.speech for e in s.rang] for s in play(home, Script(START, lines))
    )
    assert list(rang) == [[], ["Ding ana."], ["Ding ben."], []]


def test_what_is_as_expected_is_no_problem() -> None:
    time = SlotValue("time", "AMAZON.TIME", "Six", normalised="06:00")
    for value in ("06:00", "six"):
        assert not problems(
            acted(time),
            outcome="act",
            skill="alarm",
            intent="SetAlarm",
            slots={"time": value},
            reply_contains="done",
        )


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"outcome": "ask"}, "outcome: act, expected ask"),
        ({"skill": "timer"}, "skill: alarm, expected timer"),
        ({"intent": "Snooze"}, "intent: SetAlarm, expected Snooze"),
        ({"slots": {"time": "7"}}, "slot time: missing, expected 7"),
        ({"reply_contains": "asleep"}, 'reply: "Done.", expected "asleep" in it'),
        ({"rings": "egg"}, "nothing rang with 'egg'"),
    ],
)
def test_each_difference_is_told(expect: dict[str, Any], said: str) -> None:
    assert problems(acted(), **expect) == [said]


def test_a_back_end_that_fails_is_a_problem_even_if_nothing_is_expected() -> None:
    assert problems(acted(failure="it raised")) == ["failure: it raised"]


def test_an_abstention_has_no_skill() -> None:
    silent = Reply("Sorry.", decision=Decision(Outcome.ABSTAIN))
    assert not problems(silent, outcome="abstain")
    assert problems(silent, skill="alarm") == ["skill: None, expected alarm"]


MANY = """\
phenomenon: eliciting
about: What is missing is asked for.
dialogues:
  - name: a first
    start: "2026-11-21T08:00:00"
    turns:
      - say: hello
        expect: {asks: time, runs: [{skill: clock, intent: TellTime}]}
      - silence: true
        device: kitchen
  - name: a second
    turns: [{say: hi, device: {id: car, type: car, place: road}}]
"""


def read_many(folder: Path, text: str) -> Scripts:
    (folder / "many.yaml").write_text(text, encoding="utf-8")
    return read_scripts(folder / "many.yaml")


def test_many_dialogues_are_read_from_one_file(tmp_path: Path) -> None:
    many = read_many(tmp_path, MANY)
    assert (many.phenomenon, many.about) == ("eliciting", "What is missing is asked for.")
    first, second = many.scripts
    assert (first.name, second.name) == ("a first", "a second")
    assert first.start == datetime(2026, 11, 21, 8, tzinfo=BERLIN)
    assert second.start == START
    assert first.lines[1].say == ""
    assert first.lines[1].device == Device("kitchen")
    assert second.lines[0].device == Device("car", "car", place="road")


def test_a_file_with_one_conversation_is_read_as_one_dialogue(tmp_path: Path) -> None:
    many = read_many(tmp_path, f"{HEAD}  - say: hello\n")
    assert [script.name for script in many.scripts] == ["many"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("silence: true", "silence: false"), "silence: true"),
        (("silence: true", "silence: true\n        say: hm"), "either"),
        (("a second", "a first"), "two dialogues"),
        (("device: kitchen", "device: {size: 3}"), "size"),
        (("intent: TellTime", "intend: TellTime"), "intend"),
        ((", intent: TellTime", ""), "lacks its skill or intent"),
        (("about:", "abuot:"), "abuot"),
        (("asks:", "ask:"), 'a first, turn 1: "ask"'),
        (("phenomenon: eliciting\n", ""), "phenomenon"),
    ],
)
def test_what_is_no_dialogue_is_refused_with_its_place(
    wrong: tuple[str, str], told: str, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError, match=rf"many\.yaml: cannot be read.*{told}"):
        read_many(tmp_path, MANY.replace(*wrong))


def test_people_of_one_script_are_not_those_of_another(tmp_path: Path) -> None:
    home = ParrotHome(acted())
    for script in read_many(tmp_path, MANY).scripts:
        list(play(home, script))
    users = [user for user, _ in groupby(user for _, user, _ in home.turns)]
    assert len({*users}) == 2
    assert all(user.startswith("ana-") for user in users)


class RefusingHome(ParrotHome):
    def turn(self, text: str = "", **about: Any) -> Reply:
        raise RequestError("nothing was said", field="text")


def test_a_turn_that_is_refused_is_a_problem_and_no_crash() -> None:
    [step] = play(RefusingHome(acted()), Script(START, [Line("", "ana")]))
    assert step.problems == ["refused: nothing was said"]
