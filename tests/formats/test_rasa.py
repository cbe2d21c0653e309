"""Rasa projects -> skills: what is read, what is mapped, what is skipped and why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.known import import_skills
from sayso.formats.rasa.spans import Part, Span, parse, plain, template, write
from sayso.fulfilment import templates
from sayso.skills import read_skill, write_skill
from sayso.skills.layout import skill_files
from sayso.types.skills import Language, Skill
from tests.formats.rasa_projects import NLU, PROJECT, imported, written


@pytest.fixture
def bistro(tmp_path: Path) -> Skill:
    return imported(tmp_path / "bistro", PROJECT)


def language(skill: Skill) -> Language:
    return skill.languages[0]


def nlu(*blocks: str) -> dict[str, str]:
    """A project of training data alone."""
    return {"data/nlu.yml": "nlu:\n" + "\n".join(blocks)}


def test_a_project_is_one_skill_in_its_language(bistro: Skill) -> None:
    assert (bistro.id, bistro.name, bistro.locales) == ("bistro", "Bistro", ("de-DE",))
    assert [x.name for x in language(bistro).intents] == [
        "book_table",
        "travel",
        "affirm",
        "faq.opening",
        "faq.prices",
    ]


def test_examples_become_samples_each_once(bistro: Skill) -> None:
    intent = language(bistro).intent("book_table")
    assert intent is not None
    assert list(intent.samples) == [
        "a table for {people} in {city} please",
        "somewhere {cuisine}",
        "book a table",
    ]


def test_a_form_says_which_slots_are_asked_for_and_how(bistro: Skill) -> None:
    intent = language(bistro).intent("book_table")
    assert intent is not None
    asked = {slot.name: list(slot.ask) for slot in intent.slots if slot.required}
    assert asked == {
        "people": ["For how many?"],
        "cuisine": ["Which kitchen?"],
        "outdoors": [],
        "notes": [],
    }
    types = {slot.name: slot.type for slot in intent.slots}
    assert types == {
        "people": "AMAZON.NUMBER",  # Duckling finds numbers
        "cuisine": "cuisine",
        "city": "city",
        "outdoors": "outdoors",  # what affirms
        "notes": "AMAZON.SearchQuery",  # from whatever is said
    }


def test_roles_tell_slots_of_one_type_apart_and_repetition_means_several(bistro: Skill) -> None:
    intent = language(bistro).intent("travel")
    assert intent is not None
    assert [(slot.name, slot.type, slot.multiple) for slot in intent.slots] == [
        ("city_from", "city", False),
        ("city_to", "city", False),
        ("colour", "colour", True),
    ]


def test_groups_tell_slots_apart(tmp_path: Path) -> None:
    example = (
        '[big]{"entity": "size", "group": "1"} cake and [tiny]{"entity": "size", "group": "2"} pie'
    )
    skill = imported(tmp_path, nlu(f"- intent: order\n  examples: |\n    - {example}"))
    assert list(language(skill).intents[0].samples) == ["{size_1} cake and {size_2} pie"]


def test_lookups_synonyms_and_annotated_values_make_types(bistro: Skill) -> None:
    values = {
        kind.name: {value.value: list(value.synonyms) for value in kind.values}
        for kind in language(bistro).types
    }
    assert values == {
        "city": {"Rome": [], "Bergen": [], "Oslo": []},
        "cuisine": {"asian": ["far eastern", "thai"], "italian": []},
        "colour": {"red": [], "blue": []},
        "synonyms": {"credit": ["plastic money"]},  # of no entity's value
        "outdoors": {"true": ["yes please", "sure"]},
    }


def test_rules_tell_what_is_answered(bistro: Skill) -> None:
    assert {name: list(x) for name, x in bistro.fulfilment.replies.items()} == {
        "book_table": ["A table for {{ slots.people }}."],
        "travel": ["Good journey!"],
        "affirm": ["I have nothing to say to that yet."],
        "faq.opening": ["From nine\nto five."],
        "faq.prices": ["I have nothing to say to that yet."],
    }
    assert templates.check_templates(bistro) == []


def test_responses_in_a_row_are_said_together_as_far_as_they_can_be(tmp_path: Path) -> None:
    domain = (
        "session_config: {}\nresponses:\n  utter_hi: [{text: Hi!}, {text: Hello!}]\n"
        '  utter_name: [{text: "You are {name}."}]\n  utter_ask: [{text: What now?}]\n'
    )
    steps = "[{intent: greet}, {action: utter_hi}, {action: utter_name}, {action: utter_ask}]"
    files = {"domain.yml": domain, "data/rules.yml": f"rules:\n- rule: x\n  steps: {steps}\n"}
    skill = imported(tmp_path, {**files, **nlu("- intent: greet\n  examples: |\n    - hey")})
    assert list(skill.fulfilment.replies["greet"]) == ["Hi! What now?", "Hello! What now?"]


def test_what_has_no_place_is_skipped_with_a_reason(tmp_path: Path) -> None:
    _, found = import_skills(written(tmp_path / "bistro", PROJECT))
    why = {line.what: line.note for line in found.accounting.skipped}
    assert why["nothing_said"] == "an intent without examples"
    assert why["{people} people; which kitchen?"] == "a prompt that speaks a slot"
    assert why["{weather} there"] == "a response that belongs to no intent or slot"
    assert why["action_book"].startswith("runs on Rasa's action server")
    assert why["# ours, not to be said"] == "a comment"
    assert why["[0-9]{4}"] == "a regex; kept for export"
    tested = {x.what for x in found.accounting.mapped if x.note == "rows of a test set"}
    assert "a table for [two](number)" in tested
    assert {line.where for line in found.accounting.skipped if line.note == "a comment"} == {
        "data/nlu.yml:9"
    }
    assert dict(found.unused) == {
        "endpoints.yml": "connections and secrets of Rasa's server: not read",
        "actions/actions.py": "actions are code of Rasa's",
    }


def test_what_is_imported_is_a_skill_file_like_any_other(bistro: Skill, tmp_path: Path) -> None:
    assert read_skill(write_skill(bistro, tmp_path / "home" / "bistro")) == bistro


def test_markdown_of_rasa_1_is_read(tmp_path: Path) -> None:
    training = (
        "\ufeff<!-- ours -->\r\n## intent:order\r\n- a [pear](fruit)\r\n"
        "- a [quince](fruit:pear)\r\n* an apple\r\n## synonym:pear\r\n"
        "- bosc\r\n## regex:post\r\n- [0-9]+\r\n"
        "## lookup:fruit\r\nlists/fruit.txt\r\n## lookup:gone\r\nnowhere.txt\r\n## Notes\r\nhi\r\n"
    )
    stories = '## one\n* order{"fruit": "pear"}\n  - utter_done\n* thanks\n  - utter_bye\n'
    domain = (
        "intents:\n- order\ntemplates:\n  utter_done:\n  - text: Done.\nactions:\n- utter_done\n"
    )
    files = {
        "data/nlu.md": training,
        "data/stories.md": stories,
        "data/lists/fruit.txt": "fig\n\nplum\n",
        "domain.yml": domain,
        "README.md": "## Fruit\n- a list\n",
    }
    _, found = import_skills(written(tmp_path / "grocer", files))
    assert found.accounting.adds_up, found.table()
    [skill] = found.skills
    assert list(language(skill).intents[0].samples) == ["a {fruit}", "an apple"]
    kind = language(skill).type("fruit")
    assert kind is not None
    assert {x.value: list(x.synonyms) for x in kind.values} == {
        "fig": [],
        "plum": [],
        "pear": ["bosc", "quince"],
    }
    assert list(skill.fulfilment.replies["order"]) == ["Done."]
    notes = {line.note for line in found.accounting.skipped}
    assert {
        "a lookup's file, not there or named before",
        "outside of any intent, synonym, lookup or regex",
    } <= notes
    assert dict(found.unused) == {"README.md": "no training data of Rasa"}


def test_projects_that_lie_in_one_tree_are_a_skill_each(tmp_path: Path) -> None:
    files = {
        "shop/domain.yml": "intents: [buy]\nsession_config: {}\n",
        "shop/data/nlu/buy.yml": "nlu:\n- intent: buy\n  examples: |\n    - buy it\n",
        "shop/data/nlu/more.yml": "nlu:\n- intent: buy\n  examples: |\n    - get it\n",
        "chat/nlu.yml": "nlu:\n- intent: greet\n  examples: |\n    - hello\n",
        "quiet/domain.yml": "session_config: {}\nintents: [nothing]\n",
    }
    _, found = import_skills(written(tmp_path, files))
    assert [(x.id, list(x.languages[0].intents[0].samples)) for x in found.skills] == [
        ("chat", ["hello"]),
        ("shop", ["buy it", "get it"]),
    ]
    assert {*found.accounts} == {*files}
    assert found.accounting.adds_up


def test_names_of_any_script_become_ids_and_stay_apart(tmp_path: Path) -> None:
    examples = "  examples: |\n    - x"
    names = ["查询天气", "播放", "größe", "a b", "a_b", "faq/x", "faq.x"]
    blocks = (f"- intent: {name}\n{examples}{n}" for n, name in enumerate(names))
    skill = imported(tmp_path / "机器人", nlu(*blocks))
    ids = [intent.name for intent in language(skill).intents]
    assert len({*ids}) == len(names)
    assert ids[3:] == ["a_b", "a_b_2", "faq.x", "faq.x_2"]
    assert all(id.isascii() for id in (*ids, skill.id))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nlu:\n- intent: x\n  examples: [\n", r"nlu\.yml:\d+: "),
        ("version: '3.1'\nnlu: {intent: x}\n", r"nlu\.yml:2: nlu is a list"),
        ("nlu:\n- intent: ''\n  examples: |\n    - x\n", r"nlu\.yml:2: intent without a name"),
        ("nlu:\n- intent: x\nnlu:\n- intent: y\n", r"nlu\.yml:3: .*a second time"),
        ("nlu:\n- intent: x\n  examples: !!python/name:os.system\n", r"nlu\.yml:3: the tag"),
        ("nlu:\n- intent: x\n  examples: *gone\n", r"nlu\.yml:3: .*stands for nothing"),
    ],
)
def test_bad_files_are_refused_with_the_line_and_what_to_do(
    tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(SkillError, match=what):
        import_skills(written(tmp_path, {"nlu.yml": text}), "rasa")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_bytes(b"nlu:\n- intent: x\n  examples: |\n    - caf\xe9\n")
    with pytest.raises(SkillError, match=r"nlu\.yml:4: not UTF-8"):
        import_skills(tmp_path)


def test_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    layers = [f"x{n + 1}: &x{n + 1} [{', '.join([f'*x{n}'] * 10)}]" for n in range(9)]
    bomb = "\n".join(["nlu:", "- intent: x", "x0: &x0 [lol, lol]", *layers])
    with pytest.raises(SkillError, match="more than"):
        import_skills(written(tmp_path, {"nlu.yml": bomb}))


def test_files_without_anything_to_say_are_no_skill(tmp_path: Path) -> None:
    flows = "flows:\n  pay:\n    description: pays\n    steps:\n    - collect: amount\n"
    for files in ({"flows.yml": flows}, nlu("- intent: x\n  examples: |\n    # none\n")):
        with pytest.raises(SkillError, match="nothing that people can say"):
            import_skills(written(tmp_path, files), "rasa")


def test_examples_that_cannot_be_read_are_skipped_with_a_reason(tmp_path: Path) -> None:
    examples = ("[x]{no json}", '[x]{"role": "y"}', "fine", "no dash", "[a][{]", "{}", "{a} b")
    lines = "\n".join(f"    {'' if x == 'no dash' else '- '}{x}" for x in examples)
    _, found = import_skills(written(tmp_path, nlu(f"- intent: x\n  examples: |\n{lines}")))
    assert found.accounting.adds_up, found.table()
    assert list(found.skills[0].languages[0].intents[0].samples) == ["fine", "a b"]
    assert {line.what: line.note for line in found.accounting.skipped} == {
        "[x]{no json}": "an annotation that is no JSON",
        '[x]{"role": "y"}': "an annotation that names no entity",
        "[a][{]": "an annotation that is no JSON",
        "no dash": "a line without a dash, which Rasa passes over, too",
        "{}": "an empty example",
    }


def test_files_of_other_systems_are_not_taken_for_rasa(tmp_path: Path) -> None:
    files = {
        "compose.yml": 'version: "3.1"\nservices: {}\n',
        "prometheus.yml": "rules:\n- alert: down\n",
        "intents.yaml": "language: en\nintents:\n  HassTurnOn:\n    data: []\n",
        "deploy.yml": "pipeline:\n  - script: x\n",
    }
    _, found = import_skills(written(tmp_path, {**files, "nlu.yml": NLU}))
    assert {*found.unused} == {*files}


words = st.text(st.characters(codec="utf-8", exclude_characters="[](){}:\n\r"), min_size=1)
names = st.text("abcdefgh_-é", min_size=1, max_size=6)
spans = st.builds(
    Span, words, names, st.none() | names, st.none() | names, st.none() | words
).filter(lambda span: span.value != span.text)
examples = st.lists(words | spans, min_size=1).map(tuple)


@given(examples)
def test_an_example_reads_as_it_was_written(parts: tuple[Part, ...]) -> None:
    joined: list[Part] = []
    for part in parts:  # words beside words are one stretch
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    assert list(parse(write(parts))) == joined


@given(st.text(st.sampled_from('[](){}:" \\ab,\n') | st.characters()))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        parts = parse(text)
    except ValueError:
        return
    assert len(plain(parts)) <= len(text)
    sample = template(parts, lambda span: "slot")
    assert sample.count("{") == sum(isinstance(part, Span) for part in parts)


def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "import-rasa.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^`(\S+\.yml)`:\n\n```yaml\n(.*?)```", page, re.DOTALL | re.MULTILINE))
    _, found = import_skills(written(tmp_path / "bistro", files))
    [told] = re.findall(r"^become .*?```yaml\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    [table] = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    made = yaml.safe_load(skill_files(found.skills[0])["skill.yaml"])
    assert without_notes(made) == yaml.safe_load(told)
    assert found.table() == table.strip()


def without_notes(node: Any) -> Any:
    """A skill file without what is kept for the way back; short forms where that is all."""
    if isinstance(node, list):
        return [without_notes(child) for child in node]
    if not isinstance(node, dict):
        return node
    kept = {k: without_notes(v) for k, v in node.items() if k not in ("alexa", "package")}
    short = len(kept) == 1 and len(node) > 1
    return next((kept[key] for key in ("type", "value") if short and key in kept), kept)
