"""A skill in one locale, ready to understand: its model, its examples, its known sentences.

Fitting lives here, beside the code that predicts, so that a running engine adds a skill without
the training room and without touching any other skill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType, ModuleType
from typing import Any, cast

import numpy as np

from sayso.bundle import Packed
from sayso.skills import version
from sayso.skills.builtin_intents import phrases
from sayso.skills.labels import labels
from sayso.skills.left_out import left_out
from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding import familiarity, imprint, maxent_crf, shared
from sayso.understanding.contract import Heard, SkillModel
from sayso.understanding.described.descriptions import Descriptions, described, is_read
from sayso.understanding.familiarity import TEMPERATURE, Familiarity, Strangers, strangers_in
from sayso.understanding.fold import fold
from sayso.understanding.frames import Frames
from sayso.understanding.grammars import Grammar, grammar_of
from sayso.understanding.heads import Model
from sayso.understanding.heard import TextEncoder, clean, hear, hear_all, hear_whole
from sayso.understanding.hints import hints
from sayso.understanding.noise import spoiled
from sayso.understanding.shortlist import Examples
from sayso.understanding.tuned import layers_of, through
from sayso.understanding.values.resolve import Resolver
from sayso.understanding.vectors import from_bytes, to_bytes

STANDARD = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.HelpIntent")
FILLINGS = 3  # texts made of each sample that has slots
# Texts of a skill in a locale beyond which samples are filled once: thousands of samples, made of
# templates, are variety enough, and training takes as long as there are texts.
MOST_FILLED = 4_000
SHOWN = 2  # of them, kept as examples: what a sentence is compared with at each turn
_ENCODER = "encoder"
_LAYERS = f"{_ENCODER}.layers"


@dataclass(frozen=True, slots=True)
class Installed:
    """One skill in one locale.

    version: hash of the skill's definition.
    known: folded sentence -> intent, for samples without slots that only one intent has.
    frames: the samples with slots.
    grammar: what the skill accepts by templates of its own; None where it has none.
    descriptions: find slots that stand in few samples by what they mean; None where they cannot.
    """

    skill: Skill
    version: str
    locale: str
    language: Language
    model: SkillModel
    examples: Examples
    resolver: Resolver
    known: Mapping[str, str]
    frames: Frames
    familiarity: Familiarity = field(default_factory=Familiarity)
    grammar: Grammar | None = None
    descriptions: Descriptions | None = None


def engine_of(name: str) -> ModuleType:
    """The engine of that name: `shared` or `maxent-crf`."""
    return maxent_crf if name == "maxent-crf" else shared


def lessons_of(skill: Skill, language: Language) -> list[Label]:
    """What a skill teaches its model: samples, standard intents' phrases, hints, cuts, noise.

    Stop, cancel and help are understood within a skill's session even if it lists none of them.
    """
    lessons = _filled(skill, language)
    listed = [intent.name for intent in language.intents if intent.builtin]
    taught = {(clean(lesson.text).casefold()) for lesson in lessons}
    for intent in dict.fromkeys([*listed, *STANDARD]):
        for phrase in phrases(intent, language.locale):
            if phrase.casefold() not in taught:
                lessons.append(Label(phrase, skill.id, intent, language.locale))
    hinted = hints(skill.id, language)
    lessons += [hint for hint in hinted if hint.text.casefold() not in taught]
    lessons += [cut for cut in left_out(skill, language) if cut.text.casefold() not in taught]
    return lessons + spoiled(lessons, language.locale)


def _filled(skill: Skill, language: Language) -> list[Label]:
    """The samples with values in their slots, each once at least."""
    samples = sum(len(intent.samples) for intent in language.intents)
    most = max(MOST_FILLED, samples)
    return labels(skill, language.locale, per_sample=FILLINGS, limit=most)


def fit(
    skill: Skill,
    language: Language,
    *,
    engine: str,
    encoder: TextEncoder | None,
    progress: Callable[[int], None] | None = None,
) -> Installed:
    """Learn a skill in one locale from its own files alone."""
    lessons = lessons_of(skill, language)
    heard = hear_lessons(lessons, about(skill, language), encoder, progress)
    strangers = strangers_in(language.locale, encoder)
    fitted = fit_heard(skill, language, lessons, heard, engine=engine, strangers=strangers)
    return replace(fitted, descriptions=described(language, encoder))


def hear_lessons(
    lessons: Sequence[Label],
    sentences: Sequence[str],
    encoder: TextEncoder | None,
    progress: Callable[[int], None] | None = None,
) -> list[Heard]:
    """What `fit_heard` takes: the lessons, then the sentences.

    Phrases of Alexa's standard intents, half of what a small skill has, are heard once for all.
    """
    texts = [*(lesson.text for lesson in lessons), *sentences]
    shared = {x.text for x in lessons if x.intent.startswith("AMAZON.")}
    own = [text for text in texts if text not in shared]
    count = len(texts) - len(own)
    ahead = (lambda done: progress(done + count)) if progress is not None else None
    heard = iter(hear_all(own, encoder, ahead))
    # An encoder is its own key: it is neither copied nor changed.
    key = cast("Hashable", encoder)
    return [_heard_once(key, text) if text in shared else next(heard) for text in texts]


@lru_cache(maxsize=4096)
def _heard_once(encoder: Hashable, text: str) -> Heard:
    return hear(text, cast("TextEncoder | None", encoder))


def fit_heard(
    skill: Skill,
    language: Language,
    lessons: Sequence[Label],
    heard: Sequence[Heard],
    *,
    engine: str,
    strangers: Strangers | None,
    temperature: float = TEMPERATURE,
) -> Installed:
    """`fit`, of what has been heard already: the lessons, then the sentences of `about`.

    strangers: what no skill should take, None for a language without such sentences.
    """
    model = engine_of(engine).fit(lessons, heard[: len(lessons)], language)
    examples = _examples(skill, lessons, heard)
    known = familiarity.fit(lessons, heard[: len(lessons)], strangers)
    known = replace(known, temperature=temperature)
    return _installed(skill, version(skill), language, model, examples, known)


def examples_of(
    plans: Sequence[tuple[Skill, Language]], encoder: TextEncoder | None
) -> list[Examples]:
    """What `fit` compares sentences with, of each skill in a language; nothing is fitted."""
    shown = [_shown_of(skill, language) for skill, language in plans]
    heard = iter(hear_whole([text for *_, texts in shown for text in texts], encoder))
    return [
        _examples(skill, lessons, [next(heard) for _ in texts])
        for (skill, _), (lessons, texts) in zip(plans, shown, strict=True)
    ]


def _shown_of(skill: Skill, language: Language) -> tuple[list[Label], list[str]]:
    """The lessons that are shown, and all texts that are: theirs, then those about the skill."""
    lessons = _filled(skill, language)
    shown = [x for x, intent in zip(lessons, _shown(lessons), strict=True) if intent is not None]
    return shown, [*(lesson.text for lesson in shown), *about(skill, language)]


def _examples(skill: Skill, lessons: Sequence[Label], heard: Sequence[Heard]) -> Examples:
    """Of what was heard, the lessons and then the sentences about the skill, what is shown."""
    intents = [*_shown(lessons), *("" for _ in heard[len(lessons) :])]
    shown = [(i, words) for i, words in zip(intents, heard, strict=True) if i is not None]
    return Examples(
        skill.id,
        [intent for intent, _ in shown],
        [words.utterance.text for _, words in shown],
        _stack([words for _, words in shown]),
    )


def taught(held: Installed, intent: str, heard: Sequence[Heard]) -> Installed:
    """The skill that also knows these utterances as `intent`, which may be new; not fitted again.

    A new intent fills no slots until the skill is trained. After `imprint`.
    """
    texts = [one.utterance.text for one in heard]
    language = _with_samples(held.language, intent, texts)
    languages = [language if x is held.language else x for x in held.skill.languages]
    skill = replace(held.skill, languages=tuple(languages))
    fresh, old = _stack(heard), held.examples
    own = sum(1 for name in old.intents if name)  # examples of intents come first
    vectors = fresh
    if old.vectors is not None:
        vectors = np.concatenate([old.vectors[:own], fresh, old.vectors[own:]])
    examples = replace(
        old,
        intents=[*old.intents[:own], *(intent for _ in texts), *old.intents[own:]],
        texts=[*old.texts[:own], *texts, *old.texts[own:]],
        vectors=vectors,
    )
    # Both engines' models are heads over features, as `fit` of either says.
    model = imprint.taught(cast(Model, held.model), intent, heard)
    known = held.familiarity.taught(heard)
    fresh_skill = _installed(skill, version(skill), language, model, examples, known)
    told = held.descriptions
    return replace(fresh_skill, descriptions=told.taught(language) if told is not None else None)


def _with_samples(language: Language, intent: str, texts: Sequence[str]) -> Language:
    intents = list(language.intents)
    names = [each.name for each in intents]
    if intent not in names:
        return replace(language, intents=(*intents, Intent(intent, samples=tuple(texts))))
    at = names.index(intent)
    samples = dict.fromkeys([*intents[at].samples, *texts])
    intents[at] = replace(intents[at], samples=tuple(samples))
    return replace(language, intents=tuple(intents))


def _shown(lessons: Sequence[Label]) -> list[str | None]:
    """Intent of each lesson that is shown as an example; None for one that is not.

    Not the standard intents' phrases, which belong to no skill, nor hints of names, which nobody
    says, nor every filling of a sample.
    """
    seen: Counter[tuple[str, str]] = Counter()
    shown: list[str | None] = []
    for lesson in lessons:
        sample = (lesson.intent, lesson.sample)
        seen[sample] += 1
        shown.append(lesson.intent if lesson.own and seen[sample] <= SHOWN else None)
    return shown


def about(skill: Skill, language: Language) -> list[str]:
    """What stands for the skill as a whole: its name, each line of its description, examples."""
    told = (language.description or skill.description).splitlines()
    texts = [skill.name, *told, *language.examples]
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _stack(heard: Sequence[Heard]) -> Any:
    vectors = [words.pooled for words in heard if words.pooled is not None]
    return from_bytes(*to_bytes(np.stack(vectors))) if vectors else None


def _installed(
    skill: Skill,
    version: str,
    language: Language,
    model: SkillModel,
    examples: Examples,
    familiarity: Familiarity,
) -> Installed:
    return Installed(
        skill=skill,
        version=version,
        locale=language.locale,
        language=language,
        model=model,
        examples=examples,
        resolver=Resolver(language),
        known=MappingProxyType(_known(language)),
        familiarity=familiarity,
        grammar=grammar_of(language),
        frames=Frames(language),
    )


def _known(language: Language) -> dict[str, str]:
    known: dict[str, str] = {}
    twice = set()
    for intent in language.intents:
        for sample in intent.samples:
            sentence = fold(sample)
            if "{" not in sample and known.setdefault(sentence, intent.name) != intent.name:
                twice.add(sentence)
    return {sentence: intent for sentence, intent in known.items() if sentence not in twice}


def pack_store(held: Installed) -> Packed:
    """The local store: what the skill has learnt in this locale."""
    model, known, layers = held.model.pack(), held.familiarity.pack(), layers_of(held.model)
    tensors = {f"model.{name}": array for name, array in model.tensors.items()}
    tensors |= {f"familiarity.{name}": array for name, array in known.tensors.items()}
    if layers is not None:
        tensors[_LAYERS] = layers
    return Packed(tensors, {"model": dict(model.settings), "familiarity": dict(known.settings)})


def unpack_store(
    store: Packed,
    skill: Skill,
    version: str,
    language: Language,
    examples: Examples,
    *,
    engine: str,
    encoder: TextEncoder | None = None,
    descriptions: Packed | None = None,
) -> Installed:
    """The skill that was packed, with its definition and its examples.

    encoder: what hears the language; needed by a skill with layers of its own, and to read
        descriptions, whose vectors are `descriptions`. Raises ValueError, KeyError, or
        EncoderError for a store that cannot be used.
    """
    arrays: dict[str, dict[str, Any]] = {"model": {}, "familiarity": {}, _ENCODER: {}}
    for name, array in store.tensors.items():
        of, _, rest = name.partition(".")
        arrays[of][rest] = array
    said = store.settings
    model = engine_of(engine).unpack(Packed(arrays["model"], said["model"]), language)
    if _LAYERS in store.tensors:
        model = through(model, encoder, store.tensors[_LAYERS])
    known = Familiarity.unpack(Packed(arrays["familiarity"], said["familiarity"]))
    held = _installed(skill, version, language, model, examples, known)
    if encoder is None or not is_read(language.locale):
        return held
    vectors = descriptions.tensors if descriptions is not None else None
    return replace(held, descriptions=Descriptions(language, encoder, vectors))
