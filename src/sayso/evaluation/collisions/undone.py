"""Intents of which nothing tells how they are taken back, though the skill seems to know.

What is put right is done a second time, and the person hears that the first is still there: see
`dialogue.undoing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.dialogue.undoing import leaves_something
from sayso.evaluation.collisions.nouns import Collision, Kind, Severity, Site
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.hints import spelled_out

ADVICE = "undo: {}, if that takes it back, or undo: false, if there is nothing to take back"
# First words of the names of intents that take something back.
_BACK = frozenset("cancel delete remove undo revoke withdraw unset".split())


def undone(skills: Sequence[Skill], locale: str) -> Iterator[Collision]:
    """Findings in the language each skill is heard by."""
    for skill in skills:
        language = skill.language(locale)
        for intent in language.intents if language is not None else ():
            if language is None or intent.builtin or not intent.slots or not intent.samples:
                continue  # without slots nothing of it can be put right
            told = skill.undo_of(intent.name) is not None
            if told or _takes_back(intent) or not leaves_something(skill, language, intent.name):
                continue
            way = _way_back(intent, language)
            if way is not None:
                said = f"nothing says how {intent.name} is taken back when it is put right"
                site = Site(skill.id, language.locale, intent.name, intent.samples[0])
                yield Collision(Kind.UNDONE, Severity.NOTE, said, (site,), ADVICE.format(way.name))


def _way_back(intent: Intent, language: Language) -> Intent | None:
    """The intent that most likely takes this one back, by its name and its slots."""
    mine = {slot.name for slot in intent.slots}
    about = {*_words(intent.name)[1:]}
    found = [
        each
        for each in language.intents
        if _takes_back(each)
        and about & {*_words(each.name)[1:]}
        and {slot.name for slot in each.slots if slot.required} <= mine
    ]
    return max(found, key=lambda each: len(mine & {s.name for s in each.slots}), default=None)


def _takes_back(intent: Intent) -> bool:
    return next(iter(_words(intent.name)), "") in _BACK


def _words(name: str) -> list[str]:
    """The words of a name, `CancelAllAlarms` or `cancel_alarm`; one of several counts as one."""
    return [word.removesuffix("s") for word in spelled_out(name).split()]
