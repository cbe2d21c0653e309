"""OVOS and Mycroft folders, old and new, and the rules in their code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.formats.ovos.adapt import read_handlers
from sayso.fulfilment.templates import check_templates
from sayso.skills import write_skill
from sayso.skills.alexa import export_alexa
from sayso.skills.folders import read_skill
from sayso.types.skills import Skill
from sayso.understanding.grammars import grammar_of
from sayso.understanding.heard import hear

PAGE = Path(__file__).parents[2] / "docs/import-ovos.md"
CODE = """
from ovos_workshop.intents import IntentBuilder
raise SystemExit("never run")

class Kettle(OVOSSkill):
    @intent_handler("boil.intent")
    def boil(self, message):
        self.speak_dialog("boiling", {"amount": message.data["amount"]})

    @intent_handler(IntentBuilder("Stop").require("Off").optionally("Please").one_of("It", "All"))
    def stop(self, message):
        self.speak_dialog("off.now")

    @intent_handler(IntentBuilder("").require("Who").require("Person"))
    def who_is(self, message):
        pass

    @intent_handler(IntentBuilder("Lost").require(WORD))
    def lost(self, message):
        pass

    def initialize(self):
        rule = IntentBuilder("Warm").require("Warm").build()
        self.register_intent(rule, self.stop)
        self.register_intent_file("tea.intent", self.boil)
