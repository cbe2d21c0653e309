"""Home Assistant's sentences: a user's own, the intents repository old and new, its JSON."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.fulfilment.templates import check_templates
from sayso.skills import write_skill
from sayso.skills.folders import read_skill
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.grammars import grammar_of
from sayso.understanding.heard import hear

pytest.importorskip("hassil")
from sayso.formats.grammar import count
from sayso.formats.home_assistant.templates import read_template

PAGE = Path(__file__).parents[2] / "docs/import-home-assistant.md"
OWN = """
language: "en"
intents:
  SetKettle:
    data:
      - sentences:
          - "[please] (boil|heat) [the] {vessel} to {0..100,5:degrees}[ degrees]"
          - "<make> {drink:what} (in <where>; now)"
        response: done
      - sentences: ["keep it warm"]
        slots: {domain: kettle, device_class: hob}
        requires_context: {domain: kettle}
        expansion_rules: {make: "put on"}
      - sentences: ["shout {words}", "{words}"]
  SetLamp:
    data:
      - sentences: ["lamp {level}", "lamp at {percent:level}"]
lists:
  vessel:
    values: [kettle, {in: "(tea|coffee) pot[s]", out: pot}, {in: jug, out: pot}]
  drink:
    values: [{in: "on", out: "yes", context: {a: 1}}]
  level: {values: [{in: (max|highest), out: 100}]}
  percent: {range: {from: 0, to: 100}}
  words: {wildcard: true}
expansion_rules:
  make: "(make|brew) [<some>]"
  some: "some"
  where: "{area}"
skip_words: [please]
responses:
  intents:
    SetKettle: {done: "Heating {{ slots.vessel }}.", default: "{% if x %}{{ state }}{% endif %}"}
