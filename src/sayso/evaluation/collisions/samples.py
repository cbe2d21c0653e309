"""What is compared: every sample of an intent of a skill's own, as written and as it is said.

Samples of standard intents (AMAZON.*) are left out: they are everybody's, and who hears them
depends on the skill that is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sayso.evaluation.collisions.nouns import Site
from sayso.skills import builtin_intents, builtin_types
from sayso.skills.labels import labels, slot_values
from sayso.skills.templates import pieces, slot_names
from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.understanding.fold import UNSPACED, fold

FILLINGS = 2  # texts made of a sample that has slots
MARK = "\u2d63"  # stands for a slot in a shape: a letter that nobody's skill is written in
_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^a-zA-Z_.-]+")
# Where words have no spaces, a slot has none around it.
_NO_GAP = re.compile(f"(?<=[{UNSPACED}]) (?={MARK})|(?<={MARK}) (?=[{UNSPACED}])")
_FREE = builtin_types.FREE_TEXT.removeprefix(builtin_types.PREFIX)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample, and what people say by it.

    shape: its folded words, MARK where a slot stands.
    slots: those slots, in order; None for one that the intent does not declare.
    texts: itself, or filled with values; folded holds the same, folded.
    vectored: the text whose vector is compared: a slot of free text says its name, as two requests
        are not alike because both were filled with the same words.
    """

    site: Site
    language: Language
    shape: str
    slots: Sequence[Slot | None]
    texts: Sequence[str]
    folded: Sequence[str]
    vectored: str


def samples_of(skills: Sequence[Skill], locale: str) -> list[Sample]:
    """The samples that the skills are heard by in a locale, skill by skill."""
    return [sample for skill in skills for sample in _of_skill(skill, locale)]


def free(slot: Slot | None, language: Language) -> bool:
    """Whether any words may stand in a slot: free text, or a type of which nothing is known."""
    if slot is None:
        return True
    kind = language.type(slot.type)
    own = kind is not None and len(kind.values) > 0
    return not own and builtin_types.list_name(slot.type) == _FREE


def standard(locale: str) -> frozenset[str]:
    """Our phrases of all standard intents ("yes", "stop"), folded."""
    names = builtin_intents.names(locale)
    return frozenset(fold(x) for name in names for x in builtin_intents.phrases(name, locale))


def blanked(sample: str) -> str:
    """A sample as it stands, its slots without names: `play {}`."""
    return "".join("{}" if piece.slot else piece.text for piece in pieces(sample))


def _of_skill(skill: Skill, locale: str) -> Iterator[Sample]:
    language = skill.language(locale)
    if language is None:
        return
    said: dict[tuple[str, str], list[Label]] = {}
    for label in labels(skill, locale, per_sample=FILLINGS):
        said.setdefault((label.intent, label.sample), []).append(label)
    for intent in language.intents:
        for text in () if intent.builtin else dict.fromkeys(intent.samples):
            shape = _shape(text)
            if shape:
                site = Site(skill.id, language.locale, intent.name, text)
                yield _sample(site, language, intent, shape, said.get((intent.name, text), ()))


def _sample(
    site: Site, language: Language, intent: Intent, shape: str, said: Sequence[Label]
) -> Sample:
    slots = tuple(intent.slot(name) for name in slot_names(site.sample))
    texts = tuple(label.text for label in said) or (_with_names(site.sample),)
    return Sample(
        site,
        language,
        shape,
        slots,
        texts,
        tuple(map(fold, texts)),
        _vectored(said[0], intent, language) if said else texts[0],
    )


def _shape(sample: str) -> str:
    """Folded, with a MARK for each slot."""
    parts = (MARK if piece.slot else piece.text.replace(MARK, " ") for piece in pieces(sample))
    shape = fold("".join(parts))
    return shape if sample.isascii() else _NO_GAP.sub("", shape)


def _with_names(sample: str) -> str:
    """The sample with each slot's name in its place."""
    parts = (_spelled(piece.slot) if piece.slot else piece.text for piece in pieces(sample))
    return " ".join("".join(parts).split())


def _vectored(label: Label, intent: Intent, language: Language) -> str:
    text = label.text
    for span in reversed(label.spans):
        if free(intent.slot(span.name), language):
            text = text[: span.start] + _spelled(span.name) + text[span.end :]
    return text


def _spelled(name: str) -> str:
    """`songTitle` as it is said: song title."""
    return " ".join(_WORD.findall(name)).lower() or name


def values_of(slot: Slot, language: Language) -> frozenset[str]:
    """The values and synonyms that a slot is known to take, folded."""
    return frozenset(
        folded
        for value in slot_values(language, slot)
        for phrase in (value.value, *value.synonyms)
        if (folded := fold(phrase))
    )
