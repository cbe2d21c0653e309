"""\"Did I get that right?\": what forbids it, how it is put, what counts as an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.dialogue.helpful import answered, asked, may_ask, was_right
from sayso.dialogue.phrases import phrase
from sayso.types.context import Asked, Awaiting, Context, Doubted
from sayso.types.readings import LAUNCH, Basis, Decision, Hypothesis, Outcome, Utterance
from sayso.types.turns import Reply
from tests.dialogue.nouns import act, context, reading

HEAT = reading("Heat", skill="oven")
HEATS, FRESH, DOUBTED = act(HEAT), context(), Doubted(1, "oven")
DONE = Reply("The oven is heating.")


def allowed(
    decision: Decision = HEATS,
    reply: Reply = DONE,
    before: Context = FRESH,
    after: Context = FRESH,
) -> bool:
    return may_ask(before, after, decision, reply)


def answer(said: str, locale: str = "en-US", doubted: Doubted | None = DOUBTED) -> str:
    """What is replied, "" where it is no answer."""
    found = answered(Utterance(said, said), context(locale=locale, doubted=doubted))
    return found[1].reply.speech if found and found[1].reply else ""


def test_a_request_out_of_the_blue_that_went_through_may_be_asked_about() -> None:
    assert allowed()


@pytest.mark.parametrize(
    "decision",
    [
        Decision(Outcome.ABSTAIN),
        Decision(Outcome.ASK, options=(HEAT,)),
        replace(act(HEAT), basis=Basis.ANSWER),
        replace(act(HEAT), basis=Basis.SESSION),
        replace(act(HEAT), basis=Basis.NAMED),
        act(Hypothesis("oven", LAUNCH)),
        act(Hypothesis("oven", "AMAZON.StopIntent")),
    ],
    ids=lambda decision: f"{decision.outcome}-{decision.basis}-{decision.chosen and 1}",
)
def test_nothing_else_may(decision: Decision) -> None:
    assert not allowed(decision)


@pytest.mark.parametrize(
    "reply",
    [
        replace(DONE, ended=False),
        Reply(""),
        Reply("Sorry, I can't do that."),
    ],
)
def test_nor_a_reply_that_asks_itself_says_nothing_or_turns_the_request_down(reply: Reply) -> None:
    assert not allowed(reply=reply)


@pytest.mark.parametrize(
    "before",
    [
        context(awaiting=Awaiting(Asked.CONFIRM, HEAT)),
        context(active="quiz"),
        context(doubted=DOUBTED),
    ],
)
def test_nor_after_a_question_nor_twice_in_a_row(before: Context) -> None:
    assert not allowed(before=before)


def test_nor_while_a_skill_waits_for_something() -> None:
    assert not allowed(after=context(active="oven"))


def test_the_question_stands_at_the_end_in_words_and_in_markup() -> None:
    told = asked(replace(DONE, ssml="<speak>The oven is <w>heating</w>.</speak>"), "en-US")
    assert told.speech == "The oven is heating. Did I get that right?"
    assert told.ssml == "<speak>The oven is <w>heating</w>. Did I get that right?</speak>"
    assert (told.ended, told.reprompt) == (False, None)
    assert asked(replace(DONE, ssml="<speak/>"), "en-US").ssml == "<speak/>"


def test_a_yes_and_a_no_are_answers_and_thanked_for() -> None:
    assert answer("Yes.") == "Thanks."
    assert answer("no") == answer("that's wrong") == "Sorry. Thanks for telling me."
    found = answered(Utterance("no", "no"), context(doubted=DOUBTED))
    assert found is not None
    decision, move = found
    assert (decision.basis, was_right(decision)) == (Basis.OPINION, False)
    assert move.context.doubted is None
    assert move.call is None


@pytest.mark.parametrize("said", ["no play jazz", "yes and turn off the oven", "stop", "what time"])
def test_what_says_more_is_a_request(said: str) -> None:
    assert answer(said) == ""


def test_a_yes_that_nobody_asked_for_is_none() -> None:
    assert answer("yes", doubted=None) == ""


@pytest.mark.parametrize(
    ("locale", "yes", "no"),
    [
        ("de-DE", "Ja", "nein"),
        ("es-ES", "sí", "no"),
        ("fr-FR", "oui", "non"),
        ("it-IT", "sì", "no"),
        ("pt-BR", "sim", "não"),
        ("ja-JP", "はい", "いいえ"),
        ("hi-IN", "हाँ", "नहीं"),
    ],
)
def test_every_tongue_that_sayso_speaks_has_its_own(locale: str, yes: str, no: str) -> None:
    assert phrase("right", locale) != phrase("right", "en-US")
    assert not set("<>&") & set(phrase("right", locale))  # it goes into markup as it is
    assert answer(yes, locale) == phrase("right_yes", locale)
    assert answer(no, locale) == phrase("right_no", locale)
