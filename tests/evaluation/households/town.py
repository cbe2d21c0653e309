"""A small town that talks to an engine which knows some sentences by heart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from sayso.dialogue.respond import respond
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.phrasings import Phrasing, Speech, Word, fill
from sayso.evaluation.households.simulate import Town, town
from sayso.routing.policies import NO_POLICIES, Policies
from sayso.runtime.engine import Engine, Turn
from sayso.types.context import Context
from sayso.types.readings import (
    Decision,
    Hypothesis,
    Outcome,
    ResolutionStatus,
    SlotValue,
    Utterance,
)
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.rewrites import NO_REWRITES, Rewrites
from sayso.understanding.view import View

SONGS = ("slow ferry", "blue tram", "corner table")
RADIO = Skill(
    "radio",
    "Radio",
    languages=(
        Language(
            "en-US",
            "radio",
            intents=(
                Intent("Play", ("play {song}",), (Slot("song", "SONG"),)),
                Intent("Stop", ("stop the radio",), confirm=("Really?",)),
            ),
            types=(SlotType("SONG", tuple(TypeValue(song) for song in SONGS)),),
        ),
    ),
)
KETTLE = Skill(
    "kettle",
    "Kettle",
    languages=(Language("en-US", "kettle", intents=(Intent("Boil", ("boil the water",)),)),),
)
WORKING = (
    Phrasing("radio", "Play", "please play {song}", frozenset({"song"})),
    Phrasing("radio", "Stop", "turn the radio off"),
    Phrasing("kettle", "Boil", "put the kettle on"),
)
FAILING = (
    Phrasing("radio", "Play", "i fancy hearing {song}", frozenset({"song"})),
    Phrasing("radio", "Stop", "enough of that noise"),
    Phrasing("kettle", "Boil", "make it bubble"),
)
SPEECH = Speech(
    (*WORKING, *FAILING),
    {("radio", "Play", "song"): [Word([song], song) for song in SONGS]},
    {("radio", "Play"): 2.0, ("radio", "Stop"): 1.0, ("kettle", "Boil"): 1.0},
)
SIMPLE = Manners(skills=(2, 2), requests=6.0)


def small_town(people: int = 12, seed: int = 1, manners: Manners = SIMPLE) -> Town:
    return town(SPEECH, (RADIO, KETTLE), people, seed, manners)


@dataclass
class ByHeart:
    """An engine that knows the phrasings that work, word for word, and nothing else."""

    known: dict[str, Hypothesis] = field(default_factory=dict)
    asked: int = 0
    rewrites: Rewrites = NO_REWRITES
    version: str = ""
    online: object = None
    policies: Policies = NO_POLICIES
    encoder: object = None

    def decide(self, text: str, context: Context) -> Decision:
        self.asked += 1
        reading = self.known.get(fold(text))
        if reading is None:
            return Decision(Outcome.ABSTAIN)
        return Decision(Outcome.ACT, reading, hypotheses=(reading,))

    def view(self, locale: str) -> View:
        @dataclass
        class Skills:
            skills: dict[str, Skill]

        return cast(View, Skills({"radio": RADIO, "kettle": KETTLE}))

    def turn(self, utterance: Utterance, context: Context) -> Turn:
        """Whatever is asked is answered with a yes."""
        pending = context.awaiting.pending if context.awaiting else None
        said_yes = fold(utterance.text) in ("yes", "yeah", "yes please", "sure", "do it")
        decision = Decision(Outcome.ACT, pending) if said_yes else Decision(Outcome.ABSTAIN)
        move = respond(decision, context, {"radio": RADIO, "kettle": KETTLE})
        return Turn(Heard(utterance, ()), decision, move, self.view("en-US"))


def by_heart() -> Engine:
    known = {}
    for one in WORKING:
        for song in SONGS if one.slots else ("",):
            slots = (_slot(song),) if one.slots else ()
            known[fold(fill(one, {"song": song}))] = Hypothesis(
                one.skill, one.intent, slots, confidence=0.9
            )
    return cast(Engine, ByHeart(known))


def _slot(song: str) -> SlotValue:
    return SlotValue("song", "SONG", song, normalised=song, status=ResolutionStatus.MATCHED)
