"""Small skills between which something is carried, and turns that spoke of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sayso.dialogue.carrying.spoken import remembered
from sayso.types.context import Context
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Carry, Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.frames import Frames
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import Examples
from sayso.understanding.values.resolve import Resolver
from tests.dialogue.nouns import NOW
from tests.dialogue.test_answers import Tagger

CITIES = SlotType("CITY", tuple(TypeValue(each) for each in ("Rome", "Oslo", "Paris")))
STOPS = SlotType("STOP", (TypeValue("Oslo", synonyms=("oslo main station",)), TypeValue("Bergen")))
FRIENDS = SlotType("FRIEND", (TypeValue("Ines Vale", synonyms=("ines",)), TypeValue("Noor")))
LAMPS = SlotType("LAMP", (TypeValue("hall"), TypeValue("attic")))
CHORES = SlotType("CHORE", (TypeValue("call the plumber"), TypeValue("sweep the yard")))


def skill(id: str, *intents: Intent, types: Sequence[SlotType] = ()) -> Skill:
    return Skill(id, id.title(), languages=(Language("en-US", id, intents=intents, types=types),))


SKY = skill(
    "sky",
    Intent("Look", slots=(Slot("city", "CITY"), Slot("date", "AMAZON.DATE"))),
    Intent("Rain", slots=(Slot("city", "CITY"), Slot("date", "AMAZON.DATE"))),
    types=(CITIES,),
)
BEDS = skill(
    "beds",
    Intent("Find", slots=(Slot("town", "CITY", required=True), Slot("date", "AMAZON.DATE"))),
    Intent(
        "Book",
        slots=(
            Slot("town", "CITY", required=True),
            Slot("nights", "AMAZON.NUMBER", required=True),
            Slot("remark", "AMAZON.SearchQuery"),
        ),
        side_effects=True,
    ),
    types=(CITIES,),
)
RAIL = skill(
    "rail",
    Intent("Buy", slots=(Slot("to_city", "STOP", required=True), Slot("date", "AMAZON.DATE"))),
    types=(STOPS,),
)
PHONE = skill(
    "phone",
    Intent("About", slots=(Slot("person", "FRIEND", required=True),)),
    Intent("Ring", slots=(Slot("person", "FRIEND", required=True),), side_effects=True),
    Intent(
        "Write",
        slots=(
            Slot("person", "FRIEND", required=True),
            Slot("words", "AMAZON.SearchQuery", required=True),
        ),
        side_effects=True,
    ),
    types=(FRIENDS,),
)
LIGHT = skill(
    "light",
    Intent("On", slots=(Slot("lamp", "LAMP"),)),
    Intent("Dim", slots=(Slot("lamp", "LAMP"), Slot("level", "AMAZON.NUMBER", required=True))),
    Intent("Secret", slots=(Slot("lamp", "LAMP", carry=Carry.NEVER),)),
    types=(LAMPS,),
)
NOTES = skill(
    "notes",
    Intent("Remind", slots=(Slot("chore", "CHORE", required=True), Slot("date", "AMAZON.DATE"))),
    types=(CHORES,),
)


def held(one: Skill) -> Installed:
    language = one.languages[0]
    return Installed(
        skill=one,
        version="v1",
        locale=language.locale,
        language=language,
        model=Tagger(),
        examples=Examples(one.id, (), ()),
        resolver=Resolver(language),
        known={},
        frames=Frames(language),
    )


INSTALLED: Mapping[str, Installed] = {
    each.id: held(each) for each in (SKY, BEDS, RAIL, PHONE, LIGHT, NOTES)
}


def context(**changes: Any) -> Context:
    return replace(Context("c1", NOW, user="ana", turn=1), **changes)


def said(text: str, of: str, **values: str) -> tuple[str, Hypothesis]:
    """A sentence and its reading, `skill.Intent`, with the values as their words stand in it."""
    skill_id, _, intent = of.partition(".")
    language = INSTALLED[skill_id].language.intent(intent)
    assert language is not None
    slots: list[SlotValue] = []
    for name, words in values.items():
        slot, start = language.slot(name), text.find(words)
        assert slot is not None, name
        slots.append(
            INSTALLED[skill_id].resolver.resolve(
                words, slot, now=NOW, start=start, end=start + len(words)
            )
        )
    reading = Hypothesis(
        skill_id, intent, tuple(slots), side_effects=language.side_effects, confidence=0.9
    )
    return text, reading


def after(*turns: tuple[str, Hypothesis], user: str = "ana") -> Context:
    """The context of the turn that comes after these, ten seconds apart; the last one is done."""
    now = context(user=user)
    for text, reading in turns:
        now = remembered(now, reading, INSTALLED[reading.skill].language, text)
        now = replace(now, done=reading)
        now = next_turn(now)
    return now


def next_turn(now: Context, seconds: float = 10) -> Context:
    return replace(now, turn=now.turn + 1, now=now.now + timedelta(seconds=seconds))


ROME = said("what's the weather in Rome tomorrow", "sky.Look", city="Rome", date="tomorrow")
INES = said("tell me about Ines", "phone.About", person="Ines")
ATTIC = said("turn on the attic light", "light.On", lamp="attic")
