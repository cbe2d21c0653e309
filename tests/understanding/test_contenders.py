"""Which intents of a skill may be meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.contenders import readable
from sayso.understanding.contract import SkillModel
from sayso.understanding.familiarity import Familiarity
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import Examples
from tests.dialogue.nouns import context


@dataclass(frozen=True)
class Model:
    intents: tuple[str, ...] = ("Begin", "Answer", "AMAZON.StopIntent")


INTENTS = (
    Intent("Begin", samples=("quiz me",)),
    Intent("Answer", samples=("is it paris",), in_session=True),
    Intent("AMAZON.StopIntent"),
)
LANGUAGE = Language("en-US", intents=INTENTS)
QUIZ = Installed.of(
    Skill("quiz", "Quiz", languages=(LANGUAGE,)),
    "1",
    LANGUAGE,
    cast(SkillModel, Model()),
    Examples("quiz", (), ()),
    Familiarity(),
)


def test_an_answer_means_something_in_the_session_of_its_skill_alone() -> None:
    assert readable(QUIZ, context()) == ["Begin"]
    assert readable(QUIZ, context(active="quiz")) == QUIZ.model.intents
    other = replace(context(), active="oven")
    assert readable(QUIZ, other) == ["Begin"]