"""
NEW = {
    "sentences/en/_common.yaml": 'language: "en"\nlists: {tone: {values: [grey]}}\n'
    'expansion_rules: {the: "that"}\n',
    "sentences/en/light_HassTurnOn.yaml": 'language: "en"\nintents: {HassTurnOn: {data: '
    '[{sentences: ["<the> lamp {tone}"], slots: {domain: light}}]}}\n',
    "sentences/en/HassTurnOn/area_domain.yaml": "---\n# slots: {area}\nlanguage: en\n"
    'sentences:\n  - "<the> glow {tone} in {area}"\nresponse: light\nexample: glow\n',
    "sentences/en/HassTurnOn/several.yaml": 'data:\n  - sentences: ["spark"]\n',
    "lists/tones.yaml": "lists: {tone: {values: [red, blue]}}\n",
    "rules/en/the.yaml": 'language: en\nexpansion_rules: {the: "(the|my)"}\n',
    "responses/en/HassTurnOn.yaml": "language: en\nresponses: {intents: {HassTurnOn: "
    "{light: Lit, default: On}}}\n",
    "tests/en/_fixtures.yaml": "language: en\nareas: [{name: Attic, id: attic_id}]\n"
    'entities: [{name: "Joe[\']s Lamp", id: light.joe}]\n',
    "tests/en/light_HassTurnOn.yaml": "language: en\n",
    "README.md": "Sentences.",
}


def laid(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def own(folder: Path, text: str = OWN) -> tuple[Skill, Imported]:
    kind, found = import_skills(laid(folder / "kitchen", {"custom_sentences/en/k.yaml": text}))
    assert kind.name == "home-assistant"
    return found.skills[0], found


def spoken(skill: Skill, name: str) -> Intent:
    found = skill.languages[0].intent(name)
    assert found is not None
    return found


def kinds(intent: Intent) -> dict[str, str]:
    return {slot.name: slot.type for slot in intent.slots}


def values(language: Language, name: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
    kind = language.type(name)
    assert kind is not None
    return [(value.value, value.id, tuple(value.synonyms)) for value in kind.values]


def test_templates_rules_and_orders_become_samples(tmp_path: Path) -> None:
    skill, _ = own(tmp_path)
    intent = spoken(skill, "SetKettle")
    said = " / ".join(intent.samples)
    assert re.search(r"(boil|heat) (the )?\{vessel\} to \{degrees\}( degrees)?", said)
    for words in ("please", "boil", "heat", "the", "degrees /", "make", "brew some"):
        assert words in said
    assert re.search(r"\{what\} in \{area\} now", said)
    assert re.search(r"\{what\} now in \{area\}", said)
    assert kinds(intent) == {
        "vessel": "vessel",
        "degrees": "AMAZON.NUMBER",
        "what": "drink",
        "area": "AMAZON.Room",
        "words": "AMAZON.SearchQuery",
    }


def test_fixed_slots_make_a_variant_that_keeps_the_plain_name(tmp_path: Path) -> None:
    skill, _ = own(tmp_path)
    intent = spoken(skill, "SetKettle:kettle.hob")
    assert intent.samples == ("keep it warm",)
    kept = intent.extra["$"]["hassil"]
    assert kept["intent"] == "SetKettle"
    assert kept["slots"] == {"domain": "kettle", "device_class": "hob"}
    assert kept["blocks"][0]["requires_context"] == {"domain": "kettle"}


def test_lists_become_types_whose_ids_are_what_the_values_mean(tmp_path: Path) -> None:
    skill, _ = own(tmp_path)
    language = skill.languages[0]
    pot = ("tea pots", "pot", ("coffee pots", "tea pot", "coffee pot", "jug"))
    assert values(language, "vessel") == [("kettle", None, ()), pot]
    assert values(language, "drink") == [("on", "yes", ())]
    assert values(language, "level") == [("max", "100", ("highest",))]


def test_a_slot_that_draws_from_two_types_has_two_names(tmp_path: Path) -> None:
    skill, _ = own(tmp_path)
    intent = spoken(skill, "SetLamp")
    assert intent.samples == ("lamp {level}", "lamp at {percent}")
    assert kinds(intent) == {"level": "level", "percent": "AMAZON.NUMBER"}
    assert intent.slots[1].extra == {"$": {"hassil": "level"}}


def test_replies_come_along_where_the_slots_suffice(tmp_path: Path) -> None:
    text = OWN.replace("        response: done\n", "        response: done\n").replace(
        '["shout {words}", "{words}"]', '["shout {words}", "{words}"]\n        response: done'
    )
    skill, _ = own(tmp_path, text)
    assert skill.fulfilment.replies["SetKettle"] == ("Heating {{ slots.vessel }}.",)
    assert skill.fulfilment.replies["SetLamp"] == ("I have nothing to say to that yet.",)
    assert check_templates(skill) == []


def test_the_grammar_is_kept_in_our_spelling(tmp_path: Path) -> None:
    skill, _ = own(tmp_path)
    first, second = spoken(skill, "SetKettle").extra["$"]["grammar"]
    assert first["say"] == [
        "[please] (boil|heat) [the] {vessel} to {0..100:degrees}[ degrees]",
        "<make> {what} ( in <where> now | now in <where> )",
    ]
    assert second["say"] == ["shout {words}"]  # any words alone would fit whatever is said
    assert spoken(skill, "SetKettle:kettle.hob").extra["$"]["grammar"] == [
        {"say": ["keep it warm"], "of": {"domain": ["kettle"]}}
    ]
    lamp = spoken(skill, "SetLamp").extra["$"]["grammar"]
    assert lamp == [{"say": ["lamp {level}", "lamp at {0..100:percent}"]}]
    beside = skill.languages[0].extra["$"]["grammar"]
    assert beside["rules"]["make"] == "(make|brew) [<some>]"
    assert beside["skip"] == ["please"]


def test_rules_of_one_name_and_two_texts_are_told_apart(tmp_path: Path) -> None:
    text = """
language: en
intents:
  A:
    data:
      - sentences: ["<go> home"]
      - sentences: ["<go> away"]
        expansion_rules: {go: "(run|walk)"}
