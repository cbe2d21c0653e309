"""A whole request that begins with a no puts right what was just done: `no, wake me at seven`."""

from __future__ import annotations

import re
from dataclasses import replace

from sayso.dialogue.words import ADDING, JOINING, RECANTING, begins, ends
from sayso.types.context import Context
from sayso.types.readings import Corrected, Decision, Outcome
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold


def after_the_no(heard: Heard, context: Context) -> str:
    """The request without the words that take the last one back; empty where there is no such."""
    done = context.done
    if done is None or context.awaiting is not None or context.active not in (None, done.skill):
        return ""
    tongue = context.locale.split("-")[0]
    text = heard.utterance.text
    for phrase in sorted(RECANTING.get(tongue, ()), key=len, reverse=True):
        size = len(phrase.split())
        found = re.match(rf"(?:\S+\s+){{{size - 1}}}\S+\s+", text)
        if found is not None and fold(found[0]) == phrase:
            rest = text[found.end() :]
            # "No, add another one": that is one more, and no other one.
            return "" if _adds(fold(rest), tongue) else rest
    return ""


def _adds(said: str, tongue: str) -> bool:
    """Whether folded words ask for more: an `and` within, `bread and milk`, says nothing."""
    words = ADDING.get(tongue, ())
    more = {*words} - JOINING.get(tongue, frozenset())
    return begins(said, words) or ends(said, words) or not more.isdisjoint(said.split())


def put_right(decision: Decision, context: Context) -> Decision | None:
    """The decision on such a request, if it is for what was done last, with another value."""
    done, chosen = context.done, decision.chosen
    if done is None or chosen is None or decision.outcome is not Outcome.ACT:
        return None
    if (chosen.skill, chosen.intent) != (done.skill, done.intent):
        return None
    said = {each.name for each in chosen.slots}
    slots = (*(each for each in done.slots if each.name not in said), *chosen.slots)
    before = {(each.name, each.normalised or each.value) for each in done.slots}
    if before == {(each.name, each.normalised or each.value) for each in slots}:
        return None
    chosen = replace(chosen, slots=slots, corrects=Corrected(done.slots))
    return replace(decision, chosen=chosen, reason="puts right what was done")
