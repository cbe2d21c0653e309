"""Templates are sampled: every alternative at least once, never all of a million."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.formats.grammar import (
    LONGEST,
    MANY,
    MOST,
    Choice,
    Mark,
    Node,
    Row,
    Rule,
    Words,
    any_order,
    count,
    marks,
    sample,
)
from sayso.formats.ovos.templates import read_template


def words(*texts: str) -> list[Words]:
    return [Words(text) for text in texts]


def test_few_sentences_are_all_taken() -> None:
    node = Row([Choice(words("turn ", "switch ")), Words("on "), Choice(words("now", ""))])
    assert count(node, {}) == 4
    assert sample(node, {}) == ("turn on now", "switch on now", "turn on", "switch on")


def test_every_alternative_occurs_where_sentences_are_many() -> None:
    options = [f"w{number} " for number in range(9)]
    node = Row([Choice(words(*options)) for _ in range(9)])
    taken = sample(node, {})
    assert count(node, {}) == 9**9
    assert len(taken) <= MOST
    for place in range(9):
        assert {text.split()[place] for text in taken} == {option.strip() for option in options}


def test_a_template_of_a_billion_sentences_is_sampled_in_no_time() -> None:
    rules: dict[str, Node] = {"r0": Choice(words("a ", "b "))}
    for number in range(1, 7):
        rules[f"r{number}"] = Row([Rule(f"r{number - 1}"), Rule(f"r{number - 1}")])
    began = time.process_time()
    assert count(Rule("r6"), rules) == MANY
    assert len(sample(Rule("r6"), rules)) >= 6
    assert time.process_time() - began < 1


@pytest.mark.parametrize("leaf", ["", "a", "a "])
def test_a_sentence_without_end_is_refused(leaf: str) -> None:
    rules: dict[str, Node] = {"r0": Words(leaf)}
    for number in range(1, 40):
        rules[f"r{number}"] = Row([Rule(f"r{number - 1}"), Rule(f"r{number - 1}")])
    with pytest.raises(ValueError, match="make it simpler"):
        sample(Rule("r25"), rules)


def test_a_long_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match=f"more than {LONGEST} characters"):
        sample(Words("long " * LONGEST), {})


def test_a_rule_that_uses_itself_is_named() -> None:
    rules: dict[str, Node] = {"a": Row([Rule("b")]), "b": Choice([Rule("a"), Words("x")])}
    with pytest.raises(ValueError, match=r"<a> -> <b> -> <a>.*break the circle"):
        sample(Rule("a"), rules)


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(ValueError, match="no rule <the>; define it"):
        marks(Rule("the"), {})


def test_any_order_holds_each_item_once() -> None:
    node = any_order(words("a ", "b ", "c "))
    assert count(node, {}) == 6
    assert set(sample(node, {})) == {"a b c", "a c b", "b a c", "b c a", "c a b", "c b a"}
    assert count(any_order(words(*"abcdefghij")), {}) == 24


def test_slots_of_rules_are_found_once() -> None:
    rules: dict[str, Node] = {"in": Row([Words("in "), Mark("area", "rooms")])}
    node = Row([Mark("name", "name"), Rule("in"), Rule("in")])
    assert [(mark.slot, mark.values) for mark in marks(node, rules)] == [
        ("name", "name"),
        ("area", "rooms"),
    ]


LEAVES = st.sampled_from(["a", "b c", "{x}", "", "d "])
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda x: f"({'|'.join(x)})"),
        inner.map(lambda x: f"[{x}]"),
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
    ),
    max_leaves=12,
)


@given(TEXTS, st.integers(0, 3))
def test_samples_are_distinct_bounded_and_always_the_same(text: str, seed: int) -> None:
    node = read_template(text)
    taken = sample(node, {}, seed)
    assert taken == sample(node, {}, seed)
    assert len(taken) == len(set(taken)) <= MOST
    assert all(each == " ".join(each.split()) and each for each in taken)
    assert all(not set(each) & set("()[]|") for each in taken)
    assert len(taken) <= count(node, {})


@given(st.text(alphabet="ab {}()[]|<>#:0\\é", max_size=40))
def test_any_line_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        node = read_template(text)
        assert count(node, {"": Words("")} if "<" not in text else _Everything()) >= 1


class _Everything(dict[str, Node]):
    def __missing__(self, name: str) -> Node:
        return Words(name)
