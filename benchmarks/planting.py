"""Collisions of every kind, planted among real skills for `benchmarks/lint.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from sayso.evaluation.collisions.nouns import Collision, Kind
from sayso.skills.labels import labels
from sayso.skills.templates import slot_names
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

PLANTS = 20  # of each kind
# What is planted together: a name that is changed or shared is no longer called by the old one.
TOGETHER = (
    (Kind.WORDS, Kind.CALLED, Kind.TEMPLATE, Kind.COVERED, Kind.MEANING),
    (Kind.SOUND,),
    (Kind.NAME,),
)
INTENT = "PlantedIntent"
# The same request in two wordings; written for this, before thresholds were chosen.
PARAPHRASES = (
    ("switch off every lamp downstairs", "turn off all the downstairs lamps"),
    ("what is the fastest way to the airport", "which route to the airport is quickest"),
    ("order my usual groceries again", "buy the same groceries as always"),
    ("how many calories are in a banana", "calories of a banana"),
    ("remind me to water the plants", "set a reminder for watering the plants"),
    ("is the pharmacy still open", "has the pharmacy closed yet"),
    ("translate good morning into japanese", "how do you say good morning in japanese"),
    ("book a table for two tonight", "reserve a table for two people this evening"),
    ("who won the hockey game last night", "tell me the winner of last night's hockey game"),
    ("lock the garage", "make sure the garage is locked"),
    ("start the robot vacuum", "have the robot vacuum begin cleaning"),
    ("what does serendipity mean", "give me the meaning of serendipity"),
    ("find a vegan recipe with lentils", "search for lentil recipes that are vegan"),
    ("when does the next bus leave", "what time is the next bus"),
    ("how tall is mount everest", "what is the height of mount everest"),
    ("play some rain sounds to sleep", "i want to fall asleep to rain sounds"),
    ("check my bank balance", "how much money is in my bank account"),
    ("convert fifty euros to dollars", "how many dollars is fifty euros"),
    ("cancel my dentist appointment", "call off the appointment with my dentist"),
    ("water the lawn for ten minutes", "run the lawn sprinklers for ten minutes"),
)


@dataclass(frozen=True, slots=True)
class Plant:
    """A collision that was made between two skills. kind: what it should be told as."""

    kind: Kind
    skills: frozenset[str]

    def is_told(self, found: Sequence[Collision]) -> bool:
        """Whether both its skills are in a finding of its kind."""
        # What means the same may be told by the worse name.
        kinds = {self.kind, Kind.STOLEN} if self.kind == Kind.MEANING else {self.kind}
        return any(one.kind in kinds and self.skills <= set(one.skills) for one in found)


def planted(
    skills: Sequence[Skill], kinds: Sequence[Kind], chance: Random
) -> tuple[list[Skill], list[Plant]]:
    """The skills with collisions between pairs of them, each skill in one pair at most a kind."""
    grown = {skill.id: skill for skill in skills}
    plants: list[Plant] = []
    for kind in kinds:
        plant = _PLANTING[kind]
        ids = sorted(grown)
        chance.shuffle(ids)
        made = 0
        while made < PLANTS and len(ids) > 1:
            one = ids.pop()
            changed = plant(grown[one], grown[ids[-1]], made)
            if changed is not None:
                other = ids.pop()
                grown[one], grown[other] = changed
                plants.append(Plant(kind, frozenset({one, other})))
                made += 1
    return list(grown.values()), plants


Pair = tuple[Skill, Skill]


def _same_words(one: Skill, other: Skill, _: int) -> Pair | None:
    text = _literal(one)
    return (one, _asked(other, f"{text.upper()} !")) if text else None


def _same_name(one: Skill, other: Skill, _: int) -> Pair | None:
    name = one.languages[0].invocation_name
    return (one, _named(other, name.title())) if name else None


def _alike_name(one: Skill, other: Skill, _: int) -> Pair | None:
    name = one.languages[0].invocation_name
    joined = name.replace(" ", "")
    return (one, _named(other, joined)) if name != joined and name.isascii() else None


def _calling(one: Skill, other: Skill, at: int) -> Pair | None:
    name = one.languages[0].invocation_name
    return (one, _asked(other, f"fetch me item {at} using {name}")) if name else None


def _same_template(one: Skill, other: Skill, at: int) -> Pair:
    end = f"for customer {'abcdefghijklmnopqrstuvwxyz'[at]}"
    return (
        _asked(one, f"please frobnicate the {{thing}} {end}", "thing", ("widget", "gadget")),
        _asked(other, f"Please frobnicate the {{what}} {end}", "what", ("gadget", "gizmo")),
    )


def _covering(one: Skill, other: Skill, _: int) -> Pair | None:
    for label in labels(one, one.locales[0], per_sample=1):
        words = label.sample.split()
        if label.spans and label.own and len(slot_names(label.sample)) == 1 and len(words) > 2:
            return one, _asked(other, label.text)
    return None


def _same_meaning(one: Skill, other: Skill, at: int) -> Pair:
    text, again = PARAPHRASES[at]
    return _asked(one, text), _asked(other, again)


_PLANTING: dict[Kind, Callable[[Skill, Skill, int], Pair | None]] = {
    Kind.WORDS: _same_words,
    Kind.CALLED: _calling,
    Kind.TEMPLATE: _same_template,
    Kind.COVERED: _covering,
    Kind.MEANING: _same_meaning,
    Kind.SOUND: _alike_name,
    Kind.NAME: _same_name,
}


def _literal(skill: Skill) -> str | None:
    samples = (
        x for intent in skill.languages[0].intents if not intent.builtin for x in intent.samples
    )
    return next((x for x in samples if "{" not in x and len(x.split()) > 2), None)


def _asked(skill: Skill, text: str, slot: str = "", values: Sequence[str] = ()) -> Skill:
    """The skill with one more intent of one sample."""
    language = skill.languages[0]
    kind = f"Planted{slot.title()}"
    number = sum(intent.name.startswith(INTENT) for intent in language.intents)
    intent = Intent(f"{INTENT}{number}", (text,), (Slot(slot, kind),) if slot else ())
    types = (SlotType(kind, tuple(map(TypeValue, values))),) if slot else ()
    return _spoken(
        skill,
        replace(language, intents=(*language.intents, intent), types=(*language.types, *types)),
    )


def _named(skill: Skill, name: str) -> Skill:
    return _spoken(skill, replace(skill.languages[0], invocation_name=name))


def _spoken(skill: Skill, language: Language) -> Skill:
    return replace(skill, languages=(language,))