expansion_rules: {go: "(drive|ride)"}
"""
    skill, _ = own(tmp_path, text)
    language = skill.languages[0]
    assert language.extra["$"]["grammar"]["rules"] == {"go": "(drive|ride)", "go.2": "(run|walk)"}
    held = grammar_of(language)
    assert held is not None
    assert held.accept(hear("walk away", None)) is not None
    assert held.accept(hear("walk home", None)) is None


def test_names_know_what_they_are_and_conditions_ask_it(tmp_path: Path) -> None:
    lamps = """
language: en
intents:
  HassTurnOn:
    data:
      - sentences: ["open {name}"]
        requires_context: {domain: cover}
        slots: {domain: cover}
      - sentences: ["open {name}"]
        excludes_context: {domain: [cover, scene]}
      - sentences: ["lights on"]
        inferred_domain: light
        requires_context: {area: {slot: true}}
      - sentences: ["turn on {name}"]
        name_domains: [light]
        required_keywords: [turn]
      - sentences: ["go to {area}"]
"""
    fixtures = (
        "areas: [{name: Attic, id: attic_id}]\n"
        "entities:\n"
        '- {name: "Joe[\'s] Blind", id: cover.joe, attributes: {device_class: blind}}\n'
        "- {name: Door, id: lock.door}\n- {name: Door, id: cover.door}\n"
        "- {name: Tin, domain: light}\n"
    )
    files = {"custom_sentences/en/l.yaml": lamps, "tests/en/_fixtures.yaml": fixtures}
    _, found = import_skills(laid(tmp_path / "home", files))
    language = found.skills[0].languages[0]
    names = language.type("name")
    assert names is not None
    facts = {value.value: value.extra.get("$", {}).get("of") for value in names.values}
    assert facts == {
        "Joe's Blind": [{"domain": "cover", "device_class": "blind"}],
        "Door": [{"domain": "lock"}, {"domain": "cover"}],
        "Tin": [{"domain": "light"}],
    }
    lights = language.intent("HassTurnOn:light")
    assert lights is not None
    assert kinds(lights) == {"area": "area"}  # not said: where the device is
    held = grammar_of(language)
    assert held is not None

    def intent(text: str, place: str = "") -> tuple[str, str | None] | None:
        accepted = held.accept(hear(text, None), place)
        return (accepted.intent, accepted.place) if accepted is not None else None

    assert intent("open joes blind") == ("HassTurnOn:cover", None)
    assert intent("open tin") == ("HassTurnOn", None)
    assert intent("turn on tin") == ("HassTurnOn", None)
    assert intent("turn on joe blind") is None
    assert intent("lights on", "attic") == ("HassTurnOn:light", "area")


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    _, found = own(tmp_path)
    assert found.accounting.adds_up
    reasons = {(line.what, line.note) for line in found.accounting.skipped}
    assert ("{words}", "only free text: it would fit whatever is said") in reasons
    mapped = {(line.what, line.note) for line in found.accounting.mapped}
    assert ("please", "words that the grammar passes over") in mapped
    assert ("kettle", "conditions, which the grammar asks") in mapped
    assert ("1", "what a value is, which the grammar asks") in mapped


def test_the_new_layout_prefers_its_own_lists_and_rules(tmp_path: Path) -> None:
    kind, found = import_skills(laid(tmp_path / "intents", NEW))
    skill = found.skills[0]
    assert kind.name == "home-assistant"
    assert spoken(skill, "HassTurnOn:light").samples == ("that lamp {tone}",)
    plain = spoken(skill, "HassTurnOn")
    assert plain.samples == ("the glow {tone} in {area}", "my glow {tone} in {area}", "spark")
    language = skill.languages[0]
    assert [value for value, _, _ in values(language, kinds(plain)["tone"])] == ["red", "blue"]
    grey = kinds(spoken(skill, "HassTurnOn:light"))["tone"]
    assert [value for value, _, _ in values(language, grey)] == ["grey"]
    assert values(language, "area") == [("Attic", None, ())]
    assert all(account.adds_up for account in found.accounts.values())
    assert {*found.accounts, *found.unused} == set(NEW)
    assert found.unused["tests/en/light_HassTurnOn.yaml"] == "sentences to check, not to learn"


def test_the_json_of_a_language_is_read_alone(tmp_path: Path) -> None:
    doc = {
        "language": "en",
        "intents": {"Glow": {"data": [{"sentences": ["glow <w>"], "slot_combination": "x"}]}},
        "expansion_rules": {"w": "dimly"},
        "combination_rules": {"w": "(brightly|softly)"},
        "lists": {},
        "responses": {"Glow": {"default": "Glowing."}},
    }
    (tmp_path / "en.json").write_text(json.dumps(doc), encoding="utf-8")
    _, found = import_skills(tmp_path / "en.json")
    skill = found.skills[0]
    assert (skill.id, skill.name) == ("home_assistant", "Home Assistant")
    assert spoken(skill, "Glow").samples == ("glow brightly", "glow softly")
    assert skill.fulfilment.replies == {"Glow": ("Glowing.",)}
    assert found.accounting.adds_up


def test_several_languages_are_one_skill(tmp_path: Path) -> None:
    german = 'language: de\nintents: {Glühen: {data: [{sentences: ["glüh[e]"]}]}}\n'
    files = {"custom_sentences/en/k.yaml": OWN, "custom_sentences/de/k.yaml": german}
    _, found = import_skills(laid(tmp_path / "home", files))
    skill = found.skills[0]
    assert skill.locales == ("en-US", "de-DE")
    assert skill.languages[1].intents[0].samples == ("glühe", "glüh")
    assert read_skill(write_skill(skill, tmp_path / skill.id)) == skill


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('"keep it warm"', '"keep (it warm"', r"k.yaml:10: .*check its brackets"),
        ('some: "some"', 'some: "<make>"', r"k.yaml:8: a rule uses itself \(<make> -> <some>"),
        ("<make> {drink", "<bake> {drink", r"k.yaml:8: no rule <bake>; define it"),
        ('sentences: ["keep it warm"]', "speeches: []", r"k.yaml:10: no list of sentences"),
        (
            'data:\n      - sentences: ["lamp {level}", "lamp at {percent:level}"]',
            "data: {x: 1}",
            r"k.yaml:16: `data` is a list",
        ),
        ('"keep it warm"', "[a]", r"k.yaml:10: no sentence; put the text in quotes"),
        ("language:", "language: en\nlanguage:", r"k.yaml:3: .*second time"),
    ],
)
def test_bad_files_are_refused_with_line_and_remedy(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    assert before in OWN
    with pytest.raises(SkillError, match=problem):
        own(tmp_path, OWN.replace(before, after))


def test_rules_that_would_make_a_billion_sentences_are_sampled(tmp_path: Path) -> None:
    rules = 'r0: "(a|b) "\n' + "".join(f'  r{n}: "<r{n - 1}><r{n - 1}>"\n' for n in range(1, 7))
    text = f'intents: {{X: {{data: [{{sentences: ["say <r6>"]}}]}}}}\nexpansion_rules:\n  {rules}'
    began = time.process_time()
    skill, _ = own(tmp_path, text)
    assert 6 <= len(spoken(skill, "X").samples) <= 24
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text", ["(" * 9_000, "[a" * 4_000, "{" * 9_000, "x" * 20_000, "(a;" * 3000]
)
def test_hostile_templates_end_soon(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=";"):
        read_template(text)
    assert time.process_time() - began < 5


@given(st.text(alphabet="ab (){}[]|;:<>\\.,0@é", max_size=30))
def test_any_template_is_read_or_refused(text: str) -> None:
    try:
        node = read_template(text)
    except ValueError:
        return
    assert node is read_template(text)
    if "<" not in text:
        assert count(node, {}) >= 0


def test_the_page_tells_what_an_import_gives(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    _, found = import_skills(laid(tmp_path / "lamps", {"custom_sentences/en/l.yaml": blocks[0]}))
    write_skill(found.skills[0], tmp_path / "out")
    written = (tmp_path / "out/skill.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in blocks[1].splitlines() if line not in written] == []
