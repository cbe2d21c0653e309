"""The answer to "which one did you mean?": by name, by value, by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.dialogue.commands import SHORT, is_phrase, says
from sayso.dialogue.policy import CLOSING, NO, REPEAT, YES
from sayso.types.context import Awaiting, Context
from sayso.types.readings import Hypothesis
from sayso.types.skills import Skill
from sayso.understanding import builtin
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed


def which_of(
    heard: Heard, context: Context, awaiting: Awaiting, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """The answer to "which one?": an option, none of them, or a word about the question."""
    options = awaiting.options
    if says(heard, (*CLOSING, NO), context.locale):
        return Hypothesis(options[0].skill, NO, confidence=1.0)
    if len(options) == 1 and says(heard, (YES,), context.locale):
        return replace(options[0], confidence=1.0)
    if is_phrase(heard, REPEAT, context.locale):
        return Hypothesis(options[0].skill, REPEAT, confidence=1.0)
    return _which(heard, context, options, installed)


def _which(
    heard: Heard,
    context: Context,
    options: Sequence[Hypothesis],
    installed: Mapping[str, Installed],
) -> Hypothesis | None:
    """The option that was named: its skill, a value that it alone has, or its place."""
    named = {
        place: words
        for place, option in enumerate(options)
        if option.skill in installed
        and (words := _named(heard.utterance.text, installed[option.skill].skill))
    }
    if len(named) == 1:
        place, words = named.popitem()
        # A name among many other words is no choice: it is a new request.
        short = len(heard.words) <= words + SHORT
        return replace(options[place], confidence=1.0) if short else None
    if len(heard.words) > SHORT or len({options[at].skill for at in named}) > 1:
        return None
    alone = _valued(heard, options)
    if alone is not None:
        return replace(alone, confidence=1.0)
    place = place_of(heard, context)
    return replace(options[place - 1], confidence=1.0) if 0 < place <= len(options) else None


def _valued(heard: Heard, options: Sequence[Hypothesis]) -> Hypothesis | None:
    """The only option with a value that was said."""
    said = f" {fold(heard.utterance.text)} "
    held = [{fold(slot.value) for slot in option.slots} for option in options]
    found = [
        option
        for option, values in zip(options, held, strict=True)
        if any(
            f" {value} " in said and sum(value in each for each in held) == 1 for value in values
        )
    ]
    return found[0] if len(found) == 1 else None


def _named(text: str, skill: Skill) -> int:
    """Words of the skill's longest name that the text holds, 0 if it names another or none."""
    names = {fold(skill.name), *(fold(x.invocation_name) for x in skill.languages)}
    found = [name for name in names if name and f" {name} " in f" {fold(text)} "]
    return max((len(name.split()) for name in found), default=0)


def place_of(heard: Heard, context: Context) -> int:
    """The place that is said, "the second one" or "number two"; 0 if none is."""
    return ordinal_of(heard, context) or _first(heard, context, "AMAZON.NUMBER")


def ordinal_of(heard: Heard, context: Context) -> int:
    """The place that is said in order, "the second one"; 0 if none is."""
    return _first(heard, context, "AMAZON.Ordinal")


def _first(heard: Heard, context: Context, kind: str) -> int:
    spans = builtin.spans(kind, heard.utterance.text, now=context.now, locale=context.locale)
    return next((int(place) if place.isdecimal() else 0 for _, _, place in spans), 0)
