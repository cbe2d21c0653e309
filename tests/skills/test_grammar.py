"""Templates as text and back: the one spelling in which a skill keeps its grammar."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.formats.grammar import Choice, Mark, Node, Row, Rule, Words, sample
from sayso.skills.grammar import read, spelled


def name(part: Mark | Rule) -> str:
    return part.name if isinstance(part, Rule) else part.slot


def sentences(node: Node) -> set[str]:
    return set(sample(node, {"the": Words("the")}, most=400, least=400))


NODES = st.recursive(
    st.one_of(
        st.text("ab (|)[]{}<>\\'é", min_size=1, max_size=5).map(Words),
        st.sampled_from([Mark("area", "area"), Rule("the")]),
    ),
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(Row),
        st.lists(below, min_size=2, max_size=3).map(Choice),
        below.map(lambda node: Choice([node, Words("")])),
    ),
    max_leaves=6,
)


@given(NODES)
def test_what_was_spelled_reads_as_the_same_sentences(node: Node) -> None:
    assert sentences(read(spelled(node, name))) == sentences(node)


def test_brackets_and_braces_say_what_they_say() -> None:
    assert sentences(read("turn (on|off) [the] {area}")) == {
        "turn on the {area}",
        "turn on {area}",
        "turn off the {area}",
        "turn off {area}",
    }
    assert sentences(read(r"a \(b\)")) == {"a (b)"}


def test_a_range_stands_before_the_slot() -> None:
    found = read("{0..100/2:level}")
    assert isinstance(found, Mark)
    assert (found.slot, found.values) == ("level", "0..100/2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("turn (on", "a bracket is not closed; add )"),
        ("turn on]", "closed that was not opened: ]"),
        ("turn (on]", "closed that was not opened: ]"),
        ("to {area", "cannot be read"),
        ("[" * 200, "nested too deep"),
        ("x" * 30_000, "split it"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="(?i)" + said.replace(")", r"\)").replace("]", r"\]")):
        read(text)


@given(st.text("ab(|)[]{}<>\\:.", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(ValueError):
        read(text)
