"""Trivia Tower and Curious Cabinet: two ask-sdk back-ends, called as Lambda would call them."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.skills.package import import_alexa
from sayso.types.calls import CallKind
from sayso.types.readings import SlotValue
from tests.examples.skill import HOME, AlexaSkill, found


def load_module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


QUESTIONS = load_module(HOME / "skills/quiz/lambda/questions.py").QUESTIONS
ANSWERS = {text: answers for asked in QUESTIONS.values() for text, answers in asked}


def answer_to(speech: str) -> str:
    """The right answer to the question that a reply ends with."""
    return str(next(said for text, [said, *_] in ANSWERS.items() if speech.endswith(text)))


def said(words: str) -> SlotValue:
    return SlotValue("answer", "ANSWER", words, normalised=words)


@pytest.fixture
def quiz() -> AlexaSkill:
    return AlexaSkill("quiz")


@pytest.fixture
def facts() -> AlexaSkill:
    return AlexaSkill("facts")


def test_quiz_of_right_answers_ends_with_full_marks(quiz: AlexaSkill) -> None:
    assert not quiz.answer().ended
    reply = quiz.answer(
        "StartQuizIntent", found("category", "CATEGORY", "space", "science", "science")
    )
    assert reply.speech.startswith("5 questions about science. Question 1.")
    for _ in range(5):
        reply = quiz.answer("AnswerIntent", said(answer_to(reply.speech)))
    assert "5 of 5" in reply.speech
    assert reply.card is not None
    assert not reply.ended
    assert quiz.answer("AMAZON.NoIntent").ended


def test_quiz_counts_wrong_and_skipped_answers(quiz: AlexaSkill) -> None:
    first = quiz.answer("StartQuizIntent").speech
    reply = quiz.answer("AnswerIntent", said("a cheese sandwich"))
    assert reply.speech.startswith(f"No, it's {answer_to(first)}. Question 2.")
    assert quiz.answer("DontKnowIntent").speech.startswith("It's ")
    reply = quiz.answer("AnswerIntent", said(answer_to(quiz.answer("AMAZON.RepeatIntent").speech)))
    assert quiz.answer("ScoreIntent").speech.startswith("You have 1 of 3 right. Question 4.")


def test_quiz_resolves_an_answer_through_its_catalogue(quiz: AlexaSkill) -> None:
    quiz.answer("StartQuizIntent")
    attributes = {**quiz.context.attributes, "round": [["science", 1]]}
    quiz.context = replace(quiz.context, attributes=attributes)
    reply = quiz.answer("AnswerIntent", found("answer", "ANSWER", "quick silver", "mercury"))
    assert reply.speech.startswith("Right! That was the round: 1 of 1.")


def test_quiz_without_a_question_takes_no_answer(quiz: AlexaSkill) -> None:
    assert "Say start" in quiz.answer("AnswerIntent", said("Jupiter")).speech
    assert "Shall we start" in quiz.answer("ScoreIntent").speech
    assert quiz.answer("AMAZON.YesIntent").speech.startswith("5 questions. Question 1.")
    assert quiz.answer("AMAZON.FallbackIntent").speech.startswith("I didn't get that. Question 1.")
    assert "Question 1" in quiz.answer("AMAZON.HelpIntent").speech
    assert quiz.answer("AMAZON.StopIntent").ended


def test_quiz_of_no_known_category_is_not_started(quiz: AlexaSkill) -> None:
    slot = SlotValue("category", "CATEGORY", "knitting", normalised="knitting")
    reply = quiz.answer("StartQuizIntent", slot)
    assert reply.speech.startswith("I have no questions about knitting.")
    assert not reply.ended


def test_every_answer_is_in_the_catalogue() -> None:
    kind = AlexaSkill("quiz").skill.languages[0].type("ANSWER")
    assert kind is not None
    listed = {words.casefold() for value in kind.values for words in (value.value, *value.synonyms)}
    for answers in ANSWERS.values():
        assert {answer.casefold() for answer in answers} <= listed


def test_facts_are_not_told_twice(facts: AlexaSkill) -> None:
    topic = found("topic", "TOPIC", "whales", "the sea", "sea")
    told = [facts.answer("GetFactIntent", topic).speech]
    told += [facts.answer("AMAZON.YesIntent").speech for _ in range(4)]
    assert len(set(told)) == 5
    last = facts.answer("AnotherFactIntent")
    assert last.speech == "That was all I know about the sea."
    assert last.ended


def test_facts_about_nothing_in_the_cabinet_are_not_made_up(facts: AlexaSkill) -> None:
    slot = SlotValue("topic", "TOPIC", "tax law", normalised="tax law")
    reply = facts.answer("GetFactIntent", slot)
    assert reply.speech.startswith("There is nothing about tax law in the cabinet.")


def test_facts_keep_to_the_rest_of_the_protocol(facts: AlexaSkill) -> None:
    assert "Curious Cabinet" in facts.answer().speech
    assert "space" in facts.answer("ListTopicsIntent").speech
    fact = facts.answer("GetFactIntent").speech
    assert facts.answer("AMAZON.RepeatIntent").speech == fact
    assert facts.answer("AMAZON.FallbackIntent").speech.startswith("I didn't get that.")
    assert facts.answer("AMAZON.NoIntent").ended
    assert facts.answer(kind=CallKind.SESSION_ENDED).speech == ""


def test_sessions_of_the_quiz_end_quietly(quiz: AlexaSkill) -> None:
    assert quiz.answer(kind=CallKind.SESSION_ENDED).speech == ""


def test_alexa_package_of_the_cabinet_imports_as_the_skill_of_the_home() -> None:
    package = HOME.parent / "alexa" / "curious-cabinet"
    imported, _ = import_alexa(package)
    [alexa], [ours] = imported.languages, AlexaSkill("facts").skill.languages
    assert alexa.invocation_name == ours.invocation_name
    assert alexa.types == ours.types
    assert {i.name: i.samples for i in alexa.intents} == {i.name: i.samples for i in ours.intents}
    assert imported.fulfilment == AlexaSkill("facts").skill.fulfilment
    for file in ("lambda_function.py", "facts.py", "requirements.txt"):
        same = HOME / "skills/facts/lambda" / file
        assert (package / "lambda" / file).read_bytes() == same.read_bytes()
