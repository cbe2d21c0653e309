"""A skill in one locale, ready to understand: its model, its examples, its known sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType, ModuleType
from typing import Any

from sayso.bundle import Packed
from sayso.types.skills import Language, Skill
from sayso.understanding import maxent_crf, shared
from sayso.understanding.contract import SkillModel
from sayso.understanding.described.descriptions import Descriptions, is_read
from sayso.understanding.familiarity import Familiarity
from sayso.understanding.fold import fold
from sayso.understanding.frames import Frames
from sayso.understanding.grammars import Grammar, grammar_of
from sayso.understanding.heard import TextEncoder
from sayso.understanding.shortlist import Examples
from sayso.understanding.tuned import layers_of, through
from sayso.understanding.values.resolve import Resolver

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

    @classmethod
    def of(
        cls,
        skill: Skill,
        version: str,
        language: Language,
        model: SkillModel,
        examples: Examples,
        familiarity: Familiarity,
    ) -> Installed:
        """With what follows from the language: catalogues, known sentences, grammar."""
        return cls(
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


def engine_of(name: str) -> ModuleType:
    """The engine of that name: `shared` or `maxent-crf`."""
    return maxent_crf if name == "maxent-crf" else shared


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
    held = Installed.of(skill, version, language, model, examples, known)
    if encoder is None or not is_read(language.locale):
        return held
    vectors = descriptions.tensors if descriptions is not None else None
    return replace(held, descriptions=Descriptions(language, encoder, vectors))
