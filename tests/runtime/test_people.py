"""What is known of a person reaches each of their turns, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.errors import RequestError, SkillError
from sayso.runtime.engine import Engine
from sayso.runtime.home import Home
from sayso.runtime.local_stores import LocalStores
from sayso.types.context import Context, Device
from sayso.types.people import ANONYMOUS, ANYBODY, EnabledBy, Person
from sayso.types.readings import Decision

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """The person of each turn, as the engine was told."""
    persons: list[Person] = []
    turn = Engine.turn

    def watched(self: Engine, utterance: object, context: Context, *rest: object) -> object:
        persons.append(context.person)
        return turn(self, utterance, context, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "turn", watched)
    return persons


def test_a_turn_knows_what_its_person_has_enabled(home: Home, seen: list[Person]) -> None:
    assert home.enable("ana", "door", "eggs") == 2
    home.turn("lock the front door", user="ana", now=NOW)
    home.turn("lock the front door", user="ben", now=NOW)
    assert [set(person.enabled) for person in seen] == [{"door", "eggs"}, set()]


def test_a_turn_knows_the_habits_from_before_it(home: Home, seen: list[Person]) -> None:
    for hour in range(2):
        home.turn(
            "lock the front door",
            user="ana",
            device=Device(type="car"),
            now=NOW + timedelta(hours=hour),
        )
    before, after = seen
    assert before == ANYBODY
    assert after.uses["door"].count == 1
    assert after.uses["door"].hours == {10: 1}  # in Berlin, where the home is
    assert after.uses["door"].devices == {"car": 1}


def test_what_is_known_is_read_anew_for_each_turn_and_not_kept_in_the_context(
    home: Home, seen: list[Person]
) -> None:
    home.enable("ana", "eggs")
    home.turn("start boiling an egg", user="ana", now=NOW)
    home.disable("ana", "eggs")
    home.turn("make it five minutes", user="ana", now=NOW)
    assert [person.enabled for person in seen] == [("eggs",), ()]
    context = home.store.context("ana", "ana@default")
    assert context is not None
    assert context.person == ANYBODY


def test_a_sentence_is_explained_and_understood_as_for_its_person(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Person] = []
    decide = Engine.decide

    def watched(self: Engine, text: str, context: Context) -> Decision:
        seen.append(context.person)
        return decide(self, text, context)

    monkeypatch.setattr(Engine, "decide", watched)
    home.enable("ana", "door")
    home.understand("lock the front door", user="ana")
    home.explain("lock the front door", user="ana")
    assert len(seen) >= 2
    assert {person.enabled for person in seen} == {("door",)}


def test_a_failed_turn_is_no_habit(home: Home) -> None:
    handler = home.folder / "skills" / "eggs" / "handler.py"
    handler.write_text("def handle(request):\n    raise ValueError('burnt')\n")
    home.turn("is the egg done yet", user="ana", now=NOW)
    assert home.person("ana") == ANYBODY


def test_the_switch_reaches_the_turn(home: Home, seen: list[Person]) -> None:
    home.neutral("ana", True)
    home.turn("lock the front door", user="ana", now=NOW)
    home.neutral("ana", False)
    home.turn("lock the front door", user="ana", now=NOW)
    assert [person.neutral for person in seen] == [True, False]


def test_a_skill_that_was_taken_out_leaves_no_trace(home: Home, seen: list[Person]) -> None:
    home.enable("ana", "door")
    home.turn("lock the front door", user="ana", now=NOW)
    home.uninstall("door")
    assert home.person("ana") == ANYBODY
    assert home.store.people.person("ana") == ANYBODY
    home.turn("is the egg done yet", user="ana", now=NOW)
    assert seen[-1] == ANYBODY


def test_a_skill_that_training_left_out_is_ignored(home: Home, seen: list[Person]) -> None:
    home.store.people.enable("ana", ["door", "gone"], NOW)
    home.turn("lock the front door", user="ana", now=NOW)
    assert home.person("ana").enabled == seen[0].enabled == ("door",)
    assert [each.id for each in home.skills_of("ana")] == ["door"]
    assert home.disable("ana", "gone") == 1  # though it is not installed


def test_an_unknown_skill_is_refused_with_those_that_look_like_it(home: Home) -> None:
    with pytest.raises(SkillError, match=r'no skill "egg" is installed; did you mean eggs\?'):
        home.enable("ana", "door", "egg")
    with pytest.raises(SkillError, match=r"look with: sayso skills search"):
        home.disable("ana", "zzz")
    assert home.person("ana") == ANYBODY


@pytest.mark.parametrize("user", ["", "a\nb", "x" * 201, ANONYMOUS])
def test_a_user_must_have_a_name(home: Home, user: str) -> None:
    with pytest.raises(RequestError) as caught:
        home.enable(user, "door")
    assert caught.value.field == "user"
    with pytest.raises(RequestError):
        home.neutral(user, True)


def test_an_unknown_user_is_anybody(home: Home) -> None:
    assert home.person("nobody knows me") == ANYBODY
    assert home.skills_of("nobody knows me") == []


def test_a_device_of_a_strange_type_is_refused(home: Home) -> None:
    with pytest.raises(RequestError) as caught:
        home.turn("lock the front door", device=Device(type="x" * 10_000), now=NOW)
    assert caught.value.field == "device.type"


def test_a_search_finds_by_what_a_skill_does_and_says_what_is_enabled(home: Home) -> None:
    home.enable("ana", "guide", by=EnabledBy.ADMIN)
    found = home.find_skills("something that tells stories about towns", "ana", 2)
    assert len(found) == 2
    first = found[0]
    assert (first.id, first.name, first.enabled, first.by) == (
        "guide",
        "City Guide",
        True,
        EnabledBy.ADMIN,
    )
    assert first.description == "Tells stories about towns."
    assert first.score is not None
    assert found[1].score is not None
    assert first.score >= found[1].score
    assert home.store.count() == 0


def test_a_search_may_ask_for_more_than_there_is(home: Home) -> None:
    found = home.find_skills("a door", "ana", 1000)
    assert {each.id for each in found} <= {"door", "eggs", "guide"}
    with pytest.raises(RequestError):
        home.find_skills(" ", "ana", 3)


def test_the_enabled_come_before_the_used(home: Home) -> None:
    home.turn("lock the front door", user="ana", now=NOW)
    home.enable("ana", "guide")
    theirs = home.skills_of("ana")
    assert [(each.id, each.enabled, each.use is not None) for each in theirs] == [
        ("guide", True, False),
        ("door", False, True),
    ]
    assert [each.id for each in home.catalogue()] == ["door", "eggs", "guide"]
    assert home.skill_of("ana", "eggs").use is None


def test_what_a_skill_is_told_holds_nothing_of_the_others(home: Home) -> None:
    handler = home.folder / "skills" / "eggs" / "handler.py"
    handler.write_text("def handle(request):\n    return str(request)\n")
    home.enable("ana", "door", "guide")
    told = home.turn("is the egg done yet", user="ana", now=NOW).speech
    assert "Left" in told
    assert "door" not in told
    assert "guide" not in told


def test_looking_through_the_catalogue_opens_no_skill(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*arguments: object, **named: object) -> None:
        raise AssertionError("a skill was opened")

    monkeypatch.setattr(LocalStores, "get", opened)
    (guide,) = (each for each in home.catalogue() if each.id == "guide")
    assert (guide.name, guide.description) == ("City Guide", "Tells stories about towns.")
