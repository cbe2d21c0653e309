"""A Rasa project that was imported converses: its forms ask, its responses answer."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Sayso

NLU = """\
nlu:
- intent: book_table
  examples: |
    - a table in [Rome](city) for [four](guests)
    - book a [nice](mood) place
    - reserve a table
- intent: faq/hours
  examples: |
    - when are you open?
"""
DOMAIN = """\
intents: [book_table, faq]
slots:
  people: {type: text, mappings: [{type: from_entity, entity: guests}]}
forms: {table_form: {required_slots: [people]}}
responses:
  utter_ask_people: [{text: For how many?}]
  utter_booked: [{text: "A table for {people}."}]
  utter_faq/hours: [{text: From nine to five.}]
session_config: {}
"""
RULES = """\
rules:
- rule: begin
  steps: [{intent: book_table}, {action: table_form}, {active_loop: table_form}]
- rule: end
  condition: [{active_loop: table_form}]
  steps: [{action: table_form}, {active_loop: null}, {action: utter_booked}]
"""


def test_forms_ask_and_responses_answer(tmp_path: Path, sayso: Sayso) -> None:
    for name, text in (("nlu.yml", NLU), ("domain.yml", DOMAIN), ("rules.yml", RULES)):
        (tmp_path / "bistro").mkdir(exist_ok=True)
        (tmp_path / "bistro" / name).write_text(text)
    home = tmp_path / "home"
    sayso("new", home)
    assert sayso("import", tmp_path / "bistro", "--to", home, "--json").json["format"] == "rasa"
    assert sayso("train", home).code == 0
    said = [
        sayso("say", home, text, "--user", "ana", "--json").json["speech"]
        for text in ("book a nice place", "four", "when are you open?")
    ]
    assert said == ["For how many?", "A table for four.", "From nine to five."]
