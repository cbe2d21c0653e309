"""Samples as people say them who leave out what they will be asked for.

Who writes `set the lights to {level} percent`, and that the level is required, hardly ever writes
`set the lights`, and then "change the brightness" is far from every sample of its intent. What
stands at the end of a sample and fills a required slot is cut off here, with the words that lead up
to it. It teaches which intent of the skill is meant; that the skill is meant says the whole sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from sayso.skills.labels import filled
from sayso.skills.templates import pieces, slot_names
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Intent, Language, Skill

LEAST, LEAST_WORDS = 3, 2  # words and slots, and words among them, that must be left
_TEXTS = 2  # made of each
# Words that lead up to a value and say nothing without it, in the tongues that put them first.
_LEADING = frozenset(
    "about and as at between by for from in into is it's of on than that the to until with "
    "ab am an auf bei bis das dass der die für im in mit nach um von vom zu zum zur über "
    "à au aux avec dans de des du en jusqu'à la le les par pour que sur vers "
    "al con del desde el hasta las los para por sobre "
    "alla alle con da dal della di il in per su sul sulla "
    "ao aos até com da das do dos em na nas no nos o os para pela pelo por".split()
)


def left_out(skill: Skill, language: Language) -> list[Label]:
    """What people say who leave out a required slot, of each sample that ends with one.

    Nothing that another intent's sample says too, in whatever order: there they may mean that.
    """
    said = [(x.name, frozenset(_words(sample))) for x in language.intents for sample in x.samples]
    found: dict[tuple[str, str], str] = {}  # intent and what is left -> the first sample
    for intent in language.intents:
        for sample, left in _cuts(intent):
            words = frozenset(_words(left))
            if not any(name != intent.name and words <= others for name, others in said):
                found.setdefault((intent.name, left), sample)
    times = Counter(left for _, left in found)
    once = [(name, left) for name, left in found if times[left] == 1]
    made = filled(skill, language, once, per_sample=_TEXTS)
    return [
        replace(each, template=found[each.intent, each.sample], source=LabelSource.LEFT_OUT)
        for each in made
    ]


def _cuts(intent: Intent) -> Iterator[tuple[str, str]]:
    """Each sample that ends with a required slot, and what is left without it."""
    for slot in (slot for slot in intent.slots if slot.required):
        # As it is answered: `to {level} percent` is said of one value, or left out.
        ways = sorted({"{" + slot.name + "}", *slot.samples}, key=len, reverse=True)
        for sample in intent.samples:
            way = next((way for way in ways if sample.endswith(" " + way)), None)
            if way is None or slot_names(sample).count(slot.name) != 1:
                continue
            left = sample[: -len(way)].split()
            while left and left[-1].casefold() in _LEADING:
                left.pop()
            text = " ".join(left)
            if len(left) >= LEAST and len(_words(text)) >= LEAST_WORDS:
                yield sample, text


def _words(template: str) -> list[str]:
    literal = (piece.text for piece in pieces(template) if piece.slot is None)
    return " ".join(literal).casefold().split()
