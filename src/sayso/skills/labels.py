"""Samples x catalogues -> `Label`: texts as a person would say them, with every slot's place.

Each sample is filled a few times with values drawn from the slot's type. The product of samples and
values is never enumerated, so a catalogue of a million titles costs no more than one of ten.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from sayso.skills import builtin_types
from sayso.skills.restore import notes
from sayso.skills.templates import pieces, said, visible
from sayso.types.lessons import Label, Span
from sayso.types.skills import Intent, Language, Skill, Slot, TypeValue

_UNSPACED = frozenset({"ja", "th", "zh"})  # tongues that put no space between words
_ANYTHING = builtin_types.FREE_TEXT.removeprefix(builtin_types.PREFIX)
_TRIES = 4  # fills of one sample for each that is wanted; some come out alike


def labels(
    skill: Skill,
    locale: str,
    *,
    per_sample: int = 3,
    limit: int | None = None,
    seed: int = 0,
) -> list[Label]:
    """What a person may say to reach the intents of a skill, in one locale.

    per_sample: texts made of a sample with slots; one without slots gives itself, once.
    limit: most labels in all; every sample gets its first text before any gets its second.
    The same for the same seed, whatever other skills there are. Empty for a locale not spoken.
    """
    language = skill.language(locale)
    if language is None:
        return []
    samples = (
        (intent.name, sample)
        for intent in language.intents
        for sample in dict.fromkeys(intent.samples)
    )
    return filled(skill, language, samples, per_sample=per_sample, limit=limit, seed=seed)


def filled(
    skill: Skill,
    language: Language,
    templates: Iterable[tuple[str, str]],
    *,
    per_sample: int,
    limit: int | None = None,
    seed: int = 0,
) -> list[Label]:
    """Texts of templates that need be no samples of the skill: pairs of intent and template."""
    fill = _Fill(skill.id, language, seed)
    named = {intent.name: intent for intent in language.intents}
    made = [fill.texts(named[name], template, per_sample) for name, template in templates]
    return _unlike(_rounds(made), limit)


def answers(
    skill: Skill, locale: str, *, per_sample: int = 3, seed: int = 0
) -> dict[tuple[str, str], list[Label]]:
    """What a person may answer when asked for one slot: (intent, slot) -> labels.

    Made of the slot's own samples, and of its bare values.
    """
    language = skill.language(locale)
    if language is None:
        return {}
    fill = _Fill(skill.id, language, seed)
    return {
        (intent.name, slot.name): _unlike(
            _rounds([fill.texts(intent, sample, per_sample) for sample in _alone(slot)]), None
        )
        for intent in language.intents
        for slot in intent.slots
    }


def slot_values(language: Language, slot: Slot) -> Sequence[TypeValue]:
    """The values that a slot may be filled with.

    The type's own, and the built-in list if it extends one. Without any, what stood in the samples
    of an early model, and the built-in list.
    """
    kind = language.type(slot.type)
    own = kind.values if kind and any(_ways(value) for value in kind.values) else ()
    if own and not slot.type.startswith(builtin_types.PREFIX):
        return own
    given = [TypeValue(text) for text in notes(slot.extra).get("said", ()) if said(text)]
    if not own and given and builtin_types.list_name(slot.type) == _ANYTHING:
        return given  # better than sentences about anything
    builtin = builtin_types.values(slot.type, language.locale)
    return [*(own or given), *map(TypeValue, builtin)]


@dataclass
class _Fill:
    """Fills the samples of one skill in one language."""

    skill: str
    language: Language
    seed: int
    _draws: dict[tuple[str, str], Iterator[str]] = field(default_factory=dict)

    def texts(self, intent: Intent, sample: str, wanted: int) -> list[Label]:
        """Different texts of one sample, at most `wanted`."""
        has_slots = any(piece.slot and intent.slot(piece.slot) for piece in pieces(sample))
        tries = wanted * _TRIES if has_slots else 1
        found: dict[str, Label] = {}
        for _ in range(tries):
            label = self._text(intent, sample)
            if label:
                found.setdefault(label.text, label)
            if len(found) >= wanted:
                break
        return list(found.values())

    def _text(self, intent: Intent, sample: str) -> Label | None:
        text = ""
        spans: list[Span] = []
        for piece in pieces(sample):
            slot = intent.slot(piece.slot) if piece.slot else None
            if slot is None:
                text = _append(text, piece.text)
                continue
            value = self._draw(intent, slot)
            if spans and spans[-1].end == len(text) and not self._unspaced:
                text += " "  # `{hour}{minute}`: nobody says two values as one word
            spans.append(Span(slot.name, len(text), len(text) + len(value)))
            text += value
        text = text.rstrip()
        # Where a letter and an accent meet at a seam, the cleaned text would shift the spans.
        if not text or unicodedata.normalize("NFKC", text) != text:
            return None
        return Label(text, self.skill, intent.name, self.language.locale, tuple(spans), sample)

    def _draw(self, intent: Intent, slot: Slot) -> str:
        key = (intent.name, slot.name)
        if key not in self._draws:
            random = Random(f"{self.seed}/{self.skill}/{self.language.locale}/{key}")
            self._draws[key] = _shuffled(slot_values(self.language, slot), random)
        return next(self._draws[key])

    @property
    def _unspaced(self) -> bool:
        return self.language.locale.split("-")[0] in _UNSPACED


def _shuffled(values: Sequence[TypeValue], random: Random) -> Iterator[str]:
    """Phrases without end: each value once before any comes again, half of them by a synonym.

    At least one value says something. Values are cleaned as they are drawn: few of many are.
    """
    while True:
        for place in random.sample(range(len(values)), len(values)):
            ways = _ways(values[place])
            if ways:
                yield ways[0] if random.random() < 0.5 else random.choice(ways)


def _ways(value: TypeValue) -> tuple[str, ...]:
    return tuple(text for phrase in (value.value, *value.synonyms) if (text := said(phrase)))


def _alone(slot: Slot) -> list[str]:
    return list(dict.fromkeys(("{" + slot.name + "}", *slot.samples)))


def _append(text: str, literal: str) -> str:
    """`text` and the literal words of a template, with single spaces and no stray brace."""
    words = visible(literal).replace("{", " ").replace("}", " ")
    single = " ".join(words.split())
    before = " " if words[:1].isspace() and text and not text.endswith(" ") else ""
    after = " " if words[-1:].isspace() and single else ""
    return text + before + single + after


def _rounds(made: Sequence[Sequence[Label]]) -> Iterator[Label]:
    """First texts of all samples, then the second ones, and so on."""
    for place in range(max(map(len, made), default=0)):
        yield from (some[place] for some in made if place < len(some))


def _unlike(labels: Iterator[Label], limit: int | None) -> list[Label]:
    """The labels without repetitions of text and intent, at most `limit`."""
    found: dict[tuple[str, str], Label] = {}
    for label in labels:
        if limit is not None and len(found) >= limit:
            break
        found.setdefault((label.text, label.intent), label)
    return list(found.values())
