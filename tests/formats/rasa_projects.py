"""A small Rasa project, and how tests write one down."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sayso.formats.known import import_skills
from sayso.types.skills import Skill

NLU = """\
version: "3.1"

nlu:
- intent: book_table
  examples: |
    - a table for [four](number) in [Rome](city) please
    - a table for [two](number) in [Oslo](city) please
    - somewhere [thai]{"entity": "cuisine", "value": "asian"}
    # ours, not to be said
    - book a table
    - book a table
- intent: travel
  examples: |
    - from [Rome]{"entity": "city", "role": "from"} to [Oslo]{"entity": "city", "role": "to"}
    - a [red](colour) or a [blue](colour) bus
- intent: affirm
  examples: |
    - yes please
    - sure
- intent: faq/opening
  examples: |
    - when are you open?
- intent: faq/prices
  examples:
  - text: what does it cost
    metadata: {sentiment: neutral}
- synonym: asian
  examples: |
    - far eastern
- synonym: credit
  examples: |
    - plastic money
- lookup: city
  examples: |
    - Rome
    - Bergen
- regex: postcode
  examples: |
    - [0-9]{4}
"""
DOMAIN = """\
version: "3.1"
intents:
- book_table
- travel: {use_entities: [city]}
- faq
- affirm
- nothing_said
entities: [number, city, cuisine, {colour: {groups: ["1"]}}, ghost]
slots:
  people:
    type: text
    influence_conversation: false
    mappings:
    - {type: from_entity, entity: number}
  cuisine:
    type: categorical
    values: [asian, italian]
    mappings:
    - {type: from_entity, entity: cuisine}
  outdoors:
    type: bool
    mappings:
    - {type: from_intent, intent: affirm, value: true}
  notes: {type: text, mappings: [{type: from_text}]}
  unused: {type: bool, mappings: [{type: custom}]}
forms:
  table_form:
    required_slots: [people, cuisine, outdoors, notes]
responses:
  utter_ask_people:
  - text: For how many?
  utter_ask_table_form_cuisine:
  - text: Which kitchen?
    buttons: [{title: asian, payload: /inform}]
  - text: "{people} people; which kitchen?"
  utter_booked:
  - text: A table for {people}.
  utter_faq/opening:
  - text: |
      From nine
      to five.
  utter_travel:
  - text: Good journey!
  - image: bus.png
  utter_lost:
  - text: "{weather} there"
actions: [action_book]
session_config: {session_expiration_time: 60}
"""
RULES = """\
version: "3.1"
rules:
- rule: begin
  steps:
  - intent: book_table
  - action: table_form
  - active_loop: table_form
- rule: end
  condition:
  - active_loop: table_form
  steps:
  - action: table_form
  - active_loop: null
  - action: utter_booked
- rule: questions
  steps:
  - intent: faq
  - action: utter_faq
stories:
- story: a journey
  steps:
  - intent: travel
  - action: utter_travel
  - intent: book_table
  - action: utter_booked
"""
CONFIG = """\
recipe: default.v1
language: de
pipeline:
- name: WhitespaceTokenizer
- name: DucklingEntityExtractor
  dimensions: [number]
"""
TESTS = """\
stories:
- story: it works
  steps:
  - user: |
      a table for [two](number)
    intent: book_table
  - action: table_form
"""
PROJECT = {
    "data/nlu.yml": NLU,
    "data/rules.yml": RULES,
    "domain.yml": DOMAIN,
    "config.yml": CONFIG,
    "tests/test_stories.yml": TESTS,
    "endpoints.yml": "action_endpoint: {url: here}\n",
    "actions/actions.py": "raise SystemExit('never run')\n",
}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """The files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def imported(folder: Path, files: Mapping[str, str] | None = None) -> Skill:
    """The one skill of a project."""
    _, found = import_skills(written(folder, files) if files is not None else folder)
    assert found.accounting.adds_up, found.table()
    assert all(account.adds_up for account in found.accounts.values()), found.accounts
    [skill] = found.skills
    return skill
