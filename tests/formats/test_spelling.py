"""Foreign templates as the text that a skill keeps."""

from __future__ import annotations

from sayso.formats.grammar import Choice, Mark, Node, Row, Rule, Words
from sayso.formats.spelling import Spelling


def slot(mark: Mark) -> str:
    return mark.slot


def test_rules_are_kept_once_beside_the_templates() -> None:
    spelling = Spelling()
    rules: dict[str, Node] = {"on": Choice([Words("on"), Rule("up")]), "up": Words("up")}
    node = Row([Words("turn  "), Rule("on"), Words(" "), Mark("lamp", "lamps"), Rule("on")])
    assert spelling.spelled(node, rules, slot) == "turn <on> {lamp}<on>"
    assert spelling.texts == {"on": "(on|<up>)", "up": "up"}


def test_a_rule_of_another_text_has_another_name() -> None:
    spelling = Spelling()
    texts = [spelling.spelled(Rule("on"), {"on": Words(word)}, slot) for word in ("on", "up", "on")]
    assert texts == ["<on>", "<on.2>", "<on>"]


def test_rules_that_double_forty_times_are_spelled() -> None:
    spelling = Spelling()
    rules: dict[str, Node] = {f"r{at}": Row([Rule(f"r{at + 1}")] * 2) for at in range(40)}
    assert spelling.spelled(Rule("r0"), {**rules, "r40": Words("x")}, slot) == "<r0>"
    assert len(spelling.texts) == 41
