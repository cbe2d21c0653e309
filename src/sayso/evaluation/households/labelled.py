"""Phrasings of any installed skills, taken from labelled sentences: a test set, say.

A sentence becomes a phrasing by giving its slots' words back their braces, so that other people say
it with other values. Sentences of the form of a sample that a skill was trained with are left out,
and so is what names a slot that the skill has not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sayso.evaluation.households.phrasings import Phrasing, Speech, Word, masked
from sayso.evaluation.households.spoken import spoken
from sayso.evaluation.testset import Expectation, ExpectedSlot
from sayso.types.skills import Intent, Skill
from sayso.understanding.builtin import is_builtin
from sayso.understanding.fold import fold


def labelled_speech(
    rows: Iterable[Expectation], skills: Sequence[Skill], locale: str = "en-US"
) -> Speech:
    """What people may say to these skills.

    Raises ValueError if no row can be used: the skills' intents are not those of the rows.
    """
    intents = _intents(skills, locale)
    trained = {masked(sample) for _, intent in intents.values() for sample in intent.samples}
    phrasings: dict[Phrasing, None] = {}
    counts: Counter[tuple[str, str]] = Counter()
    said: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        found = intents.get(row.intent or "")
        if found is None or (row.skill and row.skill != found[0]):
            continue
        skill, intent = found
        text = template(row.text, row.slots or ())
        slots = [slot.name for slot in row.slots or ()]
        unknown = any(intent.slot(name) is None for name in slots)
        if unknown or text is None or len(set(slots)) < len(slots) or masked(text) in trained:
            continue
        counts[skill, intent.name] += 1
        phrasings[Phrasing(skill, intent.name, text, frozenset(slots))] = None
        for slot in row.slots or ():
            said[skill, intent.name, slot.name][spoken(slot.value)] += 1
    if not phrasings:
        raise ValueError("no labelled sentence is of an intent of these skills")
    catalogues = {skill.id: _names(skill, locale) for skill in skills}
    words = {
        key: [_word(text, key, intents, catalogues) for text, _ in _often(found)]
        for key, found in said.items()
    }
    often = {key: float(count) for key, count in counts.items()}
    return Speech(list(phrasings), words, often)


def template(text: str, slots: Sequence[ExpectedSlot]) -> str | None:
    """The sentence with its slots in braces; None where a slot's words are not found in it."""
    places: list[tuple[int, int, str]] = []
    for slot in slots:
        start = slot.start if slot.start is not None else text.find(slot.value)
        end = start + len(slot.value)
        if start < 0 or text[start:end] != slot.value:
            return None
        places.append((start, end, slot.name))
    made, last = "", 0
    for start, end, name in sorted(places):
        if start < last:
            return None
        made += f"{text[last:start]}{{{name}}}"
        last = end
    return made + text[last:]


def _intents(skills: Sequence[Skill], locale: str) -> dict[str, tuple[str, Intent]]:
    """Name of an intent -> its skill and the intent."""
    languages = ((skill.id, skill.language(locale)) for skill in skills)
    return {
        intent.name: (skill, intent)
        for skill, language in languages
        for intent in (language.intents if language else ())
    }


def _names(skill: Skill, locale: str) -> dict[str, dict[str, str]]:
    """Type -> folded name of a value -> the value."""
    language = skill.language(locale)
    return {
        kind.name: {fold(v.value): v.value for v in kind.values}
        for kind in (language.types if language else ())
    }


def _word(
    text: str,
    key: tuple[str, str, str],
    intents: dict[str, tuple[str, Intent]],
    catalogues: dict[str, dict[str, dict[str, str]]],
) -> Word:
    slot = intents[key[1]][1].slot(key[2])
    kind = slot.type if slot is not None else ""
    if is_builtin(kind):
        return Word([text])
    value = catalogues[key[0]].get(kind, {}).get(fold(text))
    return Word([text], value or text, own=value is None)


def _often(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
