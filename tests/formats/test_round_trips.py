"""Every skill of the example home goes to Alexa and Rasa and back: equal, or told what was lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.cli.demo import example_home
from sayso.formats.format import Imported
from sayso.formats.known import FORMATS, export_skill, import_skills
from sayso.formats.losses import losses
from sayso.skills import read_skills
from sayso.types.skills import Carry, Fulfilment, Intent, Language, Skill, Slot, SlotType, TypeValue
from tests.formats.foreign import put

SKILLS = {skill.id: skill for skill in read_skills(example_home() / "skills")}
TEA = Skill(
    "tea",
    "Tea",
    languages=(
        Language(
            "en-US",
            "tea kettle",
            intents=(Intent("Brew", ("brew some {tea}",), (Slot("tea", "TEA"),)),),
            types=(SlotType("TEA", (TypeValue("green", "g", ("sencha",)),)),),
        ),
    ),
    fulfilment=Fulfilment(replies={"Brew": ("It draws.",)}),
)


def back(skill: Skill, format: str, folder: Path) -> Imported:
    files = export_skill(skill, format).files
    return import_skills(put(folder / skill.id, dict(files)), format)[1]


def intents(language: Language) -> Iterator[Intent]:
    return (x for x in language.intents if x.samples and not x.builtin)


@pytest.mark.parametrize("id", SKILLS)
def test_models_for_alexa_come_back_as_they_were(id: str, tmp_path: Path) -> None:
    skill = SKILLS[id]
    (again,) = back(skill, "alexa", tmp_path).skills
    for language, other in zip(skill.languages, again.languages, strict=True):
        assert other.invocation_name == language.invocation_name
        assert [x.name for x in other.intents] == [x.name for x in language.intents]
        for intent in language.intents:
            same = other.intent(intent.name)
            assert same
            assert same.samples == intent.samples
            assert same.confirm == intent.confirm
            plain = [replace(slot, carry=None, extra={}) for slot in intent.slots]
            assert [replace(slot, carry=None, extra={}) for slot in same.slots] == plain


@pytest.mark.parametrize("id", SKILLS)
def test_projects_for_rasa_come_back_with_every_intent(id: str, tmp_path: Path) -> None:
    skill = SKILLS[id]
    again = back(skill, "rasa", tmp_path).skills
    spoken = {language.locale: language for each in again for language in each.languages}
    for language in skill.languages:
        names = {x.name for x in spoken[language.locale].intents}
        assert names == {x.name for x in intents(language)}


@pytest.mark.parametrize("format", ["alexa", "rasa"])
@pytest.mark.parametrize("id", SKILLS)
def test_whatever_differs_is_told(id: str, format: str, tmp_path: Path) -> None:
    skill = SKILLS[id]
    told = "\n".join(export_skill(skill, format).left_out)
    again = back(skill, format, tmp_path).skills
    spoken = {language.locale: language for each in again for language in each.languages}
    for language in skill.languages:
        other = spoken[language.locale]
        if other.examples != language.examples:
            assert f"examples: {language.locale}" in told
        for intent in language.intents:
            same = other.intent(intent.name)
            if same is None:
                assert intent.name in told
            elif {*same.samples} != {*intent.samples}:
                assert "\nsamples: " in f"\n{told}"
            for slot in intent.slots if same else ():
                known = same.slot(slot.name) if same else None
                if known is None:
                    assert "a slot, or its name: " in told
                elif known.type != slot.type:
                    assert "the type of a slot: " in told
    if {each.fulfilment.kind for each in again} != {skill.fulfilment.kind}:
        assert f"the back-end: {skill.fulfilment.kind}" in told


def test_a_skill_that_comes_back_whole_has_lost_nothing() -> None:
    assert export_skill(TEA, "alexa").left_out == [
        "replies: a back-end says them in Alexa",
        "replies: Brew",
    ]


def test_each_loss_names_what_and_where() -> None:
    (language,) = TEA.languages
    (brew,) = language.intents
    slot = replace(brew.slots[0], carry=Carry.ONCE)
    changed = replace(brew, slots=(slot,), side_effects=True)
    loved = replace(TEA, languages=(replace(language, intents=(changed,), examples=("brew",)),))
    assert set(export_skill(loved, "alexa").left_out) >= {
        "examples: en-US",
        "that doing it by mistake costs dearly: Brew",
        "how far a value is carried: Brew.tea",
    }


def test_files_that_cannot_be_read_back_are_told() -> None:
    files = {"skill-package/interactionModels/custom/en-US.json": "{"}
    (told,) = losses(TEA, files, FORMATS["alexa"].read)
    assert told.startswith("the files cannot be read back: tea/skill-package")
