"""What a turn of a dialogue knows besides its words."""

from __future__ import annotations

from benchmarks.sgd.following import Follow
from benchmarks.sgd.reading import Act, Turn

from sayso.types.skills import Intent, Language, Slot
from sayso.understanding.described.past import Named
from sayso.understanding.described.slots import describe

SLOTS = (Slot("lake", "AMAZON.SearchQuery"), Slot("date", "AMAZON.DATE"))
LANGUAGE = Language("en-US", intents=(Intent("HireBoat", (), SLOTS),))
SKILLS = {name: describe(LANGUAGE, None) for name in ("Boats_1", "Cars_1")}


def reply(*acts: Act) -> Turn:
    return Turn(1, False, "", acts, (), {})


def test_what_was_asked_is_known_for_one_turn() -> None:
    follow = Follow(SKILLS)
    follow.system(reply(Act("Boats_1", "REQUEST", "lake")))
    assert follow.past("Boats_1").asked == ("lake",)
    follow.system(reply(Act("Cars_1", "REQUEST", "date")))
    assert follow.past("Boats_1").asked == ()


def test_an_offer_grows_older_until_another_one_takes_its_place() -> None:
    follow = Follow(SKILLS)
    follow.system(reply(Act("Boats_1", "OFFER", "lake", ("Como", "Garda"))))
    follow.system(reply(Act("Boats_1", "CONFIRM", "date", ("today",))))
    offers = {offer.value: offer for offer in follow.past("Boats_1").offers}
    assert (offers["Como"].age, offers["Como"].beside) == (1, 1)
    assert (offers["today"].age, offers["today"].named) == (0, Named.CONFIRM)
    follow.system(reply(Act("Boats_1", "OFFER", "lake", ("Iseo",))))
    assert [x.value for x in follow.past("Boats_1").offers if x.slot == "lake"] == ["Iseo"]


def test_a_question_may_suggest_a_value() -> None:
    follow = Follow(SKILLS)
    follow.system(reply(Act("Boats_1", "REQUEST", "lake", ("Como",))))
    (offer,) = follow.past("Boats_1").offers
    assert offer.named is Named.ASK


def test_values_of_another_service_are_known() -> None:
    follow = Follow(SKILLS)
    follow.system(None)
    follow.note("Boats_1", "HireBoat", {"lake": "Como"})
    follow.system(reply())
    past = follow.past("Cars_1")
    assert past.fresh
    assert [(each.value, each.skill, each.age) for each in past.known] == [("Como", "Boats_1", 1)]


def test_what_was_filled_stays() -> None:
    follow = Follow(SKILLS)
    follow.system(None)
    follow.note("Boats_1", "HireBoat", {"lake": "Como"})
    follow.system(reply())
    past = follow.past("Boats_1")
    assert (past.intent, past.filled, past.fresh) == ("HireBoat", {"lake": "Como"}, False)