"""
FILES = {
    "__init__.py": CODE,
    "README.md": "A kettle.",
    "locale/en-us/boil.intent": "\ufeff# how to boil\r\nboil {amount} of water\r\n"
    "(heat|warm up) [some] water [to # degrees]\r\n{amount}\r\n(broken\r\n\r\n",
    "locale/en-us/tea.intent": "make <Leaf> tea\n",
    "locale/en-us/amount.entity": "a cup\n(half|a half) litre\n# litres\n:0\n## litres\n",
    "locale/en-us/Leaf.voc": "green\n(black|dark)\n",
    "locale/en-us/Off.voc": "switch off\nturn off\n",
    "locale/en-us/Please.voc": "please\n",
    "locale/en-us/It.voc": "it\n",
    "locale/en-us/Who.voc": "who is\n",
    "locale/en-us/Unasked.voc": "something\n",
    "locale/en-us/Warm.voc": "keep warm\n",
    "locale/en-us/person.rx": "who is (?P<Person>.*)\n",
    "locale/en-us/dialog/boiling.dialog": "Boiling {amount}.\nIt is {degrees} hot.\n"
    "Well {{amount}}\n",
    "locale/en-us/off.now.dialog": "Off.\n",
    "locale/de/boil.intent": "koche {amount} Wasser\n",
    "locale/de/boiling.dialog": "Ich koche {amount}.\n",
    "locale/en-us/skill.json": '{"skill_id": "kettle.example", "name": "Kettle", "tags": ["tea"], '
    '"description": "Boils water.", "examples": ["boil a cup of water", ""]}',
}


def laid(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def kettle(folder: Path, **more: str) -> tuple[Skill, Imported]:
    kind, found = import_skills(laid(folder / "kettle", FILES | more))
    assert kind.name == "ovos"
    return found.skills[0], found


def samples(skill: Skill, intent: str, locale: str = "en-US") -> tuple[str, ...]:
    language = skill.language(locale)
    found = language.intent(intent) if language else None
    assert found is not None
    return tuple(found.samples)


def test_templates_become_samples_with_slots(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path)
    said = samples(skill, "boil")
    assert "boil {amount} of water" in said
    assert {"heat some water to {number} degrees", "warm up water"} & set(said)
    assert samples(skill, "boil", "de-DE") == ("koche {amount} Wasser",)
    boil = skill.languages[0].intent("boil")
    assert boil is not None
    kinds = {slot.name: slot.type for slot in boil.slots}
    assert kinds == {"amount": "amount", "number": "AMAZON.NUMBER"}


def test_entities_become_types_with_alternatives_as_synonyms(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path)
    kind = skill.languages[0].type("amount")
    assert kind is not None
    assert [(value.value, tuple(value.synonyms)) for value in kind.values] == [
        ("a cup", ()),
        ("half litre", ("a half litre",)),
        ("7 litres", ()),
    ]


def test_vocabulary_in_a_template_is_a_rule(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path)
    assert samples(skill, "tea") == ("make green tea", "make black tea", "make dark tea")


def test_the_lines_are_kept_as_the_grammar(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path)
    held = grammar_of(skill.languages[0])
    assert held is not None

    def read(text: str) -> tuple[str, dict[str, str]] | None:
        found = held.accept(hear(text, None))
        slots = {tag.name: text[tag.start : tag.end] for tag in found.tags} if found else {}
        return (found.intent, slots) if found is not None else None

    assert read("warm up some water to 60 degrees") == ("boil", {"number": "60"})
    assert read("boil half litre of water") == ("boil", {"amount": "half litre"})
    assert read("make dark tea") == ("tea", {})
    assert read("make red tea") is None


def test_adapt_rules_are_read_from_the_code_that_is_never_run(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path)
    assert samples(skill, "Stop") == (
        *("switch off please it", "turn off please it", "switch off it", "turn off it"),
    )
    assert samples(skill, "who_is") == ("who is {Person}",)
    assert samples(skill, "Warm") == ("keep warm",)
    assert skill.languages[0].intent("Lost") is None


def test_what_handlers_say_become_replies_where_the_slots_suffice(tmp_path: Path) -> None:
    skill, found = kettle(tmp_path)
    said = ("Boiling {{ slots.amount }}.", "Well {{ slots.amount }}")
    assert skill.fulfilment.replies["boil"] == said
    assert skill.fulfilment.replies["Stop"] == ("Off.",)
    assert check_templates(skill) == []
    assert "reply with words that the skill's code computes; kept" in found.table()


def test_what_skill_json_tells_is_taken(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path)
    assert (skill.id, skill.name, skill.description) == ("kettle.example", "Kettle", "Boils water.")
    assert skill.languages[0].examples == ("boil a cup of water",)
    assert skill.languages[0].invocation_name == "kettle"


def test_every_line_of_every_file_is_accounted_for(tmp_path: Path) -> None:
    _, found = kettle(tmp_path)
    assert all(account.adds_up for account in found.accounts.values())
    assert {*found.accounts, *found.unused} == set(FILES)
    assert found.unused == {"README.md": "nothing that people say"}
    reasons = {line.what: line.note for line in found.accounting.skipped}
    assert reasons["# how to boil"] == "comment"
    assert "{amount}" not in reasons  # its values are known
    assert 'add a ")"' in reasons["(broken"]
    assert reasons["something"] == "words that no rule here asks for; kept"
    notes = {line.what: line.note for line in found.accounting.mapped}
    assert notes["koche {amount} Wasser"] == "sentences, their language read as de-DE"


def test_a_sentence_of_free_text_alone_is_left_out(tmp_path: Path) -> None:
    files = {"locale/en-us/x.intent": "{anything}\nfind {anything}"}
    _, found = import_skills(laid(tmp_path, files))
    assert found.skills[0].languages[0].intents[0].samples == ("find {anything}",)
    assert "only free text" in found.accounting.skipped[0].note


def test_an_imported_skill_is_written_and_read_again(tmp_path: Path) -> None:
    skill, _ = kettle(tmp_path, **{"locale/kab/boil.intent": "smir {amount}"})
    assert read_skill(write_skill(skill, tmp_path / skill.id)) == skill
    assert '"adapt"' not in str(export_alexa(skill, "en-US"))


def test_the_old_layout_and_several_skills_in_a_folder(tmp_path: Path) -> None:
    files = {
        "lamp/vocab/en-us/glow.intent": "glow",
        "lamp/dialog/en-us/glow.dialog": "Glowing.",
        "lamp/regex/pt-br/room.rx": "em (?P<Room>.*)",
        "fan/vocab/en-us/spin.intent": "spin",
        "fan/vocab/en-us/größer.intent": "faster",
    }
    _, found = import_skills(laid(tmp_path, files))
    fan, lamp = found.skills
    assert (fan.id, lamp.id) == ("fan", "lamp")
    assert lamp.fulfilment.replies == {"glow": ("Glowing.",)}
    assert lamp.extra["ovos"]["silent"]["pt-BR"] == {"rx": {"room": ["em (?P<Room>.*)"]}}
    assert len(fan.languages[0].intents) == 2


def test_words_without_their_rules_become_slot_types_and_no_intent(tmp_path: Path) -> None:
    files = {
        "locale/en-us/Off.voc": "off\n(switch|turn) off\n",
        "locale/en-us/room.rx": "in (?P<Room>.*)",
        "locale/de-de/Off.voc": "aus\n",
        "locale/de-de/off.entity": "ganz aus\n",
        "locale/en-us/bye.dialog": "Bye.",
    }
    _, found = import_skills(laid(tmp_path, files))
    (skill,) = found.skills
    assert found.accounting.adds_up
    assert all(not language.intents for language in skill.languages)
    types = {x.locale: [kind.name for kind in x.types] for x in skill.languages}
    assert types == {"en-US": ["Off"], "de-DE": ["off", "Off"]}
    ways = [(x.value, list(x.synonyms)) for x in skill.languages[0].types[0].values]
    assert ways == [("off", []), ("switch off", ["turn off"])]
    notes = {line.note for line in found.accounting.mapped}
    assert "words without a rule or intent here: a slot type that waits for one" in notes
    assert read_skill(write_skill(skill, tmp_path / "out" / skill.id)) == skill


def test_rules_whose_words_are_nowhere_are_refused_with_what_to_do(tmp_path: Path) -> None:
    rule = '@intent_handler(IntentBuilder("x").require("On"))\ndef x(self): pass\n'
    laid(tmp_path, {"locale/en-us/Off.voc": "off", "__init__.py": rule})
    with pytest.raises(SkillError, match=r"words that no .voc file has; import the skill's whole"):
        import_skills(tmp_path)


def test_a_folder_without_anything_said_is_refused(tmp_path: Path) -> None:
    laid(tmp_path, {"locale/en-us/off.dialog": "off"})
    with pytest.raises(
        SkillError, match=r"no .intent file with a sentence and no rule of a locale"
    ):
        import_skills(tmp_path)


def test_a_file_of_other_letters_than_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    place = tmp_path / "locale/de-de/an.intent"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"an\nL\xfcfter an\n")
    with pytest.raises(SkillError, match=r"an.intent:2: not UTF-8; save the file as UTF-8"):
        import_skills(tmp_path)


@pytest.mark.parametrize(
    "code", ["print 'two'  # IntentBuilder", "(" * 5000 + "IntentBuilder", "\0"]
)
def test_code_that_cannot_be_read_leaves_the_rest(tmp_path: Path, code: str) -> None:
    laid(tmp_path, {"locale/en-us/glow.intent": "glow", "__init__.py": code + "# IntentBuilder"})
    _, found = import_skills(tmp_path)
    assert "rules cannot be read" in found.unused["__init__.py"]


def test_a_chain_of_many_calls_is_bounded() -> None:
    chain = 'IntentBuilder("x")' + '.optionally("y")' * 200
    assert read_handlers(f"@intent_handler({chain})\ndef x(self): pass") == []


def test_the_page_tells_what_an_import_gives(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    before, after = blocks[0], blocks[1]
    files = dict(re.findall(r"# (\S+)\n(.*?)(?=\n# |\Z)", before, re.DOTALL))
    _, found = import_skills(laid(tmp_path / "lamp", files))
    write_skill(found.skills[0], tmp_path / "out")
    written = (tmp_path / "out/skill.yaml").read_text(encoding="utf-8")
    shown = [line for line in after.splitlines() if line.strip() not in ("", "...")]
    assert [line for line in shown if line not in written.splitlines()] == []
