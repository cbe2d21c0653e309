"""Explicit invocation: a skill is meant only if its name stands in the sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.invocation import Invocation, parse
from sayso.understanding.fold import fold

NAMES = {"recipe box": "recipes", "recipe box pro": "pro", "cafe central": "cafe", "timer": "timer"}


@pytest.mark.parametrize(
    ("text", "skill", "rest"),
    [
        ("open recipe box", "recipes", ""),
        ("recipe box", "recipes", ""),
        ("Please open Recipe Box!", "recipes", ""),
        ("talk to recipe box please", "recipes", ""),
        ("ask recipe box for soup", "recipes", "soup"),
        ("ask recipe box to find me a Soup", "recipes", "find me a Soup"),
        ("tell recipe box I am hungry", "recipes", "I am hungry"),
        ("ask recipe box about lentils", "recipes", "lentils"),
        ("ask recipe box whether rice keeps", "recipes", "rice keeps"),
        ("open recipe box and find soup", "recipes", "find soup"),
        ("start recipe box to cook", "recipes", "cook"),
        ("find me a soup using recipe box", "recipes", "find me a soup"),
        ("find me a soup by asking recipe box", "recipes", "find me a soup"),
        ("could you ask recipe box for soup", "recipes", "soup"),
    ],
)
def test_a_named_skill_is_parsed_with_the_request_left_over(
    text: str, skill: str, rest: str
) -> None:
    assert parse(text, NAMES.get, "en-US") == Invocation(skill, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "find me a soup",
        "open the recipe",
        "open recipe boxes",
        "open recipe bow",  # near is not enough
        "my recipe box is full of old letters",
        "open up recipe",
        "using recipe box",
    ],
)
def test_a_skill_is_never_guessed(text: str) -> None:
    assert parse(text, NAMES.get, "en-US") is None


def test_the_longest_name_wins() -> None:
    assert parse("open recipe box pro", NAMES.get, "en-US") == Invocation("pro", "")


def test_what_is_left_over_keeps_its_case_and_accents() -> None:
    found = parse("Ask Recipe Box for Crème Brûlée, twice", NAMES.get, "en-US")
    assert found == Invocation("recipes", "Crème Brûlée, twice")


@pytest.mark.parametrize(
    "text", ["open Café Central", "open CAFÉ  central.", "open Cafe\u0301 Central"]
)
def test_accents_case_and_punctuation_of_a_name_do_not_matter(text: str) -> None:
    assert parse(text, NAMES.get, "en-US") == Invocation("cafe", "")


@pytest.mark.parametrize(
    ("locale", "text", "rest"),
    [
        ("de-DE", "öffne recipe box", ""),
        ("de-DE", "frag recipe box nach Suppe", "Suppe"),
        ("de-DE", "Suppe suchen mit recipe box", "Suppe suchen"),
        ("es-ES", "abre recipe box", ""),
        ("es-MX", "pide a recipe box que busque sopa", "busque sopa"),
        ("fr-FR", "démarre recipe box", ""),
        ("fr-CA", "demande à recipe box de chercher", "chercher"),
        ("it-IT", "apri recipe box", ""),
    ],
)
def test_each_tongue_has_its_own_carriers(locale: str, text: str, rest: str) -> None:
    assert parse(text, NAMES.get, locale) == Invocation("recipes", rest)


def test_a_tongue_without_carriers_still_knows_the_bare_name() -> None:
    assert parse("recipe box", NAMES.get, "ja-JP") == Invocation("recipes", "")
    assert parse("open recipe box", NAMES.get, "ja-JP") is None


def test_a_name_in_another_script_is_found() -> None:
    assert parse("レシピ", {fold("レシピ"): "recipes"}.get, "ja-JP") == Invocation("recipes", "")
    assert parse("open Рецепты", {fold("рецепты"): "recipes"}.get, "en-US") == Invocation(
        "recipes", ""
    )


def test_a_name_with_signs_of_regular_expressions_is_taken_as_it_is() -> None:
    names = {fold("c++ (tips)"): "tips"}
    assert parse("open c++ (tips)", names.get, "en-US") == Invocation("tips", "")
    assert parse("open ccc tips", names.get, "en-US") is None


@given(st.text(), st.sampled_from(["en-US", "de-DE", "es-ES", "fr-FR", "it-IT", "ja-JP", ""]))
def test_no_text_makes_parsing_fail(text: str, locale: str) -> None:
    parse(text, NAMES.get, locale)


@given(st.text(min_size=1))
def test_what_is_left_over_stands_in_the_sentence(rest: str) -> None:
    text = f"ask recipe box for {rest}"
    found = parse(text, NAMES.get, "en-US")
    if fold(rest) and found is not None and found.skill == "recipes":
        assert found.rest in text


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs", "P"]), max_size=60))
def test_a_sentence_without_the_words_of_any_name_names_no_skill(text: str) -> None:
    words = set(fold(text).split())
    if not any(set(name.split()) <= words for name in NAMES):
        assert parse(text, NAMES.get, "en-US") is None


@pytest.mark.parametrize(
    ("locale", "text", "rest"),
    [
        ("pt-BR", "abra o Caderno de Receitas", ""),
        ("pt-BR", "peça para o caderno de receitas para achar uma sopa", "achar uma sopa"),
        ("ja-JP", "レシピ帳を開いて", ""),
        ("ja-JP", "レシピ帳 で スープ を 探して", "スープ を 探して"),
        ("ja-JP", "レシピ帳を使ってスープを探して", "スープを探して"),
        ("hi-IN", "रेसिपी बुक खोलो", ""),
        ("hi-IN", "रेसिपी बुक से पूछो आज क्या बनाऊँ", "आज क्या बनाऊँ"),
        ("hi-IN", "रेसिपी बुक खोलो और सूप ढूँढो", "सूप ढूँढो"),
    ],
)
def test_skills_are_named_in_other_languages_and_scripts(locale: str, text: str, rest: str) -> None:
    names = {fold(name): "recipes" for name in ("Caderno de Receitas", "レシピ帳", "रेसिपी बुक")}
    assert parse(text, names.get, locale) == Invocation("recipes", rest)


def test_a_name_of_another_script_within_a_sentence_is_not_an_invocation() -> None:
    assert parse("このレシピ帳は古い", {fold("レシピ帳"): "recipes"}.get, "ja-JP") is None
